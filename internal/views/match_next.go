package views

import (
	"fmt"

	"parley/internal/match"
	"parley/internal/node"
)

// nextSteps says what a person can do with a match as it stands.
func nextSteps(m match.Matching, overlap []node.Shared) (next []Step) {
	step := func(what, format string, args ...any) {
		next = append(next, Step{what, "parley " + fmt.Sprintf(format, args...)})
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
		step("tell them what you know of these", `release draft --to %s --report REPORT --match M%d --text "…" --use %s`, m.Other(), m.ID, use)
		if m.Terms.Learns == match.LearnBoth && m.State == match.Done {
			step("ask them what they know of these", `match ask M%d --question "…"`, m.ID)
		}
		step("be told when one of them turns up", "watch add %s", overlap[0].Selector.String())
		step("write them out", "selectors --match M%d --format csv --out overlap.csv", m.ID)
	}
	if m.State == match.Done && m.Role == match.Initiator && m.Terms.Mode != match.ModeStanding && m.Terms.Runs > 1 && m.Progress.Over == "" {
		step("run again under the same terms", "match again M%d", m.ID)
	}
	return next
}

// listSteps says what can be done with a standing list.
func listSteps(m match.Matching, l *node.StandingList) (next []Step) {
	if l == nil {
		return nil
	}
	if !l.Holder {
		next = append(next, Step{"check what is new", fmt.Sprintf("parley match check M%d", m.ID)})
		if l.WatchedBy == "" {
			next = append(next, Step{"have that done after each import", fmt.Sprintf("parley match watch M%d", m.ID)})
		}
	}
	return append(next, Step{"end the terms, and erase the list", fmt.Sprintf(`parley match withdraw M%d --reason "…"`, m.ID)})
}
