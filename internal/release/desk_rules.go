package release

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	rulebook "parley/internal/rules"
	"parley/internal/store"
	"parley/stix"
	"parley/stix/marking"
)

// ErrRule: the rules of release refuse it.
var ErrRule = errors.New("the rules refuse this release")

// rulesSetting is where the node keeps its file of rules.
const rulesSetting = "rules"

// RulesFile is a node's file of rules as it is kept.
type RulesFile struct {
	Name  string    `json:"name"` // what refusals call it
	Text  string    `json:"text"`
	SetBy string    `json:"set_by,omitempty"` // empty for the rules that the program brings
	SetAt time.Time `json:"set_at,omitzero"`

	ConfirmedBy string `json:"confirmed_by,omitempty"` // the second person, where they may let more go than those before
}

// Rules reads the file of rules that holds: the node's own, or the one that the program brings.
func Rules(ctx context.Context, tx *store.Tx) (RulesFile, error) {
	f := RulesFile{Name: rulebook.DefaultName, Text: string(rulebook.Default())}
	err := tx.JSONSetting(ctx, rulesSetting, &f)
	return f, err
}

// SetRules keeps a file of rules, which must be one.
func SetRules(ctx context.Context, tx *store.Tx, f RulesFile) error {
	if _, err := rulebook.Parse(f.Name, []byte(f.Text)); err != nil {
		return err
	}
	return tx.SetJSONSetting(ctx, rulesSetting, f)
}

func ruleSet(ctx context.Context, tx *store.Tx) (*rulebook.Set, error) {
	f, err := Rules(ctx, tx)
	if err != nil {
		return nil, err
	}
	return rulebook.Parse(f.Name, []byte(f.Text))
}

// Ruled is a decision and how many objects of a release it is on.
type Ruled struct {
	rulebook.Decision
	Objects int `json:"objects"`
}

// Ruling is what rules say of a release.
type Ruling struct {
	Allowed bool
	Rules   [32]byte // the digest of the file
	Because []Ruled  // each decision once, refusals first
}

// Reason says why a release was refused, in one sentence for a person.
func (r Ruling) Reason() string {
	const most = 3
	var says []string
	more := 0
	for _, b := range r.Because {
		switch {
		case b.Allowed:
		case len(says) < most:
			says = append(says, b.Reason)
			more += b.Objects - 1
		default:
			more += b.Objects
		}
	}
	if more > 0 {
		says = append(says, fmt.Sprintf("and so with %d more", more))
	}
	return strings.Join(says, "; ")
}

// rule asks the rules about a release, and keeps by which it was allowed.
func (d *Desk) rule(ctx context.Context, tx *store.Tx, r store.Release, step string) error {
	set, err := ruleSet(ctx, tx)
	if err != nil {
		return err
	}
	ruling, err := d.Judge(ctx, tx, set, r, d.Now())
	if err != nil {
		return err
	}
	if !ruling.Allowed {
		return fmt.Errorf("%w: %s", ErrRule, ruling.Reason())
	}
	decisions, err := json.Marshal(ruling.Because)
	if err != nil {
		return fmt.Errorf("keep a ruling: %w", err)
	}
	return tx.AddRuling(ctx, store.Ruling{Release: r.ID, Step: step, At: d.Now(), Rules: ruling.Rules[:], Decisions: decisions})
}

// Judge asks rules about everything that a release draws on, as it stands in the store now, as if it were
// to go at the moment given.
func (d *Desk) Judge(ctx context.Context, tx *store.Tx, set *rulebook.Set, r store.Release, at time.Time) (Ruling, error) {
	o, err := ReadOrder(r)
	if err != nil {
		return Ruling{}, err
	}
	objects, err := d.drawnOn(ctx, tx, r, o)
	if err != nil {
		return Ruling{}, err
	}
	return d.judge(ctx, tx, set, r.Counterpart, o, objects, at)
}

// ReadMap reads what the objects of a release were made from: original id → new id.
func ReadMap(r store.Release) (ids map[stix.ID]stix.ID, err error) {
	if err := json.Unmarshal(r.Map, &ids); err != nil {
		return nil, fmt.Errorf("read release R%d: %w", r.ID, err)
	}
	return ids, nil
}

// JudgeReport asks rules about a report of which there is no release, and about everything it draws in that
// a tearline could carry: for each use, what is said of it under the order's label. What others gave us stays.
func (d *Desk) JudgeReport(ctx context.Context, tx *store.Tx, set *rulebook.Set, to store.Counterpart, o Order, uses []Use, at time.Time) ([]Ruling, error) {
	all, err := d.closure(ctx, tx, o.Report, to.ID, nil)
	if errors.Is(err, ErrThirdParty) {
		refused := Ruling{Because: []Ruled{{Decision: rulebook.Decision{By: []string{rulebook.ByMarking}, Reason: err.Error()}, Objects: 1}}}
		return slices.Repeat([]Ruling{refused}, len(uses)), nil
	}
	if err != nil {
		return nil, err
	}
	marks, policy := newMarkings(tx, nil), DefaultPolicy()
	var objects [][]rulebook.Object
	for _, obj := range all {
		if !policy.allowsType(obj.Type()) {
			continue
		}
		one, err := marks.object(ctx, obj.ID())
		if err != nil {
			return nil, err
		}
		one.Report = obj.ID() == o.Report
		objects = append(objects, []rulebook.Object{one})
	}
	who, err := d.recipient(ctx, tx, to.ID)
	if err != nil {
		return nil, err
	}
	rulings := make([]Ruling, len(uses))
	for i, use := range uses {
		o.Use = use
		rulings[i] = asked(set.For(who, o.purpose(), at), set, objects)
	}
	return rulings, nil
}

