package match

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/store"
	"parley/internal/stream"
	"parley/selector"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// party is one side of a test: an engine over a store of its own, whose
// messages are carried by hand.
type party struct {
	t    testing.TB
	path string
	peer store.Counterpart
	got  uint64 // messages received

	current int64 // the match that the test is about
	*Engine
}

// letter is a message on its way. One of the count's is what the pieces of a
// stream have together, as no set of these tests fills a piece.
type letter struct {
	kind string
	body []byte
	head []byte // of the chunk that it went in; nil: the next that is due
}

// unpacked is what a chunk has, where it is a message of the count.
func (l letter) unpacked() letter {
	if l.kind != stream.KindChunk || len(l.body) < chunkHead+pieceHead {
		return l
	}
	head, data := l.body[:chunkHead], l.body[chunkHead:]
	if kind := int(data[0]); kind == 0 || kind >= len(streamed) || int(binary.BigEndian.Uint32(data[1:])) != len(data)-pieceHead {
		return l
	}
	return letter{streamed[data[0]], data[pieceHead:], head}
}

// packed is the chunk that a message of the count goes in.
func (p *party) packed(l letter) letter {
	if !slices.Contains(streamed, l.kind) {
		return l
	}
	if l.head == nil {
		l.head = make([]byte, chunkHead)
		run := copy(l.head, l.body[:min(16, len(l.body))])
		p.view(func(ctx context.Context, tx *store.Tx) error {
			row, err := tx.Stream(ctx, p.peer.ID, l.head[:run])
			if errors.Is(err, store.ErrNotFound) {
				err = nil
			}
			binary.BigEndian.PutUint64(l.head[16:], uint64(row.Taken+4)) // the credit of a side that used as many
			binary.BigEndian.PutUint64(l.head[24:], uint64(row.Taken))
			return err
		})
	}
	return letter{kind: stream.KindChunk, body: slices.Concat(l.head, cut(l.kind, l.body)[0])}
}

var testKey = [store.KeySize]byte{7}

// emptyStore is the file of a new store, made once: hundreds of pairs begin
// with a copy of it.
var emptyStore = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "parley-match")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "empty.db")
	s, err := store.Create(context.Background(), path, testKey, store.Options{})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// newParty makes a node that knows the other and holds the selectors given.
func newParty(t testing.TB, name, other string, held ...selector.Selector) *party {
	t.Helper()
	p := &party{t: t, path: filepath.Join(t.TempDir(), name+".db"), current: 1}
	p.Engine = &Engine{
		Self: name, Now: func() time.Time { return noon },
		Rand: rand.NewChaCha8([32]byte{name[0]}), // so that a run can be repeated to the byte
	}
	empty, err := emptyStore()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p.path, empty, 0o600); err != nil {
		t.Fatal(err)
	}
	p.open()
	t.Cleanup(func() { p.Store.Close() })
	p.peer = p.meet(other)
	p.hold(held...)
	return p
}

// meet adds a counterpart.
func (p *party) meet(name string) (c store.Counterpart) {
	p.update(func(ctx context.Context, tx *store.Tx) error {
		id, err := tx.AddCounterpart(ctx, store.Counterpart{Name: name, AddedAt: noon})
		if err != nil {
			return err
		}
		c, err = tx.CounterpartByID(ctx, id)
		return err
	})
	return c
}

// hold adds selectors of our own.
func (p *party) hold(held ...selector.Selector) {
	var all []store.Finding
	for i, sel := range held {
		all = append(all, store.Finding{Selector: sel, List: "list.csv", Place: fmt.Sprint("line ", i+1), Raw: sel.Value})
	}
	p.update(func(ctx context.Context, tx *store.Tx) error { return tx.PutFindings(ctx, all) })
}

