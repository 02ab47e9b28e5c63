package console

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/match"
	"parley/internal/node"
	"parley/internal/permit"
	"parley/internal/store"
	"parley/selector"
)

// matchActs are what people do with the terms of a match, and with its runs.
func matchActs() []act {
	page := (*console).match
	return []act{
		{"/matches/new/propose", (*console).newMatch, false, (*console).proposeMatch},
		{"/matches/{number}/accept", page, true, on("M", (*console).acceptMatch)},
		{"/matches/{number}/counter", page, true, on("M", (*console).counterMatch)},
		{"/matches/{number}/decline", page, true, withReason("Declined. The counterpart is told.", (*node.Node).DeclineMatch)},
		{"/matches/{number}/withdraw", page, true, withReason("Taken back. The counterpart is told.", (*node.Node).WithdrawMatch)},
		{"/matches/{number}/abort", page, true, withReason("Ended. The counterpart is told.", (*node.Node).AbortMatch)},
		{"/matches/{number}/ask", page, true, on("M", (*console).askMatch)},
		{"/matches/{number}/run", page, true, on("M", (*console).runMatch)},
		{"/matches/{number}/again", page, true, on("M", (*console).matchAgain)},
	}
}

func matchPage(id int64) string { return fmt.Sprintf("/matches/M%d", id) }

// proposalBody is the form of an offer.
type proposalBody struct {
	Parties  []store.Counterpart
	Kinds    []kindChoice
	Uses     []permit.Use
	Modes    []string
	Learners []string
	Evidence []store.Evidence
}

// kindChoice is a kind, and whether it takes part when nothing is said: where its
// values cannot be guessed.
type kindChoice struct {
	Kind  selector.Kind
	Usual bool
}

func (c *console) newMatch(r *http.Request) (view, error) {
	b := proposalBody{
		Uses: permit.Uses(), Modes: []string{match.ModeOverlap, match.ModeCount, match.ModePayload, match.ModeStanding},
		Learners: []string{match.LearnBoth, match.LearnProposer, match.LearnResponder},
	}
	for _, k := range selector.Kinds() {
		b.Kinds = append(b.Kinds, kindChoice{k, slices.Contains(selector.Unguessable(), k)})
	}
	var err error
	if b.Parties, err = c.node.Counterparts(r.Context()); err != nil {
		return view{}, err
	}
	b.Evidence, err = c.node.Evidence(r.Context())
	b.Evidence = b.Evidence[max(0, len(b.Evidence)-pageRows):]
	return view{Page: "proposal", Under: "matches", Title: "New match", Body: b}, err
}

// offerOf reads what an offer says; a field that is empty asks for nothing.
func offerOf(r *http.Request) (o match.Offer, err error) {
	f := r.PostForm
	o = match.Offer{Purpose: strings.TrimSpace(f.Get("purpose")), Mode: f.Get("mode"), Learns: f.Get("learns"), Note: lines(f.Get("note")), Hold: f.Get("hold") != ""}
	for _, k := range f["kind"] {
		o.Kinds = append(o.Kinds, selector.Kind(k))
	}
	for _, u := range f["use"] {
		use, err := permit.Parse(u)
		if err != nil {
			return o, err
		}
		o.Uses = append(o.Uses, use)
	}
	pads := [2]int{-1, -1}
	for _, field := range []struct {
		name string
		to   *int
		from int
	}{
		{"max-items", &o.MaxItems, 1},
		{"max-ours", &o.MaxOurs, 1},
		{"max-theirs", &o.MaxTheirs, 1},
		{"runs", &o.Runs, 1},
		{"days", &o.Days, 1},
		{"pad-ours", &pads[0], 0},
		{"pad-theirs", &pads[1], 0},
	} {
		text := strings.TrimSpace(f.Get(field.name))
		if text == "" {
			continue
		}
		if *field.to, err = strconv.Atoi(text); err != nil || *field.to < field.from {
			return o, problem{http.StatusUnprocessableEntity, "No number", fmt.Sprintf("%s is a whole number of at least %d.", field.name, field.from)}
		}
	}
	for i, to := range []**int{&o.PadOurs, &o.PadTheirs} {
		if pads[i] >= 0 {
			*to = &pads[i]
		}
	}
	if text := strings.TrimPrefix(f.Get("evidence"), "E"); text != "" {
		if o.Evidence, err = strconv.ParseInt(text, 10, 64); err != nil {
			return o, problem{http.StatusUnprocessableEntity, "No evidence", "Evidence is named by a number such as E1."}
		}
	}
	if text := f.Get("until"); text != "" {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return o, problem{http.StatusUnprocessableEntity, "No day", "A day is written as in 2027-01-31."}
		}
		o.Until = day.AddDate(0, 0, 1)
	}
	return o, nil
}

func (c *console) proposeMatch(r *http.Request) (done, error) {
	o, err := offerOf(r)
	if err != nil {
		return done{}, err
	}
	to := r.PostForm.Get("to")
	all, err := c.node.Matches(r.Context())
	if err != nil {
		return done{}, err
	}
	for _, m := range all { // the form was sent twice
		if !keyed(r) && m.State == match.Proposed && m.Terms.To == to && m.Terms.Purpose == o.Purpose {
			return done{matchPage(m.ID), "Terms with this purpose are proposed to them already: here they are."}, nil
		}
	}
	id, err := c.node.ProposeMatch(r.Context(), to, o)
	return done{matchPage(id), "Proposed. Nothing moves before they accept."}, err
}

func (c *console) acceptMatch(r *http.Request, id int64) (done, error) {
	o, err := offerOf(r)
	if err != nil {
		return done{}, err
	}
	err = c.node.AcceptMatch(r.Context(), id, o.Evidence, o.Hold, o.Note)
	return done{matchPage(id), "Accepted. The other side may start it."}, err
}

func (c *console) counterMatch(r *http.Request, id int64) (done, error) {
	o, err := offerOf(r)
	if err != nil {
		return done{}, err
	}
	return done{matchPage(id), "Answered with other terms: from now on only these stand."}, c.node.CounterMatch(r.Context(), id, o)
}

// withReason makes an act of a word to the counterpart.
func withReason(said string, do func(*node.Node, context.Context, int64, string) error) func(*console, *http.Request) (done, error) {
	return on("M", func(c *console, r *http.Request, id int64) (done, error) {
		return done{matchPage(id), said}, do(c.node, r.Context(), id, r.PostForm.Get("reason"))
	})
}

func (c *console) askMatch(r *http.Request, id int64) (done, error) {
	about, err := c.named(strings.Join(r.PostForm["about"], "\n"))
	if err != nil {
		return done{}, err
	}
	return done{matchPage(id), "Asked. The counterpart reads it."}, c.node.AskMatch(r.Context(), id, r.PostForm.Get("reason"), about)
}

func (c *console) runMatch(r *http.Request, id int64) (done, error) {
	return done{matchPage(id), "Under way."}, c.node.RunMatch(r.Context(), id)
}

func (c *console) matchAgain(r *http.Request, id int64) (done, error) {
	run, err := c.node.MatchAgain(r.Context(), id)
	return done{matchPage(run), "A further run under the same terms."}, err
}

// Underway tells whether a run can be ended.
func (b matchBody) Underway() bool {
	return slices.Contains([]string{match.Accepted, match.Counting, match.Counted, match.Overlapping, match.Checking, match.Answering}, b.State)
}
