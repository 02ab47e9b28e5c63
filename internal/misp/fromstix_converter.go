package misp

import (
	"strings"

	"parley/stix"
)

// What MISP's own converter (misp-stix) writes beside STIX: labels that say what an object was, and two
// types of its own for what it has no type for.

// hint gives what a label of MISP's own converter says under a name: of misp:type="ip-dst", ip-dst.
func hint(o stix.Object, name string) string {
	labels, _ := o.Strings("labels")
	for _, label := range labels {
		if rest, ok := strings.CutPrefix(label, "misp:"+name+`="`); ok {
			return strings.TrimSuffix(rest, `"`)
		}
	}
	return ""
}

// isHint tells whether a label is the converter's and no tag.
func isHint(label string) bool {
	for _, name := range []string{"type", "category", "to_ids", "name", "meta-category", "galaxy-name", "galaxy-type"} {
		if strings.HasPrefix(label, "misp:"+name+`="`) {
			return true
		}
	}
	return false
}

// learn keeps what the labels of indicators and observed data say of the types of what they are about.
func (m *reverse) learn(o stix.Object) {
	if o.Type() != "indicator" && o.Type() != "observed-data" {
		return
	}
	typ := hint(o, "type")
	if typ == "" {
		return
	}
	m.hints[string(o.ID())] = typ
	refs, _ := o.Strings("object_refs")
	for _, ref := range refs {
		m.hints[ref] = typ
	}
}

// convertedAttribute is an attribute of the converter's own object.
type convertedAttribute struct {
	UUID     string `json:"uuid"`
	Type     string `json:"type"`
	Category string `json:"category"`
	Relation string `json:"object_relation"`
	Value    any    `json:"value"`
	ToIDs    bool   `json:"to_ids"`
	Comment  string `json:"comment"`
}

// converted takes the converter's own types for what they were.
func (m *reverse) converted(o stix.Object) {
	var said struct {
		Type         string               `json:"x_misp_type"`
		Category     string               `json:"x_misp_category"`
		Value        any                  `json:"x_misp_value"`
		Comment      string               `json:"x_misp_comment"`
		Name         string               `json:"x_misp_name"`
		MetaCategory string               `json:"x_misp_meta_category"`
		Attributes   []convertedAttribute `json:"x_misp_attributes"`
	}
	if err := o.Decode(&said); err != nil {
		m.drop(string(o.ID()), o.Type(), "cannot be read: "+err.Error())
		return
	}
	tags := m.restored(o, labelled(o, nil))
	if o.Type() == "x-misp-attribute" {
		value := spelt(said.Value)
		if said.Type == "" || value == "" {
			m.drop(string(o.ID()), o.Type(), "has no type or no value")
			return
		}
		a := m.plainAttribute(o, said.Type, value)
		a.Category, a.Comment, a.ToIDs = orElse(said.Category, a.Category), said.Comment, strings.EqualFold(hint(o, "to_ids"), "true")
		m.keep(o.ID(), "", a)
		m.leftover(o, "x_misp_type", "x_misp_category", "x_misp_value", "x_misp_comment")
		return
	}
	object := m.newObject(said.Name, m.uuid(o.ID()), m.moment(o))
	object.MetaCategory, object.Comment = orElse(said.MetaCategory, object.MetaCategory), said.Comment
	m.objectAt[object.UUID] = len(m.event.Objects)
	m.event.Objects = append(m.event.Objects, object)
	m.carriedBy[o.ID()] = append(m.carriedBy[o.ID()], object.UUID)
	for i, c := range said.Attributes {
		a := Attribute{
			UUID: placed(m.convertedUUID(c.UUID), "attribute", object.UUID, i), Type: c.Type, Category: c.Category, Value: spelt(c.Value),
			Relation: c.Relation, ToIDs: c.ToIDs, Comment: c.Comment, Timestamp: object.Timestamp, Tags: tags,
		}
		if a.Type == "" || a.Value == "" {
			m.drop(string(o.ID()), c.Relation, "has no type or no value")
			continue
		}
		m.keep(o.ID(), object.UUID, a)
	}
	m.leftover(o, "x_misp_name", "x_misp_meta_category", "x_misp_attributes", "x_misp_comment")
}

// convertedUUID gives a UUID that may stay, or "".
func (m *reverse) convertedUUID(s string) string {
	if s = uuidOr(s); s == "" {
		return ""
	}
	return m.uuid(stix.ID("x-misp-attribute--" + s))
}
