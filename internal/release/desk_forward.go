package release

import (
	"context"
	"fmt"
	"slices"

	"parley/internal/store"
)

// Forward asks everybody who gave what a tearline of ours drew on whether the counterpart that we gave it to may pass it on: a
// counterpart's ask goes on for what is not ours alone to consent to. It says nothing of whoever asks, and names no recipient.
func (d *Desk) Forward(ctx context.Context, tx *store.Tx, actor string, id int64, q Question) (store.Consent, error) {
	c, ask, from, err := d.unanswered(ctx, tx, id)
	if err != nil {
		return c, err
	}
	gifts, err := d.givenOn(ctx, tx, from, ask)
	if err != nil {
		return c, fmt.Errorf("forward Q%d: %w", id, err)
	}
	if len(gifts) == 0 {
		return c, fmt.Errorf("what Q%d asks about is ours alone: answer it: %w", id, ErrStep)
	}
	before, err := tx.ChainedConsents(ctx, id)
	if err != nil {
		return c, err
	}
	if i := slices.IndexFunc(before, func(b store.Consent) bool { return b.State == store.Awaited || b.State == store.Granted }); i >= 0 {
		return c, fmt.Errorf("ask Q%d goes on as Q%d already, which is %s: %w", id, before[i].ID, before[i].State, ErrStep)
	}
	on := Ask{Way: WayOnward, Use: ask.Use, TLP: ask.TLP, Recipient: Recipient{Category: q.Category}, Purpose: q.Purpose}
	if err := d.askAll(ctx, tx, store.Consent{Chain: id, Actor: actor}, on, gifts); err != nil {
		return c, fmt.Errorf("forward Q%d: %w", id, err)
	}
	return c, d.recordConsent(ctx, tx, actor, "consent.forward", c, from.Name, consentNote{Purpose: q.Purpose, Recipient: on.Recipient.String()})
}

// unanswered reads a counterpart's ask that waits for our word.
func (d *Desk) unanswered(ctx context.Context, tx *store.Tx, id int64) (c store.Consent, ask Ask, from store.Counterpart, err error) {
	if c, err = tx.Consent(ctx, id); err != nil {
		return c, ask, from, err
	}
	if c.Ours || c.State != store.Awaited {
		return c, ask, from, fmt.Errorf("ask Q%d is %s, and only a counterpart's that is not answered can be: %w", id, c.State, ErrStep)
	}
	if from, err = tx.CounterpartByID(ctx, c.Counterpart); err != nil {
		return c, ask, from, err
	}
	ask, err = ReadAsk(c.Ask)
	return c, ask, from, err
}

// givenOn lists the gifts on which the tearlines drew that a counterpart asks about, each once. The tearlines must stand.
func (d *Desk) givenOn(ctx context.Context, tx *store.Tx, from store.Counterpart, ask Ask) (gifts []store.Gift, err error) {
	for _, g := range ask.Of {
		r, err := d.given(ctx, tx, from, g)
		if err != nil {
			return nil, err
		}
		drawn, err := tx.ReleaseGifts(ctx, r.ID)
		if err != nil {
			return nil, err
		}
		for _, gift := range drawn {
			if !slices.ContainsFunc(gifts, func(known store.Gift) bool { return known.ID == gift.ID }) {
				gifts = append(gifts, gift)
			}
		}
	}
	return gifts, nil
}

// mayConsent refuses a yes to what is not ours alone to give, unless each who gave it said yes to these uses for this ask; and
// to what no longer stands. It gives the consents that the yes uses up.
func (d *Desk) mayConsent(ctx context.Context, tx *store.Tx, from store.Counterpart, c store.Consent, ask Ask, uses []Use) (used []store.Consent, err error) {
	gifts, err := d.givenOn(ctx, tx, from, ask)
	if err != nil {
		return nil, err
	}
	chained, err := tx.ChainedConsents(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	for _, g := range gifts {
		i := slices.IndexFunc(chained, func(on store.Consent) bool {
			return on.Counterpart == g.Counterpart && on.State == store.Granted && isAbout(on, g)
		})
		if i < 0 {
			return nil, fmt.Errorf("it draws on what others gave us, who consented to its going to %s and no further: %w: forward it with 'parley consent forward Q%d'", from.Name, ErrThirdParty, c.ID)
		}
		for _, use := range uses {
			if !isFor(chained[i], use) {
				return nil, fmt.Errorf("whoever gave it consented to other uses than %s: %w", use, ErrThirdParty)
			}
		}
		if !slices.ContainsFunc(used, func(u store.Consent) bool { return u.ID == chained[i].ID }) {
			used = append(used, chained[i])
		}
	}
	return used, nil
}

// useChained uses up the consents on which a yes of ours rests.
func useChained(ctx context.Context, tx *store.Tx, all []store.Consent) error {
	for _, c := range all {
		c.State = store.Used
		if err := tx.SetConsent(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// endChained ends the asks that went on for one that was answered or is no more.
func endChained(ctx context.Context, tx *store.Tx, ask int64) error {
	all, err := tx.ChainedConsents(ctx, ask)
	if err != nil {
		return err
	}
	return end(ctx, tx, all)
}

// end ends those asks that wait or whose yes was not used.
func end(ctx context.Context, tx *store.Tx, all []store.Consent) error {
	for _, c := range all {
		if c.State != store.Awaited && c.State != store.Granted {
			continue
		}
		c.State = store.Ended
		if err := tx.SetConsent(ctx, c); err != nil {
			return err
		}
	}
	return nil
}
