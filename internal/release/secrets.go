package release

import (
	"strings"

	"parley/selector"
)

// Secrets is what a tearline must not show. It stays on the node; [Check] compares against it and
// prints none of it.
type Secrets struct {
	OriginalIDs []string // ids of the report's objects, and of evidence, cases and collections
	SourceNames []string // names and aliases of the people and things it is known from
	NeverList   []string // the node's own names, party aliases, user, collection and system names
	RawTexts    []string // intercepts and messages as they were acquired
	Figures     []int64  // sizes in bytes and counts of the evidence and the report

	Cleared    []selector.Selector // the only selectors that may show
	TimeGrain  TimeGrain           // zero: the default policy's
	PlaceGrain PlaceGrain          // zero: the default policy's
	Region     string              // ISO 3166 code for phone numbers written without a country
}

// secrets is Secrets made ready for looking things up.
type secrets struct {
	Secrets
	ids     originals
	names   names
	cleared map[selector.Selector]bool
	values  map[string]bool // cleared values in normal form
	figures map[int64]bool
}

func prepare(s Secrets) *secrets {
	if s.TimeGrain == "" {
		s.TimeGrain = DefaultPolicy().TimeGrain
	}
	if s.PlaceGrain == "" {
		s.PlaceGrain = DefaultPolicy().PlaceGrain
	}
	prepared := &secrets{
		Secrets: s,
		ids:     newOriginals(s.OriginalIDs),
		names:   newNames(s.SourceNames, s.NeverList),
		cleared: clearedSet(s.Cleared),
		values:  make(map[string]bool, len(s.Cleared)),
		figures: make(map[int64]bool, len(s.Figures)),
	}
	for _, c := range s.Cleared {
		prepared.values[c.Value] = true
	}
	for _, n := range s.Figures {
		prepared.figures[n] = true
	}
	return prepared
}

func clearedSet(cleared []selector.Selector) map[selector.Selector]bool {
	set := make(map[selector.Selector]bool, len(cleared))
	for _, c := range cleared {
		set[c] = true
	}
	return set
}

// blank replaces what may show by spaces, so that the rules after it judge only the rest: a cleared
// number is no uncleared number, and the date in a cleared URL is no date of the analyst's.
func (s *secrets) blank(text string, hits []selector.Hit) string {
	var b strings.Builder
	at := 0
	for _, hit := range hits {
		if hit.Start < at || hit.End > len(text) || !s.cleared[hit.Selector] {
			continue
		}
		b.WriteString(text[at:hit.Start])
		b.WriteString(strings.Repeat(" ", hit.End-hit.Start))
		at = hit.End
	}
	if at == 0 {
		return text
	}
	b.WriteString(text[at:])
	return b.String()
}
