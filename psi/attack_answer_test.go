package psi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"testing"

	"filippo.io/edwards25519"

	"parley/psi/internal/ristretto"
)

// answerAt is a scene in which the answer to the initiator's first chunk, of
// four elements and a proof, is on its way.
func answerAt(t *testing.T) *scene {
	t.Helper()
	return newScene(t, firstTurn+1)
}

// proofOffset is where the proof of that answer stands.
const proofOffset = headerSize + 4*elementSize

// evaluation is element i of the answer on its way.
func (s *scene) evaluation(i int) element {
	return element(s.message[headerSize+i*elementSize:])
}

// moved returns e + k·G.
func moved(t testing.TB, e element, k *ristretto.Scalar) element {
	t.Helper()
	p, err := e.decode()
	if err != nil {
		t.Fatal(err)
	}
	return encode(p.Add(p, new(ristretto.Point).ScalarBaseMult(k)))
}

// provedWith evaluates the receiver's chunk anew, element by element, and
// proves it with a key of the prover's choice.
func (s *scene) provedWith(key *ristretto.Scalar, public element, evaluate func(i int, e element) element) []byte {
	s.t.Helper()
	asked := s.receiver().asked
	evaluated := make([]element, len(asked.elements))
	for i, e := range asked.elements {
		evaluated[i] = evaluate(i, e)
	}
	st := statement{public, asked.elements, evaluated, s.receiver().state.proofContext(evaluated)}
	proof := st.prove(key, testScalar(9), must(decodeAll(asked.elements))(s.t))
	out := with(s.message, headerSize, appendElements(nil, evaluated))
	return with(out, proofOffset, proof[:])
}

// Two wrong evaluations whose errors cancel under equal weights do not cancel
// under the proof's.
func TestErrorsThatCancelWithinAChunk(t *testing.T) {
	s := answerAt(t)
	one := testScalar(1)
	minus := new(ristretto.Scalar).Negate(one)
	for _, pair := range [][2]int{{0, 1}, {1, 3}, {2, 0}} {
		altered := s.provedWith(s.sender().key, s.sender().publicKey, func(i int, e element) element {
			honest := times(t, e, s.sender().key)
			switch i {
			case pair[0]:
				return moved(t, honest, one)
			case pair[1]:
				return moved(t, honest, minus)
			}
			return honest
		})
		s.refused(altered, ErrProof, "over the answer to chunk 0 does not hold")
	}
	s.stillGoesOn()
}

// The same, with errors chosen so that they cancel under the RFC's own weights
// of a batch, which each depend on one pair alone: here found by solving for
// the last error once the weights are known. The transcript's weights change
// with the last error, so the sum is another.
func TestErrorsThatCancelUnderWeightsFixedBefore(t *testing.T) {
	s := answerAt(t)
	asked, key := s.receiver().asked, s.sender().key
	evaluated := make([]element, len(asked.elements))
	for i, e := range asked.elements {
		evaluated[i] = times(t, e, key)
	}
	evaluated[0] = moved(t, evaluated[0], testScalar(1))
	st := statement{s.sender().publicKey, asked.elements, evaluated, s.receiver().state.proofContext(evaluated)}
	d := st.weights()
	second := new(ristretto.Scalar).Invert(d[1])
	second.Multiply(second, d[0]).Multiply(second, testScalar(1)).Negate(second)
	evaluated[1] = moved(t, evaluated[1], second)
	altered := s.provedWith(key, s.sender().publicKey, func(i int, _ element) element { return evaluated[i] })
	s.refused(altered, ErrProof, "over the answer to chunk 0 does not hold")
	s.stillGoesOn()
}

// Everything made with a second key, honestly, is refused under the committed.
func TestAnswerWithASecondKey(t *testing.T) {
	s := answerAt(t)
	second := testScalar(5)
	public := encode(new(ristretto.Point).ScalarBaseMult(second))
	altered := s.provedWith(second, public, func(_ int, e element) element { return times(t, e, second) })
	s.refused(altered, ErrProof, "does not hold under the committed key")
	altered = s.provedWith(second, s.sender().publicKey, func(_ int, e element) element { return times(t, e, second) })
	s.refused(altered, ErrProof, "does not hold under the committed key")
	s.stillGoesOn()
}

