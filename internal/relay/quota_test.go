package relay

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestQuotas(t *testing.T) {
	for _, c := range []struct {
		name  string
		o     Options
		into  byte // the mailbox of the parcel that is too much
		says  string
		after time.Duration
	}{
		{"parcels of a mailbox", Options{MailboxParcels: 2}, 1, "mailbox is full", time.Minute},
		{"bytes of a mailbox", Options{MailboxBytes: 2*4096 + 1}, 1, "mailbox is full", time.Minute},
		{"bytes of the relay", Options{TotalBytes: 2*4096 + 1}, 2, "relay is full", 10 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, c.o)
			client, m := s.client(t), testMailbox(1)
			mustPut(t, client, m, 0, 0)
			mustPut(t, client, m, 0, 1)
			put := func() error { return client.Put(t.Context(), testMailbox(c.into), testID(2), testParcel(0, 2)) }
			err := put()
			if !errors.Is(err, ErrUnavailable) || RetryAfter(err) != c.after || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("%v (again after %v), want one that says %q after %v", err, RetryAfter(err), c.says, c.after)
			}
			mustPut(t, client, m, 0, 1) // what is there already is still answered
			if err := client.Remove(t.Context(), m, mustFetch(t, client, m, "")[0].Cursor); err != nil {
				t.Fatal(err)
			}
			if err := put(); err != nil {
				t.Errorf("there is room again, and it says %v", err)
			}
		})
	}
}

func TestLoweringAQuotaDeletesNothing(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir})
	for n := range uint64(5) {
		mustPut(t, s.client(t), testMailbox(1), 0, n)
	}
	s.end(t)
	s = start(t, Options{Dir: dir, MailboxParcels: 2, TotalBytes: 1 << 20})
	if got := mustFetch(t, s.client(t), testMailbox(1), ""); len(got) != 5 {
		t.Errorf("%d of 5 parcels are left", len(got))
	}
}

func TestFullDisk(t *testing.T) {
	var free atomic.Int64
	free.Store(1 << 30)
	s := start(t, Options{MinFree: 1 << 20, FreeSpace: func(string) (int64, error) { return free.Load(), nil }})
	c, m := s.client(t), testMailbox(1)
	mustPut(t, c, m, 0, 1)
	free.Store(1<<20 + 4095)
	err := c.Put(t.Context(), m, testID(2), testParcel(0, 2))
	if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "507") || RetryAfter(err) == 0 {
		t.Errorf("put on a full disk: %v", err)
	}
	if err := c.Put(t.Context(), m, testID(3), testParcel(3, 3)); !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "507") {
		t.Errorf("1 MiB on a full disk: %v", err)
	}
	free.Store(0)
	if err := c.Health(t.Context()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("health on a full disk: %v", err)
	}
	got := mustFetch(t, c, m, "")
	if len(got) != 1 {
		t.Fatalf("%d parcels on a full disk", len(got))
	}
	if err := c.Remove(t.Context(), m, got[0].Cursor); err != nil {
		t.Errorf("a full disk must be emptied: %v", err)
	}
	free.Store(1 << 30)
	mustPut(t, c, m, 0, 2)
}

func TestTooMuchAtOnce(t *testing.T) {
	s := start(t, Options{ComingBytes: MaxParcel, Waiting: 1})
	c, m := s.client(t), testMailbox(1)
	done, err := s.takeIn(MaxParcel)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Put(t.Context(), m, testID(1), testParcel(0, 1)); !errors.Is(err, ErrUnavailable) || RetryAfter(err) != time.Second {
		t.Errorf("a put too much: %v", err)
	}
	done()
	mustPut(t, c, m, 3, 1)
	go func() { _, _ = s.client(t).Fetch(t.Context(), testMailbox(2), "", time.Minute) }()
	s.awaitReaders(1)
	if _, err := c.Fetch(t.Context(), testMailbox(3), "", time.Minute); !errors.Is(err, ErrUnavailable) || RetryAfter(err) == 0 {
		t.Errorf("a reader too many: %v", err)
	}
	if got := mustFetch(t, c, m, ""); len(got) != 1 {
		t.Error("who does not wait must still be answered")
	}
}

// When the engine fails a write nobody knows what is on the disk, so the relay takes no more until
// it has read the disk again. What it has it still gives.
func TestRelayThatCannotWriteSaysSo(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir})
	c, m := s.client(t), testMailbox(1)
	mustPut(t, c, m, 0, 1)
	info := s.journal.stream.CachedInfo()
	if err := s.journal.js.DeleteStream(t.Context(), info.Config.Name); err != nil {
		t.Fatal(err)
	}
	before := s.index.bytes.Load()
	for n := range uint64(2) {
		err := c.Put(t.Context(), m, testID(9+n), testParcel(0, 9))
		if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "until it is restarted") {
			t.Errorf("put %d: %v", n, err)
		}
	}
	if err := c.Health(t.Context()); !strings.Contains(err.Error(), "until it is restarted") {
		t.Errorf("health: %v", err)
	}
	if err := c.Remove(t.Context(), m, mustCursor(t, s, m)); !errors.Is(err, ErrUnavailable) {
		t.Errorf("removal: %v", err)
	}
	if after := s.index.bytes.Load(); after != before {
		t.Errorf("%d bytes are counted, %d were before", after, before)
	}
	s.end(t)
	mustPut(t, start(t, Options{Dir: dir}).client(t), m, 0, 2)
}

// A cursor of a journal that was lost would hide the new one's parcels; the reader is told.
func TestCursorOfALostJournal(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir})
	m := testMailbox(1)
	old := mustCursor(t, s, m)
	if err := s.journal.js.DeleteStream(t.Context(), s.journal.stream.CachedInfo().Config.Name); err != nil {
		t.Fatal(err)
	}
	s.end(t)
	c := start(t, Options{Dir: dir}).client(t)
	mustPut(t, c, m, 0, 1)
	if _, err := c.Fetch(t.Context(), m, old, 0); !errors.Is(err, ErrCursor) {
		t.Errorf("a cursor of the lost journal: %v", err)
	}
	if got := mustFetch(t, c, m, ""); len(got) != 1 {
		t.Errorf("%d parcels from the beginning", len(got))
	}
}

// mustCursor makes a cursor of a mailbox's thousandth parcel.
func mustCursor(t *testing.T, s *served, m Mailbox) Cursor {
	t.Helper()
	a, err := parseBoxAddress(m.Address())
	if err != nil {
		t.Fatal(err)
	}
	c, err := newCursors(s.folder.key, s.journal.birth, a)
	if err != nil {
		t.Fatal(err)
	}
	return c.seal(1000)
}
