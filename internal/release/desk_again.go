package release

import (
	"context"
	"errors"

	"parley/internal/store"
)

// Again queues once more what was asked, answered and withdrawn over a channel that
// was replaced before the counterpart had confirmed it. Each of these messages
// changes nothing where it had arrived.
func (d *Desk) Again(ctx context.Context, tx *store.Tx, to store.Counterpart) error {
	withdrawals, err := tx.Withdrawals(ctx, to.ID)
	if err != nil {
		return err
	}
	for _, w := range withdrawals {
		if w.Outbox == 0 || !w.ConfirmedAt.IsZero() {
			continue
		}
		if w.Outbox, err = d.queue(ctx, tx, to.ID, KindWithdrawal, w.Body); err != nil {
			return err
		}
		if err := tx.SetWithdrawal(ctx, w); err != nil {
			return err
		}
	}
	asked, err := tx.ConsentsIn(ctx, to.ID, true, store.Awaited)
	if err != nil {
		return err
	}
	for _, c := range asked {
		if err := d.consentAgain(ctx, tx, c, KindAsk, c.Ask); err != nil {
			return err
		}
	}
	for _, state := range []string{store.Granted, store.Denied} {
		answered, err := tx.ConsentsIn(ctx, to.ID, false, state)
		if err != nil {
			return err
		}
		for _, c := range answered {
			if err := d.consentAgain(ctx, tx, c, KindAnswer, c.Answer); err != nil {
				return err
			}
		}
	}
	return nil
}

// consentAgain queues a message of an ask again, unless it has arrived.
func (d *Desk) consentAgain(ctx context.Context, tx *store.Tx, c store.Consent, kind string, body []byte) error {
	o, err := tx.Outgoing(ctx, c.Outbox)
	if err == nil && !o.AckedAt.IsZero() {
		return nil
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if c.Outbox, err = d.queue(ctx, tx, c.Counterpart, kind, body); err != nil {
		return err
	}
	return tx.SetConsent(ctx, c)
}
