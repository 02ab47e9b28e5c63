package stix

import (
	"fmt"

	"parley/stix/internal/scan"
)

// Mode is how much [Object.Validate] asks for.
type Mode int

const (
	// Strict asks for every MUST of the standard that can be judged by looking at one object.
	Strict Mode = iota
	// Lenient asks only that required properties are there and that known properties are of the
	// right JSON kind, so that code may read them: what is needed of input from sloppy tools.
	Lenient
	// Recommended asks for what the standard says should be, and repeats nothing that [Strict] finds:
	// words of open vocabularies, relationships that the standard names, ids that are random or, of
	// observables, made from their properties, keys of extensions, what is not deprecated.
	Recommended
)

// maxFaults bounds how many faults of one object are listed.
const maxFaults = 100

// Validate checks the object against the definition of its type and gives what is wrong, in the
// order of its properties, or nil. Custom properties are allowed, and an object of a type that is
// not in the standard is checked for its common properties only. The content of references is not
// looked into; a pattern in the STIX language is ([pattern.Parse], [pattern.Pattern.Check]). At most
// 100 faults are given.
func (o Object) Validate(mode Mode) []Fault {
	if o.IsZero() {
		return []Fault{{Problem: "the object is empty"}}
	}
	c := &checker{mode: mode, whole: o}
	c.object(o.raw, o.shape())
	return c.faults
}

// checker is one run of a validation.
type checker struct {
	mode   Mode
	whole  Object
	path   []step
	faults []Fault
}

func (c *checker) push(s step) { c.path = append(c.path, s) }
func (c *checker) pop()        { c.path = c.path[:len(c.path)-1] }

// fault notes that something is wrong at the current path.
func (c *checker) fault(format string, args ...any) {
	if len(c.faults) >= maxFaults || c.mode == Recommended {
		return
	}
	c.note(Fault{Path: pathOf(c.path), Problem: fmt.Sprintf(format, args...)})
}

// advise notes that what is at the current path should be otherwise, though it need not be.
func (c *checker) advise(format string, args ...any) {
	if c.mode == Recommended && len(c.faults) < maxFaults {
		c.note(Fault{Path: pathOf(c.path), Problem: fmt.Sprintf(format, args...)})
	}
}

// adviseAt is advise for the named property of the current object.
func (c *checker) adviseAt(name, format string, args ...any) {
	c.push(step{name: name})
	c.advise(format, args...)
	c.pop()
}

// note takes in a fault, unless there are too many.
func (c *checker) note(f Fault) {
	if len(c.faults) < maxFaults {
		c.faults = append(c.faults, f)
	}
}

// faultAt notes a fault of the named property of the current object.
func (c *checker) faultAt(name, format string, args ...any) {
	c.push(step{name: name})
	c.fault(format, args...)
	c.pop()
}

// fields are the properties of one JSON object while it is checked against its shape.
type fields struct {
	shape  *shape
	values [][]byte // by position in shape.properties; nil where absent
}

// get gives the raw value of a property of the shape, or nil.
func (f fields) get(name string) []byte {
	if i, ok := f.shape.index[name]; ok {
		return f.values[i]
	}
	return nil
}

func (f fields) has(name string) bool { return f.get(name) != nil }

// object checks one JSON object, whole or nested, against a shape.
func (c *checker) object(value []byte, s *shape) {
	if !scan.IsObject(value) {
		c.fault("must be a JSON object")
		return
	}
	if scan.IsEmpty(value) && c.mode == Strict {
		c.fault("must have at least one property; leave it out instead")
	}
	f := fields{s, make([][]byte, len(s.properties))}
	for name, member := range scan.Members(value) {
		if i, known := s.index[string(name)]; known {
			c.push(step{name: s.properties[i].name})
			f.values[i] = member
			s.properties[i].kind(c, member)
		} else {
			c.push(step{name: string(name)})
			c.custom(string(name), member)
		}
		c.pop()
	}
	c.required(f)
	for _, r := range s.rules {
		if c.mode != Lenient {
			r(c, f)
		}
	}
}

// required looks for what is missing.
func (c *checker) required(f fields) {
	for i, p := range f.shape.properties {
		if p.required && f.values[i] == nil {
			c.faultAt(p.name, "is required and missing")
		}
	}
}

// custom checks a property that the standard does not define.
func (c *checker) custom(name string, value []byte) {
	if c.mode != Strict {
		return
	}
	switch {
	case !isPropertyName(name):
		c.fault("a property name must be 3 to 250 of a–z, 0–9 and _, beginning with a letter")
	case reserved(name):
		c.fault("the name is reserved by the standard (section 3.8)")
	}
	anything(c, value)
}

func reserved(name string) bool {
	switch name {
	case "severity", "username", "phone_number", "action":
		return true
	}
	return false
}

// isPropertyName accepts what section 3.1 asks for.
func isPropertyName(s string) bool {
	if len(s) < 3 || len(s) > 250 || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := range len(s) {
		if !isWord(s[i]) || s[i] == '-' || s[i] >= 'A' && s[i] <= 'Z' {
			return false
		}
	}
	return true
}
