package relay

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestParcelsOfEveryClassComeBackInOrder(t *testing.T) {
	s := start(t, Options{})
	c, m := s.client(t), testMailbox(1)
	var want []uint64
	for n := range uint64(12) {
		mustPut(t, c, m, int(n%4), n)
		want = append(want, n)
	}
	mustPut(t, c, testMailbox(2), 0, 99) // another mailbox's parcel
	var got []uint64
	after := Cursor("")
	for {
		part := mustFetch(t, c, m, after)
		if len(part) == 0 {
			break
		}
		got = append(got, numbers(t, part)...)
		after = part[len(part)-1].Cursor
	}
	if !slices.Equal(got, want) {
		t.Errorf("fetched %v, put %v", got, want)
	}
}

func TestFetchGoesOnAfterACursorAndRemoveGoesThroughOne(t *testing.T) {
	s := start(t, Options{})
	c, m := s.client(t), testMailbox(1)
	for n := range uint64(5) {
		mustPut(t, c, m, 0, n)
		mustPut(t, c, testMailbox(2), 0, 100+n)
	}
	all := mustFetch(t, c, m, "")
	if got := numbers(t, mustFetch(t, c, m, all[1].Cursor)); !slices.Equal(got, []uint64{2, 3, 4}) {
		t.Errorf("after the second: %v", got)
	}
	for range 2 { // removing again is no error
		if err := c.Remove(t.Context(), m, all[2].Cursor); err != nil {
			t.Fatal(err)
		}
	}
	if got := numbers(t, mustFetch(t, c, m, "")); !slices.Equal(got, []uint64{3, 4}) {
		t.Errorf("after removal: %v", got)
	}
	if got := numbers(t, mustFetch(t, c, m, all[0].Cursor)); !slices.Equal(got, []uint64{3, 4}) {
		t.Errorf("after a removed parcel's cursor: %v", got)
	}
	if got := mustFetch(t, c, testMailbox(2), ""); len(got) != 5 {
		t.Errorf("the other mailbox has %d parcels, had 5", len(got))
	}
}

func TestSamePutIsKeptOnce(t *testing.T) {
	s := start(t, Options{})
	c, m := s.client(t), testMailbox(1)
	var puts sync.WaitGroup
	for range 8 { // at the same moment, over several connections
		puts.Go(func() {
			if err := s.client(t).Put(t.Context(), m, testID(1), testParcel(0, 1)); err != nil {
				t.Error(err)
			}
		})
	}
	puts.Wait()
	got := mustFetch(t, c, m, "")
	if len(got) != 1 {
		t.Fatalf("%d parcels, one was put", len(got))
	}
	if err := c.Remove(t.Context(), m, got[0].Cursor); err != nil {
		t.Fatal(err)
	}
	mustPut(t, c, m, 0, 1) // its answer was lost, and the reader was quick
	if got := mustFetch(t, c, m, ""); len(got) != 0 {
		t.Error("a put repeated after its removal was kept again")
	}
	mustPut(t, c, testMailbox(2), 0, 1)
	if got := mustFetch(t, c, testMailbox(2), ""); len(got) != 1 {
		t.Error("an id of one mailbox counts in another")
	}
	if n := s.index.bytes.Load(); n != 4096 {
		t.Errorf("%d bytes are counted, 4096 are held", n)
	}
}

func TestRestartKeepsParcelsIDsCursorsAndPin(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir})
	m, pin := testMailbox(1), s.server.Address().Pin
	for n := range uint64(6) {
		mustPut(t, s.client(t), m, int(n%2), n)
	}
	before := mustFetch(t, s.client(t), m, "")
	if err := s.client(t).Remove(t.Context(), m, before[0].Cursor); err != nil {
		t.Fatal(err)
	}
	s.end(t)

	s = start(t, Options{Dir: dir})
	c := s.client(t)
	if s.server.Address().Pin != pin {
		t.Error("the pin changed")
	}
	mustPut(t, c, m, 1, 1) // held over the restart
	if got := numbers(t, mustFetch(t, c, m, "")); !slices.Equal(got, []uint64{1, 2, 3, 4, 5}) {
		t.Errorf("after the restart: %v", got)
	}
	if got := numbers(t, mustFetch(t, c, m, before[2].Cursor)); !slices.Equal(got, []uint64{3, 4, 5}) {
		t.Errorf("after a cursor of before: %v", got)
	}
	if n := s.index.bytes.Load(); n != 2*4096+3*32768 {
		t.Errorf("%d bytes are counted", n)
	}
}

func TestWaitingReaderIsWoken(t *testing.T) {
	s := start(t, Options{})
	m := testMailbox(1)
	got := make(chan []Stored, 2)
	for range 2 {
		go func() {
			all, err := s.client(t).Fetch(t.Context(), m, "", time.Minute)
			if err != nil {
				t.Error(err)
			}
			got <- all
		}()
	}
	s.awaitReaders(2)
	mustPut(t, s.client(t), testMailbox(2), 0, 5) // wakes nobody
	begin := time.Now()
	mustPut(t, s.client(t), m, 0, 7)
	for range 2 {
		if ns := numbers(t, <-got); !slices.Equal(ns, []uint64{7}) {
			t.Errorf("woken with %v", ns)
		}
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("delivery took %v of a minute's wait", took)
	}
	s.awaitReaders(0)
}

