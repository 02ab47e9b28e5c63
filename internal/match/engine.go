package match

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"parley/internal/store"
)

// Engine drives the matches of one node.
type Engine struct {
	Store *store.Store
	Self  string // our party's name
	Rand  io.Reader
	Now   func() time.Time
	// Found is told, in the transaction that keeps it, what a check found that was
	// made by itself for whoever watches.
	Found func(ctx context.Context, tx *store.Tx, m Matching, watcher string) error

	overlaps underway
}

// ErrState: the match is not in a state in which this can be done.
var ErrState = errors.New("the match is not at that step")

// errMoved: another step of the match was kept while this one was worked on.
var errMoved = fmt.Errorf("it moved on meanwhile: %w", ErrState)

// ErrPeer: the counterpart's message contradicts what we know of it.
var ErrPeer = errors.New("the counterpart broke the protocol")

// Propose sends terms to a counterpart, and keeps them as a match.
func (e *Engine) Propose(ctx context.Context, tx *store.Tx, actor string, to store.Counterpart, o Offer) (int64, error) {
	now, err := e.clock(ctx, tx)
	if err != nil {
		return 0, err
	}
	terms := o.onto(usual(o.Kinds, o.Runs, now.Truncate(time.Second)), Initiator)
	terms.From, terms.To = e.Self, to.Name
	if _, err := io.ReadFull(e.Rand, terms.Run[:]); err != nil {
		return 0, fmt.Errorf("draw a run number: %w", err)
	}
	if err := terms.Validate(); err != nil {
		return 0, err
	}
	m := Matching{Terms: terms, Progress: Progress{Hold: o.Hold, Evidence: o.Evidence, Note: o.Note}}
	m.Run, m.Counterpart, m.Role, m.State = terms.Run[:], to.ID, Initiator, Proposed
	body, err := terms.encode()
	if err != nil {
		return 0, fmt.Errorf("write terms: %w", err)
	}
	if err := e.add(ctx, tx, &m, body); err != nil {
		return 0, err
	}
	if err := e.agree(ctx, tx, &m, to.Name); err != nil {
		return 0, err
	}
	if err := e.send(ctx, tx, &m, KindPropose, body, m.Progress.OurKey); err != nil {
		return 0, err
	}
	if err := e.save(ctx, tx, m); err != nil {
		return 0, err
	}
	if err := e.recordNote(ctx, tx, actor, m, to.Name); err != nil {
		return 0, err
	}
	return m.ID, e.record(ctx, tx, actor, KindPropose, m, to.Name, terms)
}

// Accept agrees to a counterpart's terms. The note, if there is one, goes with
// every selector of ours.
func (e *Engine) Accept(ctx context.Context, tx *store.Tx, actor string, id int64, evidence int64, hold bool, note string) error {
	m, to, err := e.load(ctx, tx, id, Offered)
	if err != nil {
		return err
	}
	m.State, m.Progress.Hold, m.Progress.Evidence, m.Progress.Note = m.Terms.agreed(), hold, evidence, note
	if err := e.agree(ctx, tx, &m, to.Name); err != nil {
		return err
	}
	if err := e.send(ctx, tx, &m, KindAccept, digest(m.Matching.Terms), m.Progress.OurKey); err != nil {
		return err
	}
	if err := e.save(ctx, tx, m); err != nil {
		return err
	}
	if err := e.recordNote(ctx, tx, actor, m, to.Name); err != nil {
		return err
	}
	return e.record(ctx, tx, actor, KindAccept, m, to.Name, m.Terms)
}

// Decline refuses a counterpart's terms, with a reason that it is shown.
func (e *Engine) Decline(ctx context.Context, tx *store.Tx, actor string, id int64, reason string) error {
	m, to, err := e.load(ctx, tx, id, Offered)
	if err != nil {
		return err
	}
	if err := checkReason(reason); err != nil {
		return err
	}
	m.State, m.Progress.Reason, m.Progress.Finished = Declined, reason, e.Now().UTC()
	if err := e.send(ctx, tx, &m, KindDecline, []byte(reason)); err != nil {
		return err
	}
	if err := e.save(ctx, tx, m); err != nil {
		return err
	}
	return e.record(ctx, tx, actor, KindDecline, m, to.Name, reasoned{Reason: reason})
}

// Abort ends a match that is under way, and tells the other side.
func (e *Engine) Abort(ctx context.Context, tx *store.Tx, actor string, id int64, reason string) error {
	m, to, err := e.load(ctx, tx, id, Proposed, Offered, Accepted, Counting, Counted, Overlapping, Checking, Answering)
	if err != nil {
		return err
	}
	if err := checkReason(reason); err != nil {
		return err
	}
	return e.end(ctx, tx, actor, m, to, Aborted, reason)
}

