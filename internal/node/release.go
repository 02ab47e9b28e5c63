package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/internal/exchange"
	"parley/internal/release"
	"parley/internal/store"
	"parley/stix"
)

// desk is the release desk with this node's names on its never-list.
func (n *Node) desk() *release.Desk {
	names := append([]string{n.Settings.Party}, n.Settings.NeverList...)
	for _, u := range n.Users() {
		names = append(names, u.Name)
	}
	return &release.Desk{Names: names, Region: n.Settings.Region, Rand: n.rand, Now: n.now}
}

// DraftRelease builds a tearline of a report for a counterpart.
func (n *Node) DraftRelease(ctx context.Context, to string, o release.Order) (r store.Release, err error) {
	if err := n.must(Analyst); err != nil {
		return r, err
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		c, err := n.releasable(ctx, tx, to)
		if err != nil {
			return err
		}
		r, err = n.desk().Draft(ctx, tx, n.User.Name, c, o)
		return err
	})
	if err != nil {
		return r, fmt.Errorf("draft a release to %s: %w", to, n.noteRefusal(ctx, "draft", string(o.Report), to, err))
	}
	return r, nil
}

// DraftAmendment builds what is to stand in the place of a release that was sent.
func (n *Node) DraftAmendment(ctx context.Context, o release.Order) (r store.Release, err error) {
	if err := n.must(Analyst); err != nil {
		return r, err
	}
	old, err := n.Release(ctx, o.Amends)
	if err != nil {
		return r, err
	}
	var to store.Counterpart
	err = n.store.View(ctx, func(tx *store.Tx) error {
		to, err = tx.CounterpartByID(ctx, old.Counterpart)
		return err
	})
	if err != nil {
		return r, err
	}
	return n.DraftRelease(ctx, to.Name, o)
}

// CheckRelease looks for leaks.
func (n *Node) CheckRelease(ctx context.Context, id int64) (r store.Release, found []release.Finding, err error) {
	if err := n.must(Analyst, Releaser); err != nil {
		return r, nil, err
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		r, found, err = n.desk().Check(ctx, tx, n.User.Name, id)
		return err
	})
	return r, found, err
}

// ClearRelease is the second person's word, also for what the rules overruled here found.
func (n *Node) ClearRelease(ctx context.Context, id int64, over ...release.Overruling) (r store.Release, err error) {
	if err := n.must(Releaser); err != nil {
		return r, err
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		r, err = n.desk().Clear(ctx, tx, n.User.Name, id, over...)
		return err
	})
	return r, n.noteRefusal(ctx, "clear", fmt.Sprintf("R%d", id), "", err)
}

// SendRelease hands a cleared tearline to the courier.
func (n *Node) SendRelease(ctx context.Context, id int64) (r store.Release, err error) {
	if err := n.must(Analyst, Releaser); err != nil {
		return r, err
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		if r, err = n.desk().Send(ctx, tx, n.User.Name, id); err != nil {
			return err
		}
		return n.keepGiven(ctx, tx, r)
	})
	return r, n.noteRefusal(ctx, "send", fmt.Sprintf("R%d", id), "", err)
}

// Release reads one release.
func (n *Node) Release(ctx context.Context, id int64) (r store.Release, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		r, err = tx.Release(ctx, id)
		return err
	})
	return r, err
}

// Releases lists all, newest first.
func (n *Node) Releases(ctx context.Context) (all []store.Release, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Releases(ctx)
		return err
	})
	return all, err
}

// CompareReleases lays what was released of a report, or is about to be, to several counterparts side by side. What was
// given up is left out.
func (n *Node) CompareReleases(ctx context.Context, report stix.ID) (b release.Beside, err error) {
	var versions []release.Version
	err = n.store.View(ctx, func(tx *store.Tx) error {
		if _, err := tx.Object(ctx, report.Type(), report.UUID()); err != nil {
			return fmt.Errorf("report %s: %w", report, err)
		}
		rows, err := tx.Releases(ctx)
		if err != nil {
			return err
		}
		for _, r := range slices.Backward(rows) {
			o, err := release.ReadOrder(r)
			if err != nil {
				return err
			}
			if o.Report != report || r.State == release.Void {
				continue
			}
			to, err := tx.CounterpartByID(ctx, r.Counterpart)
			if err != nil {
				return err
			}
			made, err := release.ReadMap(r)
			if err != nil {
				return err
			}
			versions = append(versions, release.Version{Release: r.ID, To: to.Name, State: r.State, Order: o, Bundle: r.Bundle, Map: made})
		}
		return nil
	})
	if err != nil {
		return b, err
	}
	return release.LayBeside(report, versions)
}

// Delivery says how far an outgoing message has come, or a release to a consumer.
type Delivery struct {
	Bytes    int64     `json:"bytes"` // as they cross
	QueuedAt time.Time `json:"queued_at"`
	SealedAt time.Time `json:"sealed_at,omitzero"`
	AckedAt  time.Time `json:"acked_at,omitzero"` // when the counterpart had applied it, or a consumer had read it
}

// ReleaseDelivery reads how far a release has come; false while it was not sent.
func (n *Node) ReleaseDelivery(ctx context.Context, id int64) (d Delivery, sent bool, err error) {
	r, err := n.Release(ctx, id)
	switch {
	case err != nil:
		return d, false, err
	case r.Outbox != 0:
		d, err = n.Delivery(ctx, r.Outbox)
		return d, true, err
	case r.Collection == 0:
		return d, false, nil
	}
	d = Delivery{Bytes: int64(len(r.Bundle)), QueuedAt: r.PutAt}
	err = n.store.View(ctx, func(tx *store.Tx) error {
		c, err := tx.CollectionByID(ctx, r.Collection)
		if err != nil {
			return err
		}
		if !c.Collected.Before(r.PutAt) {
			d.AckedAt = c.CollectedAt
			return nil
		}
		i, _, err := issueOf(ctx, tx, r)
		d.AckedAt = i.ReadAt // zero where it is no event, or was not read
		return err
	})
	return d, true, err
}

