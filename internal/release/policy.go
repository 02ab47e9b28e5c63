package release

import (
	"fmt"
	"slices"
	"sort"
)

// Policy is what may be said: the names of the types and properties that may be written, and how
// finely. Whatever a policy does not name is absent, because nothing else is ever written.
type Policy struct {
	Name       string              // shown to the people who clear a release
	Allow      map[string][]string // STIX type → property paths that may be written
	TimeGrain  TimeGrain
	PlaceGrain PlaceGrain
	TLPs       []TLP // labels that a release under this policy may carry
	MaxObjects int   // most objects in one tearline
	MaxText    int   // most characters in one text of the analyst
	// MaxPictures is the most pictures that may go with one tearline; 0 allows none.
	MaxPictures int
}

// DefaultPolicy is explicit and narrow. Names of people and sources are in none of it, and every
// sentence in the tearline is the analyst's own.
func DefaultPolicy() Policy {
	return Policy{
		Name: "default",
		Allow: map[string][]string{
			"report":         {"name", "description", "report_types"},
			"indicator":      {"name", "description", "indicator_types", "pattern", "valid_from", "valid_until"},
			"observed-data":  {"first_observed", "last_observed", "number_observed", "object_refs"},
			"sighting":       {"first_seen", "last_seen", "count", "sighting_of_ref", "observed_data_refs"},
			"relationship":   {"relationship_type", "source_ref", "target_ref"},
			"identity":       {"identity_class", "sectors"},
			"incident":       {"name", "description"},
			"campaign":       {"name", "description", "first_seen", "last_seen"},
			"attack-pattern": {"name", "description"},
			"location":       {"region", "country"},

			"phone-number": {"value"},
			"email-addr":   {"value"},
			"url":          {"value"},
			"domain-name":  {"value"},
			"user-account": {"account_login"},
			"file":         {"hashes"},
		},
		TimeGrain:  Day,
		PlaceGrain: Country,
		TLPs:       []TLP{TLPGreen, TLPAmber, TLPAmberStrict, TLPRed},
		MaxObjects: 2_000,
		MaxText:    10_000,

		MaxPictures: MaxPictures,
	}
}

// Validate says whether the policy can be kept: it may only name properties that this package knows
// how to write, so that a typing error or a custom property widens nothing.
func (p Policy) Validate() error {
	if err := p.TimeGrain.validate(); err != nil {
		return fmt.Errorf("read release policy %q: %w", p.Name, err)
	}
	if err := p.PlaceGrain.validate(); err != nil {
		return fmt.Errorf("read release policy %q: %w", p.Name, err)
	}
	if p.MaxObjects < 1 || p.MaxText < 1 || p.MaxObjects > MaxObjects {
		return fmt.Errorf("read release policy %q: max objects must be 1 to %d and max text at least 1", p.Name, MaxObjects)
	}
	if p.MaxPictures < 0 || p.MaxPictures > MaxPictures {
		return fmt.Errorf("read release policy %q: max pictures must be 0 to %d", p.Name, MaxPictures)
	}
	for _, label := range p.TLPs {
		if !label.valid() {
			return fmt.Errorf("read release policy %q: %q is no TLP 2.0 label", p.Name, label)
		}
	}
	return p.validateAllow()
}

func (p Policy) validateAllow() error {
	for _, typ := range p.types() {
		form, known := forms[typ]
		if !known {
			return fmt.Errorf("read release policy %q: no tearline can carry a %q; see docs/formats/tearline.md", p.Name, typ)
		}
		for _, path := range p.Allow[typ] {
			if _, known := form.properties[path]; !known {
				return fmt.Errorf("read release policy %q: no tearline can carry %q of a %q; see docs/formats/tearline.md", p.Name, path, typ)
			}
		}
	}
	return nil
}

// types returns the allowed types in a fixed order, so that errors are the same every time.
func (p Policy) types() []string {
	types := make([]string, 0, len(p.Allow))
	for typ := range p.Allow {
		types = append(types, typ)
	}
	sort.Strings(types)
	return types
}

// allows says whether a property may be written.
func (p Policy) allows(typ, path string) bool { return slices.Contains(p.Allow[typ], path) }

func (p Policy) allowsType(typ string) bool {
	_, ok := p.Allow[typ]
	return ok
}
