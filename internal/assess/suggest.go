package assess

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"parley/internal/media"
	"parley/stix"
)

const (
	// SuggestWithin is how far apart two texts may have appeared to be suggested.
	SuggestWithin = 48 * time.Hour
	// SuggestFrom is the least similarity, 0 … 1, of texts that are suggested.
	SuggestFrom = 0.3
	// suggestWords is the least number of words: "no comment" has no origin to share.
	suggestWords = 12
	// suggestMost is how many suggestions one text may bring.
	suggestMost = 50
)

// Told is a text as it appeared.
type Told struct {
	ID   stix.ID
	Text string
	At   time.Time
}

// Suggestion says that two texts may share an origin. It changes nothing: an analyst looks, and
// answers with a [Confirmation].
type Suggestion struct {
	A, B       stix.ID // A appeared first
	Similarity float64 // 0.3 … 1
	Apart      time.Duration
}

// Suggest returns the pairs of texts that are nearly the same and appeared within 48 hours of each
// other, nearest first. Texts of fewer than 12 words are not compared, and of a text over 1 MiB
// only its beginning. Of one text at most 50 earlier ones are named, the nearest. Pairs below a
// similarity of 0.3 are not found; see [media.Index] for how surely the others are.
func Suggest(texts []Told) []Suggestion {
	told := slices.Clone(texts)
	slices.SortFunc(told, func(a, b Told) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Text, b.Text))
	})
	suggestions := []Suggestion{}
	windows := map[int64]*media.Index{} // two days each, so that a text is looked for in two of them
	for i, t := range told {
		text, err := media.NewText(t.Text[:min(len(t.Text), media.MaxText)])
		if err != nil || text.Words() < suggestWords {
			continue
		}
		window := t.At.Unix() / int64(SuggestWithin/time.Second)
		for _, w := range []int64{window, window - 1} {
			if windows[w] != nil {
				suggestions = append(suggestions, near(told, i, windows[w].Near(text, SuggestFrom, suggestMost))...)
			}
		}
		if windows[window] == nil {
			windows[window] = &media.Index{}
		}
		windows[window].Add(strconv.Itoa(i), text)
	}
	slices.SortStableFunc(suggestions, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(b.Similarity, a.Similarity), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return suggestions
}

// near returns the hits on earlier texts that are close enough in time to the one at position i.
func near(told []Told, i int, hits []media.TextHit) (suggestions []Suggestion) {
	for _, hit := range hits {
		earlier, err := strconv.Atoi(hit.ID)
		if err != nil {
			continue
		}
		apart := told[i].At.Sub(told[earlier].At)
		if apart <= SuggestWithin && told[i].ID != told[earlier].ID {
			suggestions = append(suggestions, Suggestion{told[earlier].ID, told[i].ID, hit.Similarity, apart})
		}
	}
	return suggestions
}
