package release

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"parley/internal/store"
	"parley/selector"
	"parley/stix"
)

// States of a release on the desk.
const (
	Drafted = "drafted" // built; nobody has checked it
	Stopped = "stopped" // the leak check forbids it
	Checked = "checked" // the leak check let it pass; waits for a second person
	Cleared = "cleared" // a second person cleared exactly these bytes
	Waiting = "waiting" // for the consent of whoever gave what it draws on
	Sent    = "sent"    // in the outbox, or where its consumer reads
	Void    = "void"    // given up

	Recalled = "recalled" // it was sent, and taken back
	Amended  = "amended"  // it was sent, and another put in its place
)

// WaitsForPerson reports whether a release in this state needs somebody to act.
func WaitsForPerson(state string) bool {
	return state == Drafted || state == Stopped || state == Checked || state == Cleared
}

// KindBundle is the channel's name for a released tearline.
const KindBundle = "release.bundle"

// Why the desk refuses.
var (
	// ErrStep: the release is not at the step that this needs.
	ErrStep = errors.New("the release is not at that step")
	// ErrLeak: the leak check found something that must not leave.
	ErrLeak = errors.New("the leak check stops this release")
	// ErrSamePerson: the author cannot clear their own draft.
	ErrSamePerson = errors.New("a second person must clear it")
	// ErrThirdParty: part of it was given by somebody else, who was not asked.
	ErrThirdParty = errors.New("a counterpart gave this and has not consented to its being passed on")
)

// Desk is where drafts are made, checked, cleared and sent.
type Desk struct {
	Names  []string // our own names and words that must never leave
	Region string
	Rand   io.Reader
	Now    func() time.Time
}

// Disclosed is a selector that no match showed and the analyst discloses, and why.
type Disclosed struct {
	Selector selector.Selector `json:"selector"`
	Reason   string            `json:"reason"`
}

// Order is what an analyst asks the desk for.
type Order struct {
	Report     stix.ID     `json:"report"`
	Match      int64       `json:"match,omitempty"` // its overlap may be disclosed
	Added      []Disclosed `json:"added,omitempty"`
	Withhold   []stix.ID   `json:"withhold,omitempty"` // objects of the report that stay behind
	TLP        TLP         `json:"tlp"`
	Use        Use         `json:"permitted_use"`
	Grade      string      `json:"grade,omitempty"`
	Title      string      `json:"title,omitempty"`
	Text       string      `json:"text"`
	Descriptor string      `json:"source_descriptor,omitempty"`
	Pictures   []Picture   `json:"pictures,omitempty"`
	Collection string      `json:"collection,omitempty"` // where a consumer is to read it; empty: the usual way
	PassOn     bool        `json:"pass_on,omitempty"`    // draw on what other counterparts gave, and ask them first
	Amends     int64       `json:"amends,omitempty"`     // the release that this one is to replace
	Because    string      `json:"because,omitempty"`    // why it is replaced, for the counterpart to read
}

// ReadOrder is what a release's author asked for.
func ReadOrder(r store.Release) (o Order, err error) {
	if err := json.Unmarshal(r.Request, &o); err != nil {
		return o, fmt.Errorf("read release R%d: %w", r.ID, err)
	}
	return o, nil
}

// Draft builds a tearline of one of our reports for a counterpart, and keeps it.
func (d *Desk) Draft(ctx context.Context, tx *store.Tx, author string, to store.Counterpart, o Order) (store.Release, error) {
	if err := d.way(ctx, tx, to, o); err != nil {
		return store.Release{}, err
	}
	if err := d.amendable(ctx, tx, to, o); err != nil {
		return store.Release{}, err
	}
	p := &passage{allowed: o.PassOn}
	objects, err := d.closure(ctx, tx, o.Report, to.ID, p)
	if err != nil {
		return store.Release{}, err
	}
	req, err := d.request(ctx, tx, to, o, p)
	if err != nil {
		return store.Release{}, err
	}
	t, err := Build(objects, req, Env{Rand: d.Rand, Now: d.Now()})
	if err != nil {
		return store.Release{}, err
	}
	r := store.Release{Counterpart: to.ID, State: Drafted, Author: author, Findings: []byte("[]"), UpdatedAt: d.Now()}
	if err := fill(&r, o, t); err != nil {
		return r, err
	}
	if r.ID, err = tx.AddRelease(ctx, r); err != nil {
		return r, err
	}
	if err := tx.SetReleaseGifts(ctx, r.ID, p.drawn()); err != nil {
		return r, err
	}
	if err := d.rule(ctx, tx, r, "draft"); err != nil {
		return r, err
	}
	return r, d.record(ctx, tx, author, "release.draft", r, to.Name, o.Report)
}

