package psi

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// noted is a set whose items have payloads.
type noted []Item

func (s noted) Len() int               { return len(s) }
func (s noted) At(i int) (Item, error) { return s[i], nil }
func withNotes(values [][]byte) (s noted) {
	for _, v := range values {
		s = append(s, Item{Value: v, Payload: fmt.Appendf(nil, "note on %s", v)})
	}
	return s
}

// pair are the options of the two sides of a run, the initiator's first.
func pairOptions(change func(o *OverlapOptions)) (i, j OverlapOptions) {
	i, j = OverlapOptions{Seed: testSeed(1), Initiator: true, Chunk: 4}, OverlapOptions{Seed: testSeed(2), Chunk: 4}
	if change != nil {
		change(&i)
		change(&j)
	}
	return i, j
}

func mustBegin(t testing.TB, o OverlapOptions, s Source) *Overlap {
	t.Helper()
	return must(NewOverlap(t.Context(), o, s))(t)
}

// said is one message of a run, with what its receiver learned by it.
type said struct {
	from    side
	message []byte
	matches []Match
}

// play lets two sides speak to the end and returns what was said.
func play(ctx context.Context, i, j *Overlap) ([]said, error) {
	message, err := i.Begin()
	if err != nil {
		return nil, err
	}
	all := []said{{from: initiator, message: message}}
	sides := [2]*Overlap{i, j}
	done := [2]bool{}
	for to := responder; message != nil; to = to.other() {
		turn, err := sides[to].Next(ctx, message)
		if err != nil {
			return all, fmt.Errorf("%v: %w", to, err)
		}
		all[len(all)-1].matches = turn.Matches
		message, done[to] = turn.Message, turn.Done
		if message != nil {
			all = append(all, said{from: to, message: message})
		}
	}
	if done != [2]bool{true, true} {
		return all, fmt.Errorf("the messages ended, done are %v", done)
	}
	return all, nil
}

// learned gathers what a side was told.
func learned(all []said, who side) (indexes []int, payloads map[int]string) {
	payloads = map[int]string{}
	for _, s := range all {
		for _, m := range s.matches {
			if s.from != who {
				indexes = append(indexes, m.Index)
				payloads[m.Index] = string(m.Payload)
			}
		}
	}
	slices.Sort(indexes)
	return indexes, payloads
}

// plain is the intersection that everybody can see.
func plain(a, b [][]byte) (indexes []int) {
	held := map[string]bool{}
	for _, v := range b {
		held[string(v)] = true
	}
	for i, v := range a {
		if held[string(v)] {
			indexes = append(indexes, i)
		}
	}
	return indexes
}

func TestChunkedOverlapIsThePlainIntersection(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawSets(t)
		i, j := OverlapOptions{Seed: testSeed(1), Initiator: true}, OverlapOptions{Seed: testSeed(2)}
		learn := Learn(rapid.IntRange(0, 2).Draw(t, "learn"))
		i.Learn, j.Learn = learn, learn
		i.Chunk = rapid.IntRange(1, 20).Draw(t, "chunk")
		j.Chunk = i.Chunk
		i.Payload = rapid.SampledFrom([]int{0, 60}).Draw(t, "payload")
		j.MaxPayload = i.Payload
		i.Pad = rapid.SampledFrom([]int{0, 50}).Draw(t, "pad i")
		j.Pad = rapid.SampledFrom([]int{0, 50}).Draw(t, "pad j")
		var source Source = Items(a)
		if i.Payload > 0 {
			source = withNotes(a)
		}
		x, err := NewOverlap(context.Background(), i, source)
		if err != nil {
			t.Fatal(err)
		}
		y, err := NewOverlap(context.Background(), j, Items(b))
		if err != nil {
			t.Fatal(err)
		}
		all, err := play(context.Background(), x, y)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := learned(all, initiator)
		want := plain(a, b)
		if learn == LearnResponder {
			want = nil
		}
		if !slices.Equal(got, want) {
			t.Errorf("the initiator found %v, want %v", got, want)
		}
		got, notes := learned(all, responder)
		want = plain(b, a)
		if learn == LearnInitiator {
			want = nil
		}
		if !slices.Equal(got, want) {
			t.Errorf("the responder found %v, want %v", got, want)
		}
		for index, note := range notes {
			if i.Payload > 0 && note != "note on "+string(b[index]) {
				t.Errorf("item %q came with %q", b[index], note)
			}
		}
	})
}

// Both sides' messages are bounded by what the options say.
func TestMaxMessage(t *testing.T) {
	i, j := pairOptions(func(o *OverlapOptions) { o.Payload, o.MaxPayload = 40, 40 })
	all, err := play(t.Context(), mustBegin(t, i, withNotes(numbered("item", 30))), mustBegin(t, j, withNotes(numbered("item", 20))))
	if err != nil {
		t.Fatal(err)
	}
	for n, s := range all {
		if len(s.message) > i.MaxMessage() {
			t.Errorf("message %d has %d bytes, at most %d were promised", n, len(s.message), i.MaxMessage())
		}
	}
}

// Whoever is killed after any message goes on with the same bytes.
func TestResumeOverlap(t *testing.T) {
	i, j := pairOptions(func(o *OverlapOptions) { o.Payload, o.MaxPayload, o.Pad = 40, 40, 25 })
	a, b := withNotes(numbered("item", 23)), withNotes(numbered("item", 9))
	want, err := play(t.Context(), mustBegin(t, i, a), mustBegin(t, j, b))
	if err != nil {
		t.Fatal(err)
	}
	i.Spool, j.Spool = &memory{}, &memory{}
	options, sources := [2]OverlapOptions{i, j}, [2]Source{a, b}
	states := [2][]byte{must(mustBegin(t, i, a).State())(t), must(mustBegin(t, j, b).State())(t)}
	message, to := must(must(ResumeOverlap(i, a, states[0]))(t).Begin())(t), responder
	for n := range want {
		if string(message) != string(want[n].message) {
			t.Fatalf("message %d is another after a restart", n)
		}
		o := must(ResumeOverlap(options[to], sources[to], states[to]))(t)
		turn := must(o.Next(t.Context(), message))(t)
		if len(turn.Matches) != len(want[n].matches) {
			t.Errorf("message %d tells of %d matches, want %d", n, len(turn.Matches), len(want[n].matches))
		}
		states[to] = must(o.State())(t)
		message, to = turn.Message, to.other()
	}
	if message != nil {
		t.Error("the run goes on after its end")
	}
}
