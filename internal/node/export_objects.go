package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"

	"parley/internal/exchange"
	"parley/internal/misp"
	"parley/internal/permit"
	"parley/internal/release"
	"parley/internal/store"
	"parley/stix"
)

// MISP is the format of events. Only objects are written as such.
const MISP Format = "misp"

// ObjectFormats are those that objects are written in.
func ObjectFormats() []Format { return []Format{STIX, MISP} }

// ObjectExport says which objects are written out, how, and to where. One of
// Release, Letter and Report is set.
type ObjectExport struct {
	Release int64   // one that was sent
	Letter  int64   // one that came, with a tearline in it
	Report  stix.ID // one of the store, with what it refers to
	Format  Format
	To      string     // in words, for the ledger
	Theirs  bool       // what counterparts gave us of a report, too
	PassOn  bool       // it is for somebody else: whoever gave us any of it must have consented to the use
	Use     permit.Use // what it is written out for; what a counterpart gave for another use stays
}

// ExportedObjects says what was written out.
type ExportedObjects struct {
	What     string              `json:"what"`
	To       string              `json:"to"`
	Format   Format              `json:"format"`
	Objects  int                 `json:"objects"`
	Event    string              `json:"event,omitempty"` // the UUID of the MISP event
	Use      permit.Use          `json:"use,omitempty"`
	LeftOut  int                 `json:"left_out"`  // objects that counterparts gave us
	OtherUse int                 `json:"other_use"` // objects that they gave for another use
	Consents []int64             `json:"consents"`  // the asks under which it may go to somebody else
	Missing  int                 `json:"missing"`   // objects that are referred to and not held
	Unmapped []exchange.Unmapped `json:"unmapped"`  // what MISP has no place for
}

// ExportObjects writes a report with what it refers to, a release that was sent or
// a tearline that came, for a tool of our own. The ledger says who took what to
// where, before the first byte leaves. What is for somebody else goes through a
// release.
func (n *Node) ExportObjects(ctx context.Context, e ObjectExport, w io.Writer) (ExportedObjects, error) {
	if err := n.must(Analyst); err != nil {
		return ExportedObjects{}, err
	}
	var (
		out  ExportedObjects
		text []byte
	)
	err := n.store.Update(ctx, func(tx *store.Tx) error {
		out = ExportedObjects{To: e.To, Format: e.Format, Use: e.Use, Unmapped: []exchange.Unmapped{}, Consents: []int64{}}
		bundle, err := n.toExport(ctx, tx, e, &out)
		if err != nil {
			return err
		}
		if e.PassOn {
			if err := n.passOut(ctx, tx, bundle.gifts, e.Use, &out); err != nil {
				return err
			}
		}
		if text, err = n.written(ctx, tx, bundle, e.Format, &out); err != nil {
			return err
		}
		return n.record(ctx, tx, "objects.export", out.What, "", exportNote{
			out.To, out.Format, out.Use, out.Objects, out.LeftOut, out.OtherUse, len(out.Unmapped), e.PassOn, out.Consents,
		})
	})
	if err != nil {
		return ExportedObjects{}, fmt.Errorf("write objects out: %w", err)
	}
	if _, err := w.Write(text); err != nil {
		return ExportedObjects{}, fmt.Errorf("write objects out to %s: %w", e.To, err)
	}
	return out, nil
}

type exportNote struct {
	To       string     `json:"to"`
	Format   Format     `json:"format"`
	Use      permit.Use `json:"use,omitempty"`
	Objects  int        `json:"objects"`
	LeftOut  int        `json:"left_out"`
	OtherUse int        `json:"other_use,omitempty"`
	Unmapped int        `json:"unmapped"`
	PassOn   bool       `json:"pass_on,omitempty"`
	Consents []int64    `json:"consents,omitempty"`
}

// toBeWritten is what is to be written out.
type toBeWritten struct {
	bundle  []byte // as it was sent or came; nil if it is still to be made
	objects []stix.Object
	reader  [16]byte     // whose ids of MISP it is to have
	gifts   []store.Gift // in which some of it came
}

// toExport finds the objects.
func (n *Node) toExport(ctx context.Context, tx *store.Tx, e ObjectExport, out *ExportedObjects) (toBeWritten, error) {
	switch {
	case e.Release != 0:
		out.What = fmt.Sprintf("R%d", e.Release)
		return sentRelease(ctx, tx, e.Release)
	case e.Letter != 0:
		out.What = fmt.Sprintf("I%d", e.Letter)
		return cameIn(ctx, tx, e)
	}
	out.What = string(e.Report)
	objects, gifts, err := gatherReport(ctx, tx, e, out)
	return toBeWritten{objects: objects, gifts: gifts}, err
}

