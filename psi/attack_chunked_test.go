package psi

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// scene is a run that stands still with one message on its way.
type scene struct {
	t       *testing.T
	sides   [2]*Overlap
	to      side   // who is to receive
	message []byte // what is on its way
}

// newScene begins a run of 10 and 9 items in chunks of 4, with payloads, both
// of which learn, and lets it go on for a number of messages.
func newScene(t *testing.T, messages int) *scene {
	t.Helper()
	i, j := pairOptions(func(o *OverlapOptions) { o.Payload, o.MaxPayload = 40, 40 })
	s := &scene{t: t, to: responder}
	s.sides = [2]*Overlap{
		mustBegin(t, i, withNotes(numbered("item", 10))),
		mustBegin(t, j, withNotes(numbered("item", 9))),
	}
	s.message = must(s.sides[initiator].Begin())(t)
	for range messages {
		s.step()
	}
	return s
}

// Messages of the scene by number: the hellos are 0 and 1, then come three of
// tags from each side, then the turns.
const (
	firstTags = 2
	firstTurn = 2 + 2*3
)

func (s *scene) receiver() *Overlap { return s.sides[s.to] }
func (s *scene) sender() *Overlap   { return s.sides[s.to.other()] }

func (s *scene) step() {
	s.t.Helper()
	s.message = must(s.receiver().Next(s.t.Context(), s.message))(s.t).Message
	s.to = s.to.other()
}

// refused delivers an altered message and wants it refused, without a result
// and without a trace: the true message is taken afterwards.
func (s *scene) refused(altered []byte, kind error, where string) {
	s.t.Helper()
	before := must(s.receiver().State())(s.t)
	turn, err := s.receiver().Next(s.t.Context(), altered)
	wantRefused(s.t, err, kind, where)
	if turn.Message != nil || turn.Matches != nil || turn.Done {
		s.t.Errorf("a refused message gives %+v", turn)
	}
	if !bytes.Equal(before, must(s.receiver().State())(s.t)) {
		s.t.Error("a refused message changes the state")
	}
}

func (s *scene) stillGoesOn() {
	s.t.Helper()
	for s.message != nil {
		s.step()
	}
}

// with returns the message with bytes put in at an offset.
func with(message []byte, at int, b []byte) []byte {
	out := bytes.Clone(message)
	copy(out[at:], b)
	return out
}

// reproved puts another evaluation into the answer on its way and proves what
// can be proved with the sender's key.
func (s *scene) reproved(element int, e element) []byte {
	s.t.Helper()
	out := with(s.message, headerSize+element*elementSize, e[:])
	asked := s.receiver().asked
	evaluated := readElements(out[headerSize:], len(asked.elements))
	st := statement{s.sender().publicKey, asked.elements, evaluated, s.receiver().state.proofContext(evaluated)}
	proof := st.prove(s.sender().key, testScalar(9), must(decodeAll(asked.elements))(s.t))
	return with(out, headerSize+len(evaluated)*elementSize, proof[:])
}

func TestChunkWithAWrongKeyOnOneItem(t *testing.T) {
	s := newScene(t, firstTurn+1)
	if honest := s.reproved(2, element(s.message[headerSize+2*elementSize:])); len(honest) != len(s.message) {
		t.Fatal("the scene's answer is not where it is thought to be")
	}
	s.refused(s.reproved(2, times(t, s.receiver().asked.elements[2], testScalar(1))), ErrProof, "over the answer to chunk 0 does not hold")
	s.refused(s.reproved(0, s.receiver().asked.elements[1]), ErrProof, "chunk 0")
	proofAt := headerSize + 4*elementSize
	s.refused(with(s.message, proofAt, bytes.Repeat([]byte{0xff}, 32)), ErrProof, "chunk 0")
	s.refused(with(s.message, proofAt, make([]byte, 64)), ErrProof, "chunk 0")
	for why, e := range badElements(t) {
		s.refused(s.reproved(3, e), ErrMessage, "element 3 of the answer to chunk 0 "+why)
	}
	s.stillGoesOn()
}

// An honest proof again, over the same evaluations, is taken: what is refused
// above is refused for what is wrong.
func TestChunkProvedAnewIsTaken(t *testing.T) {
	s := newScene(t, firstTurn+1)
	s.message = s.reproved(2, element(s.message[headerSize+2*elementSize:]))
	turn := must(s.receiver().Next(t.Context(), s.message))(t)
	if len(turn.Matches) == 0 {
		t.Error("nothing matched in a chunk of items that both hold")
	}
}