// A public key that is exchanged on the way, without the terms that would name
// it, makes two transcripts: no message after the hellos is taken.
func TestReplacedPublicKeyInAHello(t *testing.T) {
	s := newScene(t, 1)
	other := must(PublicKey(testSeed(3)))(t)
	s.message = with(s.message, headerSize, other)
	s.step()
	_, err := s.receiver().Next(t.Context(), s.message)
	wantRefused(t, err, ErrMessage, "belongs to another run")
}

// Nothing in an answer can be changed, moved or repeated after the proof.
func TestTamperedChunkAnswer(t *testing.T) {
	s := answerAt(t)
	swap := func(i, j int) []byte {
		a, b := s.evaluation(i), s.evaluation(j)
		return with(with(s.message, headerSize+i*elementSize, b[:]), headerSize+j*elementSize, a[:])
	}
	first, movedByG := s.evaluation(0), moved(t, s.evaluation(3), testScalar(0))
	for name, altered := range map[string][]byte{
		"bit of the challenge":      with(s.message, proofOffset+5, []byte{s.message[proofOffset+5] ^ 1}),
		"bit of the response":       with(s.message, proofOffset+40, []byte{s.message[proofOffset+40] ^ 1}),
		"response not reduced":      with(s.message, proofOffset+32, bytes.Repeat([]byte{0xff}, 32)),
		"challenge as the response": with(s.message, proofOffset+32, s.message[proofOffset:][:32]),
		"proof of zeros":            with(s.message, proofOffset, make([]byte, proofSize)),
		"elements swapped":          swap(0, 1),
		"element repeated":          with(s.message, headerSize+elementSize, first[:]),
		"element moved":             with(s.message, headerSize+3*elementSize, movedByG[:]),
	} {
		t.Log(name)
		s.refused(altered, ErrProof, "over the answer to chunk 0 does not hold")
	}
	s.stillGoesOn()
}

// Elements that are no element of the group, in any way that RFC 9496 lists:
// not canonical, negative, off the curve, of low order. None passes as a query,
// committed to or not, nor as an evaluation.
func TestElementsThatAreNoneInAnyWay(t *testing.T) {
	var file groupVectors
	readVectors(t, "internal/ristretto/testdata/rfc9496-a.json", &file)
	if len(file.Invalid) != 29 {
		t.Fatalf("%d invalid encodings, the appendix has 29", len(file.Invalid))
	}
	s := answerAt(t)
	for i, bad := range file.Invalid {
		s.refused(s.reproved(i%4, element(bad)), ErrMessage, fmt.Sprintf("element %d of the answer to chunk 0 is not a canonical", i%4))
	}
	s.refused(s.reproved(2, element{}), ErrMessage, "element 2 of the answer to chunk 0 is the identity")
	s.stillGoesOn()
	for i, bad := range file.Invalid {
		a := committedTo(t, i%10, element(bad))
		_, j := pairOptions(nil)
		_, err := play(t.Context(), a, mustBegin(t, j, Items(numbered("item", 9))))
		wantRefused(t, err, ErrMessage, "is not a canonical ristretto255 encoding")
	}
}

// committedTo is an initiator of ten items whose query has a foreign element,
// committed to in good order.
func committedTo(t *testing.T, at int, foreign element) *Overlap {
	t.Helper()
	i, _ := pairOptions(nil)
	a := mustBegin(t, i, Items(numbered("item", 10)))
	a.query[at] = foreign
	var digests []digest
	for lo := 0; lo < len(a.query); lo += i.Chunk {
		digests = append(digests, chunkDigest(initiator, lo/i.Chunk, a.query[lo:min(lo+i.Chunk, len(a.query))]))
	}
	a.heads = chain(digests)
	return a
}

