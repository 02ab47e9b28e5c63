package release

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"parley/internal/store"
	"parley/stix"
)

// maxClosure bounds how many objects one report may draw in.
const maxClosure = 5000

// closure gathers a report and everything it refers to, directly or through
// others. Something that another counterpart gave us stops it: the third-party
// rule.
func (d *Desk) closure(ctx context.Context, tx *store.Tx, report stix.ID, to int64) ([]stix.Object, error) {
	var all []stix.Object
	seen := map[stix.ID]bool{report: true}
	for next := []stix.ID{report}; len(next) > 0; next = next[1:] {
		id := next[0]
		row, err := tx.Object(ctx, id.Type(), id.UUID())
		if errors.Is(err, store.ErrNotFound) && id != report {
			continue // a reference to something that we do not hold
		}
		if err != nil {
			return nil, fmt.Errorf("report %s: %w", report, err)
		}
		if row.Origin != 0 && row.Origin != to {
			return nil, fmt.Errorf("report %s draws in %s: %w", report, id, ErrThirdParty)
		}
		o, err := stix.ParseObject(row.Body)
		if err != nil {
			return nil, fmt.Errorf("report %s: %w", report, err)
		}
		if all = append(all, o); len(all) > maxClosure {
			return nil, fmt.Errorf("report %s draws in more than %d objects: release less at once", report, maxClosure)
		}
		for _, ref := range references(o) {
			if !seen[ref] {
				seen[ref] = true
				next = append(next, ref)
			}
		}
	}
	return all, nil
}

// references lists the ids that an object's reference properties hold.
func references(o stix.Object) []stix.ID {
	var refs []stix.ID
	// Walk's own error cannot happen: the function given never fails.
	_ = o.Walk(func(path, value string) error {
		name := path[strings.LastIndexByte(path, '.')+1:]
		if i := strings.IndexByte(name, '['); i >= 0 {
			name = name[:i]
		}
		if !strings.HasSuffix(name, "_ref") && !strings.HasSuffix(name, "_refs") {
			return nil
		}
		if id, err := stix.ParseID(value); err == nil {
			refs = append(refs, id)
		}
		return nil
	})
	return refs
}

// minRawWords is how long a text of the original must be to be compared word
// by word.
const minRawWords = 8

// secrets gathers what a tearline of this report must not show: every original
// id, the names of every identity, our own names, and every longer text.
func (d *Desk) secrets(ctx context.Context, tx *store.Tx, r store.Release) (Secrets, error) {
	var o Order
	if err := json.Unmarshal(r.Request, &o); err != nil {
		return Secrets{}, fmt.Errorf("read release R%d: %w", r.ID, err)
	}
	to, err := tx.CounterpartByID(ctx, r.Counterpart)
	if err != nil {
		return Secrets{}, err
	}
	req, err := d.request(ctx, tx, to, o)
	if err != nil {
		return Secrets{}, err
	}
	objects, err := d.closure(ctx, tx, o.Report, r.Counterpart)
	if err != nil {
		return Secrets{}, err
	}
	s := Secrets{
		NeverList: d.Names, Cleared: req.Cleared, Region: d.Region,
		TimeGrain: req.Policy.TimeGrain, PlaceGrain: req.Policy.PlaceGrain,
	}
	for _, obj := range objects {
		s.add(obj)
	}
	return s, nil
}

// add notes what one original object holds.
func (s *Secrets) add(o stix.Object) {
	s.OriginalIDs = append(s.OriginalIDs, string(o.ID()))
	if o.Type() == "identity" {
		if name, ok := o.String("name"); ok {
			s.SourceNames = append(s.SourceNames, name)
		}
		aliases, _ := o.Strings("aliases")
		s.SourceNames = append(s.SourceNames, aliases...)
	}
	// Walk's own error cannot happen: the function given never fails.
	_ = o.Walk(func(path, value string) error {
		if strings.HasPrefix(path, "x_") && !strings.Contains(value, " ") {
			s.SourceNames = append(s.SourceNames, value) // custom properties hold code words and numbers
		}
		if len(strings.Fields(value)) >= minRawWords {
			s.RawTexts = append(s.RawTexts, value)
		}
		return nil
	})
}
