package stix

import (
	"bytes"
	"fmt"
	"slices"

	"parley/stix/internal/scan"
)

// Object is one STIX object: the bytes it was received as and its decoded head. It is immutable and
// may be shared between goroutines; copying it copies a pointer. The zero Object is empty and
// answers every question with a zero value.
type Object struct{ *object }

type object struct {
	raw  []byte
	head head
}

// head is what every user of an object needs at once.
type head struct {
	typ          string
	specVersion  string
	id           ID
	created      Timestamp
	modified     Timestamp
	revoked      bool
	createdByRef ID
	markings     []ID
}

// ParseObject reads one object and keeps a copy of its bytes, from brace to brace. It asks for
// I-JSON within the default [Limits], a type, an id of that type, and that those common properties
// which are present (times, creator, revoked, markings) are of the right kind. Everything else is
// left to [Object.Validate]. The error is a *[Fault].
func ParseObject(data []byte) (Object, error) {
	return parseCopy(data, Limits{}.withDefaults())
}

func parseCopy(data []byte, lim Limits) (Object, error) {
	if fault := strictJSON(data, lim); fault != nil {
		return Object{}, fmt.Errorf("parse stix object: %w", fault)
	}
	start := scan.SkipSpace(data, 0)
	return parseOwn(bytes.Clone(data[start:scan.ValueEnd(data, start)]))
}

// parseOwn is [parseValid] for a caller to whom the fault is an error.
func parseOwn(raw []byte) (Object, error) {
	parsed, fault := parseValid(raw)
	if fault != nil {
		return Object{}, fmt.Errorf("parse stix object: %w", fault)
	}
	return parsed, nil
}

// parseValid decodes the head of valid I-JSON without white space around it. It keeps raw.
func parseValid(raw []byte) (Object, *Fault) {
	if !scan.IsObject(raw) {
		return Object{}, &Fault{Problem: "an object must be a JSON object"}
	}
	o := &object{raw: raw[:len(raw):len(raw)]}
	for name, value := range scan.Members(raw) {
		if problem := o.head.set(name, value); problem != "" {
			return Object{}, &Fault{Path: string(name), Problem: problem}
		}
	}
	if fault := o.head.check(); fault != nil {
		return Object{}, fault
	}
	return Object{o}, nil
}

// set takes one property into the head, or says what is wrong with it.
func (h *head) set(name, value []byte) (problem string) {
	switch string(name) {
	case "type":
		return takeString(&h.typ, value)
	case "spec_version":
		return takeString(&h.specVersion, value)
	case "id":
		return takeID(&h.id, value)
	case "created":
		return takeTime(&h.created, value)
	case "modified":
		return takeTime(&h.modified, value)
	case "created_by_ref":
		return takeID(&h.createdByRef, value)
	case "revoked":
		h.revoked = string(value) == "true"
		if !h.revoked && string(value) != "false" {
			return "must be true or false"
		}
	case "object_marking_refs":
		return takeIDs(&h.markings, value)
	}
	return ""
}

// check tells whether the head is one of an object.
func (h *head) check() *Fault {
	switch {
	case h.typ == "":
		return &Fault{Path: "type", Problem: "an object must have a type"}
	case h.typ == "bundle":
		return &Fault{Path: "type", Problem: "a bundle is not an object; read it with ReadBundle"}
	case h.id == "":
		return &Fault{Path: "id", Problem: "an object must have an id"}
	case h.id.Type() != h.typ:
		return &Fault{Path: "id", Problem: fmt.Sprintf("must start with the object's type, %s--", h.typ)}
	}
	return nil
}

func takeString(to *string, value []byte) (problem string) {
	text, ok := scan.Text(value)
	if !ok {
		return "must be a string"
	}
	*to = text
	return ""
}

func takeID(to *ID, value []byte) (problem string) {
	text, ok := scan.Text(value)
	if !ok {
		return "must be a string"
	}
	id, err := ParseID(text)
	if err != nil {
		return err.Error()
	}
	*to = id
	return ""
}

func takeTime(to *Timestamp, value []byte) (problem string) {
	text, ok := scan.Text(value)
	if !ok {
		return "must be a string"
	}
	t, err := ParseTimestamp(text)
	if err != nil {
		return err.Error()
	}
	*to = t
	return ""
}

func takeIDs(to *[]ID, value []byte) (problem string) {
	if !scan.IsList(value) {
		return "must be a list of ids"
	}
	for i, element := range scan.Elements(value) {
		var id ID
		if problem := takeID(&id, element); problem != "" {
			return fmt.Sprintf("[%d]: %s", i, problem)
		}
		*to = append(*to, id)
	}
	return ""
}

// about gives the head, or an empty one for the zero Object.
func (o Object) about() *head {
	if o.object == nil {
		return &head{}
	}
	return &o.head
}

// ID gives the object's id.
func (o Object) ID() ID { return o.about().id }

// Type gives the object's type, which is also the first part of its id.
func (o Object) Type() string { return o.about().typ }

// SpecVersion gives the version of STIX the object says it is written in. Without one it is "2.1"
// for an object without a created time (a cyber-observable) and "2.0" for any other (section 3.2).
func (o Object) SpecVersion() string {
	h := o.about()
	if h.specVersion != "" || h.typ == "" {
		return h.specVersion
	}
	if h.created.IsZero() {
		return "2.1"
	}
	return "2.0"
}

// Created gives when the first version was made; zero if the object does not say.
func (o Object) Created() Timestamp { return o.about().created }

// Modified gives when this version was made; zero for cyber-observables and marking definitions.
func (o Object) Modified() Timestamp { return o.about().modified }

// Revoked tells whether the creator has withdrawn the object. Revocation is final.
func (o Object) Revoked() bool { return o.about().revoked }

// CreatedByRef gives the id of the creator's identity, or "".
func (o Object) CreatedByRef() ID { return o.about().createdByRef }

// MarkingRefs gives the ids of the marking definitions for the whole object. Granular markings are
// not among them.
func (o Object) MarkingRefs() []ID { return slices.Clone(o.about().markings) }

// Bytes gives the object exactly as it was received. The slice is the object's own: read it only.
func (o Object) Bytes() []byte {
	if o.object == nil {
		return nil
	}
	return o.raw
}

// MarshalJSON gives the bytes, so that an object can stand inside other JSON.
func (o Object) MarshalJSON() ([]byte, error) {
	if o.object == nil {
		return nil, fmt.Errorf("write stix object: it is empty")
	}
	return bytes.Clone(o.raw), nil
}

// IsZero tells whether this is the empty Object.
func (o Object) IsZero() bool { return o.object == nil }

// Newer compares two versions of one object by their modified times: +1 if a is the later version,
// -1 if b is, 0 if they are the same version (section 3.6). Objects without a modified time compare
// by their created time, and those with neither as the same.
func Newer(a, b Object) int { return a.versionTime().Compare(b.versionTime()) }

// versionTime gives the moment that tells this version from others of the same id.
func (o Object) versionTime() Timestamp {
	h := o.about()
	if h.modified.IsZero() {
		return h.created
	}
	return h.modified
}
