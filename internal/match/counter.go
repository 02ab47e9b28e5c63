package match

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/store"
)

// KindCounter answers terms with others: the terms, public key.
const KindCounter = "match.counter"

// KindWithdraw takes back an offer that was not answered, or ends terms under
// which more runs could be made: reason.
const KindWithdraw = "match.withdraw"

// counterDetail is what both ledgers keep of a counter-proposal.
type counterDetail struct {
	Round   int      `json:"round"`
	Changed []Change `json:"changed"`
	Terms   Terms    `json:"terms"`
}

// Counter answers a counterpart's terms with others. Only these stand then.
func (e *Engine) Counter(ctx context.Context, tx *store.Tx, actor string, id int64, o Offer) error {
	m, to, err := e.load(ctx, tx, id, Offered)
	if err != nil {
		return err
	}
	now, err := e.clock(ctx, tx)
	if err != nil {
		return err
	}
	next := o.onto(m.Terms, m.Role)
	next.Round, next.Proposed = m.Terms.Round+1, now.Truncate(time.Second)
	detail := counterDetail{next.Round, Changes(m.Terms, next), next}
	if len(detail.Changed) == 0 {
		return fmt.Errorf("these are the terms of match M%d as they were offered: say what is to change, or accept them: %w", id, ErrTerms)
	}
	if err := next.Validate(); err != nil {
		return err
	}
	body, err := next.encode()
	if err != nil {
		return fmt.Errorf("write terms: %w", err)
	}
	if err := e.setTerms(ctx, tx, &m, next, body); err != nil {
		return err
	}
	m.State, m.Progress.Hold, m.Progress.Evidence, m.Progress.Note = Proposed, o.Hold, o.Evidence, o.Note
	if err := e.agree(ctx, tx, &m, to.Name); err != nil {
		return err
	}
	if err := e.send(ctx, tx, &m, KindCounter, body, m.Progress.OurKey); err != nil {
		return err
	}
	if err := e.save(ctx, tx, m); err != nil {
		return err
	}
	if err := e.recordNote(ctx, tx, actor, m, to.Name); err != nil {
		return err
	}
	return e.record(ctx, tx, actor, KindCounter, m, to.Name, detail)
}

func (e *Engine) setTerms(ctx context.Context, tx *store.Tx, m *Matching, next Terms, body []byte) error {
	m.Terms, m.Matching.Terms = next, body
	return tx.SetMatchingTerms(ctx, m.ID, store.TermsRound{Round: next.Round, Terms: body, At: e.Now()})
}

// countered is the effect of a counterpart's answer to our terms with others:
// ours do not stand any more, and one of our people decides on theirs.
func (e *Engine) countered(ctx context.Context, in store.Incoming) (Effect, error) {
	m, parts, refused, err := e.opened(ctx, in, 2)
	if err != nil || refused != "" {
		return ignored("%s: %s", in.Kind, refused), err
	}
	next, err := answering(m, parts)
	if err != nil {
		return ignored("%s: %v", in.Kind, err), nil
	}
	return Effect{Commit: func(ctx context.Context, tx *store.Tx) error {
		return e.keepCounter(ctx, tx, m, next, parts, int64(len(in.Body)))
	}}, nil
}

// answering reads terms that come as the answer to ours.
func answering(m Matching, parts [][]byte) (Terms, error) {
	if err := m.mustBe(Proposed); err != nil {
		return Terms{}, err
	}
	next, err := decodeTerms(parts[0])
	switch {
	case err != nil:
		return next, err
	case m.Under != 0:
		return next, fmt.Errorf("the terms of this run were accepted before: %w", ErrTerms)
	case next.Run != m.Terms.Run || next.From != m.Terms.From || next.To != m.Terms.To:
		return next, errors.New("the terms are of another run, or between others")
	case next.Round != m.Terms.Round+1:
		return next, fmt.Errorf("the terms are of round %d, round %d stands", next.Round, m.Terms.Round)
	case len(parts[1]) != keySize:
		return next, fmt.Errorf("a public key of %d bytes", len(parts[1]))
	}
	return next, nil
}