// passOut sees that what is written for somebody else may go there.
func (n *Node) passOut(ctx context.Context, tx *store.Tx, gifts []store.Gift, use permit.Use, out *ExportedObjects) error {
	used, err := n.desk().UseExport(ctx, tx, gifts, use)
	out.Consents = append(out.Consents, used...)
	return err
}

// AskExport asks whoever gave a tearline whether it may be written into a file for
// somebody else.
func (n *Node) AskExport(ctx context.Context, letter int64, q release.Question, use release.Use) error {
	if err := n.must(Analyst, Releaser); err != nil {
		return err
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		g, err := tx.GiftByInbox(ctx, letter)
		if err != nil {
			return err
		}
		return n.desk().AskExport(ctx, tx, n.User.Name, []store.Gift{g}, q, use)
	})
}

func sentRelease(ctx context.Context, tx *store.Tx, id int64) (b toBeWritten, err error) {
	r, err := tx.Release(ctx, id)
	if err != nil {
		return b, err
	}
	if r.State != release.Sent {
		return b, fmt.Errorf("release R%d is %s: only what was sent is written out: %w", id, r.State, release.ErrStep)
	}
	if r.Collection != 0 {
		c, err := tx.CollectionByID(ctx, r.Collection)
		if err != nil {
			return b, err
		}
		b.reader = c.UUID
	} else {
		b.reader = uuid.NewSHA1(uuid.Nil, fmt.Appendf(nil, "counterpart %d", r.Counterpart))
	}
	if b.gifts, err = tx.ReleaseGifts(ctx, id); err != nil { // consented to for its receiver alone
		return b, err
	}
	got, err := release.Verify(r.Bundle)
	b.bundle, b.objects = r.Bundle, got.Objects
	return b, err
}

func cameIn(ctx context.Context, tx *store.Tx, e ObjectExport) (b toBeWritten, err error) {
	id := e.Letter
	in, err := tx.Incoming(ctx, id)
	if err != nil {
		return b, err
	}
	if in.State != store.Applied {
		return b, fmt.Errorf("message I%d is %s: only what was taken in is written out", id, in.State)
	}
	switch in.Kind {
	case release.KindBundle:
		if b.gifts, err = giftIn(ctx, tx, id); err != nil {
			return b, err
		}
		got, err := release.Verify(in.Body)
		if err == nil && !e.PassOn { // else its giver's consent must be for the use
			err = mayUse(fmt.Sprintf("message I%d", id), got.PermittedUse, e.Use)
		}
		b.bundle, b.objects = in.Body, got.Objects
		return b, err
	case release.KindWarning:
		_, got, err := release.ReadNotice(in.Body)
		if err == nil {
			err = mayUse(fmt.Sprintf("message I%d", id), got.PermittedUse, e.Use)
		}
		b.objects, b.gifts = got.Objects, []store.Gift{{}} // a warning is no gift: nobody can be asked
		return b, err
	}
	return b, fmt.Errorf("message I%d is a %s, in which there are no objects", id, in.Kind)
}

// giftIn is what a message brought: the zero gift where it was not noted as one.
func giftIn(ctx context.Context, tx *store.Tx, letter int64) ([]store.Gift, error) {
	g, err := tx.GiftByInbox(ctx, letter)
	if errors.Is(err, store.ErrNotFound) {
		g, err = store.Gift{}, nil
	}
	return []store.Gift{g}, err
}

// written writes the objects in a format.
func (n *Node) written(ctx context.Context, tx *store.Tx, b toBeWritten, f Format, out *ExportedObjects) ([]byte, error) {
	out.Objects = len(b.objects)
	switch f {
	case STIX:
		return n.asBundle(b)
	case MISP:
		return n.asEvent(ctx, tx, b, out)
	}
	return nil, invalid("objects are not written as %.40q: there are stix and misp", f)
}

// asBundle gives the bytes that were sent or came, or a bundle of its own.
func (n *Node) asBundle(b toBeWritten) ([]byte, error) {
	if b.bundle != nil {
		return b.bundle, nil
	}
	id, err := stix.NewID("bundle", n.rand)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = stix.WriteBundle(&text, id, b.objects)
	return text.Bytes(), err
}

// asEvent makes a MISP event. The same objects always have the same ids in it.
func (n *Node) asEvent(ctx context.Context, tx *store.Tx, b toBeWritten, out *ExportedObjects) ([]byte, error) {
	key, err := exchange.EventKey(ctx, tx, b.reader, n.rand)
	if err != nil {
		return nil, err
	}
	event, unmapped, err := misp.FromSTIX(b.objects, misp.Options{Key: key})
	if err != nil {
		return nil, err
	}
	for _, u := range unmapped {
		out.Unmapped = append(out.Unmapped, exchange.Unmapped{ID: u.Path, Type: u.Type, Why: u.Why})
	}
	event.Published = false // whoever takes it in decides whether it goes further
	out.Event = event.UUID
	var text bytes.Buffer
	err = misp.Write(&text, event)
	return text.Bytes(), err
}
