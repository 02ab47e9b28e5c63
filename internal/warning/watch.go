package warning

import (
	"cmp"
	"fmt"
	"slices"

	"parley/selector"
	"parley/stix"
)

// Watch says that somebody must be told when a selector is seen.
type Watch struct {
	Selector  selector.Selector `json:"selector"`
	Note      string            `json:"note,omitempty"`
	Owner     string            `json:"owner"` // who asked, and answers for it
	Imminent  bool              `json:"imminent,omitempty"`
	Recipient string            `json:"recipient"` // who is to be told
}

// WatchList is the selectors that somebody must be told about.
type WatchList []Watch

// Check refuses an entry that would warn nobody, or for nobody, with its place in the list.
func (l WatchList) Check() error {
	for i, w := range l {
		if w.Selector.Kind == "" || w.Selector.Value == "" || blank(w.Owner) || blank(w.Recipient) {
			return fmt.Errorf("check watch list: entry %d (%s): it needs a selector, an owner and a recipient", i+1, w.Selector)
		}
	}
	return nil
}

// Sighted is a selector that came in, and where it was seen: an object's id, or a place in evidence.
type Sighted struct {
	Selector selector.Selector
	Where    string
}

// Hit is a watch whose selector was seen.
type Hit struct {
	Watch Watch
	Where string
}

// Hits returns a hit for every watch and every source in which its selector was seen, once, however
// often it stands there: imminent ones first, then by selector, source, recipient and owner.
func (l WatchList) Hits(sighted []Sighted) []Hit {
	watches := make(map[selector.Selector][]Watch, len(l))
	for _, w := range l {
		watches[w.Selector] = append(watches[w.Selector], w)
	}
	seen := map[Hit]bool{}
	var hits []Hit
	for _, s := range sighted {
		for _, w := range watches[s.Selector] {
			if hit := (Hit{w, s.Where}); !seen[hit] {
				seen[hit] = true
				hits = append(hits, hit)
			}
		}
	}
	slices.SortFunc(hits, compareHits)
	return hits
}

func compareHits(a, b Hit) int {
	return cmp.Or(
		compareBools(b.Watch.Imminent, a.Watch.Imminent),
		cmp.Compare(a.Watch.Selector.Kind, b.Watch.Selector.Kind),
		cmp.Compare(a.Watch.Selector.Value, b.Watch.Selector.Value),
		cmp.Compare(a.Where, b.Where),
		cmp.Compare(a.Watch.Recipient, b.Watch.Recipient),
		cmp.Compare(a.Watch.Owner, b.Watch.Owner),
		cmp.Compare(a.Watch.Note, b.Watch.Note),
	)
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// Warning returns the warning that the hit asks for, with the id, before its first event. Where the
// selector was seen in a STIX object, that object is its basis too.
func (h Hit) Warning(id string) Warning {
	w := Warning{
		ID: id, Imminent: h.Watch.Imminent, Recipient: h.Watch.Recipient,
		Subject: fmt.Sprintf("%s seen in %s", h.Watch.Selector, h.Where),
		Basis:   Basis{Selectors: []selector.Selector{h.Watch.Selector}, Where: []string{h.Where}},
	}
	if object, err := stix.ParseID(h.Where); err == nil {
		w.Basis.Objects = []stix.ID{object}
	}
	return w
}
