package psi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// Messages written and read by pieces are those that are made whole, and count
// the same.
func TestCountByPieces(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := drawSets(rt)
		pad := rapid.SampledFrom([]int{0, 45}).Draw(rt, "pad")
		asker, answerer := must(NewCountPartyOf(testSeed(1), Items(a), pad))(t), must(NewCountPartyOf(testSeed(2), Items(b), pad))(t)
		var query, answer bytes.Buffer
		if err := errors.Join(asker.WriteQuery(&query), answerer.ReadQuery(t.Context(), bytes.NewReader(query.Bytes()), 50), answerer.WriteAnswer(&answer)); err != nil {
			rt.Fatal(err)
		}
		wantBytes(t, "query", query.Bytes(), asker.Query())
		wantBytes(t, "answer", answer.Bytes(), must(answerer.Answer(asker.Query(), 50))(t))
		count, theirs, err := asker.ReadAnswer(t.Context(), iotest.OneByteReader(bytes.NewReader(answer.Bytes())))
		if want := len(intersect(a, b)); err != nil || count != want || theirs != max(len(b), pad) {
			rt.Fatalf("a count of %d of %d, %v; want %d of %d", count, theirs, err, want, max(len(b), pad))
		}
	})
}

// More than one piece, as an order over all of them.
func TestCountOfSeveralPieces(t *testing.T) {
	items := numbered("item", 2*piece+5)
	asker, answerer := mustCount(t, 1, items), mustCount(t, 2, items[piece/2:])
	var query, answer bytes.Buffer
	if err := errors.Join(asker.WriteQuery(&query), answerer.ReadQuery(t.Context(), &query, len(items)), answerer.WriteAnswer(&answer)); err != nil {
		t.Fatal(err)
	}
	whole := bytes.Clone(answer.Bytes())
	if count, _, err := asker.ReadAnswer(t.Context(), &answer); err != nil || count != len(items)-piece/2 {
		t.Errorf("a count of %d, %v", count, err)
	}
	at := func(i int) int { return headerSize + i*elementSize }
	for where, altered := range map[string][]byte{
		"element 1024 is not above the one before it": with(whole, at(piece), whole[at(piece-1):at(piece)]),
		"tag 1024 is not above the one before it":     with(whole, at(len(items))+piece*tagSize, whole[at(len(items))+(piece-1)*tagSize:][:tagSize]),
	} {
		_, _, err := asker.ReadAnswer(t.Context(), bytes.NewReader(altered))
		wantRefused(t, err, ErrMessage, where)
	}
	for why, e := range badElements(t) {
		_, _, err := asker.ReadAnswer(t.Context(), bytes.NewReader(with(whole, at(0), e[:])))
		if !errors.Is(err, ErrMessage) {
			t.Errorf("a first element that %s: %v", why, err)
		}
	}
}

func TestCountByPiecesRefuses(t *testing.T) {
	items := numbered("item", 9)
	asker, answerer := mustCount(t, 1, items), mustCount(t, 2, items)
	if err := answerer.WriteAnswer(io.Discard); !errors.Is(err, errNotAsked) {
		t.Errorf("an answer to nothing: %v", err)
	}
	query := asker.Query()
	wantRefused(t, answerer.ReadQuery(t.Context(), bytes.NewReader(query), 8), ErrMessage, "count query of 9 items, at most 8 are allowed")
	for n := range len(query) {
		if err := answerer.ReadQuery(t.Context(), bytes.NewReader(query[:n]), 9); !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("a query of %d bytes: %v", n, err)
		}
	}
	if err := answerer.ReadQuery(t.Context(), bytes.NewReader(query), 9); err != nil {
		t.Fatal(err)
	}
	wantRefused(t, answerer.ReadQuery(t.Context(), bytes.NewReader(mustCount(t, 3, items).Query()), 9), ErrMessage, "another query was answered in this run")
	wantRefused(t, answerer.ReadQuery(t.Context(), bytes.NewReader(must(answerer.Answer(query, 9))(t)), 9), ErrMessage, "count answer came, count query is due")
	_, _, err := mustCount(t, 4, items).ReadAnswer(t.Context(), bytes.NewReader(must(answerer.Answer(query, 9))(t)))
	wantRefused(t, err, ErrMessage, "belongs to another query")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := answerer.ReadQuery(ctx, bytes.NewReader(query), 9); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: %v", err)
	}
	answerer.Zero()
	if err := errors.Join(answerer.ReadQuery(t.Context(), bytes.NewReader(query), 9)); !errors.Is(err, ErrZeroed) {
		t.Errorf("a wiped party: %v", err)
	}
}
