package misp

import (
	"slices"
	"strconv"
)

// identified gives every part of an event the UUID that ids are made of. Where MISP has none, it is
// made of where the part stands and never of what it says: such a UUID may leave again, and a value
// could be guessed from it.
func (e Event) identified() Event {
	e.Attributes = identifiedAttributes(e.Attributes, e.UUID)
	e.Objects = slices.Clone(e.Objects)
	for i := range e.Objects {
		o := &e.Objects[i]
		o.UUID = placed(o.UUID, "object", e.UUID, i)
		o.Attributes = identifiedAttributes(o.Attributes, o.UUID)
		o.References = slices.Clone(o.References)
		for j := range o.References {
			o.References[j].UUID = placed(o.References[j].UUID, "reference", o.UUID, j)
		}
	}
	e.Reports = slices.Clone(e.Reports)
	for i := range e.Reports {
		e.Reports[i].UUID = placed(e.Reports[i].UUID, "event report", e.UUID, i)
	}
	return e
}

func identifiedAttributes(attributes []Attribute, parent string) []Attribute {
	if !slices.ContainsFunc(attributes, func(a Attribute) bool { return a.UUID == "" }) {
		return attributes
	}
	attributes = slices.Clone(attributes)
	for i := range attributes {
		attributes[i].UUID = placed(attributes[i].UUID, "attribute", parent, i)
	}
	return attributes
}

// placed gives a UUID, or one of the n-th part of its kind in something.
func placed(uuid, kind, parent string, n int) string {
	if uuid != "" {
		return uuid
	}
	return derived("part", kind, parent, strconv.Itoa(n)).UUID().String()
}
