package pattern_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/stix/pattern"
)

// The search is held against one that knows nothing of it: every way to bind every instance of every
// observation, at every half second at which it may have been seen. All times of patterns and
// observations are whole seconds, so what is possible at all is possible at one of these.

// seen is one instance of an observation at one time, in half seconds.
type seen struct{ observation, instance, at int }

type way map[seen]bool

// waysOf gives all ways in which an expression is true of observations.
type waysOf struct {
	all      []pattern.Observation
	halfOpen bool
}

func (w waysOf) expression(e pattern.ObservationExpression) []way {
	switch e := e.(type) {
	case *pattern.Single:
		return w.single(e)
	case *pattern.Compound:
		found := w.expression(e.Operands[0])
		for _, operand := range e.Operands[1:] {
			found = combined(e.Operator, found, w.expression(operand))
		}
		return found
	case *pattern.Qualified:
		found := w.expression(e.Operand)
		for _, q := range e.Qualifiers {
			found = w.restricted(q, found)
		}
		return found
	}
	panic("no expression")
}

// single binds an observation alone, which other tests judge.
func (w waysOf) single(e *pattern.Single) (found []way) {
	m, err := pattern.Compile(&pattern.Pattern{Root: e}, pattern.MatchOptions{})
	if err != nil {
		panic(err)
	}
	for i, o := range w.all {
		if result, err := m.Match(w.all[i : i+1]); err != nil || !result.Matched {
			continue
		}
		for instance := range o.Number {
			for at := 2 * o.First.Unix(); at <= 2*o.Last.Unix(); at++ {
				found = append(found, way{seen{i, instance, int(at)}: true})
			}
		}
	}
	return found
}

func combined(operator pattern.Operator, a, b []way) (found []way) {
	if operator == pattern.Or {
		return slices.Concat(a, b)
	}
	for _, x := range a {
		for _, y := range b {
			if disjoint(x, y) && (operator == pattern.And || last(x) <= first(y)) {
				both := maps.Clone(x)
				maps.Copy(both, y)
				found = append(found, both)
			}
		}
	}
	return found
}

func disjoint(a, b way) bool {
	for x := range a {
		for y := range b {
			if x.observation == y.observation && x.instance == y.instance {
				return false
			}
		}
	}
	return true
}

func first(w way) int {
	least := 1 << 30
	for s := range w {
		least = min(least, s.at)
	}
	return least
}

func last(w way) int {
	most := -1
	for s := range w {
		most = max(most, s.at)
	}
	return most
}

func (w waysOf) restricted(q pattern.Qualifier, found []way) []way {
	switch q := q.(type) {
	case pattern.Within:
		return slices.DeleteFunc(found, func(x way) bool {
			apart := float64(last(x)-first(x)) / 2
			return apart > q.Seconds || w.halfOpen && apart == q.Seconds
		})
	case pattern.StartStop:
		start, stop := secondOf(q.Start), secondOf(q.Stop)
		return slices.DeleteFunc(found, func(x way) bool { return first(x) < 2*start || last(x) >= 2*stop })
	case pattern.Repeats:
		all := found
		for range q.Times - 1 {
			all = combined(pattern.And, all, found)
		}
		return all
	}
	panic("no qualifier")
}

func secondOf(t pattern.Timestamp) int {
	at, err := t.Time()
	if err != nil {
		panic(err)
	}
	return int(at.Unix())
}

func second(n int) pattern.Timestamp {
	return pattern.Timestamp(time.Unix(int64(n), 0).UTC().Format("2006-01-02T15:04:05Z"))
}

const lastSecond = 4

// smallObservations are few, of a few letters, in a few seconds.
func smallObservations() *rapid.Generator[[]pattern.Observation] {
	one := rapid.Custom(func(t *rapid.T) pattern.Observation {
		from := rapid.IntRange(0, lastSecond).Draw(t, "from")
		to := rapid.OneOf(rapid.Just(from), rapid.IntRange(from, lastSecond)).Draw(t, "to")
		number := rapid.SampledFrom([]int{1, 1, 1, 2}).Draw(t, "number")
		letters := rapid.SampledFrom([]string{"a", "b", "c", "ab", "bc", "abc"}).Draw(t, "letters")
		objects := map[string]pattern.Object{}
		for i, letter := range letters {
			objects[fmt.Sprint(i)] = pattern.Object{"type": "x", "k": string(letter)}
		}
		o, err := pattern.NewObservation(time.Unix(int64(from), 0), time.Unix(int64(to), 0), number, objects)
		if err != nil {
			t.Fatal(err)
		}
		return o
	})
	return rapid.SliceOfN(one, 1, 4)
}

