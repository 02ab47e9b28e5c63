package match

import (
	"context"
	"fmt"

	"parley/internal/store"
	"parley/selector"
)

// Judgement is what a finished overlap says of the other side's set, seen with
// the runs before it.
type Judgement struct {
	TheirSet string   `json:"their_set,omitempty"` // how it compares with the last one, in words
	Alerts   []string `json:"alerts,omitempty"`    // signs of guessing: a person looks at them
	Judged   bool     `json:"judged,omitempty"`
	Anew     bool     `json:"anew,omitempty"` // nothing that matched in the run before is in this set
}

// Much of a small set that a far larger one covers is a sign of guessing.
const (
	coverLeast = 20  // ours
	coverPart  = 0.9 // of ours found
	coverTimes = 10  // theirs as large as ours
)

// judge looks once at a finished overlap for the signs of a set that was made
// up: ranges, a list that covers nearly all of ours, a new set every time. It
// is no proof: people buy numbers in rows as well.
func (e *Engine) judge(ctx context.Context, tx *store.Tx, m *Matching) error {
	if m.State != Done || m.Progress.Judged || !m.showsWhich() {
		return nil
	}
	m.Progress.Judged = true
	before, err := e.overlapsBefore(ctx, tx, *m)
	if err != nil {
		return err
	}
	if err := e.compareSets(ctx, tx, m, before); err != nil {
		return err
	}
	if p := m.Progress; m.theirPad() == 0 && p.OurSize >= coverLeast && float64(p.Overlap) >= coverPart*float64(p.OurSize) && p.TheirSize >= coverTimes*p.OurSize {
		m.alert("their set of %d covers %d of our %d: it is as a list of guesses would be", p.TheirSize, p.Overlap, p.OurSize)
	}
	for _, k := range m.Terms.Kinds {
		if !selector.SpaceOf(k).Low {
			continue
		}
		if err := e.lookForRanges(ctx, tx, m, k, before); err != nil {
			return err
		}
	}
	return e.tell(ctx, tx, *m)
}

// showsWhich: the run shows us which of ours the other side had. That none is
// shared shows it too.
func (m Matching) showsWhich() bool {
	return m.Terms.Mode != ModeStanding && m.Learns() && (m.Terms.Mode != ModeCount || m.Progress.CountKnown && m.Progress.Count == 0)
}

func (m *Matching) alert(format string, args ...any) {
	m.Progress.Alerts = append(m.Progress.Alerts, fmt.Sprintf(format, args...))
}

// overlapsBefore lists the finished overlaps with the same counterpart, the
// newest first.
func (e *Engine) overlapsBefore(ctx context.Context, tx *store.Tx, m Matching) ([]Matching, error) {
	all, err := e.List(ctx, tx)
	if err != nil {
		return nil, err
	}
	var before []Matching
	for _, o := range all {
		if o.Counterpart == m.Counterpart && o.ID != m.ID && o.State == Done && o.showsWhich() {
			before = append(before, o)
		}
	}
	return before, nil
}

// compareSets says how the set compares with that of the last overlap. The sets
// themselves are never seen: what matched then and is in our set still, is in
// theirs still, or not.
func (e *Engine) compareSets(ctx context.Context, tx *store.Tx, m *Matching, before []Matching) error {
	if len(before) == 0 {
		return nil
	}
	last := before[0]
	then, again, err := tx.Recurred(ctx, last.ID, m.ID)
	if err != nil {
		return err
	}
	p := &m.Progress
	switch {
	case then == 0:
		p.TheirSet = fmt.Sprintf("%d where M%d had %d; nothing of ours shows whether it is another set", p.TheirSize, last.ID, last.Progress.TheirSize)
	case again == then:
		p.TheirSet = fmt.Sprintf("it holds all %d that it held of ours in M%d", then, last.ID)
	case again == 0:
		p.Anew = true
		p.TheirSet = fmt.Sprintf("a wholly other set than in M%d: of the %d of ours that it held then it holds none", last.ID, then)
	default:
		p.TheirSet = fmt.Sprintf("of the %d of ours that it held in M%d it holds %d", then, last.ID, again)
	}
	if p.Anew && last.Progress.Anew {
		m.alert("they bring a wholly other set again and again: M%d, M%d and this one have nothing of ours in common", before[1].ID, last.ID)
	}
	return nil
}

// lookForRanges looks at all of ours of a kind that ever took part with the
// counterpart: a cheat asks for a range in parts.
func (e *Engine) lookForRanges(ctx context.Context, tx *store.Tx, m *Matching, k selector.Kind, before []Matching) error {
	found := map[uint64]bool{}
	for _, r := range append([]Matching{*m}, before...) {
		asked, err := tx.AskedIn(ctx, r.ID, k)
		if err != nil {
			return err
		}
		for _, a := range asked {
			if n, ok := numberOf(a.Value); ok {
				found[n] = found[n] || a.Matched
			}
		}
	}
	all := make([]held, 0, len(found))
	for n, matched := range found {
		all = append(all, held{n, matched})
	}
	if spans := ranges(all); len(spans) > 0 {
		m.alert("their sets look like ranges of %s numbers: they had %v, and few elsewhere; by chance in fewer than one of %d such looks",
			k, spans[0], int(1/falseAlarm))
	}
	return nil
}

// tell puts the alerts into the ledger.
func (e *Engine) tell(ctx context.Context, tx *store.Tx, m Matching) error {
	if len(m.Progress.Alerts) == 0 {
		return nil
	}
	with, err := tx.CounterpartByID(ctx, m.Counterpart)
	if err != nil {
		return err
	}
	return e.record(ctx, tx, e.Self, "match.alert", m, with.Name, alertDetail{m.Progress.Alerts})
}

type alertDetail struct {
	Alerts []string `json:"alerts"`
}