type reasoned struct {
	Reason string `json:"reason"`
	Flow   *Flow  `json:"flow,omitempty"` // how far the overlap had come
}

// checkReason bounds what we say to the other side as it bounds what it says.
func checkReason(reason string) error {
	if n := utf8.RuneCountInString(reason); n > maxReason || !printable(reason) {
		return fmt.Errorf("a reason has at most %d readable characters", maxReason)
	}
	return nil
}

// toldBroken is all that the other side hears of why a match was refused: our
// own words for it could say something of our set.
const toldBroken = "a message broke the protocol or the terms"

// end closes a match before its time, tells the other side what it may hear,
// and leaves no secret behind.
func (e *Engine) end(ctx context.Context, tx *store.Tx, actor string, m Matching, to store.Counterpart, state, reason string) error {
	told := reason
	if state == Refused {
		told = toldBroken
	}
	m.State, m.Progress.Reason, m.Progress.Finished = state, reason, e.Now().UTC()
	if err := e.send(ctx, tx, &m, KindAbort, []byte(told)); err != nil {
		return err
	}
	if err := e.save(ctx, tx, m); err != nil {
		return err
	}
	return e.record(ctx, tx, actor, "match."+state, m, to.Name, reasoned{reason, m.Progress.Flow})
}

// add keeps a new match with the first round of its terms.
func (e *Engine) add(ctx context.Context, tx *store.Tx, m *Matching, terms []byte) error {
	m.Matching.Terms = terms
	if err := e.addRun(ctx, tx, m); err != nil {
		return err
	}
	return e.setTerms(ctx, tx, m, m.Terms, terms)
}

func (e *Engine) save(ctx context.Context, tx *store.Tx, m Matching) error {
	if m.Progress.Asked != 0 && m.State != Counted { // the person decided, or nobody need to any more
		if err := tx.Forget(ctx, m.Progress.Asked); err != nil {
			return err
		}
		m.Progress.Asked = 0
	}
	if err := e.settle(ctx, tx, m); err != nil {
		return err
	}
	if err := e.judge(ctx, tx, &m); err != nil {
		return err
	}
	if Ended(m.State) {
		if err := errors.Join(e.closeStream(ctx, tx, m), e.forgetList(ctx, tx, m)); err != nil {
			return err
		}
	}
	row, err := m.row(e.Now())
	if err != nil {
		return err
	}
	return tx.SetMatching(ctx, row)
}

// load reads a match that must be in one of the states given.
func (e *Engine) load(ctx context.Context, tx *store.Tx, id int64, states ...string) (Matching, store.Counterpart, error) {
	row, err := tx.Matching(ctx, id)
	if err != nil {
		return Matching{}, store.Counterpart{}, err
	}
	m, err := load(row)
	if err != nil {
		return m, store.Counterpart{}, err
	}
	to, err := tx.CounterpartByID(ctx, m.Counterpart)
	if err != nil {
		return m, to, err
	}
	return m, to, m.mustBe(states...)
}

func (m Matching) mustBe(states ...string) error {
	for _, s := range states {
		if m.State == s {
			return nil
		}
	}
	return fmt.Errorf("match M%d is %s: %w", m.ID, m.State, ErrState)
}

// send queues a message of the run.
func (e *Engine) send(ctx context.Context, tx *store.Tx, m *Matching, kind string, parts ...[]byte) error {
	body := encodeMessage(RunID(m.Run), parts...)
	m.Progress.BytesOut += int64(len(body))
	_, err := tx.Enqueue(ctx, store.Outgoing{Counterpart: m.Counterpart, Kind: kind, Body: body, QueuedAt: e.Now()})
	return err
}

func (e *Engine) record(ctx context.Context, tx *store.Tx, actor, action string, m Matching, counterpart string, detail any) error {
	d, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("record %s: %w", action, err)
	}
	_, err = tx.Record(ctx, store.Entry{
		At: e.Now(), Actor: actor, Action: action, Subject: fmt.Sprintf("M%d", m.ID), Counterpart: counterpart, Detail: d,
	})
	return err
}

// List reads every match, newest first.
func (e *Engine) List(ctx context.Context, tx *store.Tx) ([]Matching, error) {
	rows, err := tx.Matchings(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Matching, 0, len(rows))
	for _, r := range rows {
		m, err := load(r)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// Get reads one match.
func (e *Engine) Get(ctx context.Context, tx *store.Tx, id int64) (Matching, error) {
	row, err := tx.Matching(ctx, id)
	if err != nil {
		return Matching{}, err
	}
	return load(row)
}
