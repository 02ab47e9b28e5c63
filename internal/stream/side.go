package stream

import (
	"context"
	"fmt"
	"time"

	"parley/internal/store"
)

const (
	// DefaultWindow is how many chunks may be on their way in one direction: a
	// mebibyte, which a link of a second's delay carries in a second.
	DefaultWindow = 4
	// MaxWindow is the largest window, in chunks.
	MaxWindow = 16
	// MaxOpen is how many streams one counterpart may have at a time.
	MaxOpen = 64
)

// Opening is what both sides agree on before a stream.
type Opening struct {
	Counterpart int64
	Run         Run
	Window      int // chunks on their way in one direction, 1 to MaxWindow
}

// Open begins a stream on our side. The counterpart does the same by itself,
// with the same window: nothing is sent.
func Open(ctx context.Context, tx *store.Tx, o Opening) error {
	if o.Window < 1 || o.Window > MaxWindow {
		return fmt.Errorf("open stream %s: a window of %d chunks is not 1 to %d", o.Run, o.Window, MaxWindow)
	}
	open, err := tx.OpenStreams(ctx, o.Counterpart)
	if err != nil {
		return err
	}
	if open >= MaxOpen {
		return fmt.Errorf("open stream %s: %d are open: %w", o.Run, open, ErrLimit)
	}
	window := int64(o.Window)
	return tx.AddStream(ctx, store.Stream{
		Counterpart: o.Counterpart, Run: o.Run[:], State: store.StreamOpen, Window: window, Credit: window, Told: window,
	})
}

// Side is our side of a stream within one transaction. What is done with it is
// kept by Keep or Reset.
type Side struct {
	store.Stream
	tx   *store.Tx
	now  time.Time
	used []int64 // messages of the inbox whose chunks were taken
}

// Resume goes on with a stream where it was; [store.ErrNotFound] when the
// counterpart has none of this run.
func Resume(ctx context.Context, tx *store.Tx, now time.Time, counterpart int64, run Run) (*Side, error) {
	row, err := tx.Stream(ctx, counterpart, run[:])
	if err != nil {
		return nil, err
	}
	return &Side{Stream: row, tx: tx, now: now}, nil
}

// Ended reports whether nothing more can come or go.
func (s *Side) Ended() bool { return s.State == store.StreamClosed || s.State == store.StreamReset }

// Take uses a message of the inbox: of a chunk it gives the bytes, which come in
// order and once. Credit has been counted when it arrived: what it makes
// possible is for the caller to do. The error is ErrLate, ErrReset or ErrFault.
func (s *Side) Take(_ context.Context, in store.Incoming) (Message, error) {
	switch {
	case s.Ended():
		return Message{}, ErrLate
	case s.State == store.StreamFaulty: // found when it arrived; its body is gone
		return Message{}, fmt.Errorf("%s: %w", s.Reason, ErrFault)
	}
	m, err := Parse(in.Kind, in.Body)
	if err != nil {
		return m, err
	}
	switch m.Kind {
	case KindReset:
		return m, fmt.Errorf("%w: %s", ErrReset, m.Reason)
	case KindChunk:
		if int64(m.Number) != s.Taken {
			return m, fmt.Errorf("chunk %d came where %d was due: %w", m.Number, s.Taken, ErrFault)
		}
		s.Taken++
		s.TakenLast = m.Last
		s.used = append(s.used, in.ID)
	}
	return m, nil
}

// Room is how many chunks may be sent now.
func (s *Side) Room(ctx context.Context) (int, error) {
	if s.State != store.StreamOpen || s.SentLast {
		return 0, nil
	}
	underway, err := s.tx.StreamUnderway(ctx, s.ID, KindChunk)
	if err != nil {
		return 0, err
	}
	// A counterpart that gives credit has what we sent, and says so with it. One
	// that gives credit and acknowledges nothing would have us hold it all.
	return int(max(0, min(s.Credit-s.Sent, s.Window-underway))), nil
}

// Send queues the next chunk; last says that no more come.
func (s *Side) Send(ctx context.Context, data []byte, last bool) error {
	room, err := s.Room(ctx)
	switch {
	case err != nil:
		return err
	case room == 0:
		return fmt.Errorf("send chunk %d: %w", s.Sent, ErrRoom)
	case len(data) > MaxChunk || (len(data) == 0 && !last):
		return fmt.Errorf("send chunk %d: it has %d bytes, not 1 to %d", s.Sent, len(data), MaxChunk)
	}
	s.Told = s.promise()
	m := Message{Kind: KindChunk, Run: Run(s.Run), Credit: uint64(s.Told), Number: uint64(s.Sent), Last: last, Data: data}
	s.Sent++
	s.SentLast = last
	return s.queue(ctx, m)
}

// promise is the credit that the counterpart may have now.
func (s *Side) promise() int64 { return s.Taken + s.Window }

// Keep keeps what was taken and sent, and gives the credit that is due.
func (s *Side) Keep(ctx context.Context) error {
	if err := s.tell(ctx); err != nil {
		return err
	}
	if s.SentLast && s.TakenLast {
		s.State = store.StreamClosed
	}
	return s.save(ctx)
}

// tell gives credit alone once half a window of it is due, and one at a time:
// a counterpart that acknowledges nothing must not fill our outbox with it.
func (s *Side) tell(ctx context.Context) error {
	if s.TakenLast || s.State != store.StreamOpen || s.promise()-s.Told < max(1, s.Window/2) {
		return nil
	}
	underway, err := s.tx.StreamUnderway(ctx, s.ID, KindCredit)
	if err != nil || underway > 0 {
		return err
	}
	s.Told = s.promise()
	return s.queue(ctx, Message{Kind: KindCredit, Run: Run(s.Run), Credit: uint64(s.Told)})
}

// Reset ends the stream before its time and tells the counterpart why. What was
// not sealed yet is not sent.
func (s *Side) Reset(ctx context.Context, reason string) error {
	if s.Ended() {
		return nil
	}
	if _, err := parseReason([]byte(reason)); err != nil {
		return fmt.Errorf("reset stream %s: %w", Run(s.Run), err)
	}
	if err := s.Drop(ctx, reason); err != nil {
		return err
	}
	return s.queue(ctx, Message{Kind: KindReset, Run: Run(s.Run), Reason: reason})
}

// Close ends the stream without a word where both sides know that all was said.
// What was sent still goes.
func (s *Side) Close(ctx context.Context) error {
	if s.Ended() {
		return nil
	}
	s.State = store.StreamClosed
	return s.save(ctx)
}

// Drop ends the stream without a word: the counterpart ended it, or is told
// otherwise.
func (s *Side) Drop(ctx context.Context, reason string) error {
	if s.Ended() {
		return nil
	}
	if err := s.tx.DropUnsealed(ctx, s.ID); err != nil {
		return err
	}
	s.State, s.Reason = store.StreamReset, reason
	return s.save(ctx)
}

func (s *Side) save(ctx context.Context) error {
	for _, id := range s.used {
		if err := s.tx.Forget(ctx, id); err != nil {
			return err
		}
	}
	s.used = nil
	if err := s.tx.ForgetAcknowledged(ctx, s.ID); err != nil {
		return err
	}
	return s.tx.SetStream(ctx, s.Stream)
}

func (s *Side) queue(ctx context.Context, m Message) error {
	return s.tx.EnqueueOf(ctx, s.ID, store.Outgoing{Counterpart: s.Counterpart, Kind: m.Kind, Body: m.encode(), QueuedAt: s.now})
}
