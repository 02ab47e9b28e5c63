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

// Overrule lets what a rule found stand, for a reason that is kept in the ledger. It takes a second person, as
// clearing does, and holds for these bytes until they are checked again. A release that nothing else stops is
// checked afterwards, and is still to be cleared.
func (d *Desk) Overrule(ctx context.Context, tx *store.Tx, person string, id int64, o Overruling) (store.Release, error) {
	r, to, err := d.at(ctx, tx, id, Stopped)
	if err != nil {
		return r, err
	}
	if err := o.validate(); err != nil {
		return r, fmt.Errorf("release R%d: %w", id, err)
	}
	if strings.EqualFold(person, r.Author) {
		return r, fmt.Errorf("release R%d was drafted by %s: %w", id, r.Author, ErrSamePerson)
	}
	found, err := d.look(ctx, tx, r, to)
	if err != nil {
		return r, err
	}
	if err := carryOverruled(r, found); err != nil {
		return r, err
	}
	var places []string
	for i := range found {
		if f := &found[i]; f.Rule == o.Rule && f.Stops() {
			f.OverruledBy, f.Why = person, o.Why
			places = append(places, f.Path)
		}
	}
	if len(places) == 0 {
		return r, fmt.Errorf("release R%d: rule %q stops nothing in it: %w", id, o.Rule, ErrStep)
	}
	if r.Findings, err = json.Marshal(found); err != nil {
		return r, fmt.Errorf("keep findings: %w", err)
	}
	if !Blocked(found) {
		r.State = Checked
	}
	r.UpdatedAt = d.Now()
	if err := tx.SetRelease(ctx, r); err != nil {
		return r, err
	}
	return r, d.record(ctx, tx, person, "release.overrule", r, to.Name, map[string]any{"rule": o.Rule, "why": o.Why, "places": places})
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
