package node

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"parley/internal/release"
	"parley/internal/store"
	"parley/stix"
)

// followed is the effect of what a counterpart says of something that was given: an
// ask, an answer, a withdrawal or a receipt for one. What the desk does not take is
// refused by whoever called: nothing of it is kept.
func (n *Node) followed(in store.Incoming) effect {
	return effect{commit: func(ctx context.Context, tx *store.Tx) error {
		from, err := tx.CounterpartByID(ctx, in.Counterpart)
		if err != nil {
			return err
		}
		switch in.Kind {
		case release.KindAsk:
			return n.desk().TakeAsk(ctx, tx, from, in.Body)
		case release.KindAnswer:
			return n.desk().TakeAnswer(ctx, tx, from, in.Body)
		case release.KindWithdrawal:
			return n.desk().TakeWithdrawal(ctx, tx, from, in.Body)
		}
		return n.desk().TakeWithdrawalReceipt(ctx, tx, from, in.Body)
	}}
}

// AskConsent asks everybody who gave what a cleared release draws on.
func (n *Node) AskConsent(ctx context.Context, id int64, q release.Question) (r store.Release, err error) {
	if err := n.must(Analyst, Releaser); err != nil {
		return r, err
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		r, err = n.desk().Ask(ctx, tx, n.User.Name, id, q)
		return err
	})
	return r, err
}

// AnswerConsent is our word on a counterpart's ask. It lets something of ours go to
// somebody else, so it is a releaser's.
func (n *Node) AnswerConsent(ctx context.Context, id int64, consents bool, uses []release.Use, reason string) error {
	if err := n.must(Releaser); err != nil {
		return err
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		_, err := n.desk().Reply(ctx, tx, n.User.Name, id, consents, uses, reason)
		return err
	})
}

// RecallRelease takes back what was sent.
func (n *Node) RecallRelease(ctx context.Context, id int64, reason string) (r store.Release, err error) {
	if err := n.must(Analyst, Releaser); err != nil {
		return r, err
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		r, err = n.desk().Recall(ctx, tx, n.User.Name, id, reason)
		return err
	})
	return r, err
}

// Consent is an ask to pass something on, as people see it.
type Consent struct {
	Number     int64         `json:"number"`
	Ours       bool          `json:"ours"` // we asked
	With       string        `json:"with"`
	State      string        `json:"state"`
	Release    int64         `json:"release,omitempty"` // ours: what waits for it
	Of         []GivenRef    `json:"of"`
	Way        string        `json:"way"`
	Recipient  string        `json:"recipient"`
	Named      bool          `json:"recipient_named"`
	Purpose    string        `json:"purpose"`
	Use        release.Use   `json:"permitted_use"`
	TLP        release.TLP   `json:"tlp"`
	AskedAt    time.Time     `json:"asked_at"`
	AnsweredAt time.Time     `json:"answered_at,omitzero"`
	Uses       []release.Use `json:"uses,omitempty"`   // that were consented to
	Reason     string        `json:"reason,omitempty"` // of the answer
	By         string        `json:"by"`               // who asked, or answered
}

// GivenRef is a tearline that an ask is about: a release of ours, or a letter that
// came.
type GivenRef struct {
	Report  stix.ID `json:"report"`
	SHA256  string  `json:"sha256"`
	Release int64   `json:"release,omitempty"`
	Letter  int64   `json:"letter,omitempty"`
	Title   string  `json:"title"`
}

// Consents lists all asks, newest first.
func (n *Node) Consents(ctx context.Context) (all []Consent, err error) {
	all = []Consent{}
	err = n.store.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Consents(ctx)
		if err != nil {
			return err
		}
		for _, row := range rows {
			c, err := consentOf(ctx, tx, row)
			if err != nil {
				return err
			}
			all = append(all, c)
		}
		return nil
	})
	return all, err
}

// Consent reads one.
func (n *Node) Consent(ctx context.Context, id int64) (c Consent, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		row, err := tx.Consent(ctx, id)
		if err == nil {
			c, err = consentOf(ctx, tx, row)
		}
		return err
	})
	return c, err
}

