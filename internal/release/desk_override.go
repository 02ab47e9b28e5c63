package release

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/store"
)

// ErrNoOverride: what this rule finds is overruled by nobody.
var ErrNoOverride = errors.New("nobody can overrule that rule")

// maxWhy bounds the reason of an overruling, in characters.
const maxWhy = 1_000

// Overruling is the second person's word that what one rule found in a release is no leak.
type Overruling struct {
	Rule string
	Why  string
}

// MayOverrule says whether a person can overrule a rule: one that reads words, where the check may be
// mistaken. The form of a tearline is no matter of opinion, and its receiver refuses another; the ids and
// hashes of what stays here say nothing to anybody but a link.
func MayOverrule(rule string) bool {
	switch rule {
	case "name", "selector", "hash", "shared-text", "time", "place", "figure", "hidden-character", "mixed-script":
		return true
	}
	return false
}

// overruled looks at a release once and writes into it what was found, with what a second person let stand of it, for
// reasons that are kept in the ledger: all of them, or none. It holds for these bytes until they are checked again.
func (d *Desk) overruled(ctx context.Context, tx *store.Tx, person string, r *store.Release, to store.Counterpart, over []Overruling) ([]Finding, error) {
	for i, o := range over {
		if err := o.validate(); err != nil {
			return nil, fmt.Errorf("release R%d: %w", r.ID, err)
		}
		if slices.ContainsFunc(over[:i], func(before Overruling) bool { return before.Rule == o.Rule }) {
			return nil, fmt.Errorf("release R%d: rule %q is named twice: %w", r.ID, o.Rule, ErrStep)
		}
	}
	if strings.EqualFold(person, r.Author) {
		return nil, fmt.Errorf("release R%d was drafted by %s: %w", r.ID, r.Author, ErrSamePerson)
	}
	found, err := d.look(ctx, tx, *r, to)
	if err != nil {
		return nil, err
	}
	if err := carryOverruled(*r, found); err != nil {
		return nil, err
	}
	places := make([][]string, len(over))
	for i, o := range over {
		if places[i] = o.apply(person, found); len(places[i]) == 0 {
			return nil, fmt.Errorf("release R%d: rule %q stops nothing in it: %w", r.ID, o.Rule, ErrStep)
		}
	}
	if r.Findings, err = json.Marshal(append([]Finding{}, found...)); err != nil {
		return nil, fmt.Errorf("keep findings: %w", err)
	}
	r.UpdatedAt = d.Now()
	for i, o := range over {
		err := d.record(ctx, tx, person, "release.overrule", *r, to.Name, map[string]any{"rule": o.Rule, "why": o.Why, "places": places[i]})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// apply marks what a rule found and stops a release, and says where that is.
func (o Overruling) apply(person string, found []Finding) (places []string) {
	for i := range found {
		if f := &found[i]; f.Rule == o.Rule && f.Stops() {
			f.OverruledBy, f.Why = person, o.Why
			places = append(places, f.Path)
		}
	}
	return places
}

func (o Overruling) validate() error {
	switch {
	case !slices.Contains(RuleNames(), o.Rule):
		return fmt.Errorf("no rule is called %q, the rules are %s: %w", o.Rule, strings.Join(RuleNames(), ", "), ErrNoOverride)
	case !MayOverrule(o.Rule):
		return fmt.Errorf("rule %q: %w: mend the draft", o.Rule, ErrNoOverride)
	case strings.TrimSpace(o.Why) == "":
		return fmt.Errorf("say why what rule %q found is no leak: it is kept in the ledger", o.Rule)
	case utf8.RuneCountInString(o.Why) > maxWhy:
		return fmt.Errorf("the reason has more than %d characters: shorten it", maxWhy)
	}
	return nil
}

// carryOverruled marks those of what was found that a person has overruled since the release was checked.
func carryOverruled(r store.Release, found []Finding) error {
	var kept []Finding
	if err := json.Unmarshal(r.Findings, &kept); err != nil {
		return fmt.Errorf("read release R%d: %w", r.ID, err)
	}
	for i := range found {
		f := &found[i]
		for _, k := range kept {
			if k.OverruledBy != "" && k.Rule == f.Rule && k.Path == f.Path && k.Excerpt == f.Excerpt && MayOverrule(f.Rule) {
				f.OverruledBy, f.Why = k.OverruledBy, k.Why
			}
		}
	}
	return nil
}
