package psi

import (
	"bytes"
	"testing"

	"filippo.io/edwards25519"
)

// exchange is an honest overlap to be tampered with: 300 items in 3 batches.
type exchange struct {
	asker, answerer *OverlapParty
	query, answer   []byte
}

func newExchange(t *testing.T) exchange {
	t.Helper()
	x := exchange{asker: mustOverlap(t, 1, numbered("item", 300)), answerer: mustOverlap(t, 2, numbered("item", 290))}
	x.query = x.asker.Query()
	x.answer = must(x.answerer.Answer(x.query, 300))(t)
	return x
}

// dishonest evaluates the query with wrong(i) in place of element i's honest
// evaluation, and proves what it can.
func (x exchange) dishonest(t *testing.T, wrong func(i int, m *message)) []byte {
	t.Helper()
	q := must(parse(KindOverlapQuery, x.query, 300))(t)
	a := &message{kind: KindOverlapAnswer, id: q.id, elements: must(q.multiply(x.answerer.key))(t), tags: x.answerer.ownTags()}
	for i := range a.elements {
		wrong(i, a)
	}
	if err := x.answerer.prove(q, x.query, a); err != nil {
		t.Fatal(err)
	}
	return a.marshal()
}

func TestWrongKeyOnOneItem(t *testing.T) {
	x := newExchange(t)
	q := must(parse(KindOverlapQuery, x.query, 300))(t)
	answer := x.dishonest(t, func(i int, a *message) {
		if i == 200 {
			a.elements[i] = times(t, q.elements[i], testScalar(1))
		}
	})
	_, err := x.asker.Overlap(answer, x.answerer.PublicKey())
	wantRefused(t, err, ErrProof, "the proof over elements 128 to 255 does not hold under the committed key")
}

// Two wrong evaluations whose errors cancel under equal weights do not cancel
// under the proof's.
func TestErrorsThatCancel(t *testing.T) {
	x := newExchange(t)
	answer := x.dishonest(t, func(i int, a *message) {
		p := pointOf(t, a.elements[i])
		switch i {
		case 3:
			a.elements[i] = encode(p.Add(p, edwards25519.NewGeneratorPoint()))
		case 4:
			a.elements[i] = encode(p.Subtract(p, edwards25519.NewGeneratorPoint()))
		}
	})
	_, err := x.asker.Overlap(answer, x.answerer.PublicKey())
	wantRefused(t, err, ErrProof, "over elements 0 to 127")
}

func TestReplacedPublicKey(t *testing.T) {
	x := newExchange(t)
	other := mustOverlap(t, 3, numbered("item", 290))
	_, err := x.asker.Overlap(x.answer, other.PublicKey())
	wantRefused(t, err, ErrProof, "over elements 0 to 127")

	// Everything made with a second key, honestly, is refused under the first.
	_, err = x.asker.Overlap(must(other.Answer(x.query, 300))(t), x.answerer.PublicKey())
	wantRefused(t, err, ErrProof, "over elements 0 to 127")
}

func TestPublicKeyThatIsNone(t *testing.T) {
	x := newExchange(t)
	_, err := x.asker.Overlap(x.answer, x.asker.PublicKey())
	wantRefused(t, err, ErrMessage, "public key is our own")
	_, err = x.asker.Overlap(x.answer, x.answerer.PublicKey()[:31])
	wantRefused(t, err, ErrMessage, "public key has 31 bytes")
	for why, e := range badElements(t) {
		_, err = x.asker.Overlap(x.answer, e[:])
		wantRefused(t, err, ErrMessage, "public key "+why)
	}
}

func TestOverlapAnswerOfAnotherRun(t *testing.T) {
	x := newExchange(t)
	later := mustOverlap(t, 4, numbered("item", 300))
	_, err := later.Overlap(x.answer, x.answerer.PublicKey())
	wantRefused(t, err, ErrMessage, "belongs to another query")
	_, err = later.Overlap(edit(t, x.answer, func(m *message) { m.id = later.id }), x.answerer.PublicKey())
	wantRefused(t, err, ErrProof, "over elements 0 to 127")
}

