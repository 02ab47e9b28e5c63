package stix

import (
	"errors"
	"slices"
	"strings"

	"parley/stix/internal/scan"
)

// rule binds several properties of one object. Rules are not asked in lenient mode.
type rule func(c *checker, f fields)

// should makes a rule of what the standard recommends.
func should(r rule) rule {
	return func(c *checker, f fields) {
		if c.mode == Recommended {
			r(c, f)
		}
	}
}

// notBefore asks that later is the same moment as earlier or follows it, where both are given.
func notBefore(later, earlier string) rule {
	return inOrder(later, earlier, "must not be before "+earlier, 0)
}

// after asks that later follows earlier, where both are given.
func after(later, earlier string) rule {
	return inOrder(later, earlier, "must be after "+earlier, 1)
}

func inOrder(later, earlier, problem string, least int) rule {
	return func(c *checker, f fields) {
		end, okEnd := timeOf(f.get(later))
		start, okStart := timeOf(f.get(earlier))
		if okEnd && okStart && end.Compare(start) < least {
			c.faultAt(later, "%s, which is %s", problem, start)
		}
	}
}

func timeOf(value []byte) (Timestamp, bool) {
	s, given := scan.Text(value)
	if !given {
		return Timestamp{}, false
	}
	t, err := ParseTimestamp(s)
	return t, err == nil
}

// atLeastOne asks that one of the named properties is given.
func atLeastOne(names ...string) rule {
	return func(c *checker, f fields) {
		for _, name := range names {
			if f.has(name) {
				return
			}
		}
		c.fault("one of %s is required", strings.Join(names, ", "))
	}
}

// ofItsOwn asks for one property beyond those that every object of the family has.
func ofItsOwn(common ...string) rule {
	return func(c *checker, f fields) {
		for i, p := range f.shape.properties {
			if f.values[i] != nil && !slices.Contains(common, p.name) {
				return
			}
		}
		c.fault("at least one property other than %s is required", strings.Join(common, ", "))
	}
}

// exclusive asks that two properties are not both given.
func exclusive(a, b string) rule {
	return func(c *checker, f fields) {
		if f.has(a) && f.has(b) {
			c.faultAt(b, "must not stand beside %s", a)
		}
	}
}

// needs asks that where a property is given, the others are too.
func needs(name string, others ...string) rule {
	return func(c *checker, f fields) {
		for _, other := range others {
			if f.has(name) && !f.has(other) {
				c.faultAt(name, "must not be given without %s", other)
			}
		}
	}
}

// notIf asks that a property is not given where a truth value is as named.
func notIf(name, flag, value string) rule {
	return func(c *checker, f fields) {
		if f.has(name) && string(f.get(flag)) == value {
			c.faultAt(name, "must not be given where %s is %s", flag, value)
		}
	}
}

// selectorsExist asks that every granular marking selects something that is there (section 7.2.3).
func selectorsExist(c *checker, f fields) {
	if c.mode != Strict || !f.has("granular_markings") {
		return
	}
	for _, lost := range c.whole.LostSelectors() {
		c.note(lost)
	}
}

// wellKnownID asks that a reference to CVE or CAPEC is written as those catalogues write it, and names
// them in small letters (sections 4.1.1 and 4.19.1).
func wellKnownID(c *checker, f fields) {
	source, _ := scan.Text(f.get("source_name"))
	name := strings.ToLower(source)
	id, given := scan.Text(f.get("external_id"))
	form, known := map[string]string{"cve": "CVE-dddd-dddd", "capec": "CAPEC-d"}[name]
	if !known || !given {
		return
	}
	formed := len(id) >= len(form) && hasShape(id, form) && strings.Trim(id[len(form):], "0123456789") == ""
	switch {
	case !formed && name == source:
		c.faultAt("external_id", "is %s and must be of the form %s, as source_name is %s", shown(id), form, source)
	case formed && name != source:
		c.faultAt("source_name", "is %s and must be %s, as external_id is one of its ids", shown(source), name)
	}
}

// randomID asks for a UUID of version 4 where there is nothing to make another from (section 2.9).
func randomID(c *checker, _ fields) {
	_, err := SCOID(c.whole)
	if version := c.whole.ID().UUID().Version(); errors.Is(err, ErrRandomID) && version != 4 {
		c.faultAt("id", "is a UUID of version %d and must be of version 4, as no property makes an id", version)
	}
}

// usualID asks for a random UUID, or in an observable for the one that its properties make (section
// 2.9).
func usualID(c *checker, _ fields) {
	id := c.whole.ID()
	if FamilyOf(c.whole.Type()) != Observable {
		if version := id.UUID().Version(); version != 4 {
			c.adviseAt("id", "is a UUID of version %d and should be a random one, of version 4", version)
		}
		return
	}
	if made, err := SCOID(c.whole); err == nil && made != id {
		c.adviseAt("id", "should be %s, which its properties make", made)
	}
}

// deprecated asks that a property is not used any more.
func deprecated(name, instead string) rule {
	return func(c *checker, f fields) {
		if f.has(name) {
			c.adviseAt(name, "is deprecated; use %s", instead)
		}
	}
}