func TestWaitEndsWithNothing(t *testing.T) {
	s := start(t, Options{})
	got, err := s.client(t).Fetch(t.Context(), testMailbox(1), "", time.Second)
	if err != nil || len(got) != 0 {
		t.Errorf("%d parcels, %v", len(got), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { s.awaitReaders(1); cancel() }()
	if _, err := s.client(t).Fetch(ctx, testMailbox(1), "", time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("a reader that went away got %v", err)
	}
	s.awaitReaders(0)
	if n := s.index.mailboxes(); n != 0 {
		t.Errorf("%d mailboxes are remembered", n)
	}
}

func TestStoppingSendsReadersHome(t *testing.T) {
	s := start(t, Options{})
	done := make(chan error)
	go func() {
		_, err := s.client(t).Fetch(context.Background(), testMailbox(1), "", time.Minute)
		done <- err
	}()
	s.awaitReaders(1)
	s.end(t)
	if err := <-done; err != nil {
		t.Errorf("a waiting reader got %v, want an empty answer", err)
	}
	if err := s.client(t).Health(context.Background()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("a stopped relay answers %v", err)
	}
	if w := serve(s.Relay, asReader(testMailbox(1), "GET", "/v1/mailboxes/"+testMailbox(1).Address()+"/parcels")); w.Code != 503 {
		t.Errorf("a closed relay answers %d", w.Code)
	}
}

// A reader that follows its cursor while many write at once misses nothing.
func TestReaderFollowingItsCursorMissesNothing(t *testing.T) {
	const writers, each = 6, 60
	s := start(t, Options{})
	m := testMailbox(1)
	var next atomic.Uint64
	for range writers {
		go func() {
			c := s.client(t)
			for range each {
				n := next.Add(1)
				if err := c.Put(t.Context(), m, testID(n), testParcel(0, n)); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	c, seen, after := s.client(t), map[uint64]bool{}, Cursor("")
	for len(seen) < writers*each {
		got, err := c.Fetch(t.Context(), m, after, 20*time.Second)
		if err != nil || len(got) == 0 {
			t.Fatalf("%d of %d seen, then %d parcels, %v", len(seen), writers*each, len(got), err)
		}
		for _, n := range numbers(t, got) {
			if seen[n] {
				t.Fatalf("parcel %d came twice", n)
			}
			seen[n] = true
		}
		after = got[len(got)-1].Cursor
		if len(seen)%3 == 0 {
			if err := c.Remove(t.Context(), m, after); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestOldParcelsGo(t *testing.T) {
	var later atomic.Int64
	s := start(t, Options{MaxAge: time.Hour, Now: func() time.Time { return time.Now().Add(time.Duration(later.Load())) }})
	c, m := s.client(t), testMailbox(1)
	mustPut(t, c, m, 0, 1)
	later.Store(int64(59 * time.Minute))
	mustPut(t, c, m, 0, 2)
	if got := numbers(t, mustFetch(t, c, m, "")); !slices.Equal(got, []uint64{1, 2}) {
		t.Errorf("within the hour: %v", got)
	}
	later.Store(int64(61 * time.Minute))
	if got := numbers(t, mustFetch(t, c, m, "")); !slices.Equal(got, []uint64{2}) {
		t.Errorf("after the hour: %v", got)
	}
	later.Store(int64(3 * time.Hour))
	s.index.sweep()
	if p, b, n := s.index.parcels.Load(), s.index.bytes.Load(), s.index.mailboxes(); p != 0 || b != 0 || n != 0 {
		t.Errorf("%d parcels, %d bytes, %d mailboxes are left", p, b, n)
	}
}

// The journal deletes old parcels from the disk by its own clock.
func TestOldParcelsLeaveTheDisk(t *testing.T) {
	s := start(t, Options{MaxAge: time.Second})
	mustPut(t, s.client(t), testMailbox(1), 0, 1)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); ; <-tick.C {
		info, err := s.journal.stream.Info(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if info.State.Msgs == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("after 20 s a parcel with a life of one second is still in the journal")
		}
	}
}

// A parcel that the journal dropped between the index and the read is passed over.
func TestParcelGoneWhileAnswering(t *testing.T) {
	s := start(t, Options{})
	c, m := s.client(t), testMailbox(1)
	for n := range uint64(3) {
		mustPut(t, c, m, 0, n)
	}
	if err := s.journal.stream.DeleteMsg(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	s.journal.recent.of = nil
	if got := numbers(t, mustFetch(t, c, m, "")); !slices.Equal(got, []uint64{0, 2}) {
		t.Errorf("fetched %v", got)
	}
}

// Everything that can go wrong at once leaves no name in the log.
func TestLogNamesNobody(t *testing.T) {
	s := start(t, Options{MailboxParcels: 1})
	m := testMailbox(1)
	c := s.client(t)
	mustPut(t, c, m, 0, 1)
	_ = c.Put(t.Context(), m, testID(2), testParcel(0, 2))
	_, _ = c.Fetch(t.Context(), m, "bad", 0)
	wrong := s.server.Address()
	wrong.Pin[0] ^= 1
	stranger, err := NewClient(wrong, ClientOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_ = stranger.Put(t.Context(), m, testID(3), testParcel(0, 3)) // a TLS fault, which net/http logs with the address
	quietLogger{s.opt.Log}.Errorf("write failed on m.%s", m.Address())
	s.end(t)
	text := s.log.String()
	for what, secret := range map[string]string{
		"the address": m.Address(), "the write secret": hexOf(m.Write), "the read secret": hexOf(m.Read),
		"a hash of a secret": hashOf(m.Read), "a client's network address": "127.0.0.1", "a parcel's id": parcelID(testID(1)).String(),
	} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %s:\n%s", what, text)
		}
	}
	if !strings.Contains(text, "write failed on m.…") || !strings.Contains(text, "the relay is closed") {
		t.Errorf("the log lost what it should say:\n%s", text)
	}
}