func (d *Desk) judge(ctx context.Context, tx *store.Tx, set *rulebook.Set, counterpart int64, o Order, objects [][]rulebook.Object, at time.Time) (Ruling, error) {
	to, err := d.recipient(ctx, tx, counterpart)
	if err != nil {
		return Ruling{}, err
	}
	return asked(set.For(to, o.purpose(), at), set, objects), nil
}

// purpose is what rules may know of an order.
func (o Order) purpose() rulebook.Purpose {
	return rulebook.Purpose{Use: o.Use, TLP: marking.TLP(o.TLP), Collection: o.Collection, Match: o.Match != 0, Disclosed: len(o.Added)}
}

// ruleWarning asks the rules about a warning that one person sends. It is new words, so nothing that it
// rests on is asked about: life goes first.
func (d *Desk) ruleWarning(ctx context.Context, tx *store.Tx, to store.Counterpart, o WarnOrder) error {
	set, err := ruleSet(ctx, tx)
	if err != nil {
		return err
	}
	who, err := d.recipient(ctx, tx, to.ID)
	if err != nil {
		return err
	}
	why := rulebook.Purpose{Use: ProtectLife, TLP: marking.Red, Disclosed: len(o.Cleared), Emergency: true}
	if said := set.For(who, why, d.Now()).Decide(rulebook.Object{Type: "warning", Ours: true}); !said.Allowed {
		return fmt.Errorf("%w: %s", ErrRule, said.Reason)
	}
	return nil
}

// asked asks about each object, and puts like decisions together.
func asked(sitting *rulebook.Sitting, set *rulebook.Set, objects [][]rulebook.Object) Ruling {
	ruling := Ruling{Allowed: len(objects) > 0, Rules: set.Digest}
	at := map[string]int{}
	for _, versions := range objects {
		d := sitting.Decide(versions[0])
		for _, another := range versions[1:] {
			if !d.Allowed {
				d = sitting.Decide(another)
			}
		}
		ruling.Allowed = ruling.Allowed && d.Allowed
		key := d.Verdict() + "\x00" + strings.TrimPrefix(d.Reason, string(versions[0].ID))
		i, known := at[key]
		if !known {
			i, at[key] = len(ruling.Because), len(ruling.Because)
			ruling.Because = append(ruling.Because, Ruled{Decision: d})
		}
		ruling.Because[i].Objects++
	}
	slices.SortStableFunc(ruling.Because, func(a, b Ruled) int {
		switch {
		case a.Allowed == b.Allowed:
			return 0
		case b.Allowed:
			return -1
		}
		return 1
	})
	return ruling
}

// recipient is what rules may know of a counterpart.
func (d *Desk) recipient(ctx context.Context, tx *store.Tx, id int64) (to rulebook.Counterpart, err error) {
	c, err := tx.CounterpartByID(ctx, id)
	if err != nil {
		return to, err
	}
	to = rulebook.Counterpart{Name: c.Name, Verified: !c.VerifiedAt.IsZero()}
	switch _, err := tx.Consumer(ctx, id); {
	case err == nil:
		to.Consumer = !c.Open()
	case !errors.Is(err, store.ErrNotFound):
		return to, err
	}
	all, err := tx.Assurances(ctx, id)
	for _, a := range all {
		given := rulebook.Assurance{Undertaking: a.Undertaking, From: a.From, Until: a.Until}
		if !a.EndedAt.IsZero() && (given.Until.IsZero() || a.EndedAt.Before(given.Until)) {
			given.Until = a.EndedAt
		}
		to.Assurances = append(to.Assurances, given)
	}
	return to, err
}

// drawnOn gathers what rules are asked about: the report, everything of which something stands in the
// tearline, and what stands there and was in no object of ours.
// Of each, one of the versions given must be allowed.
func (d *Desk) drawnOn(ctx context.Context, tx *store.Tx, r store.Release, o Order) ([][]rulebook.Object, error) {
	from, err := ReadMap(r)
	if err != nil {
		return nil, err
	}
	made := map[stix.ID]bool{}
	for _, id := range from {
		made[id] = true
	}
	yes, err := consentedTo(ctx, tx, r, o)
	if err != nil {
		return nil, err
	}
	marks := newMarkings(tx, yes)
	var all [][]rulebook.Object
	for _, id := range append([]stix.ID{o.Report}, slices.Sorted(maps.Keys(from))...) {
		if id == o.Report && len(all) > 0 {
			continue
		}
		one, err := marks.object(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("release R%d: %w", r.ID, err)
		}
		one.Report = id == o.Report
		all = append(all, []rulebook.Object{one})
	}
	author, err := d.pseudonym(ctx, tx, r.Counterpart)
	if err != nil {
		return nil, err
	}
	_, err = stix.ReadBundle(bytes.NewReader(r.Bundle), stix.Limits{}, func(o stix.Object) error {
		if made[o.ID()] || o.ID() == author.ID || o.Type() == "marking-definition" {
			return nil
		}
		shown, err := marks.shown(ctx, o)
		all = append(all, shown)
		return err
	})
	return all, err
}
