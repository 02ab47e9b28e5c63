package release

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"parley/internal/exchange"
	"parley/internal/store"
	"parley/stix"
)

// followed are the words that a recipient of ours reads where somebody withdrew
// what we had passed on with consent. They say nothing of whoever that was.
const followed = "It was withdrawn."

func givenReport(g store.Gift) stix.ID { return stix.ID(g.Report) }

// Recall takes back what was sent.
func (d *Desk) Recall(ctx context.Context, tx *store.Tx, actor string, id int64, reason string) (store.Release, error) {
	r, to, err := d.at(ctx, tx, id, Sent)
	if err != nil {
		return r, err
	}
	if err := d.Sayable(ctx, tx, to, reason); err != nil {
		return r, err
	}
	_, err = d.withdraw(ctx, tx, r, to, store.Withdrawal{Actor: actor, Reason: reason}, "")
	if err != nil {
		return r, fmt.Errorf("recall release R%d: %w", id, err)
	}
	return tx.Release(ctx, id)
}

// amendable refuses an order to replace what cannot be replaced.
func (d *Desk) amendable(ctx context.Context, tx *store.Tx, to store.Counterpart, o Order) error {
	if o.Amends == 0 {
		return nil
	}
	r, err := tx.Release(ctx, o.Amends)
	switch {
	case err != nil:
		return err
	case r.Counterpart != to.ID:
		return fmt.Errorf("release R%d went to another counterpart: %w", r.ID, ErrStep)
	case r.State != Sent:
		return fmt.Errorf("release R%d is %s, and only what was sent is replaced: %w", r.ID, r.State, ErrStep)
	}
	return d.Sayable(ctx, tx, to, o.Because)
}

// replace withdraws what a release that was just sent replaces.
func (d *Desk) replace(ctx context.Context, tx *store.Tx, actor string, r store.Release) error {
	o, err := ReadOrder(r)
	if err != nil || o.Amends == 0 {
		return err
	}
	old, to, err := d.at(ctx, tx, o.Amends, Sent)
	if err != nil {
		return err
	}
	w := store.Withdrawal{Actor: actor, Reason: o.Because, Successor: r.ID}
	if _, err := d.withdraw(ctx, tx, old, to, w, hex.EncodeToString(r.Digest)); err != nil {
		return fmt.Errorf("replace release R%d: %w", old.ID, err)
	}
	return nil
}

// withdraw marks a release that was sent, and tells its receiver.
func (d *Desk) withdraw(ctx context.Context, tx *store.Tx, r store.Release, to store.Counterpart, w store.Withdrawal, replacedBy string) (store.Withdrawal, error) {
	got, err := Verify(r.Bundle)
	if err != nil {
		return w, err
	}
	m := Withdrawal{Version: messageVersion, Report: got.Report.ID(), Digest: hex.EncodeToString(r.Digest), ReplacedBy: replacedBy, Reason: w.Reason}
	if m.Ident, w.Ident, err = d.ident(); err != nil {
		return w, err
	}
	if w.Body, err = writeChecked(m); err != nil {
		return w, err
	}
	w.Release, w.Counterpart, w.At = r.ID, to.ID, d.Now()
	if r.Collection != 0 {
		err = d.revoke(ctx, tx, r, got)
	} else {
		w.Outbox, err = d.queue(ctx, tx, to.ID, KindWithdrawal, w.Body)
	}
	if err != nil {
		return w, err
	}
	if err := tx.AddWithdrawal(ctx, w); err != nil {
		return w, err
	}
	if err := d.endAsks(ctx, tx, to.ID, m.Digest); err != nil {
		return w, err
	}
	action := "release.recall"
	r.State, r.UpdatedAt = Recalled, d.Now()
	if replacedBy != "" {
		action, r.State = "release.amend", Amended
	}
	if err := tx.SetRelease(ctx, r); err != nil {
		return w, err
	}
	return w, d.record(ctx, tx, w.Actor, action, r, to.Name, withdrawalNote{Reason: w.Reason, Successor: w.Successor, Following: w.Cause != 0})
}

type withdrawalNote struct {
	Reason    string `json:"reason,omitempty"`
	Successor int64  `json:"successor,omitempty"`
	Following bool   `json:"following,omitempty"` // the withdrawal of what it drew on
}

