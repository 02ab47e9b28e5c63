package channel

import (
	"bytes"
	"context"
	"slices"
	"testing"
	"time"

	"parley/internal/store"
)

func TestMessagesCrossBothWays(t *testing.T) {
	to, back := newShelf(), newShelf()
	north, south := desks(t, to, back, quick())
	north.send("note", []byte("good morning"), false)
	north.send("note", nil, false)
	south.send("note", []byte("good evening"), false)
	north.run()
	south.run()
	settledWith(t, north, south, 2)
	settledWith(t, south, north, 1)
	got := south.received()
	if string(got[0].Body) != "good morning" || len(got[1].Body) != 0 || string(north.received()[0].Body) != "good evening" {
		t.Errorf("South got %q and %q, North %q", got[0].Body, got[1].Body, north.received()[0].Body)
	}
	if n, s := north.session(), south.session(); n.Sent() != s.Received() && n.Sent() != s.Received()+1 {
		t.Errorf("North sealed %d parcels, South opened %d", n.Sent(), s.Received())
	}
	if len(south.actions()) != 0 {
		t.Errorf("South's ledger tells of %v", south.actions())
	}
}

func TestUrgentMessagesGoFirst(t *testing.T) {
	to, back := newShelf(), newShelf()
	north, south := desks(t, to, back, quick())
	for _, kind := range []string{"first", "second", "third"} {
		north.send(kind, body(5000), false)
	}
	north.send("warning", []byte("now"), true)
	north.run()
	south.run()
	settledWith(t, north, south, 4)
	if _, parcels := north.waiting(); parcels != 0 {
		t.Errorf("%d acknowledged parcels are still kept", parcels)
	}
	if got, want := south.kinds(), []string{"warning", "first", "second", "third"}; !slices.Equal(got, want) {
		t.Errorf("they came as %v, want %v", got, want)
	}
}

// An acknowledgement that waits for company must not make the company wait.
func TestAMessageDoesNotWaitForAnAcknowledgement(t *testing.T) {
	pace := quick()
	pace.Ack = time.Hour
	to, back := newShelf(), newShelf()
	north, south := desks(t, to, back, pace)
	north.run()
	south.run()
	north.send("question", []byte("?"), false)
	until(t, "South owes an acknowledgement", func() bool { m, _ := south.waiting(); return m == 1 })
	south.send("answer", []byte("!"), false)
	until(t, "the answer arrives", func() bool { return len(north.received()) == 1 })
	until(t, "the answer said it all", func() bool { m, _ := south.waiting(); return m == 0 })
	until(t, "North's parcel was acknowledged with it", func() bool { _, p := north.waiting(); return p == 0 })
	if sent := south.session().Sent(); sent != 1 {
		t.Errorf("South sealed %d parcels, want 1", sent)
	}
}

func TestALargeMessageComesInFragments(t *testing.T) {
	to, back := newShelf(), newShelf()
	north, south := desks(t, to, back, quick())
	large := body(3<<20 + 12345)
	north.send("large", large, false)
	north.send("small", []byte("after it"), false)
	north.run()
	south.run()
	settledWith(t, north, south, 2)
	got := south.received()
	if !bytes.Equal(got[0].Body, large) || string(got[1].Body) != "after it" {
		t.Errorf("got %d and %d bytes", len(got[0].Body), len(got[1].Body))
	}
	if n := north.session().Sent(); n < 5 {
		t.Errorf("it took %d parcels", n)
	}
}

func TestMailboxesRotate(t *testing.T) {
	to, back := newShelf(), newShelf()
	north, south := desks(t, to, back, unhurried())
	const messages = BlockSize + 20
	for n := range messages {
		north.send("note", []byte{byte(n), byte(n >> 8)}, false)
	}
	north.run()
	south.run()
	settledWith(t, north, south, messages)
	for n, in := range south.received() {
		if !bytes.Equal(in.Body, []byte{byte(n), byte(n >> 8)}) {
			t.Fatalf("message %d holds %v", n, in.Body)
		}
	}
	to.mu.Lock()
	defer to.mu.Unlock()
	if len(to.boxes) < 2 {
		t.Errorf("%d mailboxes were used", len(to.boxes))
	}
}

// away is a relay that cannot be reached for a number of calls.
type away struct {
	Carrier
	calls chan struct{} // one for each call that fails
}

func (a away) fails() bool {
	select {
	case <-a.calls:
		return true
	default:
		return false
	}
}

func (a away) Put(ctx context.Context, m Mailbox, id [16]byte, parcel []byte) error {
	if a.fails() {
		return errAway
	}
	return a.Carrier.Put(ctx, m, id, parcel)
}

func (a away) Fetch(ctx context.Context, m Mailbox, after string, wait time.Duration) ([]Stored, error) {
	if a.fails() {
		return nil, errAway
	}
	return a.Carrier.Fetch(ctx, m, after, wait)
}

func TestARelayThatIsAwayForAWhileLosesNothing(t *testing.T) {
	to, back := away{newShelf(), make(chan struct{}, 8)}, away{newShelf(), make(chan struct{}, 8)}
	for range cap(to.calls) {
		to.calls <- struct{}{}
		back.calls <- struct{}{}
	}
	north, south := desks(t, to, back, unhurried())
	north.send("note", []byte("one"), false)
	south.send("note", []byte("two"), false)
	north.run()
	south.run()
	until(t, "both arrive", func() bool { return len(south.received()) == 1 && len(north.received()) == 1 })
	if n := len(to.calls) + len(back.calls); n != 0 {
		t.Errorf("the relays were away for %d calls less than they should", n)
	}
}

func TestACourierWaitsForItsChannel(t *testing.T) {
	to, back := newShelf(), newShelf()
	north, south := desks(t, to, back, quick())
	kept := state(t, south.session())
	south.update(func(ctx context.Context, tx *store.Tx) error { return tx.SetSession(ctx, south.peer, nil) })
	north.send("note", []byte("early bird"), false)
	north.run()
	south.run()
	until(t, "the parcel lies at the relay", func() bool { return len(to.all()) > 0 })
	south.update(func(ctx context.Context, tx *store.Tx) error { return tx.SetSession(ctx, south.peer, kept) })
	settledWith(t, north, south, 1)
}

func TestWakeBeforeAndWhileACourierRuns(t *testing.T) {
	pace := quick()
	pace.Look = time.Hour
	to, back := newShelf(), newShelf()
	north, south := desks(t, to, back, pace)
	south.run()
	c := north.courier()
	c.Wake() // nobody runs yet: the first look is not lost, nor blocked
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); c.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	for n := range 3 {
		north.send("note", []byte{byte(n)}, false)
		c.Wake()
		until(t, "it arrives without a look", func() bool { return len(south.received()) == n+1 })
	}
}

func TestArrivedIsCalledForWholeMessages(t *testing.T) {
	to, back := newShelf(), newShelf()
	north, south := desks(t, to, back, quick())
	c := south.courier()
	calls := make(chan int, 100)
	c.Arrived = func() { calls <- len(south.received()) }
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); c.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	north.send("note", body(2<<20), false)
	north.run()
	select {
	case n := <-calls:
		if n != 1 {
			t.Errorf("it was called when %d messages were whole", n)
		}
	case <-time.After(60 * time.Second):
		t.Error("it was never called")
	}
}
