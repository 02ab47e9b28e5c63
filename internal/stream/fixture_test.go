package stream

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parley/internal/store"
)

var (
	noon    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	testKey = [store.KeySize]byte{3}
	testRun = Run{0: 1, 15: 2}
)

// emptyStore is the file of a new store, made once: many pairs begin with a
// copy of it.
var emptyStore = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "parley-stream")
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

// fataler is what *testing.T, *testing.B and *rapid.T have in common.
type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// letter is a message that was sealed: the channel brings it once and in order,
// and with it how many messages its sender had opened.
type letter struct {
	kind  string
	body  []byte
	acked uint64
}

// node is one side: a store, and a channel played by hand that does what the
// real one promises.
type node struct {
	t       fataler
	path    string
	store   *store.Store
	peer    int64
	sealed  uint64   // messages sealed
	opened  uint64   // messages opened
	waiting []int64  // of the inbox, not yet worked on
	wire    []letter // sealed, not yet opened by the other side
}

func newNode(t fataler, dir, name, other string) *node {
	t.Helper()
	n := &node{t: t, path: filepath.Join(dir, name+".db")}
	empty, err := emptyStore()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(n.path, empty, 0o600); err != nil {
		t.Fatal(err)
	}
	n.start()
	n.update(func(ctx context.Context, tx *store.Tx) (err error) {
		n.peer, err = tx.AddCounterpart(ctx, store.Counterpart{Name: other, AddedAt: noon})
		return err
	})
	return n
}

func (n *node) start() {
	n.t.Helper()
	s, err := store.Open(context.Background(), n.path, testKey, store.Options{})
	if err != nil {
		n.t.Fatal(err)
	}
	n.store = s
}

// crash loses all that was not kept.
func (n *node) crash() {
	n.t.Helper()
	if err := n.store.Close(); err != nil {
		n.t.Fatal(err)
	}
	n.start()
}

func (n *node) try(fn func(context.Context, *store.Tx) error) error {
	ctx := context.Background()
	return n.store.Update(ctx, func(tx *store.Tx) error { return fn(ctx, tx) })
}

func (n *node) update(fn func(context.Context, *store.Tx) error) {
	n.t.Helper()
	if err := n.try(fn); err != nil {
		n.t.Fatal(err)
	}
}

func (n *node) open(window int) {
	n.t.Helper()
	n.update(func(ctx context.Context, tx *store.Tx) error {
		return Open(ctx, tx, Opening{Counterpart: n.peer, Run: testRun, Window: window})
	})
}

// seal takes the next message of the outbox; false when none waits.
func (n *node) seal() (sealed bool) {
	n.t.Helper()
	n.update(func(ctx context.Context, tx *store.Tx) error {
		next, err := tx.NextToSeal(ctx, n.peer)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		o, err := tx.Outgoing(ctx, next.ID)
		if err != nil {
			return err
		}
		sealed = true
		n.wire = append(n.wire, letter{o.Kind, o.Body, n.opened})
		n.sealed++
		return tx.MarkSealed(ctx, o.ID, n.sealed-1, int64(len(o.Body)), noon)
	})
	return sealed
}

// arrive brings a message into the inbox as a courier does.
func (n *node) arrive(l letter) int64 {
	n.t.Helper()
	var id int64
	n.update(func(ctx context.Context, tx *store.Tx) error {
		f := store.Fragment{Message: n.opened, Kind: l.kind, Total: int64(len(l.body)), Data: l.body, At: noon}
		if err := tx.AddFragment(ctx, n.peer, f); err != nil {
			return err
		}
		if err := Admit(ctx, tx, n.peer, n.opened); err != nil {
			return err
		}
		in, err := tx.IncomingByNumber(ctx, n.peer, n.opened)
		id = in.ID
		return errors.Join(err, tx.Acknowledge(ctx, n.peer, l.acked, noon))
	})
	n.opened++
	n.waiting = append(n.waiting, id)
	return id
}

// openFrom takes the next letter of the other side's; false when none is there.
func (n *node) openFrom(other *node) bool {
	n.t.Helper()
	if len(other.wire) == 0 {
		return false
	}
	l := other.wire[0]
	other.wire = other.wire[1:]
	n.arrive(l)
	return true
}

// resume is our side of the stream in a transaction.
func (n *node) resume(ctx context.Context, tx *store.Tx) *Side {
	n.t.Helper()
	s, err := Resume(ctx, tx, noon, n.peer, testRun)
	if err != nil {
		n.t.Fatal(err)
	}
	return s
}

func (n *node) view(fn func(context.Context, *store.Tx) error) {
	n.t.Helper()
	ctx := context.Background()
	if err := n.store.View(ctx, func(tx *store.Tx) error { return fn(ctx, tx) }); err != nil {
		n.t.Fatal(err)
	}
}

// side looks at our side of the stream.
func (n *node) side() (s store.Stream) {
	n.t.Helper()
	n.view(func(ctx context.Context, tx *store.Tx) error {
		s = n.resume(ctx, tx).Stream
		return nil
	})
	return s
}

// take works on a message of the inbox and keeps what it does.
func (n *node) take(id int64) (m Message, err error) {
	n.t.Helper()
	err = n.try(func(ctx context.Context, tx *store.Tx) error {
		in, err := tx.Incoming(ctx, id)
		if err != nil {
			return err
		}
		s := n.resume(ctx, tx)
		if m, err = s.Take(ctx, in); err != nil {
			return err
		}
		return errors.Join(s.Keep(ctx), tx.Settle(ctx, id, store.Applied, ""))
	})
	return m, err
}

// send queues a chunk.
func (n *node) send(data []byte, last bool) error {
	return n.try(func(ctx context.Context, tx *store.Tx) error {
		s := n.resume(ctx, tx)
		if err := s.Send(ctx, data, last); err != nil {
			return err
		}
		return s.Keep(ctx)
	})
}

// held is what of the stream this side holds: chunks that came and are not
// used, and chunks that the other side has not acknowledged.
func (n *node) held() (in, out int) {
	n.t.Helper()
	n.view(func(ctx context.Context, tx *store.Tx) error {
		for _, id := range n.waiting {
			m, err := tx.Incoming(ctx, id)
			if err != nil {
				return err
			}
			if m.Kind == KindChunk && len(m.Body) > runSize {
				in++
			}
		}
		s := n.resume(ctx, tx)
		underway, err := tx.StreamUnderway(ctx, s.ID, KindChunk)
		out = int(underway)
		return err
	})
	return in, out
}

// pair is two nodes with a stream between them.
func pair(t testing.TB, window int) (north, south *node) {
	t.Helper()
	dir := t.TempDir()
	north, south = newNode(t, dir, "north", "South"), newNode(t, dir, "south", "North")
	t.Cleanup(func() { north.store.Close(); south.store.Close() })
	north.open(window)
	south.open(window)
	return north, south
}

// chunkBody is a chunk as a counterpart would write it.
func chunkBody(number, credit uint64, last bool, data string) letter {
	m := Message{Kind: KindChunk, Run: testRun, Number: number, Credit: credit, Last: last, Data: []byte(data)}
	return letter{kind: KindChunk, body: m.encode()}
}

func creditBody(credit uint64) letter {
	return letter{kind: KindCredit, body: Message{Kind: KindCredit, Run: testRun, Credit: credit}.encode()}
}

func resetBody(reason string) letter {
	return letter{kind: KindReset, body: Message{Kind: KindReset, Run: testRun, Reason: reason}.encode()}
}
