package node

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/demo"
	"parley/internal/store"
	"parley/internal/stream"
)

// noon is when the fixture's clock starts.
var noon = time.Date(2026, time.September, 10, 12, 0, 0, 0, time.UTC)

const (
	passphrase = "a lamp in the window"
	relayAt    = "https://relay.example:7443"
)

// people are who works where: the first of each party has every role, the
// second is its second person, the third imports and no more.
var people = map[string][3]string{
	"North": {"amira", "bilal", "basma"},
	"South": {"chen", "dora", "dilip"},
	"Uvar":  {"elif", "farid", "fiona"},
}

// clock stands still until a test moves it.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// mold is three nodes that know each other, made once: a passphrase is slow on
// purpose, so every test works on a copy of their folders.
type mold struct {
	dir  string
	keys map[string][store.KeySize]byte
}

var cast = sync.OnceValues(castMold)

func TestMain(m *testing.M) {
	if home := os.Getenv(childHome); home != "" {
		os.Exit(importAsChild(home))
	}
	code := m.Run()
	if made, err := cast(); err == nil {
		os.RemoveAll(made.dir)
	}
	os.Exit(code)
}

func castMold() (m mold, err error) {
	ctx := context.Background()
	m.keys = map[string][store.KeySize]byte{}
	if m.dir, err = os.MkdirTemp("", "parley-node-test-"); err != nil {
		return m, err
	}
	nodes := map[string]*Node{}
	for party, names := range people {
		opt := Options{Home: filepath.Join(m.dir, party), User: names[0], Passphrase: passphrase, Now: func() time.Time { return noon }}
		n, err := Init(ctx, opt, Settings{Party: party, Region: "US", Relays: []string{relayAt}})
		if err != nil {
			return m, err
		}
		nodes[party], m.keys[party] = n, *n.key
		if err := staffed(n, User{names[1], []Role{Analyst, Releaser}}, User{names[2], []Role{Analyst}}); err != nil {
			return m, err
		}
	}
	for _, other := range []string{"South", "Uvar"} {
		if err := introduced(ctx, nodes["North"], nodes[other], false); err != nil {
			return m, err
		}
	}
	for _, n := range nodes {
		err = errors.Join(err, n.Close())
	}
	return m, err
}

// staffed adds users whose passphrases are quick to try, and makes the first
// user's quick too: what a passphrase costs is no matter of most tests.
func staffed(n *Node, more ...User) error {
	for _, u := range more {
		n.vault.Slots = append(n.vault.Slots, slot{User: u})
	}
	for i := range n.vault.Slots {
		s := &n.vault.Slots[i]
		s.Cost = cost{Passes: 1, Memory: 8, Threads: 1}
		if err := s.seal(n.rand, *n.key, []byte(passphrase)); err != nil {
			return err
		}
	}
	return n.vault.write()
}

// introduced lets two nodes read each other's introduction and compare digits.
func introduced(ctx context.Context, a, b *Node, anew bool) error {
	fromA, err := a.Introduce(ctx, b.Settings.Party, anew)
	if err != nil {
		return err
	}
	fromB, err := b.Introduce(ctx, a.Settings.Party, anew)
	if err != nil {
		return err
	}
	atA, err := a.AddCounterpart(ctx, fromB)
	if err != nil {
		return err
	}
	atB, err := b.AddCounterpart(ctx, fromA)
	if err != nil {
		return err
	}
	return errors.Join(a.VerifyCounterpart(ctx, atA.Name, atB.Spoken), b.VerifyCounterpart(ctx, atB.Name, atA.Spoken))
}

// table is where the parties meet: their nodes, open as their first user, and
// one clock.
type table struct {
	North, South, Uvar *Node
	clock              *clock
	number             uint64 // of the last message that was handed over
}

func meet(t testing.TB) *table {
	t.Helper()
	m, err := cast()
	must(t, err)
	at := &table{clock: &clock{at: noon}}
	dir := t.TempDir()
	for i, p := range []struct {
		to    **Node
		party string
	}{{&at.North, "North"}, {&at.South, "South"}, {&at.Uvar, "Uvar"}} {
		home := filepath.Join(dir, p.party)
		copied(t, home, filepath.Join(m.dir, p.party))
		*p.to = reopened(t, home, m.keys[p.party], at.clock, byte(i))
	}
	return at
}

func copied(t testing.TB, to, from string) {
	t.Helper()
	must(t, os.CopyFS(to, os.DirFS(from)))
	must(t, os.Chmod(to, 0o700))
	must(t, filepath.WalkDir(to, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chmod(path, 0o600)
	}))
}

// reopened opens a node with its key, as Open does after the passphrase.
func reopened(t testing.TB, home string, key [store.KeySize]byte, c *clock, seed byte) *Node {
	t.Helper()
	v, err := readVault(filepath.Join(home, keysFile))
	must(t, err)
	st, err := store.Open(t.Context(), filepath.Join(home, storeFile), key, store.Options{})
	must(t, err)
	opt := Options{Home: home, Rand: rand.NewChaCha8([32]byte{seed}), Now: c.now}.withDefaults()
	n := newNode(opt, st, v, key)
	n.User = v.Slots[0].User
	must(t, n.loadSettings(t.Context()))
	n.match.Self = n.Settings.Party
	t.Cleanup(func() { n.Close() })
	return n
}

