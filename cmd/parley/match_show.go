package main

import (
	"context"
	"fmt"

	"parley/internal/match"
	"parley/internal/views"
)

func (a *app) sayMatch(ctx context.Context, n views.Node, id int64) error {
	v, err := n.Match(ctx, id)
	if err != nil {
		return err
	}
	return a.print(v, func() {
		a.sayTerms(v)
		a.sayStanding(v.List)
		a.sayResult(v)
		a.sayOverlap(v.Overlap)
		a.sayAsks(v.Asks)
		a.sayNext(v.Next)
	})
}

func (a *app) sayTerms(v views.Match) {
	a.say("M%d with %s: %s", v.Number, plain(v.Other()), v.State)
	if v.Under != "" {
		a.say("  under    the terms of %s", v.Under)
	}
	for _, c := range v.Terms.Clauses() {
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

func (a *app) sayResult(v views.Match) {
	if v.Theirs > 0 {
		a.say("  sizes    ours %s, theirs %s", ourSize(v), theirSize(v))
	}
	if v.Count != nil {
		a.say("  count    both hold %d", *v.Count)
	}
	if v.Appeared > 0 {
		a.say("           of them %d were asked about before, and are on the list since", v.Appeared)
	}
	if who := onlyThey(v); who != "" && v.Theirs > 0 {
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
func ourSize(v views.Match) string {
	if v.Shown == v.Ours {
		return fmt.Sprint(v.Ours)
	}
	return fmt.Sprintf("%d, filled up with decoys to %d", v.Ours, v.Shown)
}

// theirSize says how large their set is, as we see it.
func theirSize(v views.Match) string {
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
func onlyThey(v views.Match) string {
	switch {
	case v.Role == match.Initiator && v.Terms.Learns == match.LearnResponder:
		return v.Terms.To
	case v.Role == match.Responder && v.Terms.Learns == match.LearnProposer:
		return v.Terms.From
	}
	return ""
}

func (a *app) sayNext(next []views.Step) {
	var rows [][]string
	for _, s := range next {
		rows = append(rows, []string{s.What, s.Command})
	}
	if len(rows) > 0 {
		a.say("")
		a.table("", []string{"to", "run"}, rows)
	}
}

func (a *app) sayOverlap(overlap []views.Shared) {
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
