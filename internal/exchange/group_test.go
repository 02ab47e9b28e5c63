package exchange

import (
	"fmt"
	"strings"
	"testing"

	"parley/stix"
	"parley/taxii"
)

// TestContentsOfAnObjectWithoutTimes: each new one is held against all that are there, so only a few
// are kept; the others are refused one by one, and what is there is known again.
func TestContentsOfAnObjectWithoutTimes(t *testing.T) {
	h := newHouse(t)
	at, _ := h.consumer("Siem")
	pad := strings.Repeat("x", 50<<10)
	content := func(n int) string {
		return fmt.Sprintf(`{"type":"mutex","spec_version":"2.1","id":"mutex--00000001-0000-4000-8000-000000000000","name":"m%d","x_pad":%q}`, n, pad)
	}
	var texts []string
	for n := range 300 {
		texts = append(texts, content(n))
	}
	h.add(at, mostContents, 300-mostContents, texts...)
	h.add(at, 2, 0, content(mostContents-1), strings.Replace(content(0), `"type":"mutex",`, `"type": "mutex", `, 1))
	if got := h.all(at); got != mostContents {
		t.Errorf("%d versions are held", got)
	}
}

// TestObjectsWithManyVersions are added to a few at a time, and read a few at a time.
func TestObjectsWithManyVersions(t *testing.T) {
	h := newHouse(t)
	at, _ := h.consumer("Siem")
	const objects, versions = 12, 999
	id := func(o int) stix.ID {
		return stix.ID(fmt.Sprintf("note--%08d-0000-4000-8000-000000000000", o))
	}
	version := func(o, v int) string {
		return fmt.Sprintf(`{"type":"note","spec_version":"2.1","id":%q,"created":"2026-01-01T00:00:00.000Z",`+
			`"modified":"2026-01-01T00:%02d:%02d.%03dZ","content":"x","object_refs":[%q]}`, id(o), v/60, v%60, v%1000, id(o))
	}
	for o := range objects {
		var texts []string
		for v := range versions {
			texts = append(texts, version(o, v))
		}
		h.add(at, versions, 0, texts...)
	}
	var texts []string
	q := taxii.Query{Versions: taxii.Versions{All: true}, Limit: 5000}
	for o := range objects {
		texts = append(texts, version(o, versions), version(o, versions+1)) // one more than is kept
		q.IDs = append(q.IDs, id(o))
	}
	h.add(at, objects, objects, texts...)
	seen := map[string]bool{}
	for more := true; more; {
		page, err := h.Page(t.Context(), at, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Records {
			seen[string(r.ID)+r.Version.String()] = true
			q.After = r.DateAdded
		}
		more = page.More
	}
	if len(seen) != objects*(versions+1) {
		t.Errorf("%d versions are read, want %d", len(seen), objects*(versions+1))
	}
}