func TestReplayedMessages(t *testing.T) {
	i, j := pairOptions(func(o *OverlapOptions) { o.Payload, o.MaxPayload = 40, 40 })
	i.Seed, j.Seed = testSeed(7), testSeed(8)
	old := must(play(t.Context(), mustBegin(t, i, withNotes(numbered("item", 10))), mustBegin(t, j, withNotes(numbered("item", 9)))))(t)
	s := newScene(t, firstTurn)
	s.refused(old[firstTurn].message, ErrMessage, "belongs to another run")
	// Another run's elements under this run's number: not what was committed to.
	s.refused(with(s.message, headerSize, old[firstTurn].message[headerSize:]), ErrMessage, "chunk 0 is of another set than was committed to")
	before := s.message
	s.step()
	s.step()
	s.refused(before, ErrMessage, "message 4 came, 5 is due: it is replayed or one is missing")
	// The elements of the chunk before, as if they were the next.
	again := bytes.Clone(s.message)
	copy(again[len(again)-32-4*elementSize:len(again)-32], before[headerSize:headerSize+4*elementSize])
	s.refused(again, ErrMessage, "chunk 1 is of another set than was committed to")
	s.stillGoesOn()
}

func TestQueryOfAnotherSetThanCommitted(t *testing.T) {
	s := newScene(t, firstTurn)
	stranger := times(t, element(s.message[headerSize:]), testScalar(3))
	s.refused(with(s.message, headerSize+elementSize, stranger[:]), ErrMessage, "chunk 0 is of another set than was committed to")
	s.refused(with(s.message, len(s.message)-32, make([]byte, 32)), ErrMessage, "chunk 0 is of another set than was committed to")
	s.refused(s.message[:len(s.message)-elementSize], ErrMessage, "bytes, not")
	s.refused(append(bytes.Clone(s.message), 0), ErrMessage, "bytes, not")
	s.refused(with(s.message, 15, []byte{3}), ErrMessage, "by the sizes that both sides committed to")
	s.stillGoesOn()
}

// A tag that is changed on the way, or told otherwise to nobody's harm, makes
// two transcripts, and no proof of the sender holds.
func TestTagsOfAnotherSetThanCommitted(t *testing.T) {
	s := newScene(t, firstTags+1)
	s.message = with(s.message, headerSize, bytes.Repeat([]byte{7}, tagSize))
	for range firstTurn + 1 - (firstTags + 1) {
		s.step()
	}
	s.refused(s.message, ErrProof, "chunk 0")
}

func TestRepeatedTagsAreRefused(t *testing.T) {
	s := newScene(t, firstTags+1)
	record := tagSize + sealedSize(40)
	first := bytes.Clone(s.message[headerSize:][:record])
	s.step()
	s.step()
	s.step()
	s.step()
	s.refused(with(s.message, headerSize, first), ErrMessage, "tag 8 repeats tag 0")
	s.stillGoesOn()
}

// Elements that are none, committed to in good order, are refused when they come.
func TestCommittedElementsThatAreNone(t *testing.T) {
	for why, bad := range badElements(t) {
		i, j := pairOptions(nil)
		a, b := mustBegin(t, i, Items(numbered("item", 10))), mustBegin(t, j, Items(numbered("item", 9)))
		a.query[5] = bad
		var digests []digest
		for lo := 0; lo < 10; lo += 4 {
			digests = append(digests, chunkDigest(initiator, lo/4, a.query[lo:min(lo+4, 10)]))
		}
		a.heads = chain(digests)
		_, err := play(t.Context(), a, b)
		wantRefused(t, err, ErrMessage, "element 1 of the query "+why)
	}
}

// A responder that takes the initiator's commitment for its own cannot open it
// with the initiator's elements.
func TestReflectedQuery(t *testing.T) {
	s := newScene(t, 0)
	s.sides[responder].heads = s.sides[initiator].heads
	for range firstTurn {
		s.step()
	}
	query := bytes.Clone(s.message[headerSize : headerSize+4*elementSize])
	s.sides[responder].asked = &asked{chunk: 0, items: must(s.sides[responder].set.chunk(0, 4))(t), elements: readElements(query, 4)}
	s.step()
	turn, err := s.receiver().Next(t.Context(), s.message)
	wantRefused(t, err, ErrMessage, "chunk 0 is of another set than was committed to")
	if turn.Message != nil {
		t.Error("our own query is answered to us")
	}
}