// seize registers evidence in which the selectors given were found.
func (p *party) seize(name string, found ...selector.Selector) (id int64) {
	p.update(func(ctx context.Context, tx *store.Tx) (err error) {
		if id, err = tx.AddEvidence(ctx, store.Evidence{Name: name, SHA256: []byte(name), ImportedAt: noon}); err != nil {
			return err
		}
		var all []store.Finding
		for _, sel := range found {
			all = append(all, store.Finding{Selector: sel, Evidence: id, Place: "sms.db"})
		}
		if err := tx.PutFindings(ctx, all); err != nil {
			return err
		}
		return tx.MarkTriaged(ctx, id, noon, []byte("{}"))
	})
	return id
}

func (p *party) update(fn func(context.Context, *store.Tx) error) {
	p.t.Helper()
	if err := p.Store.Update(p.t.Context(), func(tx *store.Tx) error { return fn(p.t.Context(), tx) }); err != nil {
		p.t.Fatal(err)
	}
}

func (p *party) view(fn func(context.Context, *store.Tx) error) {
	p.t.Helper()
	if err := p.Store.View(p.t.Context(), func(tx *store.Tx) error { return fn(p.t.Context(), tx) }); err != nil {
		p.t.Fatal(err)
	}
}

// crash closes the store and opens it again: all that was not kept is gone.
func (p *party) crash() {
	p.t.Helper()
	if err := p.Store.Close(); err != nil {
		p.t.Fatal(err)
	}
	p.open()
}

func (p *party) open() {
	p.t.Helper()
	s, err := store.Open(p.t.Context(), p.path, testKey, store.Options{})
	if err != nil {
		p.t.Fatal(err)
	}
	p.Store = s
}

// sent takes what waits in the outbox, in order.
func (p *party) sent() (all []letter) {
	p.t.Helper()
	p.update(func(ctx context.Context, tx *store.Tx) error {
		for {
			next, err := tx.NextToSeal(ctx, p.peer.ID)
			if errors.Is(err, store.ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			whole, err := tx.Outgoing(ctx, next.ID)
			if err != nil {
				return err
			}
			all = append(all, letter{kind: whole.Kind, body: whole.Body}.unpacked())
			if err := tx.MarkSealed(ctx, next.ID, 0, 0, noon); err != nil {
				return err
			}
			if err := tx.Acknowledge(ctx, p.peer.ID, 1, noon); err != nil { // the other side will have it
				return err
			}
		}
	})
	return all
}

// sentOne takes the one message that waits.
func (p *party) sentOne() letter {
	p.t.Helper()
	all := p.sent()
	if len(all) != 1 {
		p.t.Fatalf("%s has sent %d messages, want 1", p.Self, len(all))
	}
	return all[0]
}

// arrive puts a message into the inbox and returns it as it lies there.
func (p *party) arrive(from int64, l letter) (in store.Incoming) {
	p.t.Helper()
	l = p.packed(l)
	p.update(func(ctx context.Context, tx *store.Tx) (err error) {
		f := store.Fragment{Message: p.got, Kind: l.kind, Total: int64(len(l.body)), Data: l.body, At: noon}
		p.got++
		if err := tx.AddFragment(ctx, from, f); err != nil {
			return err
		}
		if err := stream.Admit(ctx, tx, from, f.Message); err != nil {
			return err
		}
		in, err = tx.NextIncoming(ctx)
		return err
	})
	return in
}

// take applies a message as a node does, and says why it was refused if it was.
func (p *party) take(l letter) (refused string) {
	p.t.Helper()
	return p.apply(p.arrive(p.peer.ID, l))
}

func (p *party) apply(in store.Incoming) (refused string) {
	p.t.Helper()
	eff, err := p.Handle(p.t.Context(), in)
	if err != nil {
		p.t.Fatalf("%s: %v", in.Kind, err)
	}
	state := store.Applied
	if eff.Refused != "" {
		state = store.Refused
	}
	err = p.Store.Update(p.t.Context(), func(tx *store.Tx) error {
		return errors.Join(eff.Commit(p.t.Context(), tx), tx.Settle(p.t.Context(), in.ID, state, eff.Refused))
	})
	if errors.Is(err, ErrPeer) {
		eff.Refused = err.Error()
		p.update(func(ctx context.Context, tx *store.Tx) error {
			return tx.Settle(ctx, in.ID, store.Refused, eff.Refused)
		})
	} else if err != nil {
		p.t.Fatalf("%s: %v", in.Kind, err)
	}
	return eff.Refused
}

// match reads the current match.
func (p *party) match() (m Matching) {
	p.t.Helper()
	p.view(func(ctx context.Context, tx *store.Tx) (err error) {
		m, err = p.Get(ctx, tx, p.current)
		return err
	})
	return m
}

// overlap lists what the current match found.
func (p *party) overlap() (all []selector.Selector) {
	p.t.Helper()
	p.view(func(ctx context.Context, tx *store.Tx) (err error) {
		all, err = tx.Overlap(ctx, p.current)
		return err
	})
	return all
}

// ledger is the whole of it as text.
func (p *party) ledger() string {
	p.t.Helper()
	var lines []string
	p.view(func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.VerifyLedger(ctx, nil); err != nil {
			return err
		}
		all, err := tx.Entries(ctx, 1, 0)
		for _, e := range all {
			lines = append(lines, fmt.Sprintf("%s %s %s %s %s", e.Actor, e.Action, e.Subject, e.Counterpart, e.Detail))
		}
		return err
	})
	return strings.Join(lines, "\n")
}

