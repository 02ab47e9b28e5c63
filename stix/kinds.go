package stix

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"parley/stix/internal/scan"
)

// kind checks that a value is of one of the data types of section 2.
type kind func(c *checker, value []byte)

// text is any string, an open vocabulary's included.
func text(c *checker, value []byte) {
	if !scan.IsString(value) {
		c.fault("must be a string")
	}
}

// checked is a string that must also pass ok in strict mode.
func checked(wanted string, ok func(string) bool) kind {
	return func(c *checker, value []byte) {
		s, isText := scan.Text(value)
		switch {
		case !isText:
			c.fault("must be a string")
		case c.mode == Strict && !ok(s):
			c.fault("is %s and must be %s", shown(s), wanted)
		}
	}
}

// exactly is a property with one value.
func exactly(wanted string) kind {
	return checked(strconv.Quote(wanted), func(s string) bool { return s == wanted })
}

// enum is a closed vocabulary.
func enum(values ...string) kind {
	return checked("one of "+strings.Join(values, ", "), func(s string) bool { return slices.Contains(values, s) })
}

func boolean(c *checker, value []byte) {
	if s := string(value); s != "true" && s != "false" {
		c.fault("must be true or false")
	}
}

const maxInteger = 1<<53 - 1 // section 2.10

// integer is a whole number in a range.
func integer(low, high int64) kind {
	return func(c *checker, value []byte) {
		n, err := strconv.ParseInt(string(value), 10, 64)
		switch {
		case err != nil:
			c.fault("must be a whole number between -2⁵³ and 2⁵³")
		case c.mode == Strict && (n < low || n > high):
			c.fault("is %d and must be from %d to %d", n, low, high)
		}
	}
}

var (
	anyInteger = integer(-maxInteger, maxInteger)
	count      = integer(0, maxInteger)
)

// float is a number in a range.
func float(low, high float64) kind {
	return func(c *checker, value []byte) {
		f, err := strconv.ParseFloat(string(value), 64)
		switch {
		case err != nil:
			c.fault("must be a number")
		case c.mode == Strict && (f < low || f > high):
			c.fault("is %v and must be from %v to %v", f, low, high)
		}
	}
}

// timestamp is a moment with any number of digits.
var timestamp = timestampFrom(0)

// timestampFrom is a moment with at least that many digits after the second.
func timestampFrom(digits int) kind {
	return func(c *checker, value []byte) {
		s, ok := scan.Text(value)
		t, err := ParseTimestamp(s)
		switch {
		case !ok || err != nil:
			c.fault("must be a timestamp such as 2026-03-01T09:30:00.000Z")
		case c.mode == Strict && t.Digits() < digits:
			c.fault("is %s and must have at least %d digits after the second", s, digits)
		}
	}
}

// binary is base64 (section 2.1). Stray bits after the last octet are let pass, line breaks are not.
var binary = checked("base64", func(s string) bool {
	_, err := base64.StdEncoding.DecodeString(s)
	return err == nil && !strings.ContainsAny(s, "\r\n")
})

// hexadecimal is octets in lower case (section 2.8).
var hexadecimal = checked("an even number of 0–9 and a–f", func(s string) bool {
	for i := range len(s) {
		if !isLowerHex(s[i]) {
			return false
		}
	}
	return len(s)%2 == 0
})

// language is an RFC 5646 tag, judged by its shape.
var language = checked("a language tag such as en or pt-BR", isLanguageTag)

func isLanguageTag(s string) bool {
	for i, part := range strings.Split(s, "-") {
		if len(part) < 1 || len(part) > 8 || i == 0 && (len(part) < 2 && part != "x" && part != "i") {
			return false
		}
		for j := range len(part) {
			letter := part[j]|0x20 >= 'a' && part[j]|0x20 <= 'z'
			if !letter && (i == 0 || part[j] < '0' || part[j] > '9') {
				return false
			}
		}
	}
	return true
}

// identifier is an id of the object itself.
func identifier(c *checker, value []byte) {
	if id, ok := c.id(value); ok {
		c.rfc4122(id)
	}
}

// id reads an id or says what is wrong with it.
func (c *checker) id(value []byte) (ID, bool) {
	s, ok := scan.Text(value)
	id, err := ParseID(s)
	if !ok || err != nil {
		c.fault("must be an id such as indicator--e2e1a340-4415-4ba8-9671-f7343fbf0836")
		return "", false
	}
	return id, true
}

func (c *checker) rfc4122(id ID) {
	if c.mode == Strict && id.UUID().Variant() != uuid.RFC4122 {
		c.fault("is %s, whose UUID is not of the RFC 4122 variant", id)
	}
}

// refTo is a reference to an object of one of the given types.
func refTo(types ...string) kind {
	return reference("of type "+strings.Join(types, " or "), func(typ string) bool { return slices.Contains(types, typ) })
}

// refNotTo is a reference to an object of any type but the given ones.
func refNotTo(types ...string) kind {
	return reference("of another type than "+strings.Join(types, ", "), func(typ string) bool { return !slices.Contains(types, typ) })
}

// refToFamily is a reference to an object of one of the families, or of a type that is not in the
// standard and so may belong to any.
func refToFamily(named string, families ...Family) kind {
	return reference(named, func(typ string) bool {
		family := FamilyOf(typ)
		return family == Unknown && typ != "bundle" || slices.Contains(families, family)
	})
}

func reference(wanted string, ok func(typ string) bool) kind {
	return func(c *checker, value []byte) {
		id, isID := c.id(value)
		if !isID || c.mode != Strict {
			return
		}
		c.rfc4122(id)
		if !ok(id.Type()) {
			c.fault("is %s and must refer to an object %s", id, wanted)
		}
	}
}

// refsTo is a list of references to objects of the given types.
func refsTo(types ...string) kind { return set(refTo(types...)) }

// list is one or more values of a kind (section 2.12).
func list(k kind) kind {
	return func(c *checker, value []byte) {
		if !scan.IsList(value) {
			c.fault("must be a list")
			return
		}
		if scan.IsEmpty(value) && c.mode == Strict {
			c.fault("must not be an empty list; leave it out instead")
		}
		for i, element := range scan.Elements(value) {
			c.push(step{index: i, list: true})
			k(c, element)
			c.pop()
		}
	}
}

// set is a list of references, in which none should stand twice. That it may, the standard does not
// say and does not deny.
func set(k kind) kind {
	each := list(k)
	return func(c *checker, value []byte) {
		each(c, value)
		if c.mode == Recommended {
			c.once(value)
		}
	}
}

// once advises against elements that stand in a list twice.
func (c *checker) once(value []byte) {
	seen := map[string]bool{}
	for i, element := range scan.Elements(value) {
		if seen[string(element)] {
			c.push(step{index: i, list: true})
			c.advise("stands in the list twice")
			c.pop()
		}
		seen[string(element)] = true
	}
}

// embedded is a JSON object of a shape of its own.
func embedded(s *shape) kind {
	return func(c *checker, value []byte) { c.object(value, s) }
}

// anything is a value that the standard says nothing of but what it says of all: no nulls, no empty
// lists, no empty dictionaries.
func anything(c *checker, value []byte) {
	switch {
	case string(value) == "null":
		c.fault("must not be null; leave it out instead")
	case scan.IsList(value):
		list(anything)(c, value)
	case scan.IsObject(value):
		dictionary(anything)(c, value)
	}
}
