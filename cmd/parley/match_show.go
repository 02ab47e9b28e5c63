package main

import (
	"context"
	"fmt"

	"parley/internal/match"
	"parley/internal/node"
	"parley/selector"
)

// matchView is a match as it is printed.
type matchView struct {
	Number   int64              `json:"number"`
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
	Overlap  []sharedRow        `json:"overlap,omitempty"`
	TheirSet string             `json:"their_set,omitempty"` // how it compares with their last one
	Reason   string             `json:"reason,omitempty"`
	Over     string             `json:"over,omitempty"` // why no more runs are made under the terms
	Alarm    string             `json:"alarm,omitempty"`
	Progress *flowView          `json:"progress,omitempty"`
	List     *node.StandingList `json:"list,omitempty"`   // of terms with a standing list
	Alerts   []string           `json:"alerts,omitempty"` // signs of guessing
	Asks     []askView          `json:"asks,omitempty"`   // what either side asked about what was found
	Next     []nextStep         `json:"next,omitempty"`
	BytesOut int64              `json:"bytes_out"`
	BytesIn  int64              `json:"bytes_in"`
	Seconds  float64            `json:"seconds,omitempty"`
}

// flowView is how far the overlap of a match has come.
type flowView struct {
	Stage string  `json:"stage"`
	Done  int     `json:"done"` // of our selectors
	Total int     `json:"total"`
	Left  float64 `json:"seconds_left,omitempty"`
}

func viewFlow(m match.Matching) *flowView {
	f := m.Progress.Flow
	if f == nil {
		return nil
	}
	v := &flowView{Stage: string(f.Stage), Done: f.Done, Total: f.Total}
	if !match.Ended(m.State) {
		v.Left = f.Left().Seconds()
	}
	return v
}

// sharedRow is a selector that both hold, with where we found it.
type sharedRow struct {
	Selector selector.Selector `json:"selector"`
	Findings []findingRow      `json:"findings"`
	Note     *wordsOf          `json:"note,omitempty"`
}

// wordsOf is what a counterpart said: its words, which go to nobody else.
type wordsOf struct {
	Originator string `json:"originator"`
	Text       string `json:"text"`
}

// nextStep is what can be done now, and how.
type nextStep struct {
	What    string `json:"what"`
	Command string `json:"command"`
}

