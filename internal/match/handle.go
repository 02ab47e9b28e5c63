package match

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"parley/internal/store"
	"parley/internal/stream"
	"parley/psi"
)

// Effect is what an incoming message comes to, computed outside any
// transaction so that no long computation keeps others from the store. Commit
// applies it. Refused, when set, says why the message was not taken.
type Effect struct {
	Refused string
	Commit  func(context.Context, *store.Tx) error

	waits bool // the message is needed later, when a person has decided
}

// ignored is the effect of a message that changes nothing here.
func ignored(format string, args ...any) Effect {
	return Effect{
		Refused: fmt.Sprintf(format, args...),
		Commit:  func(context.Context, *store.Tx) error { return nil },
	}
}

// step is how one kind of message is taken.
type step struct {
	parts  int               // how many parts its body has
	role   string            // the side it may come to; empty: either
	states []string          // when it may come
	take   func(*turn) error // the work
}

// turn is one message being worked on: the match as it will be afterwards and
// what is to be sent.
type turn struct {
	m       Matching
	held    store.Matching // as it was when the work began
	message int64          // the number of the message in the inbox
	parts   [][]byte
	ours    psi.Source // our set
	send    []message
	matched []int
	notes   map[int]string // what the other side attached to them

	begins bool            // the overlap is due
	in     *store.Incoming // the message of the stream that is used
	piece  []byte          // what it has of a message that is not whole
	whole  bool            // it made one whole
	pieces [][]byte        // what goes into the stream of messages of the count
	chunk  []byte          // and of the overlap; nil: nothing
	last   bool            // nothing more goes there
	party  *overlap        // the overlap after this step
}

type message struct {
	kind  string
	parts [][]byte
}

// reply sends a message with the step, in pieces over the run's stream where it
// is one of the count's.
func (t *turn) reply(kind string, parts ...[]byte) {
	if slices.Contains(streamed, kind) {
		t.pieces = append(t.pieces, cut(kind, encodeMessage(RunID(t.m.Run), parts...))...)
		return
	}
	t.send = append(t.send, message{kind, parts})
}

func steps() map[string]step {
	return map[string]step{
		KindAccept:      {parts: 2, states: []string{Proposed}, take: (*turn).accept},
		KindDecline:     {parts: 1, states: []string{Proposed, Checking}, take: (*turn).decline},
		KindWithdraw:    {parts: 1, states: []string{Offered, Done, Standing}, take: (*turn).withdraw},
		KindCountBegin:  {parts: 0, role: Responder, states: []string{Accepted}, take: (*turn).countBegin},
		KindCountQuery:  {parts: 1, states: []string{Accepted, Counting}, take: (*turn).countQuery},
		KindCountReply:  {parts: 2, role: Initiator, states: []string{Counting}, take: (*turn).countReply},
		KindCountAnswer: {parts: 1, states: []string{Counting}, take: (*turn).countAnswer},
		KindAbort:       {parts: 1, states: []string{Proposed, Offered, Accepted, Counting, Counted, Overlapping, Checking, Answering}, take: (*turn).abort},
	}
}

// Handle computes the effect of a message of a match. An error means that it
// could not be computed now (the store failed) and must be tried again; what
// the other side did wrong is an Effect that refuses it. With its effect a
// message's body is forgotten: queries and answers are not kept once used.
func (e *Engine) Handle(ctx context.Context, in store.Incoming) (Effect, error) {
	eff, err := e.effect(ctx, in)
	if err != nil || eff.waits {
		return eff, err
	}
	commit := eff.Commit
	eff.Commit = func(ctx context.Context, tx *store.Tx) error {
		if err := commit(ctx, tx); err != nil {
			return err
		}
		return tx.Forget(ctx, in.ID)
	}
	return eff, nil
}

func (e *Engine) effect(ctx context.Context, in store.Incoming) (Effect, error) {
	switch in.Kind {
	case KindPropose:
		return e.offered(in), nil
	case KindCounter:
		return e.countered(ctx, in)
	case KindAgain:
		return e.askedAgain(in), nil
	case KindCheck:
		return e.checked(ctx, in)
	case KindAsk:
		return e.askedAbout(ctx, in)
	}
	if stream.Ours(in.Kind) {
		return e.flowed(ctx, in)
	}
	s, known := steps()[in.Kind]
	if !known || slices.Contains(streamed, in.Kind) {
		return ignored("no step of a match is called %.60q", in.Kind), nil
	}
	m, parts, refused, err := e.opened(ctx, in, s.parts)
	if err != nil || refused != "" {
		return ignored("%s: %s", in.Kind, refused), err
	}
	t := turn{m: m, parts: parts, message: in.ID}
	if s.role != "" && t.m.Role != s.role {
		return ignored("%s came to the side that sends it", in.Kind), nil
	}
	if err := t.m.mustBe(s.states...); err != nil {
		return ignored("%s: %v", in.Kind, err), nil
	}
	if err := t.m.counts(in.Kind); errors.Is(err, ErrTerms) {
		t.held = t.m.Matching
		return e.broken(t, err), nil
	} else if err != nil {
		return ignored("%s: %v", in.Kind, err), nil
	}
	t.held, t.ours = t.m.Matching, e.setOf(ctx, t.m)
	if err := e.inTime(ctx, in.Kind, t.m); errors.Is(err, ErrTerms) {
		return e.broken(t, fmt.Errorf("%s: %w", in.Kind, err)), nil
	} else if err != nil {
		return Effect{}, err
	}
	t.m.Progress.BytesIn += int64(len(in.Body))
	return e.taken(ctx, in.Kind, t)
}

