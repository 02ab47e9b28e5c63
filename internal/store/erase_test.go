package store_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/store"
)

var then = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// keys are the secrets in a session's state: the chain keys, the keys of the
// mailboxes, and the private half of a hybrid key. They are cut out of the
// state itself, so that the test looks for what is really kept.
func keys(t *testing.T, s *channel.Session) map[string][]byte {
	t.Helper()
	state, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	at := 1 // behind the version
	text := func() { at += 2 + int(binary.BigEndian.Uint16(state[at:])) }
	text() // us
	text() // them
	text() // the fingerprint
	relays := int(state[at])
	at++
	for range relays {
		text()
	}
	found := map[string][]byte{}
	cut := func(name string) {
		if k := state[at : at+32]; !bytes.Equal(k, make([]byte, 32)) {
			found[name] = bytes.Clone(k)
		}
		at += 32
	}
	for _, way := range []string{"out", "in"} {
		at += 8 // the number
		for _, name := range []string{"chain", "past", "now", "next"} {
			cut(way + " " + name)
		}
	}
	at += 9 // number of our hybrid key, and whether it is live
	cut("hybrid")
	return found
}

// onDisk is every byte of a store's files, and of all temporary files.
func onDisk(t *testing.T, folders ...string) (all []byte) {
	t.Helper()
	for _, dir := range folders {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			all = append(all, content...)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// diary is a channel whose state is kept in an unencrypted store: what is
// erased there would be erased under the encryption as well, page for page.
type diary struct {
	t           *testing.T
	store       *store.Store
	dir, tmp    string
	south       int64
	north, peer *channel.Session
	parcels     int
	erased      map[string][]byte // keys that have served, and where they did
}

func newDiary(t *testing.T) *diary {
	t.Helper()
	d := &diary{t: t, dir: t.TempDir(), tmp: t.TempDir(), erased: map[string][]byte{}}
	t.Setenv("TMPDIR", d.tmp)
	t.Setenv("SQLITE_TMPDIR", d.tmp)
	var err error
	d.store, err = store.Create(t.Context(), filepath.Join(d.dir, "node.db"), [store.KeySize]byte{}, store.Options{Plain: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.store.Close() })
	d.north, d.peer = ends(t)
	d.update(func(ctx context.Context, tx *store.Tx) (err error) {
		d.south, err = tx.AddCounterpart(ctx, store.Counterpart{Name: "South", Session: d.state(), AddedAt: then})
		return err
	})
	return d
}

func ends(t *testing.T) (north, south *channel.Session) {
	t.Helper()
	intro := func(from, to string) (*channel.Introduction, *channel.Secrets) {
		in, s, err := channel.Introduce(rand.Reader, channel.IntroduceOptions{From: from, To: to, Relays: []string{"https://relay.example/"}, Now: then})
		if err != nil {
			t.Fatal(err)
		}
		return in, s
	}
	ni, ns := intro("North", "South")
	si, ss := intro("South", "North")
	north, err1 := channel.Establish(ns, si)
	south, err2 := channel.Establish(ss, ni)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	return north, south
}

func (d *diary) state() []byte {
	b, err := d.north.MarshalBinary()
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

func (d *diary) update(fn func(context.Context, *store.Tx) error) {
	d.t.Helper()
	if err := d.store.Update(d.t.Context(), func(tx *store.Tx) error { return fn(d.t.Context(), tx) }); err != nil {
		d.t.Fatal(err)
	}
}

// step moves the ratchet on both ways, as a courier does, and notes which keys
// are gone from the session with that.
func (d *diary) step() {
	d.t.Helper()
	before := keys(d.t, d.north)
	sealed, err := d.north.Seal(rand.Reader, channel.Message{Kind: "note", Body: []byte("a word")})
	if err != nil {
		d.t.Fatal(err)
	}
	d.update(func(ctx context.Context, tx *store.Tx) error {
		for _, p := range sealed {
			box := append(p.Mailbox.Write[:], p.Mailbox.Read[:]...)
			if err := tx.PutParcel(ctx, store.Parcel{Counterpart: d.south, Number: p.Number, Mailbox: box, Ident: p.ID[:], Bytes: p.Bytes}); err != nil {
				return err
			}
		}
		return tx.SetSession(ctx, d.south, d.state())
	})
	between := keys(d.t, d.north)
	if _, err := d.peer.Open(sealed[0].Bytes); err != nil {
		d.t.Fatal(err)
	}
	answer, err := d.peer.SealAck(rand.Reader)
	if err != nil {
		d.t.Fatal(err)
	}
	opened, err := d.north.Open(answer.Bytes)
	if err != nil {
		d.t.Fatal(err)
	}
	d.update(func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Acknowledge(ctx, d.south, opened.Acked, then); err != nil {
			return err
		}
		return tx.SetSession(ctx, d.south, d.state())
	})
	d.parcels++
	for _, earlier := range []map[string][]byte{before, between} {
		for name, k := range earlier {
			if !held(keys(d.t, d.north), k) {
				d.erased[fmt.Sprintf("%s key before step %d", name, d.parcels)] = k
			}
		}
	}
}

func held(all map[string][]byte, k []byte) bool {
	for _, other := range all {
		if bytes.Equal(other, k) {
			return true
		}
	}
	return false
}

// leaks lists erased keys that are on the disk all the same.
func (d *diary) leaks() (names []string) {
	raw := onDisk(d.t, d.dir, d.tmp)
	for name, k := range d.erased {
		if bytes.Contains(raw, k) {
			names = append(names, name)
		}
	}
	return names
}

// close closes the channel: all of its keys are erased with that.
func (d *diary) close() {
	for name, k := range keys(d.t, d.north) {
		d.erased[name+" key of the closed channel"] = k
	}
	d.update(func(ctx context.Context, tx *store.Tx) error { return tx.CloseChannel(ctx, d.south) })
}

// live moves a channel on and closes it, and lists what was left behind by
// either.
func (d *diary) live() (stepping, closing []string) {
	for range 12 {
		d.step()
		stepping = append(stepping, d.leaks()...)
	}
	d.close()
	return stepping, d.leaks()
}

func TestErasedKeysAreGoneFromTheDisk(t *testing.T) {
	d := newDiary(t)
	for name, k := range keys(t, d.north) {
		if !bytes.Contains(onDisk(t, d.dir), k) {
			t.Fatalf("the %s key in use is not on the disk: the test looks in the wrong place", name)
		}
	}
	stepping, closing := d.live()
	if len(d.erased) < 24 {
		t.Fatalf("only %d keys were erased", len(d.erased))
	}
	if len(stepping) > 0 || len(closing) > 0 {
		t.Errorf("after steps: %v; after the channel was closed: %v", stepping, closing)
	}
	if err := d.store.Close(); err != nil {
		t.Fatal(err)
	}
	if left := d.leaks(); len(left) > 0 {
		t.Errorf("after the store was closed: %v", left)
	}
}

// TestErasedKeysStayWithoutSecureDelete shows that the test above would see it.
func TestErasedKeysStayWithoutSecureDelete(t *testing.T) {
	d := newDiary(t)
	store.Exec(t, d.store, `PRAGMA secure_delete=off`)
	stepping, closing := d.live()
	if len(stepping)+len(closing) == 0 {
		t.Error("without secure deletion every erased key is gone as well")
	}
	t.Logf("left on the disk: %d at steps, %d after closing", len(stepping), len(closing))
}
