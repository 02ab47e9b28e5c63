package misp

import (
	"fmt"
	"slices"
	"strings"

	"parley/stix"
)

// usual are the attribute types that an object from elsewhere is tried for, by its type.
var usual = map[string][]string{
	"domain-name": {"domain"}, "ipv4-addr": {"ip-dst"}, "ipv6-addr": {"ip-dst"}, "url": {"url"}, "email-addr": {"email"},
	"mac-addr": {"mac-address"}, "autonomous-system": {"AS"}, "mutex": {"mutex"}, "phone-number": {"phone-number"},
	"bank-account": {"iban"}, "windows-registry-key": {"regkey|value", "regkey"}, "network-traffic": {"ip-dst|port", "ip-src|port", "hostname|port"},
	"x509-certificate": {"x509-fingerprint-sha256", "x509-fingerprint-sha1", "x509-fingerprint-md5"},
	"user-account":     {"github-username", "twitter-id", "jabber-id"},
	"vulnerability":    {"vulnerability"}, "campaign": {"campaign-name"}, "note": {"text"},
	"file": fileTypes(),
}

func fileTypes() []string {
	types := []string{"filename"}
	for _, a := range algorithms {
		types = append(types, a.misp)
	}
	return types
}

// usualTemplates are the templates that an object from elsewhere is tried for when no one attribute
// says all of it, as MISP/misp-objects has them. class is the identity class that is asked for.
var usualTemplates = []struct{ name, class, uuid, version, category, description string }{
	{"file", "", "688c46fb-5edb-40a3-8273-1af7923e2215", "25", "file", "A file."},
	{"person", "individual", "a15b0477-e9d1-4b9c-9546-abe78a4f4248", "21", "misc", "A person."},
	{"organization", "", "f750e12b-127a-432c-b022-b3f9153c4e2a", "9", "misc", "An organization."},
	{"geolocation", "", "cd6f2238-ba55-4888-82c4-104e6e1acf21", "8", "misc", "A place."},
	{"email", "", "a0c666e0-fc65-4be8-b48f-3423d788b552", "19", "network", "An e-mail."},
	{"telegram-account", "", "06f02ecf-5afb-42c5-9cb0-b362e222f52c", "2", "misc", "A Telegram account."},
}

// foreign turns what did not come from MISP into what it is there.
func (m *reverse) foreign(o stix.Object) {
	switch o.Type() {
	case "relationship", "sighting":
		return // when all that they join is known
	case "indicator":
		m.foreignIndicator(o)
		return
	}
	if _, isCluster := clusterGalaxies[o.Type()]; isCluster && o.Type() != "campaign" {
		if g, c, ok := m.cluster(o); ok {
			m.used[o.ID()] = true
			m.event.Galaxies = addCluster(m.event.Galaxies, g, c)
			return
		}
	}
	if m.oneAttribute(o) || m.byTemplate(o) {
		m.used[o.ID()] = true
		return
	}
	if !m.used[o.ID()] {
		m.used[o.ID()] = true
		m.drop(string(o.ID()), o.Type(), "this type, or what is in the object, has no place in MISP")
	}
}

// oneAttribute takes an object for one attribute, if one says all of it.
func (m *reverse) oneAttribute(o stix.Object) bool {
	var fits []string
	for _, typ := range usual[o.Type()] {
		if value, ok := valuesAt(o, forms[typ].at, m.find); ok && m.sameIn(o, forms[typ], value) {
			fits = append(fits, typ)
		}
	}
	if len(fits) == 0 || o.Type() == "file" && (len(fits) > 1 || hasAny(o, "size", "mime_type")) {
		return false
	}
	f := forms[fits[0]]
	value, _ := valuesAt(o, f.at, m.using)
	a := m.plainAttribute(o, fits[0], value)
	a.ToIDs = !f.silent && m.detected(o, a.UUID, f)
	m.keep(o.ID(), "", a)
	taken := []string{"protocols", "account_type"}
	for _, path := range f.at {
		taken = append(taken, property1(path))
	}
	if o.Type() == "note" {
		taken = append(taken, "object_refs")
	}
	m.leftover(o, taken...)
	return true
}

