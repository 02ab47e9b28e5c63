package exchange

import (
	"context"
	"flag"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"parley/internal/store"
	"parley/taxii"
)

// plain leaves the store unencrypted, to see what encryption costs.
var plain = flag.Bool("plain", false, "do not encrypt the store")

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// house is an exchange with consumers, at a clock that stands still until a test moves it.
type house struct {
	*Exchange
	t     testing.TB
	store *store.Store
	now   time.Time
}

func newHouse(t testing.TB, change ...func(*Options)) *house {
	t.Helper()
	s, err := store.Create(t.Context(), filepath.Join(t.TempDir(), "node.db"), [store.KeySize]byte{1}, store.Options{Plain: *plain})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	h := &house{t: t, store: s, now: noon}
	opt := Options{Dir: t.TempDir(), Now: func() time.Time { return h.now }}
	for _, c := range change {
		c(&opt)
	}
	h.Exchange = New(s, opt)
	return h
}

// change runs fn in a transaction that must be kept.
func (h *house) change(fn func(ctx context.Context, tx *store.Tx) error) {
	h.t.Helper()
	if err := h.store.Update(h.t.Context(), func(tx *store.Tx) error { return fn(h.t.Context(), tx) }); err != nil {
		h.t.Fatal(err)
	}
}

// consumer adds one with a collection that it may read and write, and gives its secret.
func (h *house) consumer(name string) (at taxii.Place, token string) {
	h.t.Helper()
	token, digest, err := NewToken(h.opt.Rand)
	if err != nil {
		h.t.Fatal(err)
	}
	id := uuid.New()
	h.change(func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.AddCounterpart(ctx, store.Counterpart{Name: name, AddedAt: noon})
		if err != nil {
			return err
		}
		if err := tx.AddConsumer(ctx, store.Consumer{Counterpart: c, Name: name, Token: digest, AddedAt: noon}); err != nil {
			return err
		}
		_, err = tx.AddCollection(ctx, store.Collection{
			UUID: id, Counterpart: c, Alias: "open", Title: "Open", CanRead: true, CanWrite: true, AddedAt: noon,
		})
		return err
	})
	return taxii.Place{Requester: taxii.Requester{Name: name}, Root: Root, Collection: id.String()}, token
}
