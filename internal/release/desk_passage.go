package release

import (
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"parley/internal/store"
)

// passage is what a release draws on that others gave us. A nil passage lets
// nothing through.
type passage struct {
	allowed bool           // the order says that it is to be passed on
	gifts   map[int64]bool // that are drawn on
	closed  bool           // no others may be: they were not asked about
}

// passageOf is that of a release on the desk: what it drew on when it was
// drafted, and nothing more.
func passageOf(ctx context.Context, tx *store.Tx, r store.Release, o Order) (*passage, error) {
	drawn, err := tx.ReleaseGifts(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	p := &passage{allowed: o.PassOn, gifts: map[int64]bool{}, closed: true}
	for _, g := range drawn {
		p.gifts[g.ID] = true
	}
	return p, nil
}

// through lets something pass that a counterpart gave us, if that counterpart can
// be asked, and notes with which gift it came.
func (p *passage) through(ctx context.Context, tx *store.Tx, object int64) error {
	if p == nil || !p.allowed {
		return fmt.Errorf("%w: draft it with --pass-on, and ask", ErrThirdParty)
	}
	gifts, err := tx.GiftsOf(ctx, object)
	if err != nil {
		return err
	}
	stands := func(g store.Gift) bool { return g.State == store.Current }
	if slices.ContainsFunc(gifts, func(g store.Gift) bool { return stands(g) && p.gifts[g.ID] }) {
		return nil
	}
	i := slices.IndexFunc(gifts, stands)
	switch {
	case len(gifts) == 0:
		return fmt.Errorf("%w, and cannot be asked: it came in no tearline over a channel", ErrThirdParty)
	case i < 0:
		return fmt.Errorf("it was withdrawn by whoever gave it: %w", ErrStep)
	case p.closed:
		return fmt.Errorf("%w: it was not among what the draft drew on: draft it again", ErrThirdParty)
	}
	giver, err := tx.CounterpartByID(ctx, gifts[i].Counterpart)
	if err != nil {
		return err
	}
	if !giver.Open() {
		return fmt.Errorf("%w, and %s cannot be asked: there is no channel", ErrThirdParty, giver.Name)
	}
	if p.gifts == nil {
		p.gifts = map[int64]bool{}
	}
	p.gifts[gifts[i].ID] = true
	return nil
}

// drawn lists the gifts that were drawn on.
func (p *passage) drawn() []int64 { return slices.Sorted(maps.Keys(p.gifts)) }

// objects are those that came with these gifts: their words may be said.
func (p *passage) objects(ctx context.Context, tx *store.Tx) (map[int64]bool, error) {
	all := map[int64]bool{}
	for _, g := range p.drawn() {
		some, err := tx.GiftObjects(ctx, g)
		if err != nil {
			return nil, err
		}
		for _, seq := range some {
			all[seq] = true
		}
	}
	return all, nil
}

// useConsents uses up the consents that a release rests on. Each originator must
// have said yes to exactly these bytes, and stand by what it gave.
func (d *Desk) useConsents(ctx context.Context, tx *store.Tx, r store.Release) error {
	gifts, err := tx.ReleaseGifts(ctx, r.ID)
	if err != nil || len(gifts) == 0 {
		return err
	}
	consents, err := tx.ReleaseConsents(ctx, r.ID)
	if err != nil {
		return err
	}
	for _, g := range gifts {
		giver, err := tx.CounterpartByID(ctx, g.Counterpart)
		if err != nil {
			return err
		}
		if g.State != store.Current {
			return fmt.Errorf("release R%d draws on what %s has withdrawn: %w", r.ID, giver.Name, ErrStep)
		}
		i := slices.IndexFunc(consents, func(c store.Consent) bool { return frees(c, g, r) })
		if i < 0 {
			return fmt.Errorf("release R%d draws on what %s gave: %w: ask with 'parley release ask R%d'", r.ID, giver.Name, ErrThirdParty, r.ID)
		}
		if consents[i].State == store.Used {
			continue // by another gift of the same giver's, just now
		}
		consents[i].State = store.Used
		if err := tx.SetConsent(ctx, consents[i]); err != nil {
			return err
		}
	}
	return nil
}

// UseExport uses up, for each gift, a consent to its being written into a file for
// somebody else and for a use, and gives the numbers of these consents. The zero gift
// stands for what came in none.
func (d *Desk) UseExport(ctx context.Context, tx *store.Tx, gifts []store.Gift, use Use) (used []int64, err error) {
	for _, g := range gifts {
		if g.ID == 0 {
			return nil, fmt.Errorf("some of it: %w, and cannot be asked: it came in no tearline over a channel", ErrThirdParty)
		}
		if g.State != store.Current {
			return nil, fmt.Errorf("what came as I%d was withdrawn by whoever gave it: %w", g.Inbox, ErrStep)
		}
		all, err := tx.ConsentsIn(ctx, g.Counterpart, true, store.Granted)
		if err != nil {
			return nil, err
		}
		some, err := tx.ConsentsIn(ctx, g.Counterpart, true, store.Used)
		if err != nil {
			return nil, err
		}
		for _, c := range some { // by another gift of this export, just now
			if slices.Contains(used, c.ID) {
				all = append(all, c)
			}
		}
		i := slices.IndexFunc(all, func(c store.Consent) bool { return c.Release == 0 && isAbout(c, g) && isFor(c, use) })
		if i < 0 {
			return nil, fmt.Errorf("message I%d: %w for the use %q: ask with 'parley consent ask I%d', and name the use with --use", g.Inbox, ErrThirdParty, use, g.Inbox)
		}
		if slices.Contains(used, all[i].ID) {
			continue
		}
		all[i].State = store.Used
		if err := tx.SetConsent(ctx, all[i]); err != nil {
			return nil, err
		}
		used = append(used, all[i].ID)
	}
	return used, nil
}

// isAbout tells whether an ask is about a gift.
func isAbout(c store.Consent, g store.Gift) bool {
	ask, err := ReadAsk(c.Ask)
	return err == nil && slices.ContainsFunc(ask.Of, func(given Given) bool { return given.Digest == hex.EncodeToString(g.Digest) })
}

// isFor tells whether an ask was answered with a yes for a use.
func isFor(c store.Consent, use Use) bool {
	answer, err := ReadAnswer(c.Answer)
	return err == nil && answer.Consents && slices.Contains(answer.Uses, use)
}