func consentOf(ctx context.Context, tx *store.Tx, row store.Consent) (Consent, error) {
	c := Consent{Number: row.ID, Ours: row.Ours, State: row.State, Release: row.Release, AskedAt: row.AskedAt, AnsweredAt: row.AnsweredAt, By: row.Actor}
	with, err := tx.CounterpartByID(ctx, row.Counterpart)
	if err != nil {
		return c, err
	}
	c.With = with.Name
	ask, err := release.ReadAsk(row.Ask)
	if err != nil {
		return c, fmt.Errorf("ask Q%d: %w", row.ID, err)
	}
	c.Way, c.Recipient, c.Named, c.Purpose, c.Use, c.TLP = ask.Way, ask.Recipient.String(), ask.Recipient.Name != "", ask.Purpose, ask.Use, ask.TLP
	if row.Answer != nil {
		answer, err := release.ReadAnswer(row.Answer)
		if err != nil {
			return c, fmt.Errorf("answer to Q%d: %w", row.ID, err)
		}
		c.Uses, c.Reason = answer.Uses, answer.Reason
	}
	for _, g := range ask.Of {
		ref, err := givenRef(ctx, tx, row, g)
		if err != nil {
			return c, fmt.Errorf("ask Q%d: %w", row.ID, err)
		}
		c.Of = append(c.Of, ref)
	}
	return c, nil
}

// givenRef finds what an ask names: of the counterpart's where we asked, else of ours.
func givenRef(ctx context.Context, tx *store.Tx, row store.Consent, g release.Given) (GivenRef, error) {
	ref := GivenRef{Report: g.Report, SHA256: g.Digest}
	digest, err := hex.DecodeString(g.Digest)
	if err != nil {
		return ref, err
	}
	var bundle []byte
	if row.Ours {
		gift, err := tx.GiftByDigest(ctx, row.Counterpart, digest)
		if err != nil {
			return ref, err
		}
		in, err := tx.Incoming(ctx, gift.Inbox)
		if err != nil {
			return ref, err
		}
		ref.Letter, bundle = gift.Inbox, in.Body
	} else {
		r, err := tx.ReleaseByDigest(ctx, row.Counterpart, digest)
		if err != nil {
			return ref, err
		}
		ref.Release, bundle = r.ID, r.Bundle
	}
	if got, err := release.Verify(bundle); err == nil {
		ref.Title = got.Title
	}
	return ref, nil
}

// Standing is what a release of ours rests on, and whether it stands.
type Standing struct {
	DrawsOn    []GivenRef        `json:"draws_on"`
	Consents   []Consent         `json:"consents"`
	Withdrawal *WithdrawalStatus `json:"withdrawal,omitempty"`
}

// WithdrawalStatus is how far a withdrawal has come.
type WithdrawalStatus struct {
	Reason      string    `json:"reason"`
	By          string    `json:"by"`
	At          time.Time `json:"at"`
	Successor   int64     `json:"successor,omitempty"`
	Following   bool      `json:"following"` // it follows the withdrawal of what it drew on
	Put         bool      `json:"put"`       // where a consumer reads, and so not confirmed
	ConfirmedAt time.Time `json:"confirmed_at,omitzero"`
	Told        int64     `json:"told"`      // as the counterpart states
	Confirmed   int64     `json:"confirmed"` // as the counterpart states
}

// ReleaseStanding reads it.
func (n *Node) ReleaseStanding(ctx context.Context, id int64) (s Standing, err error) {
	s = Standing{DrawsOn: []GivenRef{}, Consents: []Consent{}}
	err = n.store.View(ctx, func(tx *store.Tx) error {
		gifts, err := tx.ReleaseGifts(ctx, id)
		if err != nil {
			return err
		}
		for _, g := range gifts {
			ref, err := givenRef(ctx, tx, store.Consent{Ours: true, Counterpart: g.Counterpart}, release.Given{Report: stix.ID(g.Report), Digest: hex.EncodeToString(g.Digest)})
			if err != nil {
				return err
			}
			s.DrawsOn = append(s.DrawsOn, ref)
		}
		rows, err := tx.ReleaseConsents(ctx, id)
		if err != nil {
			return err
		}
		for _, row := range rows {
			c, err := consentOf(ctx, tx, row)
			if err != nil {
				return err
			}
			s.Consents = append(s.Consents, c)
		}
		w, err := tx.Withdrawal(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		s.Withdrawal = &WithdrawalStatus{
			Reason: w.Reason, By: w.Actor, At: w.At, Successor: w.Successor, Following: w.Cause != 0, Put: w.Outbox == 0,
			ConfirmedAt: w.ConfirmedAt, Told: w.Told, Confirmed: w.Confirmed,
		}
		return err
	})
	return s, err
}
