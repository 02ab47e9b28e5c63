package e2e

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/relay"
	"parley/internal/store"
)

// end is one party's store and session, with a courier at work on it.
type end struct {
	t     *testing.T
	store *store.Store
	peer  int64
}

// carried lets a courier use a relay's client.
type carried struct{ client *relay.Several }

func (c carried) Put(ctx context.Context, m channel.Mailbox, id [16]byte, parcel []byte) error {
	return c.client.Put(ctx, relay.Mailbox(m), id, parcel)
}

func (c carried) Fetch(ctx context.Context, m channel.Mailbox, after string, wait time.Duration) (all []channel.Stored, err error) {
	found, err := c.client.Fetch(ctx, relay.Mailbox(m), relay.Cursor(after), wait)
	for _, f := range found {
		all = append(all, channel.Stored{Cursor: string(f.Cursor), Parcel: f.Parcel})
	}
	return all, err
}

func (c carried) Remove(ctx context.Context, m channel.Mailbox, through string) error {
	return c.client.Remove(ctx, relay.Mailbox(m), relay.Cursor(through))
}

// newEnd makes a store with the session in it. What was queued by fill is there before the courier begins.
func newEnd(t *testing.T, s *channel.Session, address relay.Address, fill func(context.Context, *store.Tx, int64) error) *end {
	t.Helper()
	db, err := store.Create(t.Context(), filepath.Join(t.TempDir(), "store.db"), [store.KeySize]byte{7}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e := &end{t: t, store: db}
	state, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(tx *store.Tx) (err error) {
		e.peer, err = tx.AddCounterpart(t.Context(), store.Counterpart{Name: s.Peer().Name, Session: state, AddedAt: time.Now()})
		if err != nil {
			return err
		}
		return fill(t.Context(), tx, e.peer)
	})
	if err != nil {
		t.Fatal(err)
	}
	client, err := relay.NewSeveral([]relay.Address{address}, relay.ClientOptions{Timeout: 30 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	pace := channel.DefaultPace()
	pace.Poll = time.Second
	courier := &channel.Courier{
		Store: db, Counterpart: e.peer, Name: s.Peer().Name, Out: carried{client}, In: carried{client},
		Rand: rand.Reader, Now: time.Now, Log: slog.New(slog.DiscardHandler), Pace: pace,
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		courier.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		client.Close()
		db.Close()
	})
	return e
}

// arrived are the messages that were applied, oldest first.
func (e *end) arrived() (all []store.Incoming) {
	e.t.Helper()
	err := e.store.View(e.t.Context(), func(tx *store.Tx) (err error) {
		all, err = tx.Inbox(e.t.Context(), 0)
		return err
	})
	if err != nil {
		e.t.Fatal(err)
	}
	return all
}

// waiting counts the parcels that the other side has not acknowledged.
func (e *end) waiting() (parcels int64) {
	e.t.Helper()
	err := e.store.View(e.t.Context(), func(tx *store.Tx) (err error) {
		_, parcels, err = tx.Waiting(e.t.Context(), e.peer)
		return err
	})
	if err != nil {
		e.t.Fatal(err)
	}
	return parcels
}

// startReplicas runs `parley relay --cluster` three times, and gives the processes and the address of the whole.
func startReplicas(t *testing.T) (all []*daemon, address relay.Address) {
	t.Helper()
	dir := t.TempDir()
	var hosts, peers []string
	var held []net.Listener // until all ports are known, so that they differ
	for range 3 {
		for _, list := range []*[]string{&hosts, &peers} {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			held = append(held, l)
			*list = append(*list, l.Addr().String())
		}
	}
	for _, l := range held {
		l.Close()
	}
	for i := range 3 {
		name := fmt.Sprintf("replica%d", i+1)
		all = append(all, &daemon{name: name, log: filepath.Join(dir, name+".log"), env: os.Environ(), args: []string{
			"relay", "--dir", filepath.Join(dir, name), "--listen", hosts[i], "--address-file", filepath.Join(dir, name+".address"),
			"--public", strings.Join(hosts, ","), "--cluster", strings.Join(peers, ","), "--replica", fmt.Sprint(i + 1), "--min-free", "1",
		}})
		t.Cleanup(func() { _ = all[i].end(syscall.SIGKILL) })
	}
	return all, joinReplicas(t, dir, all)
}

// joinReplicas starts the first, gives its identity to the others and starts them, as the operator's page says.
func joinReplicas(t *testing.T, dir string, all []*daemon) (address relay.Address) {
	t.Helper()
	identity := []string{"RELAY", "cursor.key", "tls.crt", "tls.key"}
	read := func(replica, name string) (text []byte) {
		until(t, name+" of "+replica, func() bool {
			var err error
			text, err = os.ReadFile(filepath.Join(dir, replica, name))
			return err == nil && len(text) > 0
		})
		return text
	}
	for i, d := range all {
		if i > 0 {
			if err := os.Mkdir(filepath.Join(dir, d.name), 0o700); err != nil {
				t.Fatal(err)
			}
			for _, name := range identity {
				if err := os.WriteFile(filepath.Join(dir, d.name, name), read(all[0].name, name), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := d.start(); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range all {
		a, err := relay.ParseAddress(strings.TrimSpace(string(read(".", d.name+".address"))))
		if err != nil || address != (relay.Address{}) && a != address {
			t.Fatalf("%s says it is %s, another said %s: %v", d.name, a, address, err)
		}
		address = a
	}
	return address
}

// establish opens a channel between two parties.
func establish(t *testing.T) (north, south *channel.Session) {
	t.Helper()
	introduce := func(from, to string) (*channel.Introduction, *channel.Secrets) {
		in, secrets, err := channel.Introduce(rand.Reader, channel.IntroduceOptions{From: from, To: to, Relays: []string{"https://relay.example"}, Now: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		return in, secrets
	}
	ni, ns := introduce("North", "South")
	si, ss := introduce("South", "North")
	north, err := channel.Establish(ns, si)
	if err != nil {
		t.Fatal(err)
	}
	if south, err = channel.Establish(ss, ni); err != nil {
		t.Fatal(err)
	}
	return north, south
}

// A thousand messages are handed over through three replicas. Each replica in turn is killed and started again while
// they are under way, so the leader is among them whichever it is. South has each of them once, in order.
func TestReplicasKilledDuringAHandOver(t *testing.T) {
	const messages = 1000
	replicas, address := startReplicas(t)
	north, south := establish(t)
	to := newEnd(t, south, address, func(context.Context, *store.Tx, int64) error { return nil })
	from := newEnd(t, north, address, func(ctx context.Context, tx *store.Tx, peer int64) error {
		for n := range uint64(messages) {
			body := binary.BigEndian.AppendUint64(nil, n)
			if _, err := tx.Enqueue(ctx, store.Outgoing{Counterpart: peer, Kind: "note", Body: body, QueuedAt: time.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
	for i, d := range replicas {
		until(t, "enough to kill the next", func() bool { return len(to.arrived()) >= messages*(i+1)/5 })
		if len(to.arrived()) == messages {
			t.Errorf("all had arrived before %s was killed", d.name)
		}
		_ = d.end(syscall.SIGKILL) // "signal: killed" is what was asked for
		until(t, "messages without "+d.name, func() bool { return len(to.arrived()) >= messages*(i+1)/5+20 })
		if err := d.start(); err != nil {
			t.Fatal(err)
		}
		if i < len(replicas)-1 {
			client, err := relay.NewClient(relay.Address{Scheme: address.Scheme, Host: strings.Split(address.Host, ",")[i], Pin: address.Pin}, relay.ClientOptions{})
			if err != nil {
				t.Fatal(err)
			}
			until(t, d.name+" is back", func() bool { return client.Health(t.Context()) == nil })
			client.Close()
		}
	}
	until(t, "all arrive", func() bool { return len(to.arrived()) >= messages })
	until(t, "all are acknowledged", func() bool { return from.waiting() == 0 })
	got := to.arrived()
	if len(got) != messages {
		t.Fatalf("%d messages were applied", len(got))
	}
	for i := range got {
		if n := binary.BigEndian.Uint64(got[len(got)-1-i].Body); n != uint64(i) {
			t.Fatalf("message %d came at place %d", n, i)
		}
	}
}
