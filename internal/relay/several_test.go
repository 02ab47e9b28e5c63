package relay

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

func severalOf(t *testing.T, all ...Address) *Several {
	t.Helper()
	s, err := NewSeveral(all, ClientOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func putTo(t *testing.T, s *Several, m Mailbox, n uint64) {
	t.Helper()
	if err := s.Put(t.Context(), m, testID(n), testParcel(0, n)); err != nil {
		t.Fatal(err)
	}
}

// collect fetches and removes until so many parcels have come.
func collect(t *testing.T, s *Several, m Mailbox, want int) (all []uint64) {
	t.Helper()
	after := Cursor("")
	for len(all) < want {
		got, err := s.Fetch(t.Context(), m, after, 10*time.Second)
		if err != nil || len(got) == 0 {
			t.Fatalf("%d of %d parcels came, then %v", len(all), want, err)
		}
		all, after = append(all, numbers(t, got)...), got[len(got)-1].Cursor
		if err := s.Remove(t.Context(), m, after); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestSecondRelayTakesOverAndTheFirstsParcelsComeLater(t *testing.T) {
	dir, m := t.TempDir(), testMailbox(1)
	first, second := start(t, Options{Dir: dir}), start(t, Options{})
	host := first.server.Address().Host
	both := severalOf(t, first.server.Address(), second.server.Address())
	putTo(t, both, m, 1)
	first.end(t)
	putTo(t, both, m, 2)
	if got := collect(t, both, m, 1); !slices.Equal(got, []uint64{2}) {
		t.Errorf("while the first is away came %v", got)
	}
	if err := both.Health(t.Context()); !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), host) {
		t.Errorf("health with a relay away: %v", err)
	}
	again := start(t, Options{Dir: dir})
	if _, err := again.Listen(t.Context(), host, TLSOptions{}); err != nil {
		t.Fatal(err)
	}
	if got := collect(t, both, m, 1); !slices.Equal(got, []uint64{1}) {
		t.Errorf("when the first was back came %v", got)
	}
	if held := again.index.parcels.Load() + second.index.parcels.Load(); held != 0 {
		t.Errorf("%d parcels are left after their removal", held)
	}
}

func TestReaderHearsOfAParcelAtAnyOfItsRelays(t *testing.T) {
	first, second := start(t, Options{}), start(t, Options{})
	m := testMailbox(1)
	both := severalOf(t, first.server.Address(), second.server.Address())
	got := make(chan []Stored)
	go func() {
		stored, _ := both.Fetch(t.Context(), m, "", time.Minute)
		got <- stored
	}()
	first.awaitReaders(1)
	second.awaitReaders(1)
	mustPut(t, second.client(t), m, 0, 7)
	if ns := numbers(t, <-got); !slices.Equal(ns, []uint64{7}) {
		t.Errorf("came %v", ns)
	}
	first.awaitReaders(0) // who waited at the other is sent home
}

// A relay that lost its journal does not know the place any more; the other's place still counts.
func TestPlaceLostAtOneOfSeveral(t *testing.T) {
	first, second := start(t, Options{}), start(t, Options{})
	m := testMailbox(1)
	both := severalOf(t, first.server.Address(), second.server.Address())
	mustPut(t, first.client(t), m, 0, 1)
	mustPut(t, second.client(t), m, 0, 2)
	kept := mustFetch(t, second.client(t), m, "")[0].Cursor
	got, err := both.Fetch(t.Context(), m, "0."+Cursor(strings.Repeat("A", cursorChars))+"."+kept, 0)
	if err != nil || !slices.Equal(numbers(t, got), []uint64{1}) {
		t.Errorf("came %v, %v", numbers(t, got), err)
	}
	for _, bad := range []Cursor{"x", "0", "0.a", "2.a.b", "0.a.b.c", "-1.a.b"} {
		if _, err := both.Fetch(t.Context(), m, bad, 0); !errors.Is(err, ErrCursor) {
			t.Errorf("place %q: %v", bad, err)
		}
		if err := both.Remove(t.Context(), m, bad); !errors.Is(err, ErrCursor) {
			t.Errorf("removal through %q: %v", bad, err)
		}
	}
}

func TestSeveralRelaysAllAway(t *testing.T) {
	var gone []Address
	for range 2 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		gone = append(gone, Address{Scheme: "http", Host: l.Addr().String()})
	}
	s := severalOf(t, gone...)
	if err := s.Put(t.Context(), testMailbox(1), testID(1), testParcel(0, 1)); !errors.Is(err, ErrUnavailable) {
		t.Errorf("put: %v", err)
	}
	if _, err := s.Fetch(t.Context(), testMailbox(1), "", 0); !errors.Is(err, ErrUnavailable) {
		t.Errorf("fetch: %v", err)
	}
	if _, err := NewSeveral(nil, ClientOptions{}); err == nil {
		t.Error("no relay at all was accepted")
	}
}

func TestRelayThatRefusesIsNotPassedOver(t *testing.T) {
	asked := 0
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	defer refusing.Close()
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer other.Close()
	s := severalOf(t, clientOf(t, refusing.URL, ClientOptions{}).address, clientOf(t, other.URL, ClientOptions{}).address)
	if err := s.Put(t.Context(), testMailbox(1), testID(1), testParcel(0, 1)); !errors.Is(err, ErrRefused) || asked != 0 {
		t.Errorf("%v, and the other was asked %d times", err, asked)
	}
}
