package views

import (
	"context"
	"fmt"
	"time"

	"parley/internal/match"
	"parley/internal/node"
	"parley/internal/store"
	"parley/selector"
)

// Match is a match: its terms, how far it is, and what both sides hold.
type Match struct {
	Number   int64              `json:"number"` // M1
	Role     string             `json:"role"`
	State    string             `json:"state"`
	Under    string             `json:"under,omitempty"` // the match whose terms this run is under
	Terms    match.Terms        `json:"terms"`
	Rounds   []match.Round      `json:"rounds,omitempty"` // how the terms came about, where they were countered
	Ours     int                `json:"ours"`
	Shown    int                `json:"shown"` // the size of our set as they see it, decoys among it
	Theirs   int                `json:"theirs"`
	Count    *int               `json:"count,omitempty"`
	Appeared int                `json:"appeared,omitempty"` // of a check: of these, asked about before and listed since
	Overlap  []Shared           `json:"overlap,omitempty"`
	TheirSet string             `json:"their_set,omitempty"` // how it compares with their last one
	Reason   string             `json:"reason,omitempty"`
	Over     string             `json:"over,omitempty"` // why no more runs are made under the terms
	Alarm    string             `json:"alarm,omitempty"`
	Progress *Flow              `json:"progress,omitempty"`
	List     *node.StandingList `json:"list,omitempty"`   // of terms with a standing list
	Alerts   []string           `json:"alerts,omitempty"` // signs of guessing
	Asks     []Ask              `json:"asks,omitempty"`   // what either side asked about what was found
	Next     []Step             `json:"next,omitempty"`
	BytesOut int64              `json:"bytes_out"`
	BytesIn  int64              `json:"bytes_in"`
	Seconds  float64            `json:"seconds,omitempty"` // that the run took
}

// Other is the party on the other side.
func (m Match) Other() string {
	return match.Matching{Matching: store.Matching{Role: m.Role}, Terms: m.Terms}.Other()
}

// Flow is how far the overlap of a match has come.
type Flow struct {
	Stage string  `json:"stage"`
	Done  int     `json:"done"` // of our selectors
	Total int     `json:"total"`
	Left  float64 `json:"seconds_left,omitempty"`
}

func flowOf(m match.Matching) *Flow {
	f := m.Progress.Flow
	if f == nil {
		return nil
	}
	v := &Flow{Stage: string(f.Stage), Done: f.Done, Total: f.Total}
	if !match.Ended(m.State) {
		v.Left = f.Left().Seconds()
	}
	return v
}

// Shared is a selector that both hold, with where we found it.
type Shared struct {
	Selector selector.Selector `json:"selector"`
	Findings []Finding         `json:"findings"`
	Note     *Words            `json:"note,omitempty"`
}

// Words is what a counterpart said: its words, which go to nobody else.
type Words struct {
	Originator string `json:"originator"`
	Text       string `json:"text"`
}

// Ask is a question about what a match found.
type Ask struct {
	By        string              `json:"by"` // a party's name, or "us"
	Question  string              `json:"question"`
	Selectors []selector.Selector `json:"selectors"`
	AskedAt   time.Time           `json:"asked_at"`
}

// Step is what can be done now, and how.
type Step struct {
	What    string `json:"what"`
	Command string `json:"command"`
}

// MatchOf is a match as a list tells it: without what was found.
func MatchOf(m match.Matching) Match {
	p := m.Progress
	v := Match{
		Number: m.ID, Role: m.Role, State: m.State, Terms: m.Terms, Ours: p.OurSize, Shown: m.Shown(), Theirs: p.TheirSize, TheirSet: p.TheirSet,
		Reason: p.Reason, Over: p.Over, Alarm: p.Alarm, Alerts: p.Alerts, BytesOut: p.BytesOut, BytesIn: p.BytesIn,
		Progress: flowOf(m), Appeared: p.Appeared,
	}
	if m.Under != 0 {
		v.Under = fmt.Sprintf("M%d", m.Under)
	}
	if p.CountKnown {
		v.Count = &p.Count
	}
	if !p.Started.IsZero() && !p.Finished.IsZero() {
		v.Seconds = p.Finished.Sub(p.Started).Seconds()
	}
	return v
}

// WholeMatch reads a match with what was found, asked and agreed.
func WholeMatch(ctx context.Context, n *node.Node, id int64) (v Match, err error) {
	m, err := n.Match(ctx, id)
	if err != nil {
		return v, err
	}
	overlap, err := n.Overlap(ctx, id)
	if err != nil {
		return v, err
	}
	rounds, err := n.MatchRounds(ctx, m)
	if err != nil {
		return v, err
	}
	asks, err := n.MatchAsks(ctx, id)
	if err != nil {
		return v, err
	}
	v = MatchOf(m)
	v.Asks = asksOf(m, asks)
	if v.List, err = n.StandingList(ctx, m); err != nil {
		return v, err
	}
	for _, s := range overlap {
		row := Shared{Selector: s.Selector, Findings: each(s.Findings, FindingOf)}
		if s.Note != "" {
			row.Note = &Words{m.Other(), s.Note}
		}
		v.Overlap = append(v.Overlap, row)
	}
	v.Next = append(nextSteps(m, overlap), listSteps(m, v.List)...)
	if len(rounds) > 1 {
		v.Rounds = rounds
	}
	return v, nil
}

func asksOf(m match.Matching, all []store.Ask) (views []Ask) {
	for _, q := range all {
		v := Ask{m.Other(), q.Question, q.Selectors, q.AskedAt}
		if q.Ours {
			v.By = "us"
		}
		views = append(views, v)
	}
	return views
}

// each gives the view of each of a list; never nil, so that JSON has [].
func each[T, V any](all []T, of func(T) V) []V {
	views := make([]V, len(all))
	for i, one := range all {
		views[i] = of(one)
	}
	return views
}
