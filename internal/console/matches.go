package console

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"parley/internal/match"
	"parley/internal/node"
	"parley/internal/store"
)

type matchesBody struct {
	Heads []heading
	Rows  []match.Matching
	window
}

var matchColumns = []column[match.Matching]{
	{Key: "number", Name: "Match", of: func(m match.Matching) any { return serial{"M", m.ID} }},
	{Key: "state", Name: "State", of: func(m match.Matching) any { return m.State }},
	{Key: "from", Name: "From", of: func(m match.Matching) any { return m.Terms.From }},
	{Key: "to", Name: "To", of: func(m match.Matching) any { return m.Terms.To }},
	{Key: "ours", Name: "Ours", Number: true, of: func(m match.Matching) any { return m.Progress.OurSize }},
	{Key: "theirs", Name: "Theirs", Number: true, of: func(m match.Matching) any { return m.Progress.TheirSize }},
	{Key: "both", Name: "Both", Number: true, of: func(m match.Matching) any { return m.Progress.Count }},
	{Key: "kinds", Name: "Kinds", of: func(m match.Matching) any { return joined(m.Terms.Kinds) }},
	{Key: "changed", Name: "Changed", of: func(m match.Matching) any { return m.UpdatedAt }},
	{Key: "purpose", Name: "Purpose", of: func(m match.Matching) any { return m.Terms.Purpose }},
}

// joined writes several words as one text.
func joined[T ~string](all []T) string {
	words := make([]string, len(all))
	for i, one := range all {
		words[i] = string(one)
	}
	return strings.Join(words, ", ")
}

func (c *console) matches(r *http.Request) (view, error) {
	all, err := c.node.Matches(r.Context())
	if err != nil {
		return view{}, err
	}
	some, heads, w, err := tabled(c, r, all, matchColumns)
	return view{Page: "matches", Title: "Matches", Body: matchesBody{heads, some, w}}, err
}

// matchBody is a match with the selectors that both sides hold, each with
// where we found it.
type matchBody struct {
	match.Matching
	Took   time.Duration // of the run; 0 until it has ended
	Heads  []heading
	Shared []sharedRow
	Asks   []store.Ask
	List   *node.StandingList // of terms with a standing list that stand
	window
}

// Flow is how far the run is; nil where nothing is under way.
func (b matchBody) Flow() *match.Flow {
	if match.Ended(b.State) {
		return nil
	}
	return b.Progress.Flow
}

// Left is how long the rest takes, in words; nothing where that cannot be said.
func (b matchBody) Left() string {
	if f := b.Flow(); f != nil && f.Left() > 0 {
		return "about " + f.Left().Round(time.Second).String() + " left"
	}
	return ""
}

// sharedFindings is how many places a shared selector shows; the rest is on
// the selector's own page.
const sharedFindings = 10

var sharedColumns = []column[node.Shared]{
	{Key: "kind", Name: "Kind", of: func(s node.Shared) any { return string(s.Selector.Kind) }},
	{Key: "value", Name: "Selector", of: func(s node.Shared) any { return s.Selector.Value }},
	{Key: "note", Name: "Their note", of: func(s node.Shared) any { return s.Note }},
	{Key: "places", Name: "Places", Number: true, of: func(s node.Shared) any { return len(s.Findings) }},
}

type sharedRow struct {
	node.Shared
	Shown []store.Finding
}

func (c *console) match(r *http.Request) (view, error) {
	id, err := numbered(r, "M")
	if err != nil {
		return view{}, err
	}
	m, err := c.node.Match(r.Context(), id)
	if err != nil {
		return view{}, err
	}
	all, err := c.node.Overlap(r.Context(), id)
	if err != nil {
		return view{}, err
	}
	some, heads, w, err := tabled(c, r, all, sharedColumns)
	if err != nil {
		return view{}, err
	}
	asks, err := c.node.MatchAsks(r.Context(), id)
	if err != nil {
		return view{}, err
	}
	list, err := c.node.StandingList(r.Context(), m)
	if err != nil {
		return view{}, err
	}
	b := matchBody{Matching: m, window: w, Heads: heads, Asks: asks, List: list}
	for _, s := range some {
		b.Shared = append(b.Shared, sharedRow{s, s.Findings[:min(len(s.Findings), sharedFindings)]})
	}
	if p := m.Progress; !p.Started.IsZero() && !p.Finished.IsZero() {
		b.Took = p.Finished.Sub(p.Started).Round(time.Millisecond)
	}
	return view{Page: "match", Under: "matches", Title: fmt.Sprintf("Match M%d", id), Body: b}, nil
}
