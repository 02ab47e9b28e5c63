package pattern_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/stix/pattern"
)

// need is how many observations with a letter a pattern asks for.
type need struct {
	letter string
	times  int
}

// pairedAll tells, one by one, whether every need can be given instances of observations of its own.
func pairedAll(needs []need, observations []pattern.Observation, letters []string) bool {
	var holders []int // by instance: the need that has it, or -1
	var of []int      // by instance: its observation
	for i, o := range observations {
		for range o.Number {
			holders, of = append(holders, -1), append(of, i)
		}
	}
	var find func(n int, tried map[int]bool) bool
	find = func(n int, tried map[int]bool) bool {
		for instance, o := range of {
			if tried[instance] || !strings.Contains(letters[o], needs[n].letter) {
				continue
			}
			tried[instance] = true
			if holders[instance] < 0 || find(holders[instance], tried) {
				holders[instance] = n
				return true
			}
		}
		return false
	}
	for n, need := range needs {
		for range need.times {
			if !find(n, map[int]bool{}) {
				return false
			}
		}
	}
	return true
}

// TestAssignment holds the assignment of observations, many at a time, against one that pairs them one
// by one.
func TestAssignment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var needs []need
		var texts []string
		for range rapid.IntRange(1, 6).Draw(t, "needs") {
			n := need{rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "letter"), rapid.IntRange(1, 5).Draw(t, "times")}
			needs = append(needs, n)
			texts = append(texts, fmt.Sprintf("[x:k = '%s'] REPEATS %d TIMES", n.letter, n.times))
		}
		var observations []pattern.Observation
		var letters []string
		for range rapid.IntRange(1, 8).Draw(t, "observations") {
			held := rapid.SampledFrom([]string{"a", "b", "ab", "bc", "cd", "ad", "abc", "abcd"}).Draw(t, "letters")
			objects := map[string]pattern.Object{}
			for i, letter := range held {
				objects[fmt.Sprint(i)] = pattern.Object{"type": "x", "k": string(letter)}
			}
			o, err := pattern.NewObservation(time.Unix(0, 0), time.Unix(0, 0), rapid.IntRange(1, 4).Draw(t, "number"), objects)
			if err != nil {
				t.Fatal(err)
			}
			observations, letters = append(observations, o), append(letters, held)
		}
		p, err := pattern.Parse(strings.Join(texts, " AND "), pattern.Options{})
		if err != nil {
			t.Fatal(err)
		}
		m, err := pattern.Compile(p, pattern.MatchOptions{})
		if err != nil {
			t.Fatal(err)
		}
		result, err := m.Match(observations)
		if want := pairedAll(needs, observations, letters); err != nil || result.Matched != want {
			t.Fatalf("%s on %v: matched is %v (%v) and should be %v", p, letters, result.Matched, err, want)
		}
		given := map[*pattern.Single]int{}
		taken := map[int]int{}
		for _, b := range result.Bindings {
			given[b.Expression] += b.Times
			taken[b.Observation] += b.Times
			if letter := string(b.Expression.Test.(*pattern.Comparison).Constants[0].(pattern.String)); !strings.Contains(letters[b.Observation], letter) {
				t.Fatalf("%s is bound to %s", letter, letters[b.Observation])
			}
		}
		for o, n := range taken {
			if n > observations[o].Number {
				t.Fatalf("%d of observation %d are bound, which has %d", n, o, observations[o].Number)
			}
		}
		i := 0
		for single := range p.Singles() {
			if result.Matched && given[single] != needs[i].times {
				t.Fatalf("%s: %d of %d are bound", single.Test, given[single], needs[i].times)
			}
			i++
		}
	})
}