func viewMatch(m match.Matching) matchView {
	p := m.Progress
	v := matchView{
		Number: m.ID, Role: m.Role, State: m.State, Terms: m.Terms, Ours: p.OurSize, Shown: m.Shown(), Theirs: p.TheirSize, TheirSet: p.TheirSet,
		Reason: p.Reason, Over: p.Over, Alarm: p.Alarm, Alerts: p.Alerts, BytesOut: p.BytesOut, BytesIn: p.BytesIn,
		Progress: viewFlow(m), Appeared: p.Appeared,
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

// nextSteps says what a person can do with a match as it stands.
func nextSteps(m match.Matching, overlap []node.Shared) (next []nextStep) {
	step := func(what, format string, args ...any) {
		next = append(next, nextStep{what, "parley " + fmt.Sprintf(format, args...)})
	}
	switch {
	case m.State == match.Offered:
		step("agree to these terms", "match accept M%d", m.ID)
		step("answer with others", "match counter M%d --max-items %d", m.ID, max(m.Terms.Max.From/2, 1))
		step("refuse them", `match decline M%d --reason "…"`, m.ID)
	case m.State == match.Proposed:
		step("take the offer back", `match withdraw M%d --reason "…"`, m.ID)
	case m.State == match.Accepted && m.Role == match.Initiator, m.State == match.Counted:
		step("go on", "match run M%d", m.ID)
	}
	if len(overlap) > 0 {
		use := "USE"
		if uses := m.Terms.Uses; len(uses) > 0 {
			use = string(uses[0])
		}
		step("tell them what you know of these", `release draft --to %s --report REPORT --match M%d --text "…" --use %s`, plain(m.Other()), m.ID, use)
		if m.Terms.Learns == match.LearnBoth && m.State == match.Done {
			step("ask them what they know of these", `match ask M%d --question "…"`, m.ID)
		}
		step("be told when one of them turns up", "watch add %s", plain(overlap[0].Selector.String()))
		step("write them out", "selectors --match M%d --format csv --out overlap.csv", m.ID)
	}
	if m.State == match.Done && m.Role == match.Initiator && m.Terms.Mode != match.ModeStanding && m.Terms.Runs > 1 && m.Progress.Over == "" {
		step("run again under the same terms", "match again M%d", m.ID)
	}
	return next
}

func (a *app) sayMatch(ctx context.Context, n *node.Node, id int64) error {
	m, err := n.Match(ctx, id)
	if err != nil {
		return err
	}
	overlap, err := n.Overlap(ctx, id)
	if err != nil {
		return err
	}
	rounds, err := n.MatchRounds(ctx, m)
	if err != nil {
		return err
	}
	asks, err := n.MatchAsks(ctx, id)
	if err != nil {
		return err
	}
	v := viewMatch(m)
	v.Asks = viewAsks(m, asks)
	if v.List, err = n.StandingList(ctx, m); err != nil {
		return err
	}
	v.Next = append(nextSteps(m, overlap), listSteps(m, v.List)...)
	for _, s := range overlap {
		row := sharedRow{Selector: s.Selector, Findings: findingRows(s.Findings)}
		if s.Note != "" {
			row.Note = &wordsOf{m.Other(), s.Note}
		}
		v.Overlap = append(v.Overlap, row)
	}
	if len(rounds) > 1 {
		v.Rounds = rounds
	}
	return a.print(v, func() {
		a.sayTerms(m, v)
		a.sayStanding(v.List)
		a.sayResult(v)
		a.sayOverlap(v.Overlap)
		a.sayAsks(v.Asks)
		a.sayNext(v.Next)
	})
}

func (a *app) sayTerms(m match.Matching, v matchView) {
	a.say("M%d with %s: %s", v.Number, plain(m.Other()), v.State)
	if v.Under != "" {
		a.say("  under    the terms of %s", v.Under)
	}
	for _, c := range m.Terms.Clauses() {
		a.say("  %s: %s", plain(c.What), plain(c.Text))
	}
	if v.Over != "" {
		a.say("  ended    no more runs under these terms: %s", plain(v.Over))
	}
	for _, r := range v.Rounds[min(1, len(v.Rounds)):] {
		a.say("  %s answered with other terms (round %d):", plain(r.By), r.Terms.Round)
		for _, c := range r.Changed {
			a.say("    %s", plain(c.String()))
		}
	}
}

func (a *app) sayResult(v matchView) {
	if v.Theirs > 0 {
		a.say("  sizes    ours %s, theirs %s", ourSize(v), theirSize(v))
	}
	if v.Count != nil {
		a.say("  count    both hold %d", *v.Count)
	}
	if v.Appeared > 0 {
		a.say("           of them %d were asked about before, and are on the list since", v.Appeared)
	}
	if who := v.onlyThey(); who != "" && v.Theirs > 0 {
		a.say("  learns   %s alone: we answer, and are told nothing", plain(who))
	}
	if v.TheirSet != "" {
		a.say("  their set  %s", plain(v.TheirSet))
	}
	if f := v.Progress; f != nil && f.Stage != "" && v.State != match.Done {
		left := ""
		if f.Left > 0 {
			left = fmt.Sprintf(", about %.0f s left", f.Left)
		}
		a.say("  progress %s: %d of %d%s", f.Stage, f.Done, f.Total, left)
	}
	if v.Reason != "" {
		a.say("  reason   %s", plain(v.Reason))
	}
	if v.Alarm != "" {
		a.say("  ALARM    %s", plain(v.Alarm))
	}
	for _, alert := range v.Alerts {
		a.say("  ALERT    %s", plain(alert))
	}
}

// ourSize says how large our set is, and how large they see it.
func ourSize(v matchView) string {
	if v.Shown == v.Ours {
		return fmt.Sprint(v.Ours)
	}
	return fmt.Sprintf("%d, filled up with decoys to %d", v.Ours, v.Shown)
}

// theirSize says how large their set is, as we see it.
func theirSize(v matchView) string {
	pad := v.Terms.Pad.To
	if v.Role == match.Responder {
		pad = v.Terms.Pad.From
	}
	if pad == 0 {
		return fmt.Sprint(v.Theirs)
	}
	return fmt.Sprintf("%d, decoys among them", v.Theirs)
}

// onlyThey names the other side where it alone learns.
func (v matchView) onlyThey() string {
	switch {
	case v.Role == match.Initiator && v.Terms.Learns == match.LearnResponder:
		return v.Terms.To
	case v.Role == match.Responder && v.Terms.Learns == match.LearnProposer:
		return v.Terms.From
	}
	return ""
}

func (a *app) sayNext(next []nextStep) {
	var rows [][]string
	for _, s := range next {
		rows = append(rows, []string{s.What, s.Command})
	}
	if len(rows) > 0 {
		a.say("")
		a.table("", []string{"to", "run"}, rows)
	}
}

func (a *app) sayOverlap(overlap []sharedRow) {
	var rows, notes [][]string
	for _, s := range overlap {
		if s.Note != nil {
			notes = append(notes, []string{s.Selector.String(), s.Note.Originator, s.Note.Text})
		}
		for i, f := range s.Findings {
			value := s.Selector.String()
			if i > 0 {
				value = ""
			}
			rows = append(rows, []string{value, f.Source, f.Raw, f.Place})
		}
	}
	if len(rows) > 0 {
		a.say("")
		a.table("", []string{"both hold", "source", "written", "place"}, rows)
	}
	if len(notes) > 0 {
		a.say("")
		a.table("", []string{"both hold", "originator", "note, in their words: for us alone"}, notes)
	}
}
