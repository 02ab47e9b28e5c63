package channel

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/store"
)

// sealedFrom has a desk seal messages and put them on a shelf, with nobody
// there to fetch them.
func sealedFrom(t *testing.T, d *desk, s *shelf, messages int) (parcels [][]byte) {
	t.Helper()
	for n := range messages {
		d.send("note", []byte{byte(n), byte(n >> 8)}, false)
	}
	d.run()
	until(t, "all parcels lie at the relay", func() bool { return len(s.all()) == messages })
	d.kill()
	d.open()
	return s.all()
}

// box is the mailbox that a desk fetches from next.
func box(d *desk) Mailbox { return d.session().Receiving()[0] }

// rubbish is what a relay can make: a true tag, and anything behind it.
func rubbish(parcel []byte, n int) []byte {
	forged := bytes.Repeat([]byte{byte(n), byte(n >> 8), 0x5a, 0xa5}, len(parcel)/4)
	copy(forged, parcel[:tagSize])
	return forged
}

// slip lays a parcel down whatever lies there.
func (s *shelf) slip(m Mailbox, parcel []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lay(m, [16]byte(parcel[:16]), parcel)
}

// clear takes everything away.
func (s *shelf) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.boxes = map[Mailbox][]lying{}
}

func TestAForgedParcelIsInTheLedgerAndNothingIsLost(t *testing.T) {
	to, back := newShelf(), newShelf()
	north, south := desks(t, to, back, unhurried())
	true0 := sealedFrom(t, north, to, 1)[0]
	m := box(south)
	to.clear()
	to.slip(m, rubbish(true0, 1))             // behind the true tag
	to.slip(m, bytes.Repeat([]byte{9}, 4096)) // of no tag at all
	to.slip(m, []byte("not even a parcel"))
	south.run()
	until(t, "the ledger tells of it", func() bool { return slices.Contains(south.actions(), "parcel.refused") })
	to.slip(m, true0)
	north.run()
	settledWith(t, north, south, 1)
	if got := south.actions(); !slices.Equal(got, []string{"parcel.refused"}) {
		t.Errorf("South's ledger tells of %v; one line an hour is enough", got)
	}
}

// One bit that flips on the way must not cost a message: the relay still has
// the parcel as it was put.
func TestAParcelThatIsAlteredOnItsWayIsFetchedAgain(t *testing.T) {
	to, back := &flipper{shelf: newShelf()}, newShelf()
	to.flips.Store(2)
	north, south := desks(t, to, back, unhurried())
	north.send("warning", []byte("now"), true)
	north.run()
	south.run()
	settledWith(t, north, south, 1)
	if n := to.flips.Load(); n != 0 {
		t.Errorf("%d flips were not made", n)
	}
}

// flipper flips a bit in the first parcels that it hands out.
type flipper struct {
	*shelf
	flips atomic.Int64
}

func (f *flipper) Fetch(ctx context.Context, m Mailbox, after string, wait time.Duration) ([]Stored, error) {
	found, err := f.shelf.Fetch(ctx, m, after, wait)
	if f.flips.Load() > 0 && len(found) > 0 {
		f.flips.Add(-1)
		found[0].Parcel[1000] ^= 4
	}
	return found, err
}

func TestParcelsInAnyOrderAreAppliedInTheirOwn(t *testing.T) {
	to, back := newShelf(), newShelf()
	north, south := desks(t, to, back, unhurried())
	const messages = 30
	parcels := sealedFrom(t, north, to, messages)
	m := box(south)
	to.clear()
	south.run()
	for n := len(parcels) - 1; n > 0; n-- { // the first one last
		to.slip(m, parcels[n])
	}
	until(t, "all but the first are kept", func() bool { return south.early() == messages-1 })
	if got := south.received(); len(got) != 0 {
		t.Errorf("%d messages came without the first", len(got))
	}
	south.crash() // what came early is kept on the disk; the relay has it no more
	until(t, "the relay has forgotten them", func() bool { return len(to.all()) == 0 })
	to.slip(m, parcels[0])
	north.run()
	settledWith(t, north, south, messages)
	for n, in := range south.received() {
		if !bytes.Equal(in.Body, []byte{byte(n), 0}) {
			t.Errorf("message %d holds %v", n, in.Body)
		}
	}
	if south.early() != 0 {
		t.Errorf("%d parcels are still kept", south.early())
	}
}

// A relay that has the true tags can send rubbish for later without end. It
// takes bounded room, and costs no message.
func TestEarlyParcelsAreBounded(t *testing.T) {
	to, back := newShelf(), newShelf()
	pace := quick()
	north, south := desks(t, to, back, pace)
	const messages = 10
	parcels := sealedFrom(t, north, to, messages)
	m := box(south)
	to.clear()
	south.run()
	for n := range 3 * maxEarly {
		to.slip(m, rubbish(parcels[1+n%(messages-1)], n))
	}
	until(t, "there are too many", func() bool { return slices.Contains(south.actions(), "parcel.refused") })
	if n := south.early(); n > maxEarly {
		t.Errorf("%d parcels are kept, at most %d may be", n, maxEarly)
	}
	for _, p := range parcels {
		to.slip(m, p)
	}
	north.run() // puts again what is lost
	settledWith(t, north, south, messages)
	until(t, "nothing is kept any more", func() bool { return south.early() == 0 })
}

