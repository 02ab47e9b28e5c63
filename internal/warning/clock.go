package warning

import (
	"cmp"
	"slices"
	"time"
)

// Step is something that is due.
type Step string

// The steps.
const (
	Screen  Step = "screen"
	Decide  Step = "decide"
	Deliver Step = "deliver"
	Review  Step = "review" // of a waiver
)

// Clocks says how long after a warning was raised, or reopened, each step is due.
type Clocks struct {
	Screen, Decide, Deliver time.Duration
}

// Policy is the clocks of an installation.
type Policy struct {
	Imminent, Routine Clocks
}

// DefaultPolicy returns 15, 60 and 120 minutes where a threat is imminent and 24 hours otherwise.
func DefaultPolicy() Policy {
	return Policy{
		Imminent: Clocks{15 * time.Minute, 60 * time.Minute, 120 * time.Minute},
		Routine:  Clocks{24 * time.Hour, 24 * time.Hour, 24 * time.Hour},
	}
}

// Deadline is one step that is due. An overdue one stays until somebody takes the step.
type Deadline struct {
	Step    Step
	Due     time.Time
	Left    time.Duration // negative when overdue
	Overdue bool
}

// Clock returns what is due under [DefaultPolicy], earliest first; nothing once a warning was
// delivered, or found a duplicate or not credible.
func (w Warning) Clock(now time.Time) []Deadline { return DefaultPolicy().Clock(w, now) }

// Clock returns what is due under this policy, earliest first.
func (p Policy) Clock(w Warning, now time.Time) []Deadline {
	deadlines := p.due(w)
	for i := range deadlines {
		d := &deadlines[i]
		d.Left = d.Due.Sub(now)
		d.Overdue = d.Left < 0
	}
	return deadlines
}

// due returns the deadlines without what depends on the present time.
func (p Policy) due(w Warning) (deadlines []Deadline) {
	if w.State() == Waived {
		return []Deadline{{Step: Review, Due: w.Log[len(w.Log)-1].Detail.Review}}
	}
	clocks := p.Routine
	if w.Imminent {
		clocks = p.Imminent
	}
	raised := w.raised()
	for _, step := range w.State().open() {
		after := map[Step]time.Duration{Screen: clocks.Screen, Decide: clocks.Decide, Deliver: clocks.Deliver}[step]
		deadlines = append(deadlines, Deadline{Step: step, Due: raised.Add(after)})
	}
	slices.SortStableFunc(deadlines, func(a, b Deadline) int { return a.Due.Compare(b.Due) })
	return deadlines
}

// open returns the steps that are still to be taken.
func (s State) open() []Step {
	switch s {
	case Candidate, Reopened:
		return []Step{Screen, Decide, Deliver}
	case Screened:
		return []Step{Decide, Deliver}
	case Decided, Cleared, Sending, Undeliverable:
		return []Step{Deliver}
	}
	return nil
}

// raised returns when the clocks began to run.
func (w Warning) raised() (at time.Time) {
	for _, ev := range w.Log {
		if ev.To == Candidate || ev.To == Reopened {
			at = ev.At
		}
	}
	return at
}

// Sort puts life first, under [DefaultPolicy].
func Sort(warnings []Warning) { DefaultPolicy().Sort(warnings) }

// Sort puts life first: imminent warnings with a step due, then everything else that has something
// due, each by the earliest due; what has nothing due comes last. Equal ones are ordered by id.
func (p Policy) Sort(warnings []Warning) {
	slices.SortStableFunc(warnings, func(a, b Warning) int {
		aDue, bDue := p.due(a), p.due(b)
		return cmp.Or(
			cmp.Compare(rank(a, aDue), rank(b, bDue)),
			earliest(aDue).Compare(earliest(bDue)),
			cmp.Compare(a.ID, b.ID),
		)
	})
}

func rank(w Warning, due []Deadline) int {
	switch {
	case len(due) == 0:
		return 2
	case w.Imminent && w.State() != Waived:
		return 0
	}
	return 1
}

func earliest(due []Deadline) time.Time {
	if len(due) == 0 {
		return time.Time{}
	}
	return due[0].Due
}