// revoke puts versions that say so where a consumer reads.
func (d *Desk) revoke(ctx context.Context, tx *store.Tx, r store.Release, got Received) error {
	c, err := tx.CollectionByID(ctx, r.Collection)
	if err != nil {
		return err
	}
	return exchange.Revoke(ctx, tx, c, got.Objects, exchange.Options{Now: d.Now, Rand: d.Rand})
}

// endAsks ends what a counterpart asks or was granted of a tearline that was withdrawn.
func (d *Desk) endAsks(ctx context.Context, tx *store.Tx, counterpart int64, digest string) error {
	for _, state := range []string{store.Awaited, store.Granted} {
		all, err := tx.ConsentsIn(ctx, counterpart, false, state)
		if err != nil {
			return err
		}
		if err := endAbout(ctx, tx, all, digest); err != nil {
			return err
		}
	}
	return nil
}

// endAbout ends those asks that name a tearline.
func endAbout(ctx context.Context, tx *store.Tx, all []store.Consent, digest string) error {
	for _, c := range all {
		ask, err := ReadAsk(c.Ask)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(ask.Of, func(g Given) bool { return g.Digest == digest }) {
			continue
		}
		c.State = store.Ended
		if err := tx.SetConsent(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// TakeWithdrawal takes in that a counterpart no longer stands by what it gave: our
// copy is marked, what we passed on of it is withdrawn too, and the counterpart
// hears of both. The same withdrawal again is confirmed again.
func (d *Desk) TakeWithdrawal(ctx context.Context, tx *store.Tx, from store.Counterpart, body []byte) error {
	w, err := ReadWithdrawal(body)
	if err != nil {
		return err
	}
	g, ident, err := withdrawn(ctx, tx, from, w)
	if err != nil {
		return err
	}
	if g.State != store.Current {
		if !bytes.Equal(g.Ident, ident) {
			return fmt.Errorf("this tearline is %s already", g.State)
		}
		return d.confirm(ctx, tx, from, g)
	}
	g.State, g.Ident, g.Reason, g.WithdrawnAt = store.Recalled, ident, w.Reason, d.Now()
	if w.ReplacedBy != "" {
		g.State = store.Amended
		if g.Successor, err = successor(ctx, tx, from, w.ReplacedBy); err != nil {
			return err
		}
	}
	if err := tx.SetGift(ctx, g); err != nil {
		return err
	}
	marked, err := tx.Stale(ctx, g.ID)
	if err != nil {
		return err
	}
	followers, err := d.follow(ctx, tx, from, g)
	if err != nil {
		return err
	}
	err = d.recordGift(ctx, tx, from, g, giftNote{State: g.State, Reason: g.Reason, Digest: w.Digest, Objects: marked, Told: followers})
	if err != nil {
		return err
	}
	return d.confirm(ctx, tx, from, g)
}

// withdrawn finds the gift that a withdrawal is about, among those of its sender.
func withdrawn(ctx context.Context, tx *store.Tx, from store.Counterpart, w Withdrawal) (g store.Gift, ident []byte, err error) {
	digest, err := hex.DecodeString(w.Digest)
	if err != nil {
		return g, nil, err
	}
	if ident, err = hex.DecodeString(w.Ident); err != nil {
		return g, nil, err
	}
	g, err = tx.GiftByDigest(ctx, from.ID, digest)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return g, nil, fmt.Errorf("%s withdraws a tearline that it did not give, with the SHA-256 %s", from.Name, w.Digest)
	case err == nil && g.Report != string(w.Report):
		return g, nil, fmt.Errorf("the tearline with the SHA-256 %s has another report", w.Digest)
	}
	return g, ident, err
}

// successor is the gift that stands in the place of another, or 0 where it was not
// taken: the old one no longer stands all the same.
func successor(ctx context.Context, tx *store.Tx, from store.Counterpart, digest string) (int64, error) {
	b, err := hex.DecodeString(digest)
	if err != nil {
		return 0, err
	}
	g, err := tx.GiftByDigest(ctx, from.ID, b)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	return g.ID, err
}

// follow withdraws what we passed on of a gift, gives up what was about to be, and
// says how many were told.
func (d *Desk) follow(ctx context.Context, tx *store.Tx, from store.Counterpart, g store.Gift) (told int, err error) {
	releases, err := tx.ReleasesOn(ctx, g.ID)
	if err != nil {
		return 0, err
	}
	for _, id := range releases {
		r, err := tx.Release(ctx, id)
		if err != nil {
			return told, err
		}
		switch r.State {
		case Sent:
			to, err := tx.CounterpartByID(ctx, r.Counterpart)
			if err != nil {
				return told, err
			}
			if _, err := d.withdraw(ctx, tx, r, to, store.Withdrawal{Actor: from.Name, Reason: followed, Cause: g.ID}, ""); err != nil {
				return told, err
			}
			told++
		case Drafted, Stopped, Checked, Cleared, Waiting:
			if err := d.giveUp(ctx, tx, from.Name, r); err != nil {
				return told, err
			}
		}
	}
	for _, state := range []string{store.Awaited, store.Granted} {
		all, err := tx.ConsentsIn(ctx, from.ID, true, state)
		if err != nil {
			return told, err
		}
		if err := endAbout(ctx, tx, all, hex.EncodeToString(g.Digest)); err != nil {
			return told, err
		}
	}
	return told, nil
}

// confirm tells a giver that its withdrawal is marked here, and how far it went.
func (d *Desk) confirm(ctx context.Context, tx *store.Tx, from store.Counterpart, g store.Gift) error {
	all, err := tx.WithdrawalsFollowing(ctx, g.ID)
	if err != nil {
		return err
	}
	m := WithdrawalReceipt{Version: messageVersion, Ident: hex.EncodeToString(g.Ident), Told: int64(len(all))}
	for _, w := range all {
		if w.Outbox == 0 || !w.ConfirmedAt.IsZero() { // a consumer's tool reads it where it was put
			m.Confirmed++
		}
	}
	body, err := writeExact(m)
	if err != nil {
		return err
	}
	_, err = d.queue(ctx, tx, from.ID, KindWithdrawalReceipt, body)
	return err
}

// TakeWithdrawalReceipt takes in that a receiver has marked what we withdrew. Where
// that followed the withdrawal of a gift, its giver hears of it.
func (d *Desk) TakeWithdrawalReceipt(ctx context.Context, tx *store.Tx, from store.Counterpart, body []byte) error {
	m, err := ReadWithdrawalReceipt(body)
	if err != nil {
		return err
	}
	ident, err := hex.DecodeString(m.Ident)
	if err != nil {
		return err
	}
	w, err := tx.WithdrawalByIdent(ctx, from.ID, ident)
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("a receipt for a withdrawal that did not go to %s", from.Name)
	}
	if err != nil {
		return err
	}
	first := w.ConfirmedAt.IsZero()
	if !first && m.Told <= w.Told && m.Confirmed <= w.Confirmed {
		return nil // it says nothing new
	}
	if first {
		w.ConfirmedAt = d.Now()
	}
	w.Told, w.Confirmed = max(w.Told, m.Told), max(w.Confirmed, m.Confirmed)
	if err := tx.SetWithdrawal(ctx, w); err != nil {
		return err
	}
	r, err := tx.Release(ctx, w.Release)
	if err != nil {
		return err
	}
	if err := d.record(ctx, tx, from.Name, "release.withdraw.receipt", r, from.Name, m); err != nil {
		return err
	}
	if !first || w.Cause == 0 {
		return nil
	}
	g, err := tx.Gift(ctx, w.Cause)
	if err != nil {
		return err
	}
	giver, err := tx.CounterpartByID(ctx, g.Counterpart)
	if err != nil {
		return err
	}
	return d.confirm(ctx, tx, giver, g)
}

type giftNote struct {
	State   string `json:"state"`
	Reason  string `json:"reason"`
	Digest  string `json:"digest"`
	Objects int64  `json:"objects"`
	Told    int    `json:"told"`
}

func (d *Desk) recordGift(ctx context.Context, tx *store.Tx, from store.Counterpart, g store.Gift, note giftNote) error {
	detail, err := json.Marshal(note)
	if err != nil {
		return fmt.Errorf("record a withdrawal: %w", err)
	}
	_, err = tx.Record(ctx, store.Entry{
		At: d.Now(), Actor: from.Name, Action: "release.withdrawn", Subject: fmt.Sprintf("I%d", g.Inbox), Counterpart: from.Name, Detail: detail,
	})
	return err
}
