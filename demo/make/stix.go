package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"parley/stix"
)

// object is a STIX 2.1 object. Its properties are written in the order of
// their names, which makes the bytes the same each time.
type object map[string]any

func (o object) id() string { return o["id"].(string) }

// Extensions that the files use and other people published.
const (
	incidentCore   = "extension-definition--ef765651-680c-498d-9894-99799f2fa126" // OASIS Incident Core
	phoneExtension = "extension-definition--14a97ee2-e666-5ada-a6bd-b7177f79e211" // muchdogesec/stix2extensions
	tlp2           = string(stix.TLP2Extension)
	tlpRed         = string(stix.TLP2Red)
)

// stixID makes the identifier of a domain object from the name it has in the
// story. It has the shape of a random UUID (version 4) and is always the same.
func stixID(typ, name string) string {
	b := sha256.Sum256([]byte("parley demo\x00" + typ + "\x00" + name))
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%s--%x-%x-%x-%x-%x", typ, b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// jsonText writes JSON as people read it: indented, nothing escaped for HTML.
func jsonText(v any, indent string) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return out.Bytes(), nil
}

// stixTime is a moment as STIX writes it, to the millisecond.
func stixTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// bundle wraps objects.
func bundle(name string, objects []object) ([]byte, error) {
	return jsonText(object{"type": "bundle", "id": stixID("bundle", name), "objects": objects}, "  ")
}

// author makes the objects of one author at one moment, under one marking.
type author struct {
	ref      string
	at       time.Time
	markings []string
}

// domain builds a domain object, a relationship or a sighting. The name is
// only for the identifier.
func (a author) domain(typ, name string, properties object) object {
	o := object{
		"type": typ, "spec_version": "2.1", "id": stixID(typ, name),
		"created": stixTime(a.at), "modified": stixTime(a.at), "created_by_ref": a.ref,
	}
	if len(a.markings) > 0 {
		o["object_marking_refs"] = a.markings
	}
	for k, v := range properties {
		o[k] = v
	}
	return o
}

func (a author) relationship(source, kind, target string) object {
	return a.domain("relationship", source+kind+target, object{
		"relationship_type": kind, "source_ref": source, "target_ref": target,
	})
}

// observable builds the observable for a selector as it is written.
func (a author) observable(kind, value string) (object, error) {
	var o, counts object
	switch kind {
	case kindPhone:
		counts = object{"value": value}
		o = object{"type": "phone-number", "extensions": object{phoneExtension: object{"extension_type": "new-sco"}}}
	case kindEmail:
		o, counts = object{"type": "email-addr"}, object{"value": value}
	case kindURL:
		o, counts = object{"type": "url"}, object{"value": value}
	case kindTelegram:
		o, counts = object{"type": "user-account"}, object{"account_type": "telegram", "account_login": value}
	default:
		return nil, fmt.Errorf("no observable for a selector of kind %q", kind)
	}
	id, err := stix.DeterministicID(o["type"].(string), counts)
	if err != nil {
		return nil, err
	}
	for k, v := range counts {
		o[k] = v
	}
	o["id"], o["spec_version"] = string(id), "2.1"
	if len(a.markings) > 0 {
		o["object_marking_refs"] = a.markings
	}
	return o, nil
}

func ids(objects []object) []string {
	var out []string
	for _, o := range objects {
		out = append(out, o.id())
	}
	return out
}
