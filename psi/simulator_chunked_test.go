package psi

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
)

// simulate speaks for a responder of whom it knows what the initiator may
// learn, and nothing else: which of the initiator's items it holds, with their
// payloads, the size and the lengths. Everything else is made up.
func simulate(t *testing.T, o OverlapOptions, known noted, size int) *Overlap {
	t.Helper()
	set := slices.Clone(known)
	for len(set) < size {
		random := make([]byte, 16)
		r := rand.New(rand.NewPCG(uint64(len(set)), 99))
		for i := range random {
			random[i] = byte(r.Uint32())
		}
		set = append(set, Item{Value: random})
	}
	o.Seed = testSeed(77)
	return mustBegin(t, o, set)
}

// formOf is what anybody sees of a message besides pseudo-random bytes: header
// without the run's number, and length. Of a hello it is all but key and
// commitment.
func formOf(message []byte) (header []byte, length int) {
	header = bytes.Clone(message[:20])
	if overlapKind(message[5]) == kindHello {
		header = append(header, message[headerSize+64:]...)
	}
	return header, len(message)
}

// The initiator's view of an overlap follows from the sizes and what it may
// learn. The responder's true set appears in neither form nor result.
func TestChunkedOverlapIsSimulatedFromTheOverlap(t *testing.T) {
	const shared, rest = 6, 11
	own := withNotes(numbered("item", 20))
	for _, learn := range []Learn{LearnBoth, LearnInitiator, LearnResponder} {
		for _, pad := range []int{0, 30} {
			i, j := pairOptions(func(o *OverlapOptions) { o.Learn, o.Payload, o.MaxPayload, o.Pad = learn, 40, 40, pad })
			secret := slices.Concat(withNotes(numbered("item", shared)), withNotes(numbered("secret", rest)))
			known, size := withNotes(numbered("item", shared)), len(secret)
			if !learn.learns(initiator) {
				known = nil
			}
			if pad != 0 {
				size = 1 // the true size is not known: any will do
				size = max(size, len(known))
			}
			real := must(play(t.Context(), mustBegin(t, i, own), mustBegin(t, j, secret)))(t)
			made := must(play(t.Context(), mustBegin(t, i, own), simulate(t, j, known, size)))(t)
			if len(real) != len(made) {
				t.Fatalf("real has %d messages, simulated %d", len(real), len(made))
			}
			for n := range real {
				a, sizeA := formOf(real[n].message)
				b, sizeB := formOf(made[n].message)
				if !bytes.Equal(a, b) || sizeA != sizeB {
					t.Errorf("message %d: real %x of %d bytes, simulated %x of %d", n, a, sizeA, b, sizeB)
				}
			}
			a, notesA := learned(real, initiator)
			b, notesB := learned(made, initiator)
			if !slices.Equal(a, b) || len(a) != len(known) {
				t.Errorf("real gives %v, simulated %v", a, b)
			}
			for index, note := range notesA {
				if notesB[index] != note {
					t.Errorf("item %d: real %q, simulated %q", index, note, notesB[index])
				}
			}
		}
	}
}

// A transcript says nothing of the order in which a party keeps its items.
func TestOrderOfTheSourceIsNotInTheTranscript(t *testing.T) {
	i, j := pairOptions(func(o *OverlapOptions) { o.Pad = 25 })
	items := numbered("item", 20)
	shuffled := slices.Clone(items)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(a, b int) { shuffled[a], shuffled[b] = shuffled[b], shuffled[a] })
	one := must(play(t.Context(), mustBegin(t, i, Items(items)), mustBegin(t, j, Items(items))))(t)
	two := must(play(t.Context(), mustBegin(t, i, Items(shuffled)), mustBegin(t, j, Items(items))))(t)
	if !slices.EqualFunc(one, two, func(a, b said) bool { return bytes.Equal(a.message, b.message) }) {
		t.Error("another order of the source gives other messages")
	}
}

// The checker's view of a standing list follows from which of its items are
// listed and the list's size.
func TestListIsSimulatedFromWhatIsListed(t *testing.T) {
	items := numbered("item", 10)
	view := func(seed byte, list [][]byte) (query, answer, filter []byte, held []int) {
		k := mustListKey(t, seed)
		f := mustFilter(t, k, 4, list)
		check := must(NewCheck(testSeed(5), k.PublicKey(), items, 12))(t)
		answer = must(k.Answer(check.Query(), 12))(t)
		return check.Query(), answer, must(f.MarshalBinary())(t), must(check.Held(answer, f))(t)
	}
	realQuery, realAnswer, realFilter, real := view(1, slices.Concat(items[:4], numbered("secret", 30)))
	madeQuery, madeAnswer, madeFilter, made := view(2, slices.Concat(items[:4], numbered("made up", 30)))
	if !slices.Equal(real, made) || len(real) != 4 {
		t.Errorf("real gives %v, simulated %v", real, made)
	}
	if !bytes.Equal(realQuery, madeQuery) {
		t.Error("the query depends on the list")
	}
	if !bytes.Equal(realAnswer[:headerSize], madeAnswer[:headerSize]) || len(realAnswer) != len(madeAnswer) {
		t.Error("the answers have different forms")
	}
	// The coded length of random values varies by a few bits a value.
	if difference := len(realFilter) - len(madeFilter); difference < -8 || difference > 8 {
		t.Errorf("the filters differ by %d bytes", difference)
	}
}
