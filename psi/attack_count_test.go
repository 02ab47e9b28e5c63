package psi

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"parley/psi/internal/ristretto"
)

// edit parses a message, changes it and writes it again, as a counterpart may
// that knows the format. It does not check what it writes.
func edit(t *testing.T, data []byte, change func(*message)) []byte {
	t.Helper()
	h, err := Inspect(data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := parse(h.Kind, data, MaxItems)
	if err != nil {
		t.Fatal(err)
	}
	change(m)
	return m.marshal()
}

// wantRefused checks that err is of the kind and says where.
func wantRefused(t *testing.T, err, kind error, where string) {
	t.Helper()
	if !errors.Is(err, kind) || !strings.Contains(err.Error(), where) {
		t.Errorf("got %v, want %v with %q", err, kind, where)
	}
}

func testScalar(n byte) *ristretto.Scalar {
	return ristretto.HashToScalar([]byte{n}, []byte("test scalar"))
}

// times returns k·e.
func times(t testing.TB, e element, k *ristretto.Scalar) element {
	t.Helper()
	return must(multiplyAll([]element{e}, k))(t)[0]
}

// badElements are encodings that no honest party sends.
func badElements(t *testing.T) map[string]element {
	var file groupVectors
	readVectors(t, "internal/ristretto/testdata/rfc9496-a.json", &file)
	return map[string]element{
		"is the identity":                          {},
		"is not a canonical ristretto255 encoding": element(file.Invalid[3]),
	}
}

// replaceElement puts e where element i stood, in its place in the order.
func replaceElement(i int, e element) func(*message) {
	return func(m *message) {
		m.elements[i] = e
		sortElements(m.elements)
	}
}

func TestQueryOfBadElements(t *testing.T) {
	count := mustCount(t, 2, numbered("item", 40))
	for why, e := range badElements(t) {
		query := edit(t, mustCount(t, 1, numbered("item", 40)).Query(), replaceElement(35, e))
		_, err := count.Answer(query, 40)
		wantRefused(t, err, ErrMessage, "count query: element")
		wantRefused(t, err, ErrMessage, why)
	}
	// A refused query does not use up the run.
	must(count.Answer(mustCount(t, 1, numbered("item", 40)).Query(), 40))(t)
}

func TestQueryThatRepeatsAnElement(t *testing.T) {
	repeat := func(m *message) { m.elements[7] = m.elements[6] }
	_, err := mustCount(t, 2, numbered("item", 9)).Answer(edit(t, mustCount(t, 1, numbered("item", 9)).Query(), repeat), 9)
	wantRefused(t, err, ErrMessage, "element 7 is not above the one before it")
}

func TestQueryOverTheTerms(t *testing.T) {
	query := mustCount(t, 1, numbered("item", 9)).Query()
	_, err := mustCount(t, 2, numbered("item", 9)).Answer(query, 8)
	wantRefused(t, err, ErrMessage, "9 items, at most 8 are allowed")
}

// A counterpart that asks a second time, with other items, would learn more
// than the terms allow.
func TestSecondQueryInARun(t *testing.T) {
	count := mustCount(t, 2, numbered("item", 9))
	first := mustCount(t, 1, numbered("item", 9)).Query()
	answer := must(count.Answer(first, 9))(t)
	_, err := count.Answer(mustCount(t, 1, numbered("other", 9)).Query(), 9)
	wantRefused(t, err, ErrMessage, "another query was answered in this run")
	if !bytes.Equal(answer, must(count.Answer(first, 9))(t)) {
		t.Error("the same query gets another answer")
	}
}

func TestCountAnswerOfAnotherRun(t *testing.T) {
	items := numbered("item", 9)
	old := must(mustCount(t, 2, items).Answer(mustCount(t, 1, items).Query(), 9))(t)
	_, err := mustCount(t, 3, items).Count(old)
	wantRefused(t, err, ErrMessage, "belongs to another query")

	// Even with the right id it counts nothing: the blinds differ.
	now := mustCount(t, 3, items)
	if n := must(now.Count(edit(t, old, func(m *message) { m.id = now.id })))(t); n != 0 {
		t.Errorf("a replayed answer counts %d", n)
	}
}

func TestCountAnswerInTheQuerysOrder(t *testing.T) {
	asker, answerer := mustCount(t, 1, numbered("item", 9)), mustCount(t, 2, numbered("item", 9))
	query := must(parse(KindCountQuery, asker.Query(), 9))(t)
	unsorted := must(query.multiply(answerer.key))(t)
	if err := answerer.makeTags(); err != nil {
		t.Fatal(err)
	}
	answer := &message{kind: KindCountAnswer, id: query.id, elements: unsorted, tags: answerer.tags}
	_, err := asker.Count(answer.marshal())
	wantRefused(t, err, ErrMessage, "is repeated or out of order")
}

func TestCountAnswerOfBadElements(t *testing.T) {
	items := numbered("item", 40)
	asker := mustCount(t, 1, items)
	answer := must(mustCount(t, 2, items).Answer(asker.Query(), 40))(t)
	for why, e := range badElements(t) {
		_, err := asker.Count(edit(t, answer, replaceElement(20, e)))
		wantRefused(t, err, ErrMessage, why)
	}
	_, err := asker.Count(edit(t, answer, func(m *message) { m.elements = m.elements[:39] }))
	wantRefused(t, err, ErrMessage, "39 elements for our 40 items")
}

// Elements that have nothing to do with the query are no error the asker can
// see: they count as not held. The documents say so.
func TestCountAnswerOfForeignElementsCountsLess(t *testing.T) {
	items := numbered("item", 9)
	asker := mustCount(t, 1, items)
	answer := must(mustCount(t, 2, items).Answer(asker.Query(), 9))(t)
	foreign := encode(ristretto.HashToGroup([]byte("foreign"), []byte("test")))
	if n := must(asker.Count(edit(t, answer, replaceElement(4, foreign))))(t); n != 8 {
		t.Errorf("count %d, want 8", n)
	}
}

// A counterpart without any item asks us our own query, multiplied so that it
// looks new, and returns what we answered, multiplied back.
func TestReflectedCountIsRefused(t *testing.T) {
	victim := mustCount(t, 1, numbered("item", 9))
	factor := testScalar(7)
	back := new(ristretto.Scalar).Invert(factor)
	scale := func(k *ristretto.Scalar) func(*message) {
		return func(m *message) {
			m.elements = must(m.multiply(k))(t)
			sortElements(m.elements)
		}
	}
	answer := must(victim.Answer(edit(t, victim.Query(), scale(factor)), 9))(t)
	_, err := victim.Count(edit(t, answer, scale(back)))
	wantRefused(t, err, ErrMessage, "is our own")
}

// The limit that the documents state: an asker that departs from the protocol
// marks each item with a factor of its own and learns which are counted.
func TestMarkingAskerLearnsWhichAndNoMore(t *testing.T) {
	own, theirs := numbered("item", 6), numbered("item", 3)
	answerer := mustCount(t, 2, theirs)
	blind := testScalar(1)
	query := &message{kind: KindCountQuery}
	factors := make([]*ristretto.Scalar, len(own))
	for i, item := range own {
		factors[i] = testScalar(byte(10 + i))
		p := ristretto.HashToGroup(item, []byte(countHashDST))
		p.ScalarMult(blind, p)
		query.elements = append(query.elements, encode(p.ScalarMult(factors[i], p)))
	}
	sortElements(query.elements)
	answer := must(parse(KindCountAnswer, must(answerer.Answer(query.marshal(), 6))(t), 6))(t)

	var learnt []int
	for i := range own {
		unmark := new(ristretto.Scalar).Invert(new(ristretto.Scalar).Multiply(blind, factors[i]))
		for _, e := range must(answer.multiply(unmark))(t) {
			if hasTag(answer.tags, countTag(e)) {
				learnt = append(learnt, i)
			}
		}
	}
	if !slices.Equal(learnt, []int{0, 1, 2}) {
		t.Errorf("the marking asker learns %v: correct docs/protocol/psi.md", learnt)
	}
}
