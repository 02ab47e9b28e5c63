package psi

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// FuzzOverlap: at every stage of a run, on either side, whatever comes in place
// of the due message is refused and leaves no trace. What may be another and
// still be taken is a hello, which is any party's, and the tags, which are not
// proved before the first answer. A turn is committed to or proved to the bit.
func FuzzOverlap(f *testing.F) {
	i, j := pairOptions(func(o *OverlapOptions) { o.Payload, o.MaxPayload = 10, 10 })
	sets := [2]noted{
		{{Value: []byte("one")}, {Value: []byte("two")}},
		{{Value: []byte("two")}, {Value: []byte("three")}},
	}
	options, spools := [2]OverlapOptions{i, j}, [2]*memory{{}, {}}
	for who := range options {
		options[who].Spool = spools[who]
	}
	sides := [2]*Overlap{mustBegin(f, options[0], sets[0]), mustBegin(f, options[1], sets[1])}
	type stage struct {
		to         side
		due, state []byte
	}
	var stages []stage
	message, to := must(sides[initiator].Begin())(f), responder
	for ; message != nil; to = to.other() {
		stages = append(stages, stage{to, message, must(sides[to].State())(f)})
		f.Add(byte(len(stages)-1), message)
		message = must(sides[to].Next(f.Context(), message))(f).Message
	}
	kept := [2][]byte{spools[0].data, spools[1].data}
	f.Fuzz(func(t *testing.T, n byte, message []byte) {
		s := stages[int(n)%len(stages)]
		o := options[s.to]
		o.Spool = &memory{bytes.Clone(kept[s.to])}
		party := must(ResumeOverlap(o, sets[s.to], s.state))(t)
		_, err := party.Next(t.Context(), message)
		if err == nil && !bytes.Equal(message, s.due) {
			if kind := overlapKind(s.due[5]); kind == kindTurn || len(message) != len(s.due) {
				t.Fatalf("another %v is taken: %x", kind, message)
			}
		}
		if err != nil && !bytes.Equal(must(party.State())(t), s.state) {
			t.Fatal("a refused message changes the state")
		}
	})
}

// FuzzState: a state is refused or is that of a run which goes on without panic.
func FuzzState(f *testing.F) {
	i, j := pairOptions(nil)
	a, b := mustBegin(f, i, Items(numbered("item", 3))), mustBegin(f, j, Items(numbered("item", 3)))
	f.Add(must(b.State())(f))
	reply := must(b.Next(f.Context(), must(a.Begin())(f)))(f)
	f.Add(must(b.State())(f))
	next := must(a.Next(f.Context(), reply.Message))(f)
	f.Fuzz(func(t *testing.T, state []byte) {
		o, err := ResumeOverlap(j, Items(numbered("item", 3)), state)
		if err != nil {
			return
		}
		_, _ = o.Next(t.Context(), next.Message)
		again := must(o.State())(t)
		if len(again) != len(state) {
			t.Fatalf("a state of %d bytes is one of %d", len(state), len(again))
		}
	})
}

// FuzzFilter: a filter is refused or has this form only.
func FuzzFilter(f *testing.F) {
	for _, n := range []int{0, 1, 2, 50} {
		filter := must(NewFilter(make([]byte, elementSize), 1, randomValues(rand.New(rand.NewPCG(1, 2)), n)))(f)
		f.Add(must(filter.MarshalBinary())(f), 1)
	}
	f.Fuzz(func(t *testing.T, data []byte, n int) {
		if filter, err := ParseFilter(data, 1000); err == nil && !bytes.Equal(must(filter.MarshalBinary())(t), data) {
			t.Fatalf("written again differently: %x", data)
		}
		// The values alone, which the digest keeps a fuzzer from.
		values, rest, err := readCoded(data, n&0xfff)
		if err != nil {
			return
		}
		if again := append(appendCoded(nil, values), rest...); !bytes.Equal(again, data) {
			t.Fatalf("%d values are coded again differently: %x and %x", len(values), again, data)
		}
	})
}

// FuzzDifference: a difference is refused or is the one between two filters.
func FuzzDifference(f *testing.F) {
	values := randomValues(rand.New(rand.NewPCG(1, 2)), 20)
	key := make([]byte, elementSize)
	one := must(NewFilter(key, 1, values[:15]))(f)
	f.Add(must(one.Difference(must(NewFilter(key, 2, values[5:]))(f)))(f))
	f.Add(must(one.Difference(must(NewFilter(key, 9, nil))(f)))(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		later, err := one.Apply(data, 100)
		if err == nil && !bytes.Equal(must(one.Difference(later))(t), data) {
			t.Fatalf("written again differently: %x", data)
		}
	})
}

// FuzzCheck: a check from anyone gets an error or a sound answer, and answers
// from anyone are refused unless they are the holder's.
func FuzzCheck(f *testing.F) {
	k, items := mustListKey(f, 1), numbered("item", 3)
	filter := mustFilter(f, k, 1, items[:2])
	check := must(NewCheck(testSeed(2), k.PublicKey(), items, 0))(f)
	honest := must(k.Answer(check.Query(), 4))(f)
	f.Add(check.Query())
	f.Add(honest)
	f.Fuzz(func(t *testing.T, data []byte) {
		if answer, err := k.Answer(data, 4); err == nil && len(answer) != len(data)+proofSize {
			t.Fatalf("a check of %d bytes is answered with %d", len(data), len(answer))
		}
		if held, err := check.Held(data, filter); err == nil && !bytes.Equal(data, honest) {
			t.Fatalf("a forged answer gives %v", held)
		}
	})
}