// request turns an order into what Build takes: the cleared selectors are the
// overlap of the match named and those that the analyst added.
func (d *Desk) request(ctx context.Context, tx *store.Tx, to store.Counterpart, o Order, p *passage) (Request, error) {
	req := Request{
		Counterpart: to.Name, Policy: DefaultPolicy(), TLP: o.TLP, PermittedUse: o.Use, Reasons: map[selector.Selector]string{},
		Title: o.Title, Text: o.Text, SourceDescriptor: o.Descriptor, Region: d.Region, Pictures: o.Pictures, Withhold: o.Withhold,
	}
	if o.Match != 0 {
		m, err := tx.Matching(ctx, o.Match)
		if err != nil {
			return req, err
		}
		if m.Counterpart != to.ID {
			return req, fmt.Errorf("match M%d was with another counterpart: its overlap says nothing to %s", o.Match, to.Name)
		}
		if req.Cleared, err = tx.Overlap(ctx, o.Match); err != nil {
			return req, err
		}
	}
	for _, a := range o.Added {
		if err := ours(ctx, tx, to, a.Selector, p); err != nil {
			return req, err
		}
		if a.Reason == "" {
			return req, fmt.Errorf("say why %s is disclosed: no match showed that %s holds it", a.Selector, to.Name)
		}
		req.Cleared = append(req.Cleared, a.Selector)
		req.Reasons[a.Selector] = a.Reason
	}
	if o.Grade != "" {
		var err error
		if req.Grade, err = ParseGrade(o.Grade); err != nil {
			return req, err
		}
	}
	var err error
	req.Author, err = d.pseudonym(ctx, tx, to.ID)
	return req, err
}

// pseudonym is the identity that this counterpart alone knows us by.
func (d *Desk) pseudonym(ctx context.Context, tx *store.Tx, counterpart int64) (a Author, err error) {
	name := fmt.Sprintf("pseudonym/%d", counterpart)
	b, err := tx.Setting(ctx, name)
	if err == nil {
		return a, json.Unmarshal(b, &a)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return a, err
	}
	if a.ID, err = stix.NewID("identity", d.Rand); err != nil {
		return a, err
	}
	a.Since = d.Now().UTC()
	if b, err = json.Marshal(a); err != nil {
		return a, err
	}
	return a, tx.SetSetting(ctx, name, b)
}

func fill(r *store.Release, o Order, t Tearline) error {
	for _, f := range []struct {
		to *[]byte
		v  any
	}{{&r.Request, o}, {&r.Map, t.Map}, {&r.Stripped, t.Stripped}} {
		b, err := json.Marshal(f.v)
		if err != nil {
			return fmt.Errorf("keep draft: %w", err)
		}
		*f.to = b
	}
	r.Bundle, r.Digest = t.Bundle, t.Digest[:]
	return nil
}

// Check looks for leaks in a draft and keeps what it found. It may be run
// again; a clearance given before is void.
func (d *Desk) Check(ctx context.Context, tx *store.Tx, actor string, id int64) (store.Release, []Finding, error) {
	r, to, err := d.at(ctx, tx, id, Drafted, Stopped, Checked, Cleared)
	if err != nil {
		return r, nil, err
	}
	found, err := d.look(ctx, tx, r, to)
	if err != nil {
		return r, nil, err
	}
	if r.Findings, err = json.Marshal(append([]Finding{}, found...)); err != nil { // [] in JSON, not null
		return r, nil, fmt.Errorf("keep findings: %w", err)
	}
	r.State, r.Clearer, r.Cleared = Checked, "", nil
	if Blocked(found) {
		r.State = Stopped
	}
	r.UpdatedAt = d.Now()
	if err := tx.SetRelease(ctx, r); err != nil {
		return r, nil, err
	}
	return r, found, d.record(ctx, tx, actor, "release.check", r, to.Name, len(found))
}

// look runs the leak check on the bytes of a release as they are now, against
// what the node knows now.
func (d *Desk) look(ctx context.Context, tx *store.Tx, r store.Release, to store.Counterpart) ([]Finding, error) {
	secrets, err := d.secrets(ctx, tx, r, to)
	if err != nil {
		return nil, err
	}
	t := Tearline{Bundle: r.Bundle, Digest: sha256.Sum256(r.Bundle)}
	if t.Map, err = ReadMap(r); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(r.Stripped, &t.Stripped); err != nil {
		return nil, fmt.Errorf("read release R%d: %w", r.ID, err)
	}
	return Check(t, secrets), nil
}

// still refuses a release that a check would stop today, though it passed one
// before: a word may have been put on the never-list since.
func (d *Desk) still(ctx context.Context, tx *store.Tx, r store.Release, to store.Counterpart) error {
	found, err := d.look(ctx, tx, r, to)
	if err != nil {
		return err
	}
	if err := carryOverruled(r, found); err != nil {
		return err
	}
	return stops(r, found)
}

// stops says what of the findings forbids a release.
func stops(r store.Release, found []Finding) error {
	for _, f := range found {
		if f.Stops() {
			return fmt.Errorf("release R%d: %w: %s at %s: check it again", r.ID, ErrLeak, f.Reason, f.Path)
		}
	}
	return nil
}

