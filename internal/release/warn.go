package release

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"parley/internal/store"
	"parley/selector"
	"parley/stix"
)

// Kinds of the messages of a warning on the channel.
const (
	KindWarning        = "warning"
	KindWarningReceipt = "warning.receipt"
)

// A warning passes the same door as a tearline: its text is built into a new
// bundle, checked for leaks, and marked for the protection of life alone. It
// differs in that one person may send it, with a reason that is reviewed
// afterwards, and in that nothing goes before it.

// Protocols are the arrangements that a warning may name: a closed list, since
// the name crosses outside the tearline.
func Protocols() []string { return []string{"duty to warn"} }

// noticeVersion is the form of a notice that this program writes and reads.
const noticeVersion = 1

// maxNotice bounds a notice in bytes.
const maxNotice = 1 << 20

// Notice is a warning as it crosses: the words in a tearline, and what the
// receiving node needs to put it in front of everything else.
type Notice struct {
	Version  int    `json:"version"`
	Ident    string `json:"ident"` // random; a receipt names it
	Imminent bool   `json:"imminent"`
	Protocol string `json:"protocol,omitempty"`
	Bundle   []byte `json:"bundle"`
}

// Receipt says that a notice arrived, or that a person has taken note of it.
type Receipt struct {
	Version      int    `json:"version"`
	Ident        string `json:"ident"`
	Acknowledged bool   `json:"acknowledged"`
}

// WarnOrder is a warning as its sender asks for it.
type WarnOrder struct {
	Title    string
	Text     string
	Imminent bool
	Protocol string
	Cleared  []selector.Selector // may be named: the counterpart gave them, or the sender answers for it
	Basis    []stix.ID           // what it rests on; must not show
}

// Warn checks a warning's words and queues it before everything else. It
// returns the ident that receipts will name.
func (d *Desk) Warn(ctx context.Context, tx *store.Tx, actor string, to store.Counterpart, o WarnOrder) (ident string, outbox int64, err error) {
	if !slices.Contains(Protocols(), o.Protocol) {
		return "", 0, fmt.Errorf("no arrangement is called %q: there are %q", o.Protocol, Protocols())
	}
	for _, sel := range o.Cleared {
		if err := ours(ctx, tx, to, sel, nil); err != nil {
			return "", 0, err
		}
	}
	if err := d.ruleWarning(ctx, tx, to, o); err != nil {
		return "", 0, err
	}
	policy := DefaultPolicy()
	author, err := d.pseudonym(ctx, tx, to.ID)
	if err != nil {
		return "", 0, err
	}
	t, err := Build(nil, Request{
		Counterpart: to.Name, Policy: policy, TLP: TLPRed, PermittedUse: ProtectLife, Cleared: o.Cleared,
		Title: o.Title, Text: o.Text, Author: author, Region: d.Region,
	}, Env{Rand: d.Rand, Now: d.Now()})
	if err != nil {
		return "", 0, err
	}
	s := Secrets{Cleared: o.Cleared, TimeGrain: policy.TimeGrain, PlaceGrain: policy.PlaceGrain}
	for _, id := range o.Basis {
		if err := s.addVersions(ctx, tx, id); err != nil {
			return "", 0, err
		}
	}
	if err := d.addSources(ctx, tx, &s); err != nil {
		return "", 0, err
	}
	if err := d.remember(ctx, tx, to, &s, nil); err != nil {
		return "", 0, err
	}
	for _, f := range Check(t, s) {
		if f.Blocking {
			return "", 0, fmt.Errorf("%w: %s (%s): %s", ErrLeak, f.Reason, f.Excerpt, f.Fix)
		}
	}
	body, ident, err := d.notice(o, t)
	if err != nil {
		return "", 0, err
	}
	outbox, err = tx.Enqueue(ctx, store.Outgoing{Counterpart: to.ID, Kind: KindWarning, Body: body, Urgent: true, QueuedAt: d.Now()})
	if err != nil {
		return "", 0, err
	}
	return ident, outbox, d.recordWarning(ctx, tx, actor, "warning.send", ident, to.Name, fmt.Sprintf("%x", t.Digest))
}