// Nothing in an answer can be changed, moved or left out after the proof.
func TestTamperedOverlapAnswer(t *testing.T) {
	x := newExchange(t)
	swap := func(p []byte, i, j int) {
		a, b := p[i*proofSize:(i+1)*proofSize], bytes.Clone(p[j*proofSize:(j+1)*proofSize])
		copy(p[j*proofSize:], a)
		copy(a, b)
	}
	cases := map[string]func(*message){
		"proofs swapped":           func(m *message) { swap(m.proofs, 0, 1) },
		"proof repeated":           func(m *message) { copy(m.proofs[proofSize:], m.proofs[:proofSize]) },
		"proof bit":                func(m *message) { m.proofs[5] ^= 1 },
		"proof scalar not reduced": func(m *message) { copy(m.proofs, bytes.Repeat([]byte{0xff}, 32)) },
		"elements swapped":         func(m *message) { m.elements[0], m.elements[1] = m.elements[1], m.elements[0] },
		"element repeated":         func(m *message) { m.elements[1] = m.elements[0] },
		"element moved by G": func(m *message) {
			p := pointOf(t, m.elements[299])
			m.elements[299] = encode(p.Add(p, edwards25519.NewGeneratorPoint()))
		},
		"tag changed":  func(m *message) { m.tags[289] = tag(bytes.Repeat([]byte{0xff}, tagSize)) },
		"tag left out": func(m *message) { m.tags = m.tags[:289] },
	}
	for name, change := range cases {
		got, err := x.asker.Overlap(edit(t, x.answer, change), x.answerer.PublicKey())
		if got != nil {
			t.Errorf("%s: a refused answer gives %d items", name, len(got))
		}
		wantRefused(t, err, ErrProof, "overlap answer: the proof over elements")
	}
	for why, e := range badElements(t) {
		_, err := x.asker.Overlap(edit(t, x.answer, replaceElement(150, e)), x.answerer.PublicKey())
		wantRefused(t, err, ErrMessage, "element 150 "+why)
	}
	if got := must(x.asker.Overlap(x.answer, x.answerer.PublicKey()))(t); len(got) != 290 {
		t.Errorf("the honest answer gives %d items, want 290", len(got))
	}
}

// The RFC weighs a pair by itself alone; ours changes every batch's weights
// with every part of the answer. The nonces change with them.
func TestEveryPartOfTheAnswerBindsEveryProof(t *testing.T) {
	x := newExchange(t)
	a := must(parse(KindOverlapAnswer, x.answer, 300))(t)
	honest := transcript(x.answerer.publicKey, x.query, a)
	changes := map[string]func() [64]byte{
		"public key": func() [64]byte { return transcript(x.asker.publicKey, x.query, a) },
		"query":      func() [64]byte { return transcript(x.answerer.publicKey, x.query[1:], a) },
		"element": func() [64]byte {
			b := *a
			b.elements = append([]element{{1}}, a.elements[1:]...)
			return transcript(x.answerer.publicKey, x.query, &b)
		},
		"number of elements": func() [64]byte {
			b := *a
			b.elements = a.elements[:299]
			return transcript(x.answerer.publicKey, x.query, &b)
		},
		"tag": func() [64]byte {
			b := *a
			b.tags = a.tags[1:]
			return transcript(x.answerer.publicKey, x.query, &b)
		},
	}
	for part, changed := range changes {
		if changed() == honest {
			t.Errorf("another %s leaves the transcript as it was", part)
		}
	}
	key := x.answerer.nonceKey
	if proofNonce(key, batchContext(honest, 0)).Equal(proofNonce(key, batchContext(honest, 1))) == 1 {
		t.Error("two proofs share a nonce")
	}
}

// A counterpart can leave out its tags before it proves: that is lying about
// its own set, which no proof prevents and the count reveals.
func TestLyingAboutOnesOwnSet(t *testing.T) {
	x := newExchange(t)
	x.answerer.tags = x.answerer.ownTags()[:100]
	answer := x.dishonest(t, func(int, *message) {})
	got := must(x.asker.Overlap(answer, x.answerer.PublicKey()))(t)
	if r := (Result{Count: 290, Overlap: make([]Match, len(got))}); len(got) != 100 || !r.Departs() {
		t.Errorf("overlap of %d, departs %v; want 100, true", len(got), r.Departs())
	}
}
