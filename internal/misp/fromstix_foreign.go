package misp

import (
	"slices"
	"strings"

	"parley/stix"
)

// usual are the attribute types that an object from elsewhere is tried for, by its type.
var usual = map[string][]string{
	"domain-name": {"domain"}, "ipv4-addr": {"ip-dst"}, "ipv6-addr": {"ip-dst"}, "url": {"url"}, "email-addr": {"email"},
	"mac-addr": {"mac-address"}, "autonomous-system": {"AS"}, "mutex": {"mutex"}, "phone-number": {"phone-number"},
	"bank-account": {"iban", "bank-account-nr"}, "payment-card": {"cc-number"}, "user-agent": {"user-agent"},
	"windows-registry-key": {"regkey|value", "regkey"}, "network-traffic": {"ip-dst|port", "ip-src|port", "hostname|port"},
	"x509-certificate": {"x509-fingerprint-sha256", "x509-fingerprint-sha1", "x509-fingerprint-md5"},
	"user-account":     {"github-username", "twitter-id", "jabber-id"},
	"email-message":    {"email-subject", "email-message-id", "email-body"},
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

// foreign turns what did not come from MISP into what it is there.
func (m *reverse) foreign(o stix.Object) {
	switch o.Type() {
	case "relationship", "sighting", "observed-data", "opinion":
		return // when all that they join is known
	case "indicator":
		return // when what it was made of is known
	case "x-misp-attribute", "x-misp-object":
		m.used[o.ID()] = true
		m.converted(o)
		return
	}
	if o.Type() != "campaign" {
		if g, c, ok := m.cluster(o); ok {
			m.used[o.ID()] = true
			m.clustered[o.ID()] = oneCluster{g, c}
			m.rest.add(g, c)
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
	for _, typ := range m.hinted(o) {
		if value, ok := valuesAt(o, forms[typ].at, m.find); ok && m.sameIn(o, forms[typ], value) {
			if _, err := m.made(forms[typ], value, o.ID()); err == nil {
				fits = append(fits, typ)
			}
		}
	}
	if len(fits) == 0 || m.templateSaysMore(o, forms[fits[0]]) {
		return false
	}
	f := forms[fits[0]]
	value, _ := valuesAt(o, f.at, m.using)
	a := m.plainAttribute(o, fits[0], value)
	a.ToIDs = !f.silent && m.detected(o, o.ID().UUID().String(), a.UUID, f)
	m.keep(o.ID(), "", a)
	for _, name := range m.unsaid(o, f) {
		m.drop(string(o.ID()), name, noPlace)
	}
	m.unknownHashes(o, fits[0])
	return true
}

const noPlace = "this property has no place in MISP"

// hinted gives the types to try for an object: first the one that MISP's own converter says it had.
func (m *reverse) hinted(o stix.Object) []string {
	types := usual[o.Type()]
	if hint := m.hints[string(o.ID())]; hint != "" {
		if f, ok := forms[hint]; ok && f.at != nil {
			types = append([]string{hint}, types...)
		}
	}
	return types
}

// unsaid gives the properties of an object that an attribute of a form does not say.
func (m *reverse) unsaid(o stix.Object, f form) (names []string) {
	said := []string{"protocols", "account_type", "is_multipart"}
	for _, path := range f.at {
		said = append(said, property1(path))
	}
	switch o.Type() {
	case "note":
		said = append(said, "object_refs")
	case "vulnerability":
		said = append(said, "external_references")
	}
	for name, raw := range o.Properties() {
		isOther := name == "hashes" && strings.Count(string(raw), ":") > 1
		if isOther || !slices.Contains(common, name) && !slices.Contains(said, name) {
			names = append(names, name)
		}
	}
	return names
}

// templateSaysMore tells whether a template has a place for what an attribute of a form does not say.
func (m *reverse) templateSaysMore(o stix.Object, f form) bool {
	t := templates[m.templateFor(o)]
	for _, name := range m.unsaid(o, f) {
		for _, s := range t.slots {
			if property1(s.path) == name {
				return true
			}
		}
		for _, link := range t.links {
			if link.property == name {
				return true
			}
		}
	}
	return false
}

// unknownHashes lists the hashes of a file that MISP has no type for.
func (m *reverse) unknownHashes(o stix.Object, taken string) {
	hashes, ok := o.Get("hashes")
	all, isMap := hashes.(map[string]any)
	if !ok || !isMap {
		return
	}
	for _, name := range sortedKeys(all) {
		if !slices.ContainsFunc(algorithms, func(a algorithm) bool {
			return a.stix == name && (taken == "" || taken == a.misp || strings.HasSuffix(taken, "-"+a.misp) || strings.HasSuffix(taken, "|"+a.misp))
		}) {
			m.drop(string(o.ID()), "hashes."+name, "MISP has no place for this hash here")
		}
	}
}

// property1 gives the first name of a path.
func property1(path string) string {
	return path[:len(path)-len(strings.TrimLeft(path, "abcdefghijklmnopqrstuvwxyz0123456789_"))]
}

// plainAttribute is an attribute of an object from elsewhere. Its UUID is the object's.
func (m *reverse) plainAttribute(o stix.Object, typ, value string) Attribute {
	return Attribute{
		UUID: m.uuid(o.ID()), Type: typ, Category: usualCategory(typ), Value: value, Timestamp: m.moment(o), Tags: m.restored(o, labelled(o, nil)),
	}
}

// moment gives when an object was last changed, or else when the event was.
func (m *reverse) moment(o stix.Object) int64 {
	if at := o.Modified(); !at.IsZero() {
		return second(at.Time().Unix())
	}
	return m.event.Timestamp
}