// property1 gives the first name of a path.
func property1(path string) string {
	return path[:len(path)-len(strings.TrimLeft(path, "abcdefghijklmnopqrstuvwxyz_"))]
}

func hasAny(o stix.Object, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { _, ok := o.Raw(name); return ok })
}

// plainAttribute is an attribute of an object from elsewhere. Its UUID is the object's.
func (m *reverse) plainAttribute(o stix.Object, typ, value string) Attribute {
	return Attribute{
		UUID: o.ID().UUID().String(), Type: typ, Category: forms[typ].category, Value: value, Timestamp: second(o.Modified().Time().Unix()),
		Tags: m.restored(o, labelled(o, nil)),
	}
}

// byTemplate takes an object for one of MISP's templates.
func (m *reverse) byTemplate(o stix.Object) bool {
	class, _ := o.String("identity_class")
	service, _ := o.String("account_type")
	for _, u := range usualTemplates {
		t := templates[u.name]
		if t.typ != o.Type() || u.class != "" && u.class != class || t.typ == "user-account" && service != "telegram" {
			continue
		}
		return m.templated(o, t, Object{
			UUID: o.ID().UUID().String(), Name: u.name, MetaCategory: u.category, Description: u.description,
			TemplateUUID: u.uuid, TemplateVersion: u.version, Timestamp: second(o.Modified().Time().Unix()),
		})
	}
	return false
}

// templated fills a template's slots and links with what is in an object from elsewhere.
func (m *reverse) templated(o stix.Object, t template, object Object) bool {
	uuid := object.UUID
	taken := []string{"identity_class", "is_multipart", "account_type"}
	tags := m.restored(o, labelled(o, nil))
	var filled []string
	for _, s := range t.slots {
		value, _, ok := valueAt(o, s.path, m.find)
		if !ok || slices.Contains(filled, s.path) {
			continue
		}
		filled, taken = append(filled, s.path), append(taken, property1(s.path))
		m.keep(o.ID(), uuid, relationAttribute(object, s.relation, value, tags))
	}
	taken = append(taken, m.templateLinks(o, object, t, tags)...)
	if len(taken) == 3 {
		return false
	}
	m.objectAt[uuid] = len(m.event.Objects)
	m.event.Objects = append(m.event.Objects, object)
	m.carriedBy[o.ID()] = append([]string{uuid}, m.carriedBy[o.ID()]...)
	m.leftover(o, taken...)
	return true
}

// templateLinks takes the values of what an object refers to, where its template has a place for them.
func (m *reverse) templateLinks(o stix.Object, object Object, t template, tags []Tag) (taken []string) {
	for _, relation := range sortedKeys(t.links) {
		link := t.links[relation]
		ids, _ := o.Strings(link.property)
		if id, ok := o.String(link.property); ok {
			ids = []string{id}
		}
		for _, id := range ids {
			far, ok := m.find(stix.ID(id))
			if value, has := far.String("value"); ok && has {
				m.keep(o.ID(), object.UUID, relationAttribute(object, relation, value, tags))
				taken = append(taken, link.property)
			} else {
				m.drop(string(o.ID()), link.property, fmt.Sprintf("%s is not among the objects", shown(id)))
			}
		}
	}
	return taken
}

// relationTypes are the attribute types of relations that are not named as their type is.
var relationTypes = map[string]string{
	"size-in-bytes": "size-in-bytes", "mimetype": "mime-type", "creation-time": "datetime", "modification-time": "datetime",
	"access-time": "datetime", "send-date": "datetime", "latitude": "float", "longitude": "float", "accuracy-radius": "float",
	"from": "email-src", "to": "email-dst", "cc": "email-dst", "bcc": "email-dst", "full-name": "full-name",
	"subject": "email-subject", "message-id": "email-message-id", "email-body": "email-body",
}