func (e *Engine) keepCounter(ctx context.Context, tx *store.Tx, m Matching, next Terms, parts [][]byte, size int64) error {
	from, err := e.unmoved(ctx, tx, m.Matching)
	if err != nil {
		return err
	}
	detail := counterDetail{next.Round, Changes(m.Terms, next), next}
	if err := e.setTerms(ctx, tx, &m, next, parts[0]); err != nil {
		return err
	}
	if err := tx.DropCharges(ctx, m.ID); err != nil {
		return err
	}
	m.State, m.Secret, m.AgreedAt = Offered, nil, time.Time{}
	m.Progress.TheirKey, m.Progress.OurKey, m.Progress.OurSize = parts[1], nil, 0
	m.Progress.BytesIn += size
	if err := e.save(ctx, tx, m); err != nil {
		return err
	}
	return e.record(ctx, tx, from.Name, KindCounter, m, from.Name, detail)
}

// Withdraw takes back our offer that was not answered, or ends terms under
// which more runs could be made. The other side is told.
func (e *Engine) Withdraw(ctx context.Context, tx *store.Tx, actor string, id int64, reason string) error {
	m, to, err := e.load(ctx, tx, id, Proposed, Done, Standing, Checking, Answering)
	if err != nil {
		return err
	}
	if m.Under != 0 {
		if m, to, err = e.load(ctx, tx, m.Under, Done, Standing); err != nil {
			return err
		}
	}
	if err := checkReason(reason); err != nil {
		return err
	}
	if reason == "" {
		return errors.New("say why")
	}
	if m.State == Done && m.Progress.Over != "" {
		return fmt.Errorf("the terms of match M%d were ended before: %w", m.ID, ErrState)
	}
	m.withdrawn(reason)
	if m.Progress.Finished.IsZero() {
		m.Progress.Finished = e.Now().UTC()
	}
	if err := e.send(ctx, tx, &m, KindWithdraw, []byte(reason)); err != nil {
		return err
	}
	if err := e.save(ctx, tx, m); err != nil {
		return err
	}
	return e.record(ctx, tx, actor, KindWithdraw, m, to.Name, reasoned{Reason: reason})
}

// withdrawn ends an offer, or terms whose runs so far stay as they are.
func (m *Matching) withdrawn(reason string) {
	if m.State == Done || m.State == Standing {
		m.State, m.Progress.Over = Done, reason
		return
	}
	m.State, m.Progress.Reason = Withdrawn, reason
}

func (t *turn) withdraw() error {
	reason := readable(t.parts[0])
	if reason == "" {
		reason = "(no reason)"
	}
	t.m.withdrawn(reason)
	return nil
}

// Round is one step of the haggling: who offered what, and what it changed.
type Round struct {
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Terms   Terms     `json:"terms"`
	Changed []Change  `json:"changed"`
}

// Rounds reads the proposals and counter-proposals of a match, the first first.
func (e *Engine) Rounds(ctx context.Context, tx *store.Tx, m Matching) ([]Round, error) {
	id := m.ID
	if m.Under != 0 {
		id = m.Under
	}
	kept, err := tx.MatchingRounds(ctx, id)
	if err != nil {
		return nil, err
	}
	var all []Round
	for i, k := range kept {
		t, err := keptTerms(k.Terms)
		if err != nil {
			return nil, fmt.Errorf("read round %d of the terms of match M%d: %w", k.Round, id, err)
		}
		r := Round{By: t.From, At: k.At, Terms: t, Changed: []Change{}}
		if k.Round%2 == 0 {
			r.By = t.To
		}
		if i > 0 {
			r.Changed = Changes(all[i-1].Terms, t)
		}
		all = append(all, r)
	}
	return all, nil
}
