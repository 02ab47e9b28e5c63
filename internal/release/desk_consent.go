package release

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"parley/internal/store"
)

// mostAsks is how many unanswered asks a counterpart may have with us.
const mostAsks = 100

// Question is what an originator is told of what is to be passed on.
type Question struct {
	Purpose  string
	Name     bool   // say who the recipient is
	Category string // or say only this of it
}

// Ask asks everybody who gave what a cleared release draws on, and lets it wait.
func (d *Desk) Ask(ctx context.Context, tx *store.Tx, actor string, id int64, q Question) (store.Release, error) {
	r, to, err := d.at(ctx, tx, id, Cleared)
	if err != nil {
		return r, err
	}
	gifts, err := tx.ReleaseGifts(ctx, r.ID)
	if err != nil {
		return r, err
	}
	if len(gifts) == 0 {
		return r, fmt.Errorf("release R%d draws on nothing that others gave: send it: %w", id, ErrStep)
	}
	if err := d.still(ctx, tx, r, to); err != nil {
		return r, err
	}
	o, err := ReadOrder(r)
	if err != nil {
		return r, err
	}
	c, err := d.collection(ctx, tx, to, o)
	if err != nil {
		return r, err
	}
	ask := Ask{Way: WayRelease, Use: o.Use, TLP: o.TLP, Recipient: q.recipient(to), Purpose: q.Purpose}
	if c.ID != 0 {
		ask.Way = WayCollection
	}
	about := store.Consent{Release: r.ID, Digest: r.Digest, Actor: actor}
	if err := d.askAll(ctx, tx, about, ask, gifts); err != nil {
		return r, fmt.Errorf("ask for release R%d: %w", id, err)
	}
	r.State, r.UpdatedAt = Waiting, d.Now()
	return r, tx.SetRelease(ctx, r)
}

// AskExport asks everybody who gave these gifts whether they may be written into a
// file.
func (d *Desk) AskExport(ctx context.Context, tx *store.Tx, actor string, gifts []store.Gift, q Question, use Use) error {
	ask := Ask{Way: WayExport, Use: use, TLP: TLPAmberStrict, Recipient: Recipient{Category: q.Category}, Purpose: q.Purpose}
	return d.askAll(ctx, tx, store.Consent{Actor: actor}, ask, gifts)
}

func (q Question) recipient(to store.Counterpart) Recipient {
	if q.Name {
		return Recipient{Name: to.Name}
	}
	return Recipient{Category: q.Category}
}

