package misp

import (
	"fmt"
	"slices"
	"strings"

	"parley/stix"
)

// usualTemplates are the templates that an object from elsewhere is tried for when no one attribute
// says all of it, as MISP/misp-objects has them. The first whose fixed properties are the object's own
// is taken.
var usualTemplates = []struct{ name, uuid, version, category, description string }{
	{"file", "688c46fb-5edb-40a3-8273-1af7923e2215", "25", "file", "A file."},
	{"directory", "23ac6a02-1017-4ea6-a4df-148ed563988d", "1", "file", "A directory."},
	{"registry-key", "8b3228ad-6d82-4fe6-b2ae-05426308f1d5", "5", "file", "A registry key."},
	{"x509", "d1ab756a-26b5-4349-9f43-765630f0911c", "14", "network", "A certificate."},
	{"process", "02aeef94-ac23-455c-addb-731757ceafb5", "10", "misc", "A process."},
	{"software", "b1b5dc0e-73fe-443c-8d9d-0e208de3951e", "1", "misc", "A program."},
	{"person", "a15b0477-e9d1-4b9c-9546-abe78a4f4248", "21", "misc", "A person."},
	{"organization", "f750e12b-127a-432c-b022-b3f9153c4e2a", "9", "misc", "An organization."},
	{"identity", "ae85b960-b507-4de2-a32c-9cfb8f25f990", "1", "misc", "Somebody."},
	{"geolocation", "cd6f2238-ba55-4888-82c4-104e6e1acf21", "8", "misc", "A place."},
	{"email", "a0c666e0-fc65-4be8-b48f-3423d788b552", "19", "network", "An e-mail."},
	{"network-connection", "af16764b-f8e5-4603-9de1-de34d272f80b", "7", "network", "A connection."},
	{"domain-ip", "43b3b146-77eb-4931-b4cc-b66c60f28734", "11", "network", "A domain and its addresses."},
	{"asn", "4ec55cc6-9e49-4c64-b794-03c25c1a6587", "6", "network", "An autonomous system."},
	{"telegram-account", "06f02ecf-5afb-42c5-9cb0-b362e222f52c", "2", "misc", "A Telegram account."},
	{"twitter-account", "8066563f-881e-4f6a-9d6c-a9d15b8658bb", "7", "misc", "A Twitter account."},
	{"facebook-account", "b9862b95-7d78-4938-a2b5-13e45c60f25a", "1", "misc", "A Facebook account."},
	{"instagram-account", "656ced16-23f3-4322-925d-c9c961684999", "1", "misc", "An Instagram account."},
	{"user-account", "49606b06-22f0-4ac8-8eee-2f12ad46f3d3", "6", "misc", "An account."},
	{"bank-account", "b4712203-95a8-4883-80e9-b566f5df11c9", "3", "financial", "A bank account."},
	{"credit-card", "2b9c57aa-daba-4330-a738-56f18743b0c7", "3", "financial", "A payment card."},
	{"coin-address", "d0e6997e-78da-4815-a6a1-cfc1c1cb8a46", "7", "financial", "An address of a cryptocurrency."},
	{"cryptocurrency-transaction", "a4aab70f-e43a-48cb-bf82-505de8228dd6", "3", "financial", "A payment in a cryptocurrency."},
	{"vulnerability", "81650945-f186-437b-8945-9f31715d32da", "12", "vulnerability", "A vulnerability."},
}

// templateFor names the template that an object from elsewhere is taken for, or "".
func (m *reverse) templateFor(o stix.Object) string {
	for _, u := range usualTemplates {
		t := templates[u.name]
		fits := t.typ == o.Type()
		for _, s := range t.fixed {
			want, isText := s.value.(string)
			there, has := o.String(s.name)
			if isText && there != want && (has || u.name != "organization") {
				fits = false
			}
		}
		if fits {
			return u.name
		}
	}
	return ""
}

// byTemplate takes an object for one of MISP's templates.
func (m *reverse) byTemplate(o stix.Object) bool {
	name := m.templateFor(o)
	if name == "" {
		return false
	}
	return m.templated(o, templates[name], m.newObject(name, m.uuid(o.ID()), m.moment(o)))
}

// newObject is an object of a usual template.
func (m *reverse) newObject(name, uuid string, second int64) Object {
	for _, u := range usualTemplates {
		if u.name == name {
			return Object{
				UUID: uuid, Name: name, MetaCategory: u.category, Description: u.description,
				TemplateUUID: u.uuid, TemplateVersion: u.version, Timestamp: second,
			}
		}
	}
	return Object{UUID: uuid, Name: name, MetaCategory: "misc", Timestamp: second}
}