// as is the node as another of its users has it open.
func as(n *Node, user string) *Node {
	i := slices.IndexFunc(n.Users(), func(u User) bool { return u.Name == user })
	other := *n
	other.User = n.Users()[i]
	return &other
}

// second is the node as its second person has it open.
func second(n *Node) *Node { return as(n, people[n.Settings.Party][1]) }

// with is the node as somebody with just these roles has it open.
func with(n *Node, name string, roles ...Role) *Node {
	other := *n
	other.User = User{name, roles}
	return &other
}

// hand puts a message into a node's inbox as a channel would, in one piece.
func (at *table) hand(t testing.TB, from, to *Node, kind string, body []byte) {
	t.Helper()
	at.number++
	must(t, to.store.Update(t.Context(), func(tx *store.Tx) error {
		c, err := tx.Counterpart(t.Context(), from.Settings.Party)
		if err != nil {
			return err
		}
		err = tx.AddFragment(t.Context(), c.ID, store.Fragment{
			Message: at.number, Kind: kind, Total: int64(len(body)), Data: body, At: at.clock.now(),
		})
		if err != nil {
			return err
		}
		return stream.Admit(t.Context(), tx, c.ID, at.number)
	}))
}

// sent is one message as it left an outbox.
type sent struct {
	kind string
	body []byte
	id   int64
}

// outbox takes what a node has queued for another, in the order in which it
// would be sealed.
func (at *table) outbox(t testing.TB, from, to *Node) (all []sent) {
	t.Helper()
	must(t, from.store.Update(t.Context(), func(tx *store.Tx) error {
		c, err := tx.Counterpart(t.Context(), to.Settings.Party)
		if err != nil {
			return err
		}
		for {
			next, err := tx.NextToSeal(t.Context(), c.ID)
			if errors.Is(err, store.ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			o, err := tx.Outgoing(t.Context(), next.ID)
			if err != nil {
				return err
			}
			all = append(all, sent{o.Kind, o.Body, o.ID})
			if err := tx.MarkSealed(t.Context(), o.ID, uint64(o.ID), int64(len(o.Body)), at.clock.now()); err != nil {
				return err
			}
		}
	}))
	return all
}

// carry moves everything between two nodes, back and forth, until nothing is
// left, and applies it.
func (at *table) carry(t testing.TB, a, b *Node) {
	t.Helper()
	for moved := true; moved; {
		moved = false
		for _, way := range [][2]*Node{{a, b}, {b, a}} {
			for _, m := range at.outbox(t, way[0], way[1]) {
				at.hand(t, way[0], way[1], m.kind, m.body)
				at.acknowledged(t, way[0], way[1], m.id)
				moved = true
			}
			apply(t, way[1])
		}
	}
}

// acknowledged tells a sender that a message of a stream has arrived, without
// which it sends no more than a window of them.
func (at *table) acknowledged(t testing.TB, from, to *Node, id int64) {
	t.Helper()
	must(t, from.store.Update(t.Context(), func(tx *store.Tx) error {
		o, err := tx.Outgoing(t.Context(), id)
		if err != nil || !stream.Ours(o.Kind) {
			return err
		}
		c, err := tx.Counterpart(t.Context(), to.Settings.Party)
		if err != nil {
			return err
		}
		return tx.Acknowledge(t.Context(), c.ID, uint64(id)+1, at.clock.now())
	}))
}

// apply works on a node's inbox until it is empty.
func apply(t testing.TB, n *Node) (applied int) {
	t.Helper()
	for {
		more, err := n.applyAny(t.Context())
		must(t, err)
		if !more {
			return applied
		}
		if applied++; applied > 1000 {
			t.Fatal("the inbox does not come to an end")
		}
	}
}

// file writes a file into a folder of the test's own.
func file(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(path, content, 0o600))
	return path
}

// prop reads a file of the demonstration, laid out as a file of the test's own.
func prop(t testing.TB, name string) string {
	t.Helper()
	b, err := fs.ReadFile(demo.Files(), name)
	must(t, err)
	return file(t, filepath.Base(name), b)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wants fails unless the error is the one expected; nil is none.
func wants(t testing.TB, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// ledger lists the actions in a node's ledger from an entry on.
func ledger(t testing.TB, n *Node, from int64) (actions []string) {
	t.Helper()
	all, err := n.Ledger(t.Context(), from, 0)
	must(t, err)
	for _, e := range all {
		actions = append(actions, e.Action)
	}
	return actions
}

// view and change run a transaction of a node's store.
func view(t testing.TB, n *Node, fn func(context.Context, *store.Tx) error) {
	t.Helper()
	must(t, n.store.View(t.Context(), func(tx *store.Tx) error { return fn(t.Context(), tx) }))
}

func change(t testing.TB, n *Node, fn func(context.Context, *store.Tx) error) {
	t.Helper()
	must(t, n.store.Update(t.Context(), func(tx *store.Tx) error { return fn(t.Context(), tx) }))
}

// applyAny applies the next message of either kind, as the two loops of a
// served node would.
func (n *Node) applyAny(ctx context.Context) (bool, error) {
	more, err := n.applyNext(ctx, false)
	if more || err != nil {
		return more, err
	}
	return n.applyNext(ctx, true)
}

// rewrite puts other content into a file.
func rewrite(t testing.TB, path, text string) {
	t.Helper()
	must(t, os.WriteFile(path, []byte(text), 0o600))
}