// askAll queues one ask to each giver.
func (d *Desk) askAll(ctx context.Context, tx *store.Tx, about store.Consent, ask Ask, gifts []store.Gift) error {
	of, givers := map[int64][]Given{}, []int64{}
	for _, g := range gifts {
		if g.State != store.Current {
			return fmt.Errorf("what came as I%d was withdrawn by whoever gave it: %w", g.Inbox, ErrStep)
		}
		if of[g.Counterpart] == nil {
			givers = append(givers, g.Counterpart)
		}
		of[g.Counterpart] = append(of[g.Counterpart], Given{givenReport(g), hex.EncodeToString(g.Digest)})
	}
	for _, id := range givers {
		giver, err := tx.CounterpartByID(ctx, id)
		if err != nil {
			return err
		}
		ask.Of = of[id]
		if err := d.ask(ctx, tx, about, ask, giver); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) ask(ctx context.Context, tx *store.Tx, c store.Consent, ask Ask, giver store.Counterpart) error {
	if !giver.Open() {
		return fmt.Errorf("%w, and %s cannot be asked: there is no channel", ErrThirdParty, giver.Name)
	}
	for _, words := range []string{ask.Purpose, ask.Recipient.Category} {
		if words == "" {
			continue // the check says where one is wanted
		}
		if err := d.Sayable(ctx, tx, giver, words); err != nil {
			return err
		}
	}
	var err error
	ask.Version = messageVersion
	if ask.Ident, c.Ident, err = d.ident(); err != nil {
		return err
	}
	if c.Ask, err = writeChecked(ask); err != nil {
		return err
	}
	c.Ours, c.Counterpart, c.State, c.AskedAt = true, giver.ID, store.Awaited, d.Now()
	if c.Outbox, err = d.queue(ctx, tx, giver.ID, KindAsk, c.Ask); err != nil {
		return err
	}
	if c.ID, err = tx.AddConsent(ctx, c); err != nil {
		return err
	}
	return d.recordConsent(ctx, tx, c.Actor, "consent.ask", c, giver.Name, consentNote{Release: c.Release, Way: ask.Way, Recipient: ask.Recipient.String(), Purpose: ask.Purpose})
}

// TakeAsk takes in a counterpart's ask. The same again gets the same answer again.
func (d *Desk) TakeAsk(ctx context.Context, tx *store.Tx, from store.Counterpart, body []byte) error {
	ask, err := ReadAsk(body)
	if err != nil {
		return err
	}
	ident, err := hex.DecodeString(ask.Ident)
	if err != nil {
		return err
	}
	before, err := tx.ConsentByIdent(ctx, from.ID, ident, false)
	if err == nil {
		return d.askedAgain(ctx, tx, before, body)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	for i, g := range ask.Of {
		if _, err := d.given(ctx, tx, from, g); err != nil {
			return fmt.Errorf("$.of[%d]: %w", i, err)
		}
	}
	unanswered, err := tx.ConsentsIn(ctx, from.ID, false, store.Awaited)
	if err != nil {
		return err
	}
	if len(unanswered) >= mostAsks {
		return fmt.Errorf("%s has %d asks that are not answered, and more are not taken", from.Name, len(unanswered))
	}
	c := store.Consent{Ident: ident, Counterpart: from.ID, State: store.Awaited, Ask: body, AskedAt: d.Now(), Actor: from.Name}
	if c.ID, err = tx.AddConsent(ctx, c); err != nil {
		return err
	}
	return d.recordConsent(ctx, tx, from.Name, "consent.asked", c, from.Name, consentNote{Way: ask.Way, Recipient: ask.Recipient.String(), Purpose: ask.Purpose})
}

func (d *Desk) askedAgain(ctx context.Context, tx *store.Tx, c store.Consent, body []byte) error {
	if !bytes.Equal(c.Ask, body) {
		return errors.New("another ask had this number")
	}
	if c.Answer == nil {
		return nil
	}
	var err error
	if c.Outbox, err = d.queue(ctx, tx, c.Counterpart, KindAnswer, c.Answer); err != nil {
		return err
	}
	return tx.SetConsent(ctx, c)
}

// given finds a release of ours that somebody names, as it stands.
func (d *Desk) given(ctx context.Context, tx *store.Tx, to store.Counterpart, g Given) (store.Release, error) {
	digest, err := hex.DecodeString(g.Digest)
	if err != nil {
		return store.Release{}, err
	}
	r, err := tx.ReleaseByDigest(ctx, to.ID, digest)
	if errors.Is(err, store.ErrNotFound) {
		return r, fmt.Errorf("we gave %s no tearline with the SHA-256 %s", to.Name, g.Digest)
	}
	if err != nil {
		return r, err
	}
	got, err := Verify(r.Bundle)
	switch {
	case err != nil:
		return r, err
	case got.Report.ID() != g.Report:
		return r, fmt.Errorf("the tearline with the SHA-256 %s has another report", g.Digest)
	case r.State != Sent:
		return r, fmt.Errorf("release R%d is %s: %w", r.ID, r.State, ErrStep)
	}
	return r, nil
}

// queue puts a message behind what waits for a counterpart.
func (d *Desk) queue(ctx context.Context, tx *store.Tx, to int64, kind string, body []byte) (int64, error) {
	return tx.Enqueue(ctx, store.Outgoing{Counterpart: to, Kind: kind, Body: body, QueuedAt: d.Now()})
}

// ident draws the number of a message.
func (d *Desk) ident() (text string, bytes []byte, err error) {
	rnd := d.Rand
	if rnd == nil {
		rnd = rand.Reader
	}
	bytes = make([]byte, 16)
	if _, err := io.ReadFull(rnd, bytes); err != nil {
		return "", nil, fmt.Errorf("draw a message's number: %w", err)
	}
	return hex.EncodeToString(bytes), bytes, nil
}

type consentNote struct {
	State     string `json:"state"`
	Release   int64  `json:"release,omitempty"`
	Way       string `json:"way,omitempty"`
	Recipient string `json:"recipient,omitempty"`
	Purpose   string `json:"purpose,omitempty"`
	Consents  *bool  `json:"consents,omitempty"`
	Uses      []Use  `json:"uses,omitempty"`
	Reason    string `json:"reason,omitempty"`
	SHA256    string `json:"sha256"` // of the ask
}

func (d *Desk) recordConsent(ctx context.Context, tx *store.Tx, actor, action string, c store.Consent, counterpart string, note consentNote) error {
	note.State, note.SHA256 = c.State, fmt.Sprintf("%x", sha256.Sum256(c.Ask))
	detail, err := json.Marshal(note)
	if err != nil {
		return fmt.Errorf("record %s: %w", action, err)
	}
	_, err = tx.Record(ctx, store.Entry{At: d.Now(), Actor: actor, Action: action, Subject: fmt.Sprintf("Q%d", c.ID), Counterpart: counterpart, Detail: detail})
	return err
}