// Clear is the second person's word for exactly these bytes, and for what rules found that are overruled here. What they
// hold is looked at once; where anything is refused, nothing is overruled.
func (d *Desk) Clear(ctx context.Context, tx *store.Tx, clearer string, id int64, over ...Overruling) (store.Release, error) {
	r, to, err := d.at(ctx, tx, id, Stopped, Checked)
	if err != nil {
		return r, err
	}
	if r.State == Stopped && len(over) == 0 {
		return r, fmt.Errorf("release R%d: %w: mend the draft", id, ErrLeak)
	}
	if strings.EqualFold(clearer, r.Author) {
		return r, fmt.Errorf("release R%d was drafted by %s: %w", id, r.Author, ErrSamePerson)
	}
	found, err := d.overruled(ctx, tx, clearer, &r, to, over)
	if err != nil {
		return r, err
	}
	if err := stops(r, found); err != nil {
		return r, err
	}
	if err := d.rule(ctx, tx, r, "clear"); err != nil {
		return r, fmt.Errorf("release R%d: %w", id, err)
	}
	sum := sha256.Sum256(r.Bundle)
	r.State, r.Clearer, r.Cleared, r.UpdatedAt = Cleared, clearer, sum[:], d.Now()
	if err := tx.SetRelease(ctx, r); err != nil {
		return r, err
	}
	return r, d.record(ctx, tx, clearer, "release.clear", r, to.Name, fmt.Sprintf("%x", sum))
}

// Send puts a cleared tearline in the outbox or, for a consumer, where it reads,
// once. The bytes must be those that were cleared.
func (d *Desk) Send(ctx context.Context, tx *store.Tx, actor string, id int64) (store.Release, error) {
	r, to, err := d.at(ctx, tx, id, Cleared)
	if err != nil {
		return r, err
	}
	sum := sha256.Sum256(r.Bundle)
	if !bytes.Equal(sum[:], r.Cleared) || !bytes.Equal(sum[:], r.Digest) {
		return r, fmt.Errorf("release R%d is not what %s cleared: check and clear it again: %w", id, r.Clearer, ErrStep)
	}
	if err := d.still(ctx, tx, r, to); err != nil {
		return r, err
	}
	if err := d.useConsents(ctx, tx, r); err != nil {
		return r, err
	}
	if err := d.rule(ctx, tx, r, "send"); err != nil {
		return r, fmt.Errorf("release R%d: %w", id, err)
	}
	if err := d.deliver(ctx, tx, &r, to); err != nil {
		return r, err
	}
	r.State, r.UpdatedAt = Sent, d.Now()
	if err := tx.SetRelease(ctx, r); err != nil {
		return r, err
	}
	if err := d.record(ctx, tx, actor, "release.send", r, to.Name, fmt.Sprintf("%x", sum)); err != nil {
		return r, err
	}
	return r, d.replace(ctx, tx, actor, r)
}

// Sayable refuses words that are to go to a counterpart outside a tearline (a
// purpose, a reason) when the leak check would stop them in one.
func (d *Desk) Sayable(ctx context.Context, tx *store.Tx, to store.Counterpart, words string) error {
	policy := DefaultPolicy()
	t, err := Build(nil, Request{
		Counterpart: to.Name, Policy: policy, TLP: TLPRed, PermittedUse: ProtectLife, Text: words, Region: d.Region,
	}, Env{Rand: d.Rand, Now: d.Now()})
	if err != nil {
		return err
	}
	s := Secrets{TimeGrain: policy.TimeGrain, PlaceGrain: policy.PlaceGrain}
	if err := d.remember(ctx, tx, to, &s, nil); err != nil {
		return err
	}
	for _, f := range Check(t, s) {
		if f.Blocking {
			return fmt.Errorf("these words may not go to %s: %w: %s %s", to.Name, ErrLeak, f.Reason, f.Fix)
		}
	}
	return nil
}

// at reads a release that must be in one of the states given.
func (d *Desk) at(ctx context.Context, tx *store.Tx, id int64, states ...string) (store.Release, store.Counterpart, error) {
	r, err := tx.Release(ctx, id)
	if err != nil {
		return r, store.Counterpart{}, err
	}
	to, err := tx.CounterpartByID(ctx, r.Counterpart)
	if err != nil {
		return r, to, err
	}
	for _, s := range states {
		if r.State == s {
			return r, to, nil
		}
	}
	return r, to, fmt.Errorf("release R%d is %s: %w", id, r.State, ErrStep)
}

func (d *Desk) record(ctx context.Context, tx *store.Tx, actor, action string, r store.Release, counterpart string, detail any) error {
	b, err := json.Marshal(struct {
		State  string `json:"state"`
		Detail any    `json:"detail"`
	}{r.State, detail})
	if err != nil {
		return fmt.Errorf("record %s: %w", action, err)
	}
	_, err = tx.Record(ctx, store.Entry{
		At: d.Now(), Actor: actor, Action: action, Subject: fmt.Sprintf("R%d", r.ID), Counterpart: counterpart, Detail: b,
	})
	return err
}
