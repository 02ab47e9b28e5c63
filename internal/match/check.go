package match

import (
	"context"
	"fmt"
	"io"

	"parley/internal/store"
	"parley/internal/stream"
	"parley/psi"
)

// KindCheck asks the holder of a standing list about new selectors: hash of the
// terms, their first run's number, the filter at hand, query. The answer is the
// run's stream.
const KindCheck = "match.check"

// KindAnswer is what the ledgers call the answer to a check.
const KindAnswer = "match.answer"

// checkDetail is what both ledgers keep of a check: numbers.
type checkDetail struct {
	Under      string `json:"under"`
	Run        RunID  `json:"run"`
	Items      int    `json:"items"`
	List       int    `json:"list,omitempty"`
	Generation uint64 `json:"generation,omitempty"`
	Found      *int   `json:"found,omitempty"`
	Appeared   int    `json:"appeared,omitempty"` // of what was found: asked about before, and listed since
}

// question is a check that is being made ready.
type question struct {
	first  Matching
	list   store.Standing
	hand   hand
	ids    []int64
	values [][]byte
	seed   psi.Seed
	query  []byte
}

// Check asks about our selectors that were not checked under these terms, as
// many as they allow at a time. Where there are none it asks what changed on
// the list.
func (e *Engine) Check(ctx context.Context, actor string, id int64) (run int64, err error) {
	q, err := e.question(ctx, id)
	if err != nil {
		return 0, err
	}
	defer q.seed.Zero()
	if err := q.ask(e.Rand); err != nil {
		return 0, err
	}
	err = e.Store.Update(ctx, func(tx *store.Tx) error {
		run, err = e.keepQuestion(ctx, tx, actor, q)
		return err
	})
	return run, err
}

func (e *Engine) question(ctx context.Context, id int64) (q question, err error) {
	err = e.Store.View(ctx, func(tx *store.Tx) error {
		if q.first, _, err = e.firstUnder(ctx, tx, id); err != nil {
			return err
		}
		if err := e.mayCheck(ctx, tx, q.first); err != nil {
			return err
		}
		if q.list, err = tx.Standing(ctx, q.first.ID); err != nil {
			return err
		}
		unchecked, err := e.unchecked(ctx, tx, q.first)
		most, _ := q.first.Terms.Max.of(q.first.Role)
		unchecked = unchecked[:min(len(unchecked), most)]
		for _, t := range unchecked {
			q.ids = append(q.ids, t.ID)
		}
		q.values = canonical(selectorsOf(unchecked))
		return err
	})
	if err != nil {
		return q, err
	}
	filter, err := q.first.filter(q.list)
	q.hand = handOf(filter)
	return q, err
}

// mayCheck says whether our side may check now.
func (e *Engine) mayCheck(ctx context.Context, tx *store.Tx, first Matching) error {
	if err := e.allowsCheck(ctx, tx, first); err != nil {
		return err
	}
	if !first.Checks() {
		return fmt.Errorf("we hold the list of match M%d, the other side checks: %w", first.ID, ErrState)
	}
	all, err := tx.MatchingsUnder(ctx, first.ID)
	for _, r := range all {
		if r.State == Checking {
			return fmt.Errorf("check M%d is under way, wait for its answer: %w", r.ID, ErrState)
		}
	}
	return err
}

// unchecked are our selectors that no check under the terms was answered for.
func (e *Engine) unchecked(ctx context.Context, tx *store.Tx, first Matching) (open []store.Tally, err error) {
	ours, err := e.listed(ctx, tx, first)
	if err != nil {
		return nil, err
	}
	asked, err := tx.AskedUnder(ctx, first.ID, Done, Checking)
	for _, t := range ours {
		if !asked[t.ID] {
			open = append(open, t)
		}
	}
	return open, err
}

// filter reads the filter that we have of a list, nil before it came.
func (m Matching) filter(list store.Standing) (*psi.Filter, error) {
	if list.Filter == nil {
		return nil, nil
	}
	f, err := psi.ParseFilter(list.Filter, m.theirMax())
	if err != nil {
		return nil, fmt.Errorf("read the filter of match M%d: %w: %w", m.ID, err, store.ErrDamaged)
	}
	return f, nil
}

// ask draws the check's secret and makes its query; none where nothing is asked
// about.
func (q *question) ask(rand io.Reader) (err error) {
	if q.seed, err = psi.NewSeed(rand); err != nil {
		return fmt.Errorf("draw the check's secret: %w", err)
	}
	if len(q.values) == 0 {
		return nil
	}
	c, err := psi.NewCheck(q.seed, q.first.Progress.TheirKey, q.values, 0)
	if err != nil {
		return fmt.Errorf("ask about the list of match M%d: %w", q.first.ID, err)
	}
	defer c.Zero()
	q.query = c.Query()
	return nil
}

// keepQuestion begins the check that was made ready, unless another was begun
// meanwhile.
func (e *Engine) keepQuestion(ctx context.Context, tx *store.Tx, actor string, q question) (int64, error) {
	first, to, err := e.firstUnder(ctx, tx, q.first.ID)
	if err != nil {
		return 0, err
	}
	if err := e.mayCheck(ctx, tx, first); err != nil {
		return 0, err
	}
	m := further(first)
	m.State, m.Secret = Checking, append([]byte(nil), q.seed[:]...)
	m.Progress = Progress{TheirKey: first.Progress.TheirKey, OurSize: len(q.ids), Started: e.Now().UTC()}
	if m.AgreedAt, err = e.clock(ctx, tx); err != nil {
		return 0, err
	}
	var run RunID
	if _, err := io.ReadFull(e.Rand, run[:]); err != nil {
		return 0, fmt.Errorf("draw a run number: %w", err)
	}
	m.Run = run[:]
	if err := e.addRun(ctx, tx, &m); err != nil {
		return 0, err
	}
	if err := tx.SetMatchingItems(ctx, m.ID, q.ids); err != nil {
		return 0, err
	}
	if err := stream.Open(ctx, tx, stream.Opening{Counterpart: m.Counterpart, Run: stream.Run(m.Run), Window: stream.DefaultWindow}); err != nil {
		return 0, err
	}
	if err := e.send(ctx, tx, &m, KindCheck, digest(first.Matching.Terms), first.Run, q.hand.encode(), q.query); err != nil {
		return 0, err
	}
	if err := e.save(ctx, tx, m); err != nil {
		return 0, err
	}
	return m.ID, e.record(ctx, tx, actor, KindCheck, m, to.Name, checkDetail{Under: fmt.Sprintf("M%d", first.ID), Run: run, Items: len(q.ids)})
}