func email(n int) selector.Selector {
	return selector.Selector{Kind: selector.Email, Value: fmt.Sprintf("user%d@example.org", n)}
}

func emails(from, to int) (all []selector.Selector) {
	for n := from; n < to; n++ {
		all = append(all, email(n))
	}
	return all
}

func plainOffer() Offer {
	return Offer{Kinds: []selector.Kind{selector.Email}, Purpose: "threat to life", Mode: ModeOverlap, MaxItems: 100}
}

// pair is North, with users 0 to 6, and South, with users 4 to 8: three in common.
func pair(t testing.TB) (north, south *party) {
	t.Helper()
	return newParty(t, "North", "South", emails(0, 7)...), newParty(t, "South", "North", emails(4, 9)...)
}

// propose sends North's offer, and has South take it.
func propose(north, south *party, o Offer) {
	north.t.Helper()
	north.update(func(ctx context.Context, tx *store.Tx) error {
		_, err := north.Propose(ctx, tx, "amira", north.peer, o)
		return err
	})
	deliver(north, south)
}

// agreed is a pair whose match both accepted.
func agreed(t testing.TB, o Offer, hold bool) (north, south *party) {
	t.Helper()
	north, south = pair(t)
	propose(north, south, o)
	accept(south, hold)
	deliver(south, north)
	return north, south
}

func accept(p *party, hold bool) {
	p.t.Helper()
	p.update(func(ctx context.Context, tx *store.Tx) error {
		return p.Accept(ctx, tx, "chen", p.current, 0, hold, "")
	})
}

func start(p *party) {
	p.t.Helper()
	if err := p.Start(p.t.Context(), "amira", p.current); err != nil {
		p.t.Fatal(err)
	}
}

func abort(p *party) error {
	return p.Store.Update(p.t.Context(), func(tx *store.Tx) error { return p.Abort(p.t.Context(), tx, "amira", p.current, "changed our mind") })
}

// deliver carries what one side has sent to the other, and fails the test if
// anything was refused.
func deliver(from, to *party) (kinds []string) {
	from.t.Helper()
	for _, l := range from.sent() {
		if refused := to.take(l); refused != "" {
			from.t.Fatalf("%s refused %s: %s", to.Self, l.kind, refused)
		}
		kinds = append(kinds, l.kind)
	}
	return kinds
}

// exchange delivers until neither side has anything to say.
func exchange(a, b *party) (kinds []string) {
	a.t.Helper()
	for {
		some := append(deliver(a, b), deliver(b, a)...)
		if len(some) == 0 {
			return kinds
		}
		kinds = append(kinds, some...)
	}
}
