package match

import (
	"context"
	"errors"
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

// heardAnswer works on what came in the stream of a check.
func (e *Engine) heardAnswer(ctx context.Context, t turn, heard stream.Message) (Effect, error) {
	switch {
	case t.m.State == Answering && heard.Kind == stream.KindCredit:
		return Effect{Commit: func(ctx context.Context, tx *store.Tx) error { return e.goOnAnswering(ctx, tx, t) }}, nil
	case t.m.State != Checking:
		return e.broken(t, fmt.Errorf("%s came while the match is %s", heard.Kind, t.m.State)), nil
	case heard.Kind == stream.KindCredit:
		return Effect{Commit: func(ctx context.Context, tx *store.Tx) error { return e.flow(ctx, tx, &t) }}, nil
	}
	if err := e.inTime(ctx, heard.Kind, t.m); errors.Is(err, ErrTerms) {
		return e.broken(t, fmt.Errorf("%s: %w", heard.Kind, err)), nil
	} else if err != nil {
		return Effect{}, err
	}
	t.m.Progress.BytesIn += int64(len(t.in.Body))
	if most := t.m.longestAnswer(); t.m.Progress.BytesIn > most {
		return e.broken(t, fmt.Errorf("the answer to the check has more than %d bytes", most)), nil
	}
	if !heard.Last {
		return Effect{Commit: func(ctx context.Context, tx *store.Tx) error { return e.keepPart(ctx, tx, t, heard.Data) }}, nil
	}
	l, err := e.learn(ctx, &t, heard.Data)
	if departs(err) || errors.Is(err, psi.ErrFilter) {
		return e.broken(t, err), nil
	}
	if err != nil {
		return Effect{}, err
	}
	return Effect{Commit: func(ctx context.Context, tx *store.Tx) error { return e.keepAnswer(ctx, tx, t, l) }}, nil
}

// longestAnswer bounds an answer to a check in bytes: a list of the largest size
// and an element for each item, with what stands around them.
func (m Matching) longestAnswer() int64 {
	return 11*int64(m.theirMax()) + 33*int64(m.Progress.OurSize) + 4096
}

func (e *Engine) keepPart(ctx context.Context, tx *store.Tx, t turn, part []byte) error {
	if _, err := e.unmoved(ctx, tx, t.held); err != nil {
		return err
	}
	if err := e.flow(ctx, tx, &t); err != nil {
		return err
	}
	if err := tx.PutStandingPart(ctx, t.m.ID, part); err != nil {
		return err
	}
	return e.save(ctx, tx, t.m)
}

// learned is what an answer says.
type learned struct {
	list   store.Standing // as it was
	filter *psi.Filter    // as it is
	found  []int
}

// learn reads an answer that is whole: it brings the filter forward and looks
// the items up in it.
func (e *Engine) learn(ctx context.Context, t *turn, last []byte) (l learned, err error) {
	defer t.m.timed("check")()
	var items [][]byte
	body := []byte{}
	err = e.Store.View(ctx, func(tx *store.Tx) error {
		parts, err := tx.StandingParts(ctx, t.m.ID, maxParts)
		for _, p := range parts {
			body = append(body, p...)
		}
		if err != nil {
			return err
		}
		if l.list, err = tx.Standing(ctx, t.m.Under); err != nil {
			return err
		}
		set, err := tx.MatchingPage(ctx, t.m.ID, 0, t.m.Progress.OurSize)
		items = canonical(set)
		return err
	})
	if err != nil {
		return l, err
	}
	run, parts, err := decodeMessage(append(body, last...), 2)
	if err != nil || run != RunID(t.m.Run) {
		return l, fmt.Errorf("the answer to the check is none, or of another run: %w", errors.Join(err, ErrPeer))
	}
	if l.filter, err = t.m.bring(l.list, parts[0]); err != nil {
		return l, err
	}
	if len(items) == 0 {
		if len(parts[1]) > 0 {
			return l, fmt.Errorf("an answer came where nothing was asked: %w", ErrPeer)
		}
		return l, nil
	}
	seed, err := t.m.seed()
	if err != nil {
		return l, err
	}
	c, err := psi.NewCheck(seed, t.m.Progress.TheirKey, items, 0)
	if err != nil {
		return l, err
	}
	defer c.Zero()
	l.found, err = c.Held(parts[1], l.filter)
	return l, err
}

// maxParts bounds the parts of an answer, which its length does before.
const maxParts = 1 << 10

// bring applies what came of a list to the filter at hand: nothing, a
// difference, or a whole filter, which is never older and of the same key.
func (m Matching) bring(list store.Standing, came []byte) (*psi.Filter, error) {
	had, err := m.filter(list)
	switch {
	case err != nil:
		return nil, err
	case had != nil && len(came) == 0:
		return had, nil
	case had != nil:
		if next, err := had.Apply(came, m.theirMax()); err == nil {
			return next, nil
		} else if !psi.IsFilter(came) {
			return nil, err
		}
	}
	f, err := psi.ParseFilter(came, m.theirMax())
	switch {
	case err != nil:
		return nil, err
	case string(f.PublicKey()) != string(m.Progress.TheirKey):
		return nil, fmt.Errorf("%w: it is under another key than the terms", psi.ErrFilter)
	case had != nil && f.Generation() < had.Generation():
		return nil, fmt.Errorf("%w: generation %d came, we have %d", psi.ErrFilter, f.Generation(), had.Generation())
	}
	return f, nil
}

// keepAnswer keeps what a check found, and the filter that it was found in.
func (e *Engine) keepAnswer(ctx context.Context, tx *store.Tx, t turn, l learned) error {
	from, err := e.unmoved(ctx, tx, t.held)
	if err != nil {
		return err
	}
	if err := e.flow(ctx, tx, &t); err != nil {
		return err
	}
	if err := tx.MarkMatched(ctx, t.m.ID, l.found); err != nil {
		return err
	}
	list, err := tx.Standing(ctx, t.m.Under)
	if err != nil {
		return err
	}
	list.Generation = int64(l.filter.Generation())
	if list.Filter, err = l.filter.MarshalBinary(); err != nil {
		return err
	}
	if err := tx.SetStanding(ctx, list); err != nil {
		return err
	}
	p := &t.m.Progress
	p.TheirSize, p.Count, p.CountKnown, p.Overlap, p.Finished = l.filter.Len(), len(l.found), true, len(l.found), e.Now().UTC()
	t.m.State = Done
	if err := e.save(ctx, tx, t.m); err != nil {
		return err
	}
	if list.WatchedBy != "" && len(l.found) > 0 && e.Found != nil {
		if err := e.Found(ctx, tx, t.m, list.WatchedBy); err != nil {
			return err
		}
	}
	return e.record(ctx, tx, from.Name, KindAnswer, t.m, from.Name, checkDetail{
		Under: fmt.Sprintf("M%d", t.m.Under), Run: RunID(t.m.Run), Items: p.OurSize,
		List: l.filter.Len(), Generation: l.filter.Generation(), Found: &p.Count,
	})
}

// Unchecked says how many of our selectors no check was answered for, and how
// the list stands; what we hold ourselves has none unchecked.
func (e *Engine) Unchecked(ctx context.Context, tx *store.Tx, m Matching) (int, store.Standing, error) {
	list, err := tx.Standing(ctx, m.ID)
	if err != nil || !m.Checks() || m.State != Standing {
		return 0, list, err
	}
	open, err := e.unchecked(ctx, tx, m)
	return len(open), list, err
}

// Watch lets a list be checked by itself, or not any more, for whoever asks.
func (e *Engine) Watch(ctx context.Context, tx *store.Tx, actor string, id int64, on bool) error {
	m, to, err := e.load(ctx, tx, id, Standing)
	if err != nil {
		return err
	}
	if !m.Checks() {
		return fmt.Errorf("we hold the list of match M%d, the other side checks: %w", id, ErrState)
	}
	list, err := tx.Standing(ctx, id)
	if err != nil {
		return err
	}
	list.WatchedBy = ""
	if on {
		list.WatchedBy = actor
	}
	if err := tx.SetStanding(ctx, list); err != nil {
		return err
	}
	return e.record(ctx, tx, actor, "match.watch", m, to.Name, watchDetail{on})
}

type watchDetail struct {
	On bool `json:"on"`
}

// CheckWatched makes the checks that are to be made by themselves: of each
// watched list that has new selectors of ours before it, as far as its terms
// allow. It returns the runs that it began.
func (e *Engine) CheckWatched(ctx context.Context) (runs []int64, err error) {
	all, err := e.standing(ctx)
	for _, m := range all {
		var open int
		var list store.Standing
		failed := e.Store.View(ctx, func(tx *store.Tx) (err error) {
			if open, list, err = e.Unchecked(ctx, tx, m); err == nil && list.WatchedBy != "" && open > 0 {
				err = e.mayCheck(ctx, tx, m)
			}
			return err
		})
		if failed == nil && list.WatchedBy != "" && open > 0 {
			var run int64
			if run, failed = e.Check(ctx, list.WatchedBy, m.ID); failed == nil {
				runs = append(runs, run)
			}
		}
		if failed != nil {
			err = errors.Join(err, fmt.Errorf("check what is new against the list of match M%d: %w", m.ID, failed))
		}
	}
	return runs, err
}