// issueOf finds what a release to a consumer became in its MISP feed.
func issueOf(ctx context.Context, tx *store.Tx, r store.Release) (i store.Issue, is bool, err error) {
	got, err := release.Verify(r.Bundle)
	if err != nil {
		return i, false, fmt.Errorf("read release R%d: %w", r.ID, err)
	}
	i, err = tx.Issue(ctx, r.Collection, uuid.UUID(got.Report.ID().UUID()).String())
	if errors.Is(err, store.ErrNotFound) {
		return i, false, nil
	}
	return i, err == nil, err
}

// Delivery reads how far an outgoing message has come.
func (n *Node) Delivery(ctx context.Context, outbox int64) (d Delivery, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		o, err := tx.Outgoing(ctx, outbox)
		d = Delivery{o.Bytes, o.QueuedAt, o.SealedAt, o.AckedAt}
		return err
	})
	return d, err
}

// Event is a release to a consumer as its MISP feed has it.
type Event struct {
	UUID     string              `json:"uuid"`
	Unmapped []exchange.Unmapped `json:"unmapped"` // the parts that MISP has no place for
}

// ReleasedEvent reads what a release became in its consumer's MISP feed; false where it is in none.
func (n *Node) ReleasedEvent(ctx context.Context, id int64) (e Event, is bool, err error) {
	r, err := n.Release(ctx, id)
	if err != nil || r.Collection == 0 {
		return e, false, err
	}
	err = n.store.View(ctx, func(tx *store.Tx) error {
		var i store.Issue
		if i, is, err = issueOf(ctx, tx, r); err != nil || !is {
			return err
		}
		e.UUID = i.UUID
		return json.Unmarshal(i.Unmapped, &e.Unmapped)
	})
	return e, is && err == nil, err
}

// received is the effect of a counterpart's tearline: its objects, held apart
// as the counterpart's, its claim, and the warnings that it raises.
func (n *Node) received(in store.Incoming) effect {
	got, err := release.Verify(in.Body)
	if err != nil {
		return refuse("%v", err)
	}
	return effect{commit: func(ctx context.Context, tx *store.Tx) error {
		from, err := tx.CounterpartByID(ctx, in.Counterpart)
		if err != nil {
			return err
		}
		selectors, err := n.keepReceived(ctx, tx, in, from, got)
		if err != nil {
			return err
		}
		raised, err := n.raise(ctx, tx)
		if err != nil {
			return err
		}
		return n.recordAs(ctx, tx, from.Name, "release.receive", string(got.Report.ID()), from.Name, receivedNote{
			Digest: fmt.Sprintf("%x", got.Digest), Objects: len(got.Objects), Selectors: selectors,
			TLP: got.TLP, Use: got.PermittedUse, Warnings: len(raised),
		})
	}}
}

type receivedNote struct {
	Digest    string      `json:"digest"`
	Objects   int         `json:"objects"`
	Selectors int         `json:"selectors"`
	TLP       release.TLP `json:"tlp"`
	Use       release.Use `json:"permitted_use"`
	Warnings  int         `json:"warnings"`
}

// keepReceived keeps a tearline: its objects, as what came with it, and what it
// says as a claim. Who says the same thing again makes no second claim.
func (n *Node) keepReceived(ctx context.Context, tx *store.Tx, in store.Incoming, from store.Counterpart, got release.Received) (selectors int, err error) {
	g := store.Gift{Counterpart: from.ID, Digest: got.Digest[:], Report: string(got.Report.ID()), Inbox: in.ID, State: store.Current, CameAt: n.now()}
	fresh := false
	if g.ID, fresh, err = tx.AddGift(ctx, g); err != nil {
		return 0, err
	}
	news, report := false, int64(0)
	for _, o := range got.Objects {
		put, err := n.putReceived(ctx, tx, o, from.ID, got)
		if err != nil {
			return 0, err
		}
		if err := tx.PutGiftObject(ctx, g.ID, put.seq); err != nil {
			return 0, err
		}
		selectors += put.found
		if o.ID() == got.Report.ID() {
			news, report = put.added, put.seq
		}
	}
	if fresh {
		if err := tx.Fresh(ctx, g.ID); err != nil {
			return 0, err
		}
	}
	if !news {
		return selectors, nil
	}
	claim, err := n.claimOf(ctx, tx, from, got, g)
	if err != nil {
		return 0, err
	}
	_, err = n.listen(ctx, tx, heard{report, string(claim), from.Name, wordsOf(got.Objects...), n.tearline(got).Selectors, picturesOf(got.Objects...)})
	return selectors, err
}

// placed is what became of an object that was to be kept.
type placed struct {
	seq   int64
	added bool
	found int // selectors in it
}

// putReceived keeps one of a counterpart's objects. Where it gave us the same
// version before with other content, the first stays: that is no reason to
// refuse what else it says, unless it is the report itself that was changed.
func (n *Node) putReceived(ctx context.Context, tx *store.Tx, o stix.Object, from int64, got release.Received) (p placed, err error) {
	p.seq, p.added, p.found, err = n.place(ctx, tx, o, store.Object{Origin: from, PermittedUse: string(got.PermittedUse)}, string(got.Report.ID()))
	if errors.Is(err, store.ErrVersion) && o.ID() != got.Report.ID() {
		return p, nil
	}
	return p, err
}