// addSources notes the names of every identity of ours: a warning has no
// report whose sources could be told apart.
func (d *Desk) addSources(ctx context.Context, tx *store.Tx, s *Secrets) error {
	rows, err := tx.Versions(ctx, "identity")
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.Origin != 0 {
			continue
		}
		o, err := stix.ParseObject(row.Body)
		if err != nil {
			return fmt.Errorf("object number %d: %w", row.Seq, err)
		}
		s.addNames(o)
	}
	return nil
}

func (d *Desk) notice(o WarnOrder, t Tearline) (body []byte, ident string, err error) {
	rnd := d.Rand
	if rnd == nil {
		rnd = rand.Reader
	}
	var random [16]byte
	if _, err := io.ReadFull(rnd, random[:]); err != nil {
		return nil, "", fmt.Errorf("draw a notice's number: %w", err)
	}
	n := Notice{Version: noticeVersion, Ident: hex.EncodeToString(random[:]), Imminent: o.Imminent, Protocol: o.Protocol, Bundle: t.Bundle}
	body, err = json.Marshal(n)
	return body, n.Ident, err
}

// Acknowledge queues a receipt for a counterpart's notice, before everything
// but warnings themselves.
func (d *Desk) Acknowledge(ctx context.Context, tx *store.Tx, actor string, to store.Counterpart, r Receipt) error {
	r.Version = noticeVersion
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write receipt: %w", err)
	}
	if _, err := tx.Enqueue(ctx, store.Outgoing{Counterpart: to.ID, Kind: KindWarningReceipt, Body: body, Urgent: true, QueuedAt: d.Now()}); err != nil {
		return err
	}
	action := "warning.receipt"
	if r.Acknowledged {
		action = "warning.acknowledge"
	}
	return d.recordWarning(ctx, tx, actor, action, r.Ident, to.Name, "")
}

func (d *Desk) recordWarning(ctx context.Context, tx *store.Tx, actor, action, ident, counterpart, digest string) error {
	detail, err := json.Marshal(struct {
		Digest string `json:"digest,omitempty"`
	}{digest})
	if err != nil {
		return fmt.Errorf("record %s: %w", action, err)
	}
	_, err = tx.Record(ctx, store.Entry{At: d.Now(), Actor: actor, Action: action, Subject: ident, Counterpart: counterpart, Detail: detail})
	return err
}

// ReadNotice reads a counterpart's warning: its form, and the tearline in it.
func ReadNotice(body []byte) (Notice, Received, error) {
	var n Notice
	if err := readStrict(body, &n); err != nil {
		return n, Received{}, fmt.Errorf("read warning: %w", err)
	}
	if err := checkIdent(n.Version, n.Ident); err != nil {
		return n, Received{}, fmt.Errorf("read warning: %w", err)
	}
	if !slices.Contains(Protocols(), n.Protocol) {
		return n, Received{}, fmt.Errorf("read warning: it names the arrangement %.40q, which this program does not know", n.Protocol)
	}
	got, err := Verify(n.Bundle)
	if err != nil {
		return n, got, fmt.Errorf("read warning: %w", err)
	}
	if got.PermittedUse != ProtectLife {
		return n, got, fmt.Errorf("read warning: it permits %q, a warning is for %q", got.PermittedUse, ProtectLife)
	}
	return n, got, nil
}

// ReadReceipt reads a counterpart's receipt.
func ReadReceipt(body []byte) (Receipt, error) {
	var r Receipt
	if err := readStrict(body, &r); err != nil {
		return r, fmt.Errorf("read receipt: %w", err)
	}
	if err := checkIdent(r.Version, r.Ident); err != nil {
		return r, fmt.Errorf("read receipt: %w", err)
	}
	return r, nil
}

func checkIdent(version int, ident string) error {
	if version != noticeVersion {
		return fmt.Errorf("it is of version %d: this program knows version %d", version, noticeVersion)
	}
	if b, err := hex.DecodeString(ident); err != nil || len(b) != 16 {
		return errors.New("its number is not 32 hexadecimal digits")
	}
	return nil
}

// readStrict decodes one JSON value with no unknown property and nothing after it.
func readStrict(body []byte, v any) error {
	if len(body) > maxNotice {
		return fmt.Errorf("%d bytes: at most %d", len(body), maxNotice)
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something stands after the end")
	}
	return nil
}

// Digest is the hash that a tearline is known by in the ledger, in hexadecimal.
func Digest(bundle []byte) string {
	sum := sha256.Sum256(bundle)
	return hex.EncodeToString(sum[:])
}