// A point of the curve that is no element's own, such as one of low order, has
// no encoding of its own: its encoding is that of an element.
func TestLowOrderHasNoEncoding(t *testing.T) {
	for _, y := range []byte{0, 1} { // of order four, and the neutral one
		torsion := must(new(edwards25519.Point).SetBytes(append([]byte{y}, make([]byte, 31)...)))(t)
		if got := encode(torsion); got != (element{}) {
			t.Errorf("the point with y = %d is written %x", y, got)
		}
		p := ristretto.HashToGroup([]byte("point"), []byte("test"))
		if got := encode(new(edwards25519.Point).Add(p, torsion)); got != encode(p) {
			t.Errorf("an element and the point with y = %d are written %x", y, got)
		}
	}
}

// The query's chunks cannot change places, whoever moves them.
func TestSwappedQueryChunks(t *testing.T) {
	s := newScene(t, firstTurn)
	first := s.message
	later := newScene(t, firstTurn+2).message
	elements := func(m []byte) []byte { return m[len(m)-32-4*elementSize:] }
	s.refused(with(first, headerSize, elements(later)), ErrMessage, "chunk 0 is of another set than was committed to")
	s.stillGoesOn()
	s = newScene(t, firstTurn+2)
	s.refused(with(later, len(later)-32-4*elementSize, elements(first)), ErrMessage, "chunk 1 is of another set than was committed to")
	s.stillGoesOn()
	// Chunks of one commitment read as another's: the chain has their number.
	elementsOf := []element{{1}, {2}}
	if chunkDigest(initiator, 0, elementsOf) == chunkDigest(initiator, 1, elementsOf) || chunkDigest(initiator, 0, elementsOf) == chunkDigest(responder, 0, elementsOf) {
		t.Error("a chunk's digest says neither its number nor its side")
	}
}

// The answers to two chunks cannot change places, nor come from another run,
// nor can their proofs.
func TestSwappedAndReplayedAnswers(t *testing.T) {
	const size = 4*elementSize + proofSize
	first := bytes.Clone(answerAt(t).message[headerSize:][:size])
	second := newScene(t, firstTurn+3)
	honest := bytes.Clone(second.message[headerSize:][:size])
	second.refused(with(second.message, headerSize, first), ErrProof, "over the answer to chunk 1 does not hold")
	second.refused(with(second.message, headerSize+4*elementSize, first[4*elementSize:]), ErrProof, "chunk 1")
	second.stillGoesOn()
	s := answerAt(t)
	s.refused(with(s.message, headerSize, honest), ErrProof, "over the answer to chunk 0 does not hold")

	// The same sets and another seed: the elements of the query are others.
	i, j := pairOptions(func(o *OverlapOptions) { o.Payload, o.MaxPayload = 40, 40 })
	i.Seed = testSeed(7)
	old := must(play(t.Context(), mustBegin(t, i, withNotes(numbered("item", 10))), mustBegin(t, j, withNotes(numbered("item", 9)))))(t)
	s.refused(old[firstTurn+1].message, ErrMessage, "belongs to another run")
	s.refused(with(s.message, headerSize, old[firstTurn+1].message[headerSize:]), ErrProof, "chunk 0")
	s.stillGoesOn()
}

