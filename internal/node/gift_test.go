package node

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"parley/taxii"
)

// longNote is a note of some mebibytes.
func longNote(i, mib int) string { return noteObject(i, strings.Repeat("nothing ", mib<<17)) }

// TestLargeObjectsAreTakenInAFewAtATime: the store's engine ends the program when one transaction has
// more of them than its memory holds.
func TestLargeObjectsAreTakenInAFewAtATime(t *testing.T) {
	at := meet(t)
	n := at.South
	siem := consumes(t, n, "Siem", ConsumerOptions{MaySend: true})
	siem.sends(longNote(1, 5), longNote(2, 5), longNote(3, 5))
	takeAll(t, n)
	want := []string{
		`Siem {"collection":"sent","objects":2,"selectors":0,"warnings":0}`,
		`Siem {"collection":"sent","objects":1,"selectors":0,"warnings":0}`,
	}
	if got := ledgerOf(t, n, "collection.take"); !slices.Equal(got, want) {
		t.Errorf("the ledger says %q", got)
	}
}

// TestAnObjectFullOfSelectorsIsNotTakenIn and keeps nothing that follows it.
func TestAnObjectFullOfSelectorsIsNotTakenIn(t *testing.T) {
	at := meet(t)
	n := at.South
	siem := consumes(t, n, "Siem", ConsumerOptions{MaySend: true})
	siem.sends(noteObject(1, manyAddresses(mostSelectors+1)), noteObject(2, phone(150).Value))
	takeAll(t, n)
	want := []string{`Siem {"collection":"sent","objects":1,"refused":1,"selectors":1,"warnings":0}`}
	if got := ledgerOf(t, n, "collection.take"); !slices.Equal(got, want) {
		t.Errorf("the ledger says %q", got)
	}
}

// TestNoConsumerWaitsForAnother: what one sent is taken in while there is much from the other.
func TestNoConsumerWaitsForAnother(t *testing.T) {
	at := meet(t)
	n := at.South
	siem, rescue := consumes(t, n, "Siem", ConsumerOptions{MaySend: true}), consumes(t, n, "Rescue", ConsumerOptions{MaySend: true})
	siem.sends(notes(2*takeBatch + 1)...)
	rescue.sends(noteObject(1, phone(150).Value))
	takeAll(t, n)
	got := ledgerOf(t, n, "collection.take")
	if len(got) != 4 || !strings.HasPrefix(got[1], "Rescue ") {
		t.Errorf("the ledger says %q", got)
	}
}

func notes(count int) (all []string) {
	for i := range count {
		all = append(all, noteObject(i, "a lamp"))
	}
	return all
}

// TestALongPageIsKeptInParts: a server that sends more than it was asked for holds nobody up.
func TestALongPageIsKeptInParts(t *testing.T) {
	at := meet(t)
	n := at.South
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", taxii.MediaType)
		w.Header().Set("X-TAXII-Date-Added-Last", "2026-09-01T10:00:00.000000Z")
		objects := append(notes(2*takeBatch), noteObject(5000, manyAddresses(mostSelectors+1)), longNote(5001, 8), longNote(5002, 1))
		fmt.Fprintf(w, `{"more":false,"objects":[%s]}`, strings.Join(objects, ","))
	}))
	t.Cleanup(web.Close)
	must(t, n.AddSource(t.Context(), SourceTAXII, Source{
		Name: "Siem", URL: web.URL, SourceSettings: SourceSettings{Root: "/api/", Collection: "open", PlainHTTP: true},
	}))
	for _, want := range []Pulled{{Objects: 2*takeBatch + 2, Refused: 1}, {Known: 2*takeBatch + 2, Refused: 1}} {
		got, err := n.PullTAXII(t.Context(), "Siem", PullOptions{})
		must(t, err)
		if got.Objects != want.Objects || got.Known != want.Known || got.Refused != want.Refused || len(got.Problems) != 1 {
			t.Errorf("it says %+v", got)
		}
	}
	if lines := ledgerOf(t, n, "source.read"); len(lines) != 8 {
		t.Errorf("two pages were kept in %d transactions: %q", len(lines), lines)
	}
	s, err := n.source(t.Context(), "Siem")
	must(t, err)
	if !strings.Contains(string(s.Bookmark), "2026-09-01T10:00:00") {
		t.Errorf("the bookmark is %s", s.Bookmark)
	}
}
