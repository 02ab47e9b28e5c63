package release_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"parley/internal/release"
	"parley/internal/store"
	"parley/selector"
	"parley/stix"
)

// counter is a desk over a store of its own, with two counterparts.
type counter struct {
	*release.Desk
	store *store.Store
	to    map[string]store.Counterpart
}

const (
	deskReport = stix.ID("report--7b0e4d5c-52f1-4c1e-8f0a-000000000001")
	deskPhone  = stix.ID("phone-number--7b0e4d5c-52f1-4c1e-8f0a-000000000002")
	deskText   = "We judge it likely that somebody means to harm the audience on Friday."
)

var deskTime = time.Date(2026, time.September, 10, 12, 0, 0, 0, time.UTC)

func newDesk(t testing.TB) *counter {
	t.Helper()
	s, err := store.Create(t.Context(), filepath.Join(t.TempDir(), "node.db"), [store.KeySize]byte{7}, store.Options{})
	mustDesk(t, err)
	t.Cleanup(func() { s.Close() })
	c := &counter{
		Desk: &release.Desk{
			Names: []string{"Northland", "amira", "bilal", "KESTREL"}, Region: "US",
			Rand: rand.NewChaCha8([32]byte{5}), Now: func() time.Time { return deskTime },
		},
		store: s, to: map[string]store.Counterpart{},
	}
	c.update(t, func(ctx context.Context, tx *store.Tx) error {
		for _, name := range []string{"Southland", "Uvarland"} {
			id, err := tx.AddCounterpart(ctx, store.Counterpart{Name: name, Session: []byte{1}, VerifiedAt: deskTime, AddedAt: deskTime})
			if err != nil {
				return err
			}
			c.to[name] = store.Counterpart{ID: id, Name: name}
		}
		return nil
	})
	c.hold(t, 0, `{"type":"phone-number","spec_version":"2.1","id":"`+string(deskPhone)+`","value":"+12025550147"}`)
	c.hold(t, 0, `{"type":"report","spec_version":"2.1","id":"`+string(deskReport)+`","created":"2026-09-01T10:00:00.000Z","modified":"2026-09-01T10:00:00.000Z",`+
		`"name":"raw","description":"The receiver behind the hill heard two men speak of a lamp.","published":"2026-09-01T10:00:00.000Z","object_refs":["`+string(deskPhone)+`"]}`)
	return c
}

func mustDesk(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (c *counter) update(t testing.TB, fn func(context.Context, *store.Tx) error) {
	t.Helper()
	mustDesk(t, c.store.Update(t.Context(), func(tx *store.Tx) error { return fn(t.Context(), tx) }))
}

// hold keeps an object in the store as an origin's.
func (c *counter) hold(t testing.TB, origin int64, text string) {
	t.Helper()
	o, err := stix.ParseObject([]byte(text))
	mustDesk(t, err)
	c.update(t, func(ctx context.Context, tx *store.Tx) error {
		_, _, err := tx.PutObject(ctx, store.Object{
			UUID: o.ID().UUID(), Type: o.Type(), Modified: o.Modified().Time(), Origin: origin, Body: o.Bytes(), AddedAt: deskTime,
		})
		return err
	})
}

func deskOrder() release.Order {
	return release.Order{
		Report: deskReport, TLP: release.TLPAmber, Use: release.Detection, Title: "Friday", Text: deskText, Grade: "B2",
		Added: []release.Disclosed{{Selector: selector.Selector{Kind: selector.Phone, Value: "+12025550147"}, Reason: "they must look for it"}},
	}
}

// draft makes a draft for a counterpart, or says why not.
func (c *counter) draft(t testing.TB, to string, o release.Order) (r store.Release, err error) {
	t.Helper()
	err = c.store.Update(t.Context(), func(tx *store.Tx) error {
		r, err = c.Draft(t.Context(), tx, "amira", c.to[to], o)
		return err
	})
	return r, err
}

// acts on a release, each as somebody. What the desk refuses must be refused
// whole: the transaction is given up.
func (c *counter) act(t testing.TB, name, actor string, id int64) (r store.Release, err error) {
	t.Helper()
	err = c.store.Update(t.Context(), func(tx *store.Tx) error {
		switch name {
		case "check":
			r, _, err = c.Check(t.Context(), tx, actor, id)
		case "clear":
			r, err = c.Clear(t.Context(), tx, actor, id)
		case "send":
			r, err = c.Send(t.Context(), tx, actor, id)
		default:
			err = fmt.Errorf("no act is called %s", name)
		}
		return err
	})
	return r, err
}

func (c *counter) read(t testing.TB, id int64) (r store.Release) {
	t.Helper()
	mustDesk(t, c.store.View(t.Context(), func(tx *store.Tx) (err error) {
		r, err = tx.Release(t.Context(), id)
		return err
	}))
	return r
}

// tamper changes a release in the store, as nobody should be able to.
func (c *counter) tamper(t testing.TB, id int64, change func(*store.Release)) {
	t.Helper()
	r := c.read(t, id)
	change(&r)
	c.update(t, func(ctx context.Context, tx *store.Tx) error { return tx.SetRelease(ctx, r) })
}

// outgoing is what waits for a counterpart.
func (c *counter) outgoing(t testing.TB, to string) (all []store.Outgoing) {
	t.Helper()
	c.update(t, func(ctx context.Context, tx *store.Tx) error {
		for {
			next, err := tx.NextToSeal(ctx, c.to[to].ID)
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
			all = append(all, o)
			if err := tx.MarkSealed(ctx, o.ID, 1, 1, deskTime); err != nil {
				return err
			}
		}
	})
	return all
}

func (c *counter) lines(t testing.TB) (actions []string) {
	t.Helper()
	mustDesk(t, c.store.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.Entries(t.Context(), 1, 0)
		for _, e := range all {
			actions = append(actions, e.Actor+" "+e.Action+" "+e.Subject+" "+e.Counterpart)
		}
		return err
	}))
	return actions
}
