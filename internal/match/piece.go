package match

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/internal/store"
	"parley/internal/stream"
	"parley/psi"
)

// A message of the count is as long as the sets are large, and its answer
// depends on all of it. It goes over the run's stream in pieces: both sides keep
// what is under way, and a warning never waits for more than one of them.

// stageCount is the stage of a run in which the count's messages move.
const stageCount psi.Stage = "count"

// pieceHead stands before a message: its kind, and its length.
const pieceHead = 1 + 4

// streamed are the messages that go in pieces, with the byte that names each.
var streamed = []string{1: KindCountQuery, 2: KindCountReply, 3: KindCountAnswer}

// Coming is a message that moved in part.
type Coming struct {
	Kind string `json:"kind,omitempty"`
	Size int    `json:"size"` // bytes that it has
	Have int    `json:"have"` // bytes that moved
}

// cut gives a message's pieces.
func cut(kind string, body []byte) [][]byte {
	whole := binary.BigEndian.AppendUint32([]byte{byte(slices.Index(streamed, kind))}, uint32(len(body)))
	return slices.Collect(slices.Chunk(append(whole, body...), stream.MaxChunk))
}

// longest bounds a message of the count, whose query has an element for each
// item of the side that asks, and whose answer has these and a tag for each of
// the other's.
func (m Matching) longest(kind string) int {
	const parts = 16 + 2*4
	query := psi.Header{Kind: psi.KindCountQuery, Elements: m.theirMax()}.Size()
	answer := psi.Header{Kind: psi.KindCountAnswer, Elements: m.Shown(), Tags: m.theirMax()}.Size()
	switch kind {
	case KindCountQuery:
		return parts + query
	case KindCountReply:
		return parts + query + answer
	}
	return parts + answer
}

// heardPiece keeps a piece of a message of the count, and works on the message
// once it is whole.
func (e *Engine) heardPiece(ctx context.Context, t turn, data []byte) (Effect, error) {
	data, err := t.begun(data)
	if err == nil {
		err = t.comes(len(data))
	}
	if err != nil {
		return e.broken(t, err), nil
	}
	if err := e.inTime(ctx, t.m.Progress.Coming.Kind, t.m); errors.Is(err, ErrTerms) {
		return e.broken(t, fmt.Errorf("%s: %w", t.m.Progress.Coming.Kind, err)), nil
	} else if err != nil {
		return Effect{}, err
	}
	if c := t.m.Progress.Coming; c.Have < c.Size {
		t.piece, t.m.State = data, Counting
		t.m.moves(e.Now().UTC(), *c)
		return Effect{Commit: func(ctx context.Context, tx *store.Tx) error { return e.commit(ctx, tx, c.Kind, t) }}, nil
	}
	return e.heardWhole(ctx, t, data)
}

// begun reads the head of a message where one begins: it must be due.
func (t *turn) begun(data []byte) ([]byte, error) {
	if t.m.Progress.Coming != nil {
		return data, nil
	}
	if len(data) < pieceHead || data[0] == 0 || int(data[0]) >= len(streamed) {
		return nil, fmt.Errorf("a chunk came in which no message of the count begins, while the match is %s", t.m.State)
	}
	c := Coming{Kind: streamed[data[0]], Size: int(binary.BigEndian.Uint32(data[1:]))}
	s := steps()[c.Kind]
	if s.role != "" && t.m.Role != s.role {
		return nil, fmt.Errorf("%s came to the side that sends it", c.Kind)
	}
	if err := t.m.mustBe(s.states...); err != nil {
		return nil, err
	}
	if err := t.m.counts(c.Kind); err != nil {
		return nil, err
	}
	if most := t.m.longest(c.Kind); c.Size > most {
		return nil, fmt.Errorf("%s of %d bytes, of at most %d: their set has more selectors than the %d that the terms allow: %w", c.Kind, c.Size, most, t.m.theirMax(), ErrTerms)
	}
	t.m.Progress.Coming = &c
	return data[pieceHead:], nil
}

