package release

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"parley/internal/store"
)

// Reply is our word on a counterpart's ask. No uses with a yes are the use asked for.
func (d *Desk) Reply(ctx context.Context, tx *store.Tx, actor string, id int64, consents bool, uses []Use, reason string) (store.Consent, error) {
	c, ask, from, err := d.unanswered(ctx, tx, id)
	if err != nil {
		return c, err
	}
	var chained []store.Consent
	if consents {
		if len(uses) == 0 {
			uses = []Use{ask.Use}
		}
		if chained, err = d.mayConsent(ctx, tx, from, c, ask, uses); err != nil {
			return c, fmt.Errorf("consent to Q%d: %w", id, err)
		}
	}
	if err := d.Sayable(ctx, tx, from, reason); err != nil {
		return c, err
	}
	c.Answer, err = writeChecked(Answer{
		Version: messageVersion, Ident: ask.Ident, Ask: Digest(c.Ask), Consents: consents, Uses: append([]Use{}, uses...), Reason: reason,
	})
	if err != nil {
		return c, fmt.Errorf("answer Q%d: %w", id, err)
	}
	c.State, c.AnsweredAt, c.Actor = store.Denied, d.Now(), actor
	if consents {
		c.State = store.Granted
	}
	if err := useChained(ctx, tx, chained); err != nil {
		return c, err
	}
	if err := endChained(ctx, tx, c.ID); err != nil {
		return c, err
	}
	if c.Outbox, err = d.queue(ctx, tx, from.ID, KindAnswer, c.Answer); err != nil {
		return c, err
	}
	if err := tx.SetConsent(ctx, c); err != nil {
		return c, err
	}
	return c, d.recordConsent(ctx, tx, actor, "consent.answer", c, from.Name, consentNote{Consents: &consents, Reason: reason, Uses: uses})
}

// TakeAnswer takes in an originator's answer: it frees or ends what waited.
func (d *Desk) TakeAnswer(ctx context.Context, tx *store.Tx, from store.Counterpart, body []byte) error {
	answer, err := ReadAnswer(body)
	if err != nil {
		return err
	}
	ident, err := hex.DecodeString(answer.Ident)
	if err != nil {
		return err
	}
	c, err := tx.ConsentByIdent(ctx, from.ID, ident, true)
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("an answer to something that we did not ask %s", from.Name)
	}
	if err != nil {
		return err
	}
	ask, err := ReadAsk(c.Ask)
	switch {
	case err != nil:
		return err
	case answer.Ask != Digest(c.Ask):
		return fmt.Errorf("an answer to another ask than Q%d, whose number it has", c.ID)
	case c.Answer != nil:
		return fmt.Errorf("ask Q%d is answered already", c.ID)
	}
	c.Answer, c.AnsweredAt = body, d.Now()
	if c.State == store.Awaited { // else what it was about was withdrawn meanwhile
		c.State = store.Denied
		if answer.Consents && slices.Contains(answer.Uses, ask.Use) {
			c.State = store.Granted
		}
	}
	if err := tx.SetConsent(ctx, c); err != nil {
		return err
	}
	err = d.recordConsent(ctx, tx, from.Name, "consent.answered", c, from.Name, consentNote{Release: c.Release, Consents: &answer.Consents, Reason: answer.Reason, Uses: answer.Uses})
	if err != nil || c.Release == 0 {
		return err
	}
	return d.answered(ctx, tx, from, c)
}

// answered frees a release that waited for this answer alone, or ends it.
func (d *Desk) answered(ctx context.Context, tx *store.Tx, from store.Counterpart, c store.Consent) error {
	r, err := tx.Release(ctx, c.Release)
	if err != nil || r.State != Waiting {
		return err
	}
	if c.State == store.Denied {
		return d.giveUp(ctx, tx, from.Name, r)
	}
	all, err := tx.ReleaseConsents(ctx, r.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(c store.Consent) bool { return c.State != store.Granted }) {
		return nil
	}
	r.State, r.UpdatedAt = Cleared, d.Now()
	if err := tx.SetRelease(ctx, r); err != nil {
		return err
	}
	return d.record(ctx, tx, from.Name, "release.free", r, from.Name, nil)
}

// giveUp ends a release that was not sent, and what was asked for it.
func (d *Desk) giveUp(ctx context.Context, tx *store.Tx, actor string, r store.Release) error {
	all, err := tx.ReleaseConsents(ctx, r.ID)
	if err != nil {
		return err
	}
	if err := end(ctx, tx, all); err != nil {
		return err
	}
	r.State, r.UpdatedAt = Void, d.Now()
	if err := tx.SetRelease(ctx, r); err != nil {
		return err
	}
	to, err := tx.CounterpartByID(ctx, r.Counterpart)
	if err != nil {
		return err
	}
	return d.record(ctx, tx, actor, "release.end", r, to.Name, nil)
}