func relationAttribute(o Object, relation, value string, tags []Tag) Attribute {
	typ, known := relationTypes[relation]
	if _, isForm := forms[relation]; !known && isForm {
		typ = relation
	} else if !known {
		typ = "text"
	}
	category := forms[typ].category
	if category == "" {
		category = "Other"
	}
	return Attribute{
		UUID: derived("attribute", o.UUID, relation, value).UUID().String(), Type: typ, Category: category, Value: value,
		Relation: relation, Timestamp: o.Timestamp, Tags: tags,
	}
}

// foreignIndicator takes a simple pattern for the attribute it looks for, and any other for a rule.
func (m *reverse) foreignIndicator(o stix.Object) {
	m.used[o.ID()] = true
	language, _ := o.String("pattern_type")
	text, _ := o.String("pattern")
	if o.Revoked() {
		m.drop(string(o.ID()), "indicator", "was revoked")
		return
	}
	typ, value := m.simplePattern(language, text)
	if typ == "" {
		typ, value = ruleType(language), text
	}
	if typ == "" {
		m.drop(string(o.ID()), "indicator", "MISP has no attribute for patterns of "+shown(language))
		return
	}
	a := m.plainAttribute(o, typ, value)
	a.ToIDs = true
	a.Comment, _ = o.String("description")
	if from, ok := o.String("valid_from"); ok {
		a.FirstSeen = from
	}
	m.keep(o.ID(), "", a)
	m.leftover(o, "pattern", "pattern_type", "pattern_version", "valid_from", "name", "description", "indicator_types")
}

// simplePattern takes a pattern that compares one property with one value.
func (m *reverse) simplePattern(language, text string) (typ, value string) {
	terms, ok := comparisons(text)
	if language != "stix" || !ok || len(terms) != 1 || terms[0].typ == "user-account" {
		return "", ""
	}
	for _, typ := range usual[terms[0].typ] {
		if f := forms[typ]; !f.silent && len(f.at) == 1 && f.at[0] == terms[0].path {
			return typ, terms[0].value
		}
	}
	return "", ""
}

func ruleType(language string) string {
	for typ, l := range rules {
		if l == language {
			return typ
		}
	}
	return ""
}

// joined takes relationships and sightings of what came from elsewhere, and lists all that is left.
func (m *reverse) joined(o stix.Object) {
	m.used[o.ID()] = true
	switch o.Type() {
	case "relationship":
		kind, from, to := ends(o)
		source, target := m.carriedBy[from], m.carriedBy[to]
		if len(source) > 0 && len(target) > 0 {
			if i, ok := m.objectAt[source[0]]; ok {
				r := Reference{UUID: o.ID().UUID().String(), Object: source[0], Referenced: target[0], Type: kind, Timestamp: second(o.Modified().Time().Unix())}
				r.Comment, _ = o.String("description")
				m.event.Objects[i].References = append(m.event.Objects[i].References, r)
				return
			}
		}
		m.drop(string(o.ID()), kind, "in MISP only an object can refer, to an object or an attribute of the same event")
	case "sighting":
		m.foreignSighting(o)
	default:
		m.drop(string(o.ID()), o.Type(), "this type has no place in MISP")
	}
}

func (m *reverse) foreignSighting(o stix.Object) {
	of, _ := o.String("sighting_of_ref")
	when, ok := o.Time("last_seen")
	if !ok {
		when = o.Created()
	}
	uuid, known := m.oneOf(stix.ID(of), "")
	a, found := m.attribute(uuid)
	if !known || !found {
		m.drop(string(o.ID()), "sighting", "what was seen is no attribute of the event")
		return
	}
	a.Sightings = append(a.Sightings, Sighting{UUID: o.ID().UUID().String(), Type: "0", Date: second(when.Time().Unix()), By: m.organisation(o.CreatedByRef())})
	m.leftover(o, "sighting_of_ref", "first_seen", "last_seen", "where_sighted_refs")
}
