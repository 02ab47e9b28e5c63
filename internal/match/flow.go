package match

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/store"
	"parley/internal/stream"
	"parley/psi"
)

// Flow is how far a run has come. Both sides have one: what one has done of its
// items keeps step with the other, to within a chunk. While a message of the
// count moves it is the share that has moved.
type Flow struct {
	Stage psi.Stage `json:"stage"` // count, prepare, tags or overlap
	Done  int       `json:"done"`  // of our items
	Total int       `json:"total"`
	Since time.Time `json:"since"` // when the stage began
	At    time.Time `json:"at"`    // when this was so
}

// note is told by psi what is done of a stage.
func (f *Flow) note(stage psi.Stage, done, total int) {
	if f.Stage != stage {
		f.Since = time.Time{}
	}
	f.Stage, f.Done, f.Total = stage, done, total
}

// Left is the time that the rest of the stage takes at the pace so far; 0 when
// that cannot be said.
func (f *Flow) Left() time.Duration {
	if f.Done == 0 || f.Done >= f.Total {
		return 0
	}
	return f.At.Sub(f.Since) / time.Duration(f.Done) * time.Duration(f.Total-f.Done)
}

// flowed is the effect of a message of a run's stream.
func (e *Engine) flowed(ctx context.Context, in store.Incoming) (Effect, error) {
	run, err := stream.RunOf(in.Body)
	if err != nil {
		return ignored("%s: %v", in.Kind, err), nil
	}
	t := turn{message: in.ID, in: &in}
	var heard stream.Message
	err = e.Store.View(ctx, func(tx *store.Tx) error {
		row, err := tx.MatchingByRun(ctx, in.Counterpart, run[:])
		if err != nil {
			return err
		}
		if t.m, err = load(row); err != nil {
			return err
		}
		side, err := stream.Resume(ctx, tx, e.Now(), in.Counterpart, run)
		if err == nil {
			heard, err = side.Take(ctx, in)
		}
		return err
	})
	t.held = t.m.Matching
	switch {
	case errors.Is(err, store.ErrNotFound):
		return ignored("%s: no stream with this counterpart has the run %s", in.Kind, run), nil
	case errors.Is(err, stream.ErrLate):
		return Effect{Commit: func(context.Context, *store.Tx) error { return nil }}, nil
	case errors.Is(err, stream.ErrFault):
		return e.broken(t, err), nil
	case errors.Is(err, stream.ErrReset):
		t.in, t.parts = nil, [][]byte{[]byte(heard.Reason)}
		return Effect{Commit: func(ctx context.Context, tx *store.Tx) error { return e.commit(ctx, tx, in.Kind, t) }}, t.abort()
	case err != nil:
		return Effect{}, err
	}
	return e.heard(ctx, t, heard)
}

// heard works on what came in a stream.
func (e *Engine) heard(ctx context.Context, t turn, heard stream.Message) (Effect, error) {
	in := *t.in
	if t.m.Terms.Mode == ModeStanding {
		return e.heardAnswer(ctx, t, heard)
	}
	if heard.Kind == stream.KindCredit {
		return Effect{Commit: func(ctx context.Context, tx *store.Tx) error { return e.credited(ctx, tx, t) }}, nil
	}
	begins := t.m.Role == Responder && t.m.State == Counted
	t.m.Progress.BytesIn += int64(len(in.Body))
	if t.m.State == Accepted || t.m.State == Counting {
		return e.heardPiece(ctx, t, heard.Data)
	}
	switch {
	case t.m.Progress.Asked != 0:
		return e.broken(t, errors.New("a chunk came while the first one waits for a person")), nil
	case !begins && t.m.State != Overlapping:
		return e.broken(t, fmt.Errorf("a chunk came while the match is %s", t.m.State)), nil
	case begins && !t.m.Terms.goesOn():
		return e.broken(t, errors.New("the terms reveal the count only")), nil
	}
	if err := e.inTime(ctx, in.Kind, t.m); errors.Is(err, ErrTerms) {
		return e.broken(t, fmt.Errorf("%s: %w", in.Kind, err)), nil
	} else if err != nil {
		return Effect{}, err
	}
	if begins && t.m.Progress.Hold {
		t.m.Progress.Asked, t.in = in.ID, nil // it is used once that person has decided
		return Effect{
			Commit: func(ctx context.Context, tx *store.Tx) error { return e.commit(ctx, tx, KindOverlap, t) },
			waits:  true,
		}, nil
	}
	err := e.next(ctx, &t, heard.Data)
	if departs(err) {
		return e.broken(t, err), nil
	}
	return Effect{Commit: func(ctx context.Context, tx *store.Tx) error { return e.commit(ctx, tx, KindOverlap, t) }}, err
}