// taken does the step of a message that may be taken.
func (e *Engine) taken(ctx context.Context, kind string, t turn) (Effect, error) {
	if err := steps()[kind].take(&t); err != nil {
		return e.broken(t, fmt.Errorf("%s: %w", kind, err)), nil
	}
	if t.begins {
		if err := e.begin(ctx, &t); err != nil {
			return Effect{}, err
		}
	}
	return Effect{Commit: func(ctx context.Context, tx *store.Tx) error { return e.commit(ctx, tx, kind, t) }}, nil
}

// opened takes a message of n parts apart and reads the match that it is about,
// or says why it is of none.
func (e *Engine) opened(ctx context.Context, in store.Incoming, n int) (m Matching, parts [][]byte, refused string, err error) {
	run, parts, err := decodeMessage(in.Body, n)
	if err != nil {
		return m, nil, err.Error(), nil
	}
	err = e.Store.View(ctx, func(tx *store.Tx) error {
		row, err := tx.MatchingByRun(ctx, in.Counterpart, run[:])
		if err != nil {
			return err
		}
		m, err = load(row)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return m, nil, fmt.Sprintf("no match with this counterpart has the run %s", run), nil
	}
	return m, parts, "", err
}

// commit applies a computed turn, unless one of our people moved the match
// meanwhile: then the message is worked on again.
func (e *Engine) commit(ctx context.Context, tx *store.Tx, kind string, t turn) error {
	to, err := e.unmoved(ctx, tx, t.held)
	if err != nil {
		return err
	}
	if err := tx.MarkMatched(ctx, t.m.ID, t.matched); err != nil {
		return err
	}
	if err := t.keepNotes(ctx, tx); err != nil {
		return err
	}
	for _, msg := range t.send {
		if err := e.send(ctx, tx, &t.m, msg.kind, msg.parts...); err != nil {
			return err
		}
	}
	if err := e.flow(ctx, tx, &t); err != nil {
		return err
	}
	if Ended(t.m.State) && t.m.Progress.Finished.IsZero() {
		t.m.Progress.Finished = e.Now().UTC()
	}
	if err := e.save(ctx, tx, t.m); err != nil {
		return err
	}
	if t.between() {
		return nil // the ledger has a phase's beginning and its end
	}
	return e.record(ctx, tx, to.Name, kind, t.m, to.Name, t.summary())
}

// between reports whether a turn is one of many in the midst of the overlap, or
// a piece of a message.
func (t turn) between() bool {
	return t.held.State == Overlapping && t.m.State == Overlapping || t.piece != nil
}

// summary is what the ledger keeps of a step: sizes and results, no selector.
func (t turn) summary() any {
	p := t.m.Progress
	return struct {
		State   string `json:"state"`
		Ours    int    `json:"ours"` // as the other side sees it, as is theirs
		Theirs  int    `json:"theirs"`
		Count   *int   `json:"count,omitempty"`
		Overlap *int   `json:"overlap,omitempty"`
		Reason  string `json:"reason,omitempty"`
		Alarm   string `json:"alarm,omitempty"`
		Flow    *Flow  `json:"flow,omitempty"`
	}{t.m.State, t.m.Shown(), p.TheirSize, known(p.Count, p.CountKnown), known(p.Overlap, p.flowed() && t.m.Learns() && Ended(t.m.State)), p.Reason, p.Alarm, p.Flow}
}

func known(n int, is bool) *int {
	if !is {
		return nil
	}
	return &n
}

// broken ends a match in which the other side departed from the terms or the
// protocol.
func (e *Engine) broken(t turn, why error) Effect {
	return Effect{
		Refused: why.Error(),
		Commit: func(ctx context.Context, tx *store.Tx) error {
			to, err := e.unmoved(ctx, tx, t.held)
			if err != nil {
				return err
			}
			return e.end(ctx, tx, e.Self, t.m, to, Refused, why.Error())
		},
	}
}

// unmoved sees that the match is still as it was when the work began: none of
// our people moved it, or lifted its hold, meanwhile.
func (e *Engine) unmoved(ctx context.Context, tx *store.Tx, held store.Matching) (store.Counterpart, error) {
	now, err := tx.Matching(ctx, held.ID)
	if err != nil {
		return store.Counterpart{}, err
	}
	if now.State != held.State || !bytes.Equal(now.Progress, held.Progress) {
		return store.Counterpart{}, fmt.Errorf("match M%d: %w", held.ID, errMoved)
	}
	return tx.CounterpartByID(ctx, held.Counterpart)
}