// templated fills a template's slots and links with what is in an object from elsewhere.
func (m *reverse) templated(o stix.Object, t template, object Object) bool {
	in := &templating{object: object, tags: m.restored(o, labelled(o, nil))}
	taken := map[string]bool{}
	for _, s := range t.fixed {
		taken[s.name] = true
	}
	for _, s := range t.slots {
		if !taken[s.path] && m.slot(o, s, in) {
			taken[s.path], taken[property1(s.path)] = true, true
		}
	}
	m.templateLinks(o, t, in, taken)
	if len(in.attributes) == 0 {
		return false
	}
	m.objectAt[object.UUID] = len(m.event.Objects)
	m.event.Objects = append(m.event.Objects, object)
	m.carriedBy[o.ID()] = append([]string{object.UUID}, m.carriedBy[o.ID()]...)
	for _, a := range in.attributes {
		m.keep(o.ID(), object.UUID, a)
	}
	for name := range o.Properties() {
		if !slices.Contains(common, name) && !taken[name] {
			m.drop(string(o.ID()), name, noPlace)
		}
	}
	m.unknownHashes(o, "")
	return true
}

// templating is an object of a template being filled.
type templating struct {
	object     Object
	tags       []Tag
	attributes []Attribute
}

// add puts a value into the object. The UUID is made of where it stands, never of what it says.
func (in *templating) add(relation, value string) {
	typ := relationType(in.object.Name, relation)
	in.attributes = append(in.attributes, Attribute{
		UUID: placed("", "attribute", in.object.UUID, len(in.attributes)), Type: typ, Category: usualCategory(typ), Value: value,
		Relation: relation, Timestamp: in.object.Timestamp, Tags: in.tags,
	})
}

// slot takes what stands in a slot's place and tells whether anything did.
func (m *reverse) slot(o stix.Object, s slot, in *templating) bool {
	for n := 0; ; n++ {
		value, _, ok := valueAt(o, s.at(n), m.find)
		if ok && value != "" {
			in.add(s.relation, value)
		}
		if !ok || !s.isList() {
			return ok || n > 0
		}
	}
}

// templateLinks takes the values of what an object refers to, where its template has a place for them.
func (m *reverse) templateLinks(o stix.Object, t template, in *templating, taken map[string]bool) {
	for _, relation := range sortedKeys(t.links) {
		name := t.links[relation].property
		ids, _ := o.Strings(name)
		if id, ok := o.String(name); ok {
			ids = []string{id}
		}
		for _, id := range ids {
			far, ok := m.find(stix.ID(id))
			value, has := far.String("value")
			switch {
			case !ok || !has:
				m.drop(string(o.ID()), name, fmt.Sprintf("%s is not among the objects", shown(id)))
			case strings.HasPrefix(relation, "hostname") == (far.Type() == "domain-name"):
				in.add(relation, value)
			default:
				continue
			}
			taken[name] = true
		}
	}
}

// relationTypes are the attribute types of relations that are not named as their type is, as
// MISP/misp-objects has them. What stands in neither this table nor that of the forms is text.
var relationTypes = map[string]string{
	"size-in-bytes": "size-in-bytes", "mimetype": "mime-type", "creation-time": "datetime", "modification-time": "datetime",
	"access-time": "datetime", "send-date": "datetime", "latitude": "float", "longitude": "float", "accuracy-radius": "float",
	"from": "email-src", "to": "email-dst", "cc": "email-dst", "bcc": "email-dst", "subject": "email-subject",
	"message-id": "email-message-id", "key": "regkey", "last-modified": "datetime", "validity-not-before": "datetime",
	"validity-not-after": "datetime", "self_signed": "boolean", "is_self_signed": "boolean", "hidden": "boolean",
	"hostname-dst": "hostname", "hostname-src": "hostname", "dst-port": "port", "src-port": "port", "first-packet-seen": "datetime",
	"last-packet-seen": "datetime", "src-bytes-count": "size-in-bytes", "dst-bytes-count": "size-in-bytes",
	"src-packets-count": "counter", "dst-packets-count": "counter", "asn": "AS", "ip": "ip-dst", "account": "bank-account-nr", "swift": "bic",
	"issued": "datetime", "expiration": "datetime", "address-xmr": "xmr", "cpe": "cpe", "created": "datetime", "expires": "datetime",
	"password_last_changed": "datetime", "first_login": "datetime", "last_login": "datetime", "disabled": "boolean",
	"privileged": "boolean", "can_escalate_privs": "boolean", "is_service_account": "boolean", "time": "datetime",
	"vulnerability.id": "vulnerability", "x509.subject": "text", "coin-address.address": "btc", "google-account.e-mail": "email-src",
}

func relationType(object, relation string) string {
	for _, name := range []string{object + "." + relation, relation} {
		if typ, ok := relationTypes[name]; ok {
			return typ
		}
	}
	if _, ok := forms[relation]; ok {
		return relation
	}
	return "text"
}
