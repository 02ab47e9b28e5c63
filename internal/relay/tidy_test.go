package relay

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// What nobody collects does not keep the journal from being cut off, and is the same parcel afterwards: in its
// place, under its cursor, and after a restart.
func TestJournalIsKeptShort(t *testing.T) {
	dir := t.TempDir()
	o := Options{Dir: dir, Tokens: true, slack: 1 << 20}
	s := start(t, o)
	a, err := Allow(s.dir, "north", 20)
	if err != nil {
		t.Fatal(err)
	}
	reader := clientOf(t, s.server.Address().String(), ClientOptions{Allowances: map[Address]Allowance{s.server.Address(): a}})
	c, lies, flows := s.client(t), testMailbox(1), testMailbox(2)
	for _, m := range []Mailbox{lies, flows} {
		mustFetch(t, reader, m, "")
	}
	for n := range uint64(3) {
		mustPut(t, c, lies, 0, n)
	}
	first := mustFetch(t, c, lies, "")[0].Cursor
	put := uint64(0)
	until(t, "the journal was cut off behind the parcels that lie", func() bool {
		for range 16 {
			mustPut(t, c, flows, 2, put)
			put++
		}
		got := mustFetch(t, c, flows, "")
		if err := c.Remove(t.Context(), flows, got[len(got)-1].Cursor); err != nil {
			t.Fatal(err)
		}
		info, err := s.journal.stream.Info(t.Context())
		return err == nil && info.State.FirstSeq > 5 && put*uint64(SizeClasses[2]) > 3*info.State.Bytes
	})
	mustPut(t, c, lies, 0, 3)
	check := func(s *served) {
		t.Helper()
		if got := numbers(t, mustFetch(t, s.client(t), lies, first)); !slices.Equal(got, []uint64{1, 2, 3}) {
			t.Errorf("behind the first lie %v", got)
		}
	}
	check(s)
	s.end(t)
	again := start(t, o)
	check(again)
	mustPut(t, again.client(t), lies, 0, 4) // its opening was kept too
	if err := again.client(t).Put(t.Context(), testMailbox(3), testID(1), testParcel(0, 1)); !errors.Is(err, ErrNotOpen) {
		t.Errorf("a mailbox that nobody opened: %v", err)
	}
}

// When all is collected nothing is left on the disk but the engine's own files.
func TestJournalOfAnEmptyRelayIsEmpty(t *testing.T) {
	s := start(t, Options{})
	c, m := s.client(t), testMailbox(1)
	for n := range uint64(5) {
		mustPut(t, c, m, 0, n)
	}
	got := mustFetch(t, c, m, "")
	if err := c.Remove(t.Context(), m, got[4].Cursor); err != nil {
		t.Fatal(err)
	}
	until(t, "the journal is empty", func() bool {
		info, err := s.journal.stream.Info(t.Context())
		return err == nil && info.State.Msgs == 0
	})
}

// A journal that was cut off is read through: parcels that were written anew come behind younger ones and lie
// before them, and what was removed meanwhile does not come back.
func TestIndexReadsAJournalThatWasCutOff(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	x, a := testIndex(roomy, &now), boxAddress{1}
	parcel := func(seq, where uint64) entry {
		return entry{seq: seq, where: where, id: testID(seq), at: uint32(now.Unix())}
	}
	x.add(a, parcel(1, 1), false) // stale: it lay before what is cut off now
	x.reading(1)
	x.add(a, parcel(5<<placeBits, 5<<placeBits), false)
	x.removeThrough(a, 3<<placeBits)
	x.move(a, parcel(2<<placeBits, 6<<placeBits))
	x.move(a, parcel(4<<placeBits, 7<<placeBits))
	x.wasRead()
	x.move(a, parcel(3<<placeBits+1, 8<<placeBits)) // removed while it was on its way
	var got []uint64
	for _, e := range x.list(a, 0) {
		got = append(got, e.where>>placeBits)
	}
	if !slices.Equal(got, []uint64{7, 5}) {
		t.Errorf("the messages in the mailbox's order are %v", got)
	}
	if x.parcels.Load() != 2 || x.bytes.Load() != 2*4096 {
		t.Errorf("%d parcels of %d bytes", x.parcels.Load(), x.bytes.Load())
	}
}

func TestPagesKnowWhatIsSpent(t *testing.T) {
	var p pages
	for seq := uint64(10); seq < 14; seq++ {
		p.add(seq, 100)
	}
	p.use(placeOf(12, 3), 2)
	p.use(placeOf(13, 0), 1)
	p.use(placeOf(9, 0), -1) // long gone
	if n, bytes := p.spent(); n != 2 || bytes != 200 {
		t.Errorf("%d messages of %d bytes are spent", n, bytes)
	}
	if through := p.cut(2); through != 11 || p.total() != 200 {
		t.Errorf("cut through %d, left %d bytes", through, p.total())
	}
	p.use(placeOf(12, 3), -2)
	p.add(16, 100) // those between were never here
	if n, _ := p.spent(); n != 1 {
		t.Errorf("%d messages are spent, one is in use behind them", n)
	}
}

// The id of a parcel that is gone is known for the window at least, and forgotten after twice that.
func TestIdsOfRemovedParcelsAreForgotten(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	x, a := testIndex(roomy, &now), boxAddress{1}
	x.turnTo(0)
	x.add(a, entry{seq: 1, id: testID(1), at: uint32(now.Unix())}, false)
	x.removeThrough(a, 1)
	for _, c := range []struct {
		at    uint32
		known bool
	}{{59, true}, {60, true}, {119, true}, {120, false}} {
		x.turnTo(c.at)
		held, err := x.reserve(a, testID(1), 0)
		if err != nil || held != c.known {
			t.Errorf("after %d s: known %v, %v", c.at, held, err)
		}
		if held, _ := x.reserve(boxAddress{1, 1}, testID(1), 0); held {
			t.Errorf("the same id is known in another mailbox")
		}
	}
}
