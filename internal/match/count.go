package match

import (
	"fmt"

	"parley/psi"
)

// A count has three messages where both sides learn it: I's query, J's answer
// with its own query, I's answer. Where one side alone learns it there are that
// side's query and the other's answer; if that is J, I asks it to begin.

// counts says why a message of the count cannot come under the terms: ErrTerms
// where its sender would learn what it must not.
func (m Matching) counts(kind string) error {
	switch {
	case kind == KindCountQuery || kind == KindCountReply:
		if !m.asks() {
			return fmt.Errorf("%s: the other side asks, and the terms let only %s learn: %w", kind, m.Terms.learner(), ErrTerms)
		}
	case kind != KindCountBegin && kind != KindCountAnswer:
		return nil
	}
	from := map[string]bool{ // who sends it
		KindCountBegin:  m.Terms.Learns == LearnResponder && m.Role == Responder,
		KindCountQuery:  m.Terms.Learns == LearnResponder == (m.Role == Initiator) && (m.Role == Responder) == (m.State == Accepted),
		KindCountReply:  m.Terms.Learns == LearnBoth,
		KindCountAnswer: m.Terms.Learns == LearnProposer == (m.Role == Initiator),
	}
	if !from[kind] {
		return fmt.Errorf("%s is not due under these terms: %w", kind, ErrState)
	}
	return nil
}

// goesOn reports whether an overlap follows the count.
func (t Terms) goesOn() bool { return t.Mode == ModeOverlap || t.Mode == ModePayload }

// counting does a step of the count with our set, and has its time noted.
func (t *turn) counting(step func(*psi.CountParty) error) error {
	defer t.m.timed("count")()
	p, err := countParty(t.m, t.ours)
	if err != nil {
		return err
	}
	defer p.Zero()
	return step(p)
}

// countBegin asks, where our side alone learns and the other one begins runs.
func (t *turn) countBegin() error {
	return t.counting(func(p *psi.CountParty) error {
		t.m.State = Counting
		t.reply(KindCountQuery, p.Query())
		return nil
	})
}

// countQuery answers the other side, and asks where our side learns as well.
func (t *turn) countQuery() error {
	if err := t.asked(psi.KindCountQuery, t.parts[0]); err != nil {
		return err
	}
	return t.counting(func(p *psi.CountParty) error {
		answer, err := p.Answer(t.parts[0], t.m.theirMax())
		if err != nil {
			return err
		}
		if t.m.Learns() {
			t.m.State = Counting
			t.reply(KindCountReply, answer, p.Query())
			return nil
		}
		t.m.State = Counted
		t.reply(KindCountAnswer, answer)
		return t.afterCount()
	})
}

func (t *turn) countReply() error {
	return t.counting(func(p *psi.CountParty) error {
		if err := t.learnCount(p); err != nil {
			return err
		}
		if err := t.asked(psi.KindCountQuery, t.parts[1]); err != nil {
			return err
		}
		answer, err := p.Answer(t.parts[1], t.m.theirMax())
		if err != nil {
			return err
		}
		t.reply(KindCountAnswer, answer)
		return t.afterCount()
	})
}

func (t *turn) countAnswer() error {
	return t.counting(func(p *psi.CountParty) error {
		if err := t.learnCount(p); err != nil {
			return err
		}
		return t.afterCount()
	})
}

// afterCount goes on to the overlap where the terms and our people want it,
// and ends the run where there is nothing more to learn. Where one side alone
// learns it goes on even if nothing is shared: an end would tell the other so.
func (t *turn) afterCount() error {
	none := t.m.Terms.Learns == LearnBoth && t.m.Progress.Count == 0
	if !t.m.Terms.goesOn() || none {
		t.m.State = Done
		return nil
	}
	t.begins = t.m.Role == Initiator && !t.m.Progress.Hold
	return nil
}

// learnCount reads the other side's answer to our count query, which also
// shows how many selectors it brought.
func (t *turn) learnCount(p *psi.CountParty) error {
	if err := t.answered(psi.KindCountAnswer, t.parts[0]); err != nil {
		return err
	}
	count, err := p.Count(t.parts[0])
	if err != nil {
		return err
	}
	t.m.State, t.m.Progress.Count, t.m.Progress.CountKnown = Counted, count, true
	return nil
}