// comes counts a piece. Each but the last fills its chunk.
func (t *turn) comes(n int) error {
	c := *t.m.Progress.Coming
	c.Have += n
	if rest := c.Size - c.Have; rest < 0 || rest > 0 && len(t.in.Body) < int(stream.Size(nil))+stream.MaxChunk {
		return fmt.Errorf("%s of %d bytes: %d came, in a chunk that does not end with it or is not full", c.Kind, c.Size, c.Have)
	}
	t.m.Progress.Coming = &c
	return nil
}

// moves notes how far a message has moved, in shares of our set.
func (m *Matching) moves(now time.Time, c Coming) {
	f := Flow{Stage: stageCount, Total: max(1, m.Shown()), Since: now, At: now}
	if had := m.Progress.Flow; had != nil && c.Have > stream.MaxChunk {
		f.Since = had.Since
	}
	f.Done = int(int64(f.Total) * int64(c.Have) / int64(c.Size))
	m.Progress.Flow = &f
}

// going notes that so many bytes of a message of ours wait for credit.
func (m *Matching) going(n int) {
	var g Coming
	if m.Progress.Going != nil {
		g = *m.Progress.Going
	}
	g.Size += n
	m.Progress.Going = &g
}

// went notes that so many bytes of ours went: of the count's messages, and of
// an overlap that begins behind them.
func (m *Matching) went(now time.Time, n int) {
	if m.Progress.Going == nil || m.Progress.flowed() {
		return
	}
	g := *m.Progress.Going
	g.Have = min(g.Have+n, g.Size)
	m.Progress.Going, m.Progress.Flow = &g, nil
	if g.Have < g.Size {
		m.moves(now, g)
	}
}

// heardWhole works on a message of the count that came with its last piece.
func (e *Engine) heardWhole(ctx context.Context, t turn, last []byte) (Effect, error) {
	kind := t.m.Progress.Coming.Kind
	t.m.Progress.Coming, t.m.Progress.Flow, t.whole = nil, nil, true
	var body []byte
	err := e.Store.View(ctx, func(tx *store.Tx) (err error) {
		body, err = assembled(ctx, tx, t.m.ID, last)
		return err
	})
	if err != nil {
		return Effect{}, err
	}
	if t.parts, err = partsOf(RunID(t.m.Run), body, steps()[kind].parts); err != nil {
		return e.broken(t, fmt.Errorf("%s: %w", kind, err)), nil
	}
	t.ours = e.setOf(ctx, t.m)
	return e.taken(ctx, kind, t)
}

// maxPieces bounds the pieces of a message, whose length was bounded before.
const maxPieces = 1 << 10

// assembled is a message whose pieces came, with the last of them.
func assembled(ctx context.Context, tx *store.Tx, id int64, last []byte) ([]byte, error) {
	all, err := tx.MatchingPieces(ctx, id, false, maxPieces)
	return slices.Concat(append(all, last)...), err
}

// partsOf takes a message apart that came in the stream of a run, and must be
// of it.
func partsOf(run RunID, body []byte, n int) ([][]byte, error) {
	of, parts, err := decodeMessage(body, n)
	if err == nil && of != run {
		err = errors.New("it is of another run")
	}
	return parts, err
}

// credited uses credit, and sends what waited for it.
func (e *Engine) credited(ctx context.Context, tx *store.Tx, t turn) error {
	if t.m.Progress.Going == nil {
		return e.flow(ctx, tx, &t)
	}
	to, err := e.unmoved(ctx, tx, t.held)
	if err != nil {
		return err
	}
	if err := e.flow(ctx, tx, &t); err != nil {
		return err
	}
	if err := e.save(ctx, tx, t.m); err != nil || t.held.State == t.m.State {
		return err
	}
	return e.record(ctx, tx, e.Self, "match.count.sent", t.m, to.Name, t.summary())
}