// smallExpression joins such letters by everything the language has.
func smallExpression(depth int) *rapid.Generator[pattern.ObservationExpression] {
	return rapid.Custom(func(t *rapid.T) pattern.ObservationExpression {
		switch shape := rapid.IntRange(0, 6).Draw(t, "shape"); {
		case depth > 0 && shape < 3:
			return &pattern.Compound{
				Operator: rapid.SampledFrom([]pattern.Operator{pattern.And, pattern.Or, pattern.FollowedBy}).Draw(t, "operator"),
				Operands: rapid.SliceOfN(smallExpression(depth-1), 2, 2).Draw(t, "operands"),
			}
		case depth > 0 && shape < 6:
			var q pattern.Qualifier
			switch shape {
			case 3:
				q = pattern.Within{Seconds: float64(rapid.IntRange(1, 3).Draw(t, "seconds"))}
			case 4:
				q = pattern.Repeats{Times: rapid.IntRange(1, 3).Draw(t, "times")}
			default:
				start := rapid.IntRange(0, 3).Draw(t, "start")
				q = pattern.StartStop{Start: second(start), Stop: second(rapid.IntRange(start, lastSecond+1).Draw(t, "stop"))}
			}
			return &pattern.Qualified{Operand: smallExpression(depth-1).Draw(t, "operand"), Qualifiers: []pattern.Qualifier{q}}
		}
		return &pattern.Single{Test: &pattern.Comparison{
			Path:      pattern.Path{Type: "x", Steps: []pattern.Step{{Key: "k"}}},
			Constants: []pattern.Constant{rapid.SampledFrom([]pattern.Constant{pattern.String("a"), pattern.String("b"), pattern.String("c")}).Draw(t, "letter")},
		}}
	})
}

// TestSearchFindsWhatThereIs compares verdicts with those of the search through everything.
func TestSearchFindsWhatThereIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &pattern.Pattern{Root: smallExpression(3).Draw(t, "pattern")}
		observations := smallObservations().Draw(t, "observations")
		if instances(p.Root) > 5 {
			return // the other search would take forever
		}
		other := waysOf{observations, rapid.Bool().Draw(t, "half open")}
		m, err := pattern.Compile(p, pattern.MatchOptions{HalfOpen: other.halfOpen})
		if err != nil {
			t.Fatal(err)
		}
		result, err := m.Match(observations)
		if err != nil {
			t.Fatal(err)
		}
		if want := len(other.expression(p.Root)) > 0; result.Matched != want {
			for i, o := range observations {
				t.Logf("%d: %d to %d, %d times", i, o.First.Unix(), o.Last.Unix(), o.Number)
			}
			t.Fatalf("%s: matched is %v and should be %v", p, result.Matched, want)
		}
		checkBindings(t, p, other, result)
	})
}

// instances gives how many observations an expression can bind at the most.
func instances(e pattern.ObservationExpression) int {
	n := 0
	switch e := e.(type) {
	case *pattern.Single:
		return 1
	case *pattern.Compound:
		for _, operand := range e.Operands {
			n += instances(operand)
		}
	case *pattern.Qualified:
		n = instances(e.Operand)
		if r, ok := e.Qualifiers[0].(pattern.Repeats); ok {
			n *= r.Times
		}
	}
	return n
}

// checkBindings asks that what was bound exists, often enough, and is by itself a match.
func checkBindings(t *rapid.T, p *pattern.Pattern, other waysOf, result pattern.Result) {
	observations := other.all
	used := map[int]int{}
	for _, b := range result.Bindings {
		used[b.Observation] += b.Times
		if b.Times < 1 || used[b.Observation] > observations[b.Observation].Number {
			t.Fatalf("%s: %+v", p, result.Bindings)
		}
		alone, _ := pattern.Compile(&pattern.Pattern{Root: b.Expression}, pattern.MatchOptions{})
		if r, err := alone.Match(observations[b.Observation : b.Observation+1]); err != nil || !r.Matched {
			t.Fatalf("%s: observation %d is bound to %v", p, b.Observation, b.Expression)
		}
	}
	if !result.Matched {
		return
	}
	other.all = nil
	for _, i := range result.Observations() {
		other.all = append(other.all, observations[i])
	}
	if len(other.expression(p.Root)) == 0 {
		t.Fatalf("%s: what was bound does not match alone: %+v", p, result.Bindings)
	}
}