// A relay that repeats what was applied long ago gets no new parcel for it.
func TestRepetitionsDoNotFillTheDisk(t *testing.T) {
	to, back := newShelf(), newShelf()
	north, south := desks(t, to, back, unhurried())
	parcels := sealedFrom(t, north, to, 5)
	m := box(south)
	north.run()
	south.run()
	settledWith(t, north, south, 5)
	before := south.session().Sent()
	for range 100 {
		for _, p := range parcels {
			to.slip(m, p)
		}
		until(t, "the repetitions are taken away", func() bool { return len(to.all()) == 0 })
	}
	if sent := south.session().Sent() - before; sent > 2 {
		t.Errorf("500 repetitions made %d parcels", sent)
	}
	if got := south.received(); len(got) != 5 {
		t.Errorf("there are %d messages, want 5", len(got))
	}
}

// An acknowledgement that is lost is put again with its own parcel, and the
// sender forgets its parcels in the end.
func TestALostAcknowledgementIsMadeGood(t *testing.T) {
	pace := quick()
	to, back := newShelf(), &sieve{shelf: newShelf()}
	back.lose.Store(3)
	north, south := desks(t, to, back, pace)
	north.send("note", []byte("one"), false)
	north.run()
	south.run()
	settledWith(t, north, south, 1)
	if n := back.lose.Load(); n != 0 {
		t.Errorf("%d parcels were not lost", n)
	}
}

// sieve says that it has the first parcels it is given, and loses them.
type sieve struct {
	*shelf
	lose atomic.Int64
}

func (s *sieve) Put(ctx context.Context, m Mailbox, id [16]byte, parcel []byte) error {
	if s.lose.Load() > 0 {
		s.lose.Add(-1)
		return nil
	}
	return s.shelf.Put(ctx, m, id, parcel)
}

// A node that was put back to an old copy of its store has lost count of what
// it sent. The other side's acknowledgement shows it, and people are told.
func TestAnOldCopyIsNoticed(t *testing.T) {
	to, back := newShelf(), newShelf()
	north, south := desks(t, to, back, unhurried())
	old := state(t, north.session())
	north.send("note", []byte("one"), false)
	north.send("note", []byte("two"), false)
	north.run()
	until(t, "both are sealed", func() bool { return north.session().Sent() == 2 })
	north.kill()
	north.open()
	north.update(func(ctx context.Context, tx *store.Tx) error { return tx.SetSession(ctx, north.peer, old) })
	south.run()
	until(t, "South answers", func() bool { return len(back.all()) > 0 })
	north.run()
	until(t, "North's ledger says so", func() bool { return slices.Contains(north.actions(), "channel.broken") })
	north.view(func(ctx context.Context, tx *store.Tx) error {
		why, err := tx.Broken(ctx, north.peer)
		if why == "" {
			t.Error("the channel is not marked as broken")
		}
		return err
	})
	// What was sealed before the copy was put back was North's own, and arrives.
	until(t, "South has both", func() bool { return len(south.kinds()) == 2 })
}

// What a counterpart seals against the rules ends the channel, and is named;
// nothing of it is applied.
func TestAFaultOfTheCounterpartBreaksTheChannel(t *testing.T) {
	to, back := newShelf(), newShelf()
	n, s := pair(t)
	south := newDesk(t, s, back, to, unhurried())
	f, err := n.frames(&noRandom{1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	f.fragments = []Fragment{{Message: 7, Kind: "note", Total: 3, Data: []byte("out")}} // message 0 is due
	bad, err := n.sealParcel(&noRandom{1 << 20}, SizeClasses[0], f)
	if err != nil {
		t.Fatal(err)
	}
	to.slip(bad.Mailbox, bad.Bytes)
	south.run()
	until(t, "South's ledger says so", func() bool { return slices.Contains(south.actions(), "channel.broken") })
	if got := south.received(); len(got) != 0 {
		t.Errorf("South has %v", south.kinds())
	}
	if south.session().Received() != 0 {
		t.Error("the session moved on")
	}
}

func TestParcelsOfAnotherMailboxAreRefused(t *testing.T) {
	to, back := newShelf(), newShelf()
	north, south := desks(t, to, back, unhurried())
	south.send("note", []byte("to North"), false)
	south.run()
	until(t, "South's parcel lies at the relay", func() bool { return len(back.all()) == 1 })
	to.slip(box(south), back.all()[0]) // South's own parcel comes back to it
	until(t, "the ledger tells of it", func() bool { return slices.Contains(south.actions(), "parcel.refused") })
	north.run()
	until(t, "South's message arrives", func() bool { return len(north.received()) == 1 })
	if got := fmt.Sprint(south.kinds()); got != "[]" {
		t.Errorf("South took its own message: %s", got)
	}
}