// departs reports whether an error is the counterpart's.
func departs(err error) bool {
	return errors.Is(err, psi.ErrMessage) || errors.Is(err, psi.ErrProof) || errors.Is(err, psi.ErrPayload) || errors.Is(err, ErrPeer)
}

// begin makes our side's first chunk of the overlap.
func (e *Engine) begin(ctx context.Context, t *turn) error {
	defer t.m.timed("overlap")()
	o, err := e.overlapOf(ctx, t.m)
	if err != nil {
		return err
	}
	if t.chunk, err = o.Begin(); err != nil {
		o.Zero()
		return err
	}
	t.m.State = Overlapping
	return e.stand(t, o)
}

// next takes a message of the other side's and makes ours.
func (e *Engine) next(ctx context.Context, t *turn, message []byte) error {
	defer t.m.timed("overlap")()
	o, err := e.overlapOf(ctx, t.m)
	if err != nil {
		return err
	}
	said, err := o.Next(ctx, message)
	if err == nil {
		if err = t.sized(o.Theirs()); err != nil {
			err = fmt.Errorf("%w: %w", err, ErrPeer)
		}
	}
	if err != nil {
		o.Zero()
		return err
	}
	t.m.State, t.chunk, t.last, t.notes = Overlapping, said.Message, said.Done, map[int]string{}
	for _, m := range said.Matches {
		t.matched = append(t.matched, m.Index)
		if len(m.Payload) > 0 {
			t.notes[m.Index] = readable(m.Payload)
		}
	}
	t.m.Progress.Overlap += len(t.matched)
	if said.Done {
		t.m.State = Done
		t.compare()
	}
	return e.stand(t, o)
}

// compare holds the overlap against the count, where our side learnt both.
func (t *turn) compare() {
	if p := &t.m.Progress; p.CountKnown && p.Overlap != p.Count {
		p.Alarm = fmt.Sprintf("the count said %d, the overlap has %d: the other side used different sets", p.Count, p.Overlap)
	}
}

// stand notes where the overlap stands after a step.
func (e *Engine) stand(t *turn, o *overlap) (err error) {
	if o.state, err = o.State(); err != nil {
		return err
	}
	now := e.Now().UTC()
	if o.flow.Since.IsZero() {
		o.flow.Since = now
	}
	o.flow.At = now
	flow := o.flow
	t.m.Progress.Flow, t.party = &flow, o
	return nil
}

// flow keeps a step of the stream: what was used, what it causes, and where the
// overlap stands, in one transaction with the match's.
func (e *Engine) flow(ctx context.Context, tx *store.Tx, t *turn) error {
	if t.in == nil && t.chunk == nil && t.pieces == nil {
		return nil
	}
	side, err := e.use(ctx, tx, t)
	if err != nil {
		return err
	}
	if err := e.say(ctx, tx, t, side); err != nil {
		return err
	}
	if err := side.Keep(ctx); err != nil || t.party == nil {
		return err
	}
	if err := t.party.kept.keep(ctx, tx); err != nil {
		return err
	}
	if err := tx.SetMatchingRun(ctx, t.m.ID, t.party.state); err != nil {
		return err
	}
	e.overlaps.put(t.m.ID, t.party)
	return nil
}