func TestHellosThatAreRefused(t *testing.T) {
	s := newScene(t, 0)
	at := func(offset int, b ...byte) []byte { return with(s.message, headerSize+offset, b) }
	own := s.receiver().publicKey
	s.refused(with(s.message, headerSize, own[:]), ErrMessage, "public key is our own")
	for why, e := range badElements(t) {
		s.refused(with(s.message, headerSize, e[:]), ErrMessage, "the public key "+why)
	}
	s.refused(at(32, make([]byte, 32)...), ErrMessage, "a commitment to a query stands where none is due, or none where one is")
	s.refused(at(64, 1), ErrMessage, "under other terms")
	s.refused(at(96, 0, 0, 0, 0), ErrMessage, "0 items, 1 to 1048576 are allowed")
	s.refused(at(96, 0xff), ErrMessage, "items, 1 to 1048576 are allowed")
	s.refused(at(103, 5), ErrMessage, "chunks of 5, ours are of 4")
	s.refused(at(104, 4), ErrMessage, "payloads of 1064 bytes, at most 40 are allowed")
	s.refused(at(106, 1), ErrMessage, "has other sides learn")
	s.refused(at(107, 1), ErrMessage, "the reserved byte is not zero")
	s.refused(with(s.message, 6, []byte{1}), ErrMessage, "hello of the responder came, hello of the initiator is due")
	s.refused(with(s.message, 4, []byte{1}), ErrMessage, "version 2")
	s.receiver().options.TheirKey = own[:]
	s.refused(s.message, ErrMessage, "not the one that came with the terms")
	s.receiver().options.TheirKey = s.sender().PublicKey()
	s.stillGoesOn()
}

func TestOverlapWithMoreItemsThanAllowed(t *testing.T) {
	i, j := pairOptions(nil)
	j.MaxTheirs = 9
	_, err := play(t.Context(), mustBegin(t, i, Items(numbered("item", 10))), mustBegin(t, j, Items(numbered("item", 3))))
	wantRefused(t, err, ErrMessage, "10 items, 1 to 9 are allowed")
}

// Whoever stops, at whatever message, has at most one chunk of its own more
// than the other's share, and nothing before all tags were over.
func TestStopAtEachMessageGainsAtMostAChunk(t *testing.T) {
	for _, sizes := range [][2]int{{20, 20}, {20, 3}, {3, 20}, {4, 4}, {17, 9}} {
		i, j := pairOptions(nil)
		a, b := mustBegin(t, i, Items(numbered("item", sizes[0]))), mustBegin(t, j, Items(numbered("item", sizes[1])))
		p := plan{chunk: 4, size: sizes}
		all := must(play(t.Context(), a, b))(t)
		answered := [2]int{} // chunks
		for n, s := range all {
			if n < 2+2*p.tagTurns() && len(s.matches) > 0 {
				t.Errorf("%v: message %d, before the first turn, tells of matches", sizes, n)
			}
			if c := p.answers(s.from, n/2); c >= 0 {
				answered[s.from.other()] = c + 1
			}
			for who := range answered {
				// Shares of the two sets, in chunks of this side.
				mine, theirs := p.chunks(side(who)), p.chunks(side(1-who))
				if ahead := answered[who]*theirs - answered[1-who]*mine; ahead > theirs {
					t.Errorf("%v: after message %d the %v is ahead by more than a chunk: %v", sizes, n, side(who), answered)
				}
			}
		}
		if want := [2]int{p.chunks(initiator), p.chunks(responder)}; answered != want {
			t.Errorf("%v: %v chunks were answered, want %v", sizes, answered, want)
		}
	}
}

// A holder that puts one item's sealed payload beside another's tag, before
// anything is proved, is found out when the item matches.
func TestMovedPayload(t *testing.T) {
	s := newScene(t, firstTags+1)
	record := tagSize + sealedSize(40)
	swapped := bytes.Clone(s.message)
	one, two := swapped[headerSize+tagSize:headerSize+record], swapped[headerSize+record+tagSize:headerSize+2*record]
	kept := slices.Clone(one)
	copy(one, two)
	copy(two, kept)
	before := s.receiver().state
	before.absorb(swapped)
	s.sender().state.transcript = before.transcript
	s.message = swapped
	var err error
	for err == nil && s.message != nil {
		var turn Turn
		turn, err = s.receiver().Next(t.Context(), s.message)
		s.message, s.to = turn.Message, s.to.other()
	}
	wantRefused(t, err, ErrPayload, "does not open under the key of its item: it was moved or altered")
}