// The RFC weighs a pair by itself alone. Ours changes every proof's weights with
// every part of every message before it, and of its own answer; the nonces
// change with them.
func TestEveryPartBindsEveryProof(t *testing.T) {
	s := answerAt(t)
	state, message := s.receiver().state, s.message
	evaluated := readElements(message[headerSize:], 4)
	honest := state.proofContext(evaluated)
	other := slices.Clone(evaluated)
	other[3][7] ^= 1
	for name, e := range map[string][]element{"evaluation": other, "number of evaluations": evaluated[:3]} {
		if bytes.Equal(state.proofContext(e), honest) {
			t.Errorf("another %s leaves the proof's context as it was", name)
		}
	}
	// Every message before, a byte of each part of it altered.
	i, j := pairOptions(func(o *OverlapOptions) { o.Payload, o.MaxPayload = 40, 40 })
	all := must(play(t.Context(), mustBegin(t, i, withNotes(numbered("item", 10))), mustBegin(t, j, withNotes(numbered("item", 9)))))(t)
	contexts := map[string]bool{string(honest): true}
	transcript := func(altered, at int) []byte {
		start := mustBegin(t, i, withNotes(numbered("item", 10))).state
		for n := range firstTurn + 1 {
			m := bytes.Clone(all[n].message)
			if n == altered {
				m[at] ^= 1
			}
			start.absorb(m)
		}
		return start.proofContext(evaluated)
	}
	if !bytes.Equal(transcript(-1, 0), honest) {
		t.Fatal("the transcript is not made of the messages that were sent")
	}
	for n := range firstTurn + 1 {
		size := len(all[n].message)
		at := []int{0, 8, headerSize - 1, size / 2, size - 1}
		slices.Sort(at)
		for _, at := range slices.Compact(at) {
			c := transcript(n, at)
			if contexts[string(c)] {
				t.Errorf("byte %d of message %d leaves a context as it was", at, n)
			}
			contexts[string(c)] = true
		}
	}
	key := s.sender().nonceKey
	if proofNonce(key, honest).Equal(proofNonce(key, state.proofContext(other))) == 1 {
		t.Error("two proofs share a nonce")
	}
}

// A counterpart can leave tags out, by lying about what it holds, before it
// proves: no proof prevents it, and the count reveals it.
func TestLyingAboutOnesOwnTags(t *testing.T) {
	i, j := pairOptions(nil)
	a, b := mustBegin(t, i, Items(numbered("item", 10))), mustBegin(t, j, Items(slices.Concat(numbered("item", 4), numbered("made up", 5))))
	got, _ := learned(must(play(t.Context(), a, b))(t), initiator)
	if r := (Result{Count: 9, Overlap: make([]Match, len(got))}); len(got) != 4 || !r.Departs() {
		t.Errorf("overlap of %d, departs %v; want 4, true", len(got), r.Departs())
	}
}

// A query that repeats an element is answered as any other, and tells its asker
// nothing but the same twice.
func TestQueryThatRepeatsAnElementGainsNothing(t *testing.T) {
	i, j := pairOptions(nil)
	honest := mustBegin(t, i, Items(numbered("item", 10)))
	a := committedTo(t, 1, honest.query[0])
	all, err := play(t.Context(), a, mustBegin(t, j, Items(numbered("item", 10))))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := learned(all, initiator); len(got) != 9 {
		t.Errorf("an asker that repeats one of ten elements learns of %d", len(got))
	}
}

// Whoever is left by its counterpart at any message has an error, and what the
// chunks answered until then told it.
func TestRunBrokenOffAtEachMessage(t *testing.T) {
	options := func(initiator bool) Options {
		i, j := pairOptions(nil)
		if initiator {
			return Options{OverlapOptions: i}
		}
		return Options{OverlapOptions: j}
	}
	items := Items(numbered("item", 10))
	whole := false
	for frames := 0; !whole; frames++ {
		ours, theirs := net.Pipe()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			defer theirs.Close()
			_, _ = Run(context.Background(), &leaver{ReadWriter: theirs, left: 2 * frames}, options(false), items)
		}()
		r, err := Run(t.Context(), ours, options(true), items)
		ours.Close()
		<-ended
		turns := max(0, frames-2) // after the hello and the tags
		if want := min(4*turns, 10); len(r.Overlap) != want {
			t.Errorf("left after %d messages, a side has %d matches, want %d", frames, len(r.Overlap), want)
		}
		if whole = err == nil; whole && frames < 4 {
			t.Errorf("a run of three chunks is over after %d messages", frames)
		}
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("left after %d messages: %v", frames, err)
		}
	}
}

// leaver writes so many times and then no more: a frame takes two.
type leaver struct {
	io.ReadWriter
	left int
}

func (l *leaver) Write(p []byte) (int, error) {
	if l.left == 0 {
		return 0, io.ErrClosedPipe
	}
	l.left--
	return l.ReadWriter.Write(p)
}