// use takes the message of the stream that a step used.
func (e *Engine) use(ctx context.Context, tx *store.Tx, t *turn) (*stream.Side, error) {
	side, err := stream.Resume(ctx, tx, e.Now(), t.m.Counterpart, stream.Run(t.m.Run))
	if err != nil {
		return nil, err
	}
	if t.in != nil {
		if _, err := side.Take(ctx, *t.in); errors.Is(err, stream.ErrFault) {
			return nil, fmt.Errorf("%w: %w", err, errMoved) // found out while this was worked on: work on it again
		} else if err != nil {
			return nil, err
		}
	}
	switch {
	case t.piece != nil:
		return side, tx.PutMatchingPiece(ctx, t.m.ID, false, t.piece)
	case t.whole:
		return side, tx.DropMatchingPieces(ctx, t.m.ID)
	}
	return side, nil
}

// say sends what a step says, behind what of earlier ones waits for credit. A
// run of which something waits is not done.
func (e *Engine) say(ctx context.Context, tx *store.Tx, t *turn, side *stream.Side) error {
	for _, p := range t.pieces {
		t.m.going(len(p))
	}
	queue := t.pieces
	if t.chunk != nil {
		queue = append(queue, t.chunk)
	}
	rest, err := e.pump(ctx, tx, &t.m, side, queue, t.last)
	switch {
	case err != nil:
		return err
	case rest && t.chunk != nil && t.held.State == Overlapping:
		return fmt.Errorf("the counterpart used what it was sent and gives no credit: %w", ErrPeer)
	case rest && t.m.State == Done:
		t.m.State, t.m.Progress.Ending = Counting, true
	case !rest && t.m.Progress.Ending:
		t.m.State, t.m.Progress.Ending, t.m.Progress.Finished = Done, false, e.Now().UTC()
	}
	return nil
}

// pump sends the pieces that wait and then more, as many as there is room for.
// It keeps what is left, and reports whether anything is. Where end is set
// nothing comes after them.
func (e *Engine) pump(ctx context.Context, tx *store.Tx, m *Matching, side *stream.Side, more [][]byte, end bool) (rest bool, err error) {
	room, err := side.Room(ctx)
	if err != nil {
		return false, err
	}
	waiting, err := tx.MatchingPieces(ctx, m.ID, true, room+1)
	if err != nil {
		return false, err
	}
	queue := append(waiting, more...)
	sent := min(room, len(queue))
	for i, p := range queue[:sent] {
		if err := side.Send(ctx, p, end && i == len(queue)-1); err != nil {
			return false, err
		}
		if i < len(waiting) {
			if err := tx.DropMatchingPiece(ctx, m.ID); err != nil {
				return false, err
			}
		}
		m.Progress.BytesOut += stream.Size(p)
		m.went(e.Now().UTC(), len(p))
	}
	for _, p := range queue[max(sent, len(waiting)):] {
		if err := tx.PutMatchingPiece(ctx, m.ID, true, p); err != nil {
			return false, err
		}
	}
	if rest = len(queue) > sent; !rest {
		m.Progress.Going = nil
	}
	return rest, nil
}

// openStream opens our side of a run's stream.
func (e *Engine) openStream(ctx context.Context, tx *store.Tx, m Matching) error {
	_, err := tx.Stream(ctx, m.Counterpart, m.Run)
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return stream.Open(ctx, tx, stream.Opening{Counterpart: m.Counterpart, Run: stream.Run(m.Run), Window: stream.DefaultWindow})
}

// closeStream ends the stream of a match that has ended, and forgets how far
// its overlap had come.
func (e *Engine) closeStream(ctx context.Context, tx *store.Tx, m Matching) error {
	e.overlaps.drop(m.ID)
	side, err := stream.Resume(ctx, tx, e.Now(), m.Counterpart, stream.Run(m.Run))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if m.State == Done {
		err = side.Close(ctx)
	} else {
		err = side.Drop(ctx, "the match is "+m.State)
	}
	return errors.Join(err, tx.DropMatchingRun(ctx, m.ID))
}
