package exchange

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"parley/stix"
	"parley/taxii"
)

// fat is a note of some kilobytes.
func fat(n int) string {
	return fmt.Sprintf(`{"type":"note","spec_version":"2.1","id":"note--%08d-0000-4000-8000-000000000000","created":"2026-01-01T00:00:00.000Z",`+
		`"modified":"2026-01-01T00:00:00.000Z","content":%q,"object_refs":["note--%08d-0000-4000-8000-000000000000"]}`, n, strings.Repeat("x", 4000), n)
}

// TestDeletingMakesNoRoom: what was taken in from a collection stays, so who posts and deletes again and
// again comes to an end.
func TestDeletingMakesNoRoom(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.MaxBytes = 20_000 })
	at, _ := h.consumer("Siem")
	for n := range 4 {
		h.add(at, 1, 0, fat(n))
		if _, err := h.Delete(t.Context(), at, taxii.Query{IDs: []stix.ID{stix.ID(fmt.Sprintf("note--%08d-0000-4000-8000-000000000000", n))}, Versions: taxii.Versions{All: true}}); err != nil {
			t.Fatal(err)
		}
	}
	h.add(at, 0, 1, fat(9))
}

// TestRefusalsTakeNoEndOfRoom: an object that is refused is named in a report, which is kept for a day;
// whose reports are too long is told to come back.
func TestRefusalsTakeNoEndOfRoom(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.MaxReports = 10_000 })
	at, _ := h.consumer("Siem")
	var bad []string
	for range 100 {
		bad = append(bad, `{"type":"note"}`)
	}
	h.add(at, 0, 100, bad...)
	none := iter.Seq2[taxii.Incoming, error](func(func(taxii.Incoming, error) bool) { t.Error("it is read") })
	if _, err := h.Add(t.Context(), at, none); !errors.Is(err, taxii.ErrFull) {
		t.Errorf("one more request: %v", err)
	}
	other, _ := h.consumer("Rescue")
	h.add(other, 1, 0, fat(1))
	h.now = h.now.Add(25 * time.Hour)
	h.add(at, 1, 0, fat(2))
}