func TestSealedPayloadsOpenOnlyInTheirPlace(t *testing.T) {
	key, value := element{1}, [64]byte{2}
	sealed := must(appendSealed(nil, value, key, 7, []byte("call me"), 40))(t)
	if got := must(openSealed(sealed, value, key, 7))(t); string(got) != "call me" {
		t.Errorf("opened as %q", got)
	}
	for name, open := range map[string]func() ([]byte, error){
		"position": func() ([]byte, error) { return openSealed(sealed, value, key, 8) },
		"item":     func() ([]byte, error) { return openSealed(sealed, [64]byte{3}, key, 7) },
		"run":      func() ([]byte, error) { return openSealed(sealed, value, element{4}, 7) },
		"bit":      func() ([]byte, error) { return openSealed(with(sealed, 3, []byte{sealed[3] ^ 1}), value, key, 7) },
	} {
		if got, err := open(); got != nil || !errors.Is(err, ErrPayload) {
			t.Errorf("another %s: got %q, %v", name, got, err)
		}
	}
	if n := len(must(appendSealed(nil, value, key, 7, nil, 40))(t)); n != len(sealed) {
		t.Errorf("an empty payload has %d bytes sealed, a full one %d", n, len(sealed))
	}
}

func TestOverlapRefusesAfterItsEnd(t *testing.T) {
	i, j := pairOptions(nil)
	a, b := mustBegin(t, i, Items(numbered("item", 3))), mustBegin(t, j, Items(numbered("item", 3)))
	if _, err := b.Begin(); !errors.Is(err, errTurn) {
		t.Errorf("the responder begins: %v", err)
	}
	all := must(play(t.Context(), a, b))(t)
	_, err := b.Next(t.Context(), all[len(all)-1].message)
	wantRefused(t, err, ErrMessage, "after the last one of the run")
	a.Zero()
	a.Zero()
	if !isZero(a.key) || !bytes.Equal(a.blindKey, make([]byte, 64)) || !bytes.Equal(a.nonceKey, make([]byte, 64)) {
		t.Error("a secret is left")
	}
	_, err1 := a.Begin()
	_, err2 := a.Next(t.Context(), all[1].message)
	_, err3 := a.State()
	for n, err := range []error{err1, err2, err3} {
		if !errors.Is(err, ErrZeroed) {
			t.Errorf("call %d: got %v, want %v", n, err, ErrZeroed)
		}
	}
}

func TestSetsThatCannotBeUsed(t *testing.T) {
	options := OverlapOptions{Seed: testSeed(1), Pad: 5, Payload: 10}
	for where, set := range map[string]Source{
		"item 2 repeats item 0":                      Items{{1}, {2}, {1}},
		"item 1 has 0 bytes":                         Items{{1}, {}},
		"item 0 has 65536 bytes":                     Items{make([]byte, 65536)},
		"6 are more than the 5":                      Items(numbered("item", 6)),
		"item 0 has a payload of 11 bytes, this run": noted{{Value: []byte{1}, Payload: make([]byte, 11)}},
	} {
		_, err := NewOverlap(t.Context(), options, set)
		wantRefused(t, err, ErrItems, where)
	}
	_, err := NewOverlap(t.Context(), OverlapOptions{Seed: testSeed(1)}, Items(nil))
	wantRefused(t, err, ErrItems, "there are none")
	if _, err := NewOverlap(t.Context(), OverlapOptions{}, Items{{1}}); !errors.Is(err, errZeroSeed) {
		t.Errorf("an empty seed: %v", err)
	}
	for _, o := range []OverlapOptions{{Chunk: MaxChunk + 1}, {MaxTheirs: -1}, {Learn: 3}, {Payload: MaxPayload + 1}, {Pad: MaxItems + 1}} {
		o.Seed = testSeed(1)
		if _, err := NewOverlap(t.Context(), o, Items{{1}}); err == nil || o.MaxMessage() != 0 {
			t.Errorf("%+v is taken", fmt.Sprint(o.Chunk, o.MaxTheirs, o.Learn, o.Payload, o.Pad))
		}
	}
}
