package stix

import "slices"

// Family is one of the four groups of STIX object types.
type Family int

// The families. A type that is not in the standard is Unknown.
const (
	Unknown      Family = iota
	Domain              // SDO: indicator, report, threat-actor … (section 4)
	Relationship        // SRO: relationship, sighting (section 5)
	Observable          // SCO: ipv4-addr, file … (section 6)
	Meta                // language-content, marking-definition, extension-definition (section 7)
)

// FamilyOf gives the family of a standard type, or Unknown.
func FamilyOf(typ string) Family {
	switch typ {
	case "attack-pattern", "campaign", "course-of-action", "grouping", "identity", "incident",
		"indicator", "infrastructure", "intrusion-set", "location", "malware", "malware-analysis",
		"note", "observed-data", "opinion", "report", "threat-actor", "tool", "vulnerability":
		return Domain
	case "relationship", "sighting":
		return Relationship
	case "artifact", "autonomous-system", "directory", "domain-name", "email-addr", "email-message",
		"file", "ipv4-addr", "ipv6-addr", "mac-addr", "mutex", "network-traffic", "process",
		"software", "url", "user-account", "windows-registry-key", "x509-certificate":
		return Observable
	case "language-content", "marking-definition", "extension-definition":
		return Meta
	}
	return Unknown
}

// shape is what a JSON object may look like, a whole STIX object or one inside it: its properties in
// the order the specification lists them, and the rules that bind several of them.
type shape struct {
	properties []property
	index      map[string]int
	rules      []rule
}

// property is one row of a property table.
type property struct {
	name     string
	kind     kind
	required bool
}

func must(name string, k kind) property { return property{name, k, true} }
func may(name string, k kind) property  { return property{name, k, false} }

type table []property

func newShape(properties table, rules ...rule) *shape {
	s := &shape{properties: properties, index: map[string]int{}, rules: rules}
	for i, p := range properties {
		s.index[p.name] = i
	}
	return s
}

// row is one type before its family's common properties are put around it.
type row struct {
	typ        string
	properties table
	rules      []rule
}

// types is the whole standard.
var types = buildTypes()

func buildTypes() map[string]*shape {
	all := map[string]*shape{}
	add := func(before, after table, rows []row) {
		for _, r := range rows {
			properties := slices.Concat(table{must("type", exactly(r.typ))}, before, r.properties, after)
			rules := append([]rule{notBefore("modified", "created"), selectorsExist, should(usualID)}, r.rules...)
			all[r.typ] = newShape(properties, rules...)
		}
	}
	add(versionedBefore, versionedAfter, domainTypes)
	add(versionedBefore, versionedAfter, relationshipTypes)
	add(observableBefore, observableAfter, observableTypes)
	add(nil, nil, metaTypes)
	return all
}

// The common properties (section 3.2), as the specification orders them around a type's own.
var (
	versionedBefore = table{
		must("spec_version", exactly("2.1")),
		must("id", identifier),
		may("created_by_ref", refTo("identity")),
		must("created", timestampFrom(3)),
		must("modified", timestampFrom(3)),
	}
	versionedAfter = table{
		may("revoked", boolean),
		may("labels", list(text)),
		may("confidence", integer(0, 100)),
		may("lang", language),
		may("external_references", list(embedded(externalReference))),
		may("object_marking_refs", refsTo("marking-definition")),
		may("granular_markings", list(embedded(granularMarking))),
		may("extensions", extensions),
	}
	observableBefore = table{
		may("spec_version", exactly("2.1")),
		must("id", identifier),
	}
	observableAfter = table{
		may("object_marking_refs", refsTo("marking-definition")),
		may("granular_markings", list(embedded(granularMarking))),
		may("defanged", boolean),
		may("extensions", extensions),
	}
)

// What is asked of a type that is not in the standard: the common properties, of whichever family it
// turns out to be.
var (
	unknownVersioned = newShape(
		slices.Concat(table{must("type", text)}, versionedBefore, versionedAfter),
		notBefore("modified", "created"), selectorsExist)
	unknownObservable = newShape(
		slices.Concat(table{must("type", text)}, observableBefore, observableAfter),
		selectorsExist)
)

// shapeOf gives the shape that an object of a type is checked against. A type that is not in the
// standard is taken for an observable if it has neither a created nor a modified time.
func shapeOf(typ string, hasTimes bool) *shape {
	switch known := types[typ]; {
	case known != nil:
		return known
	case hasTimes:
		return unknownVersioned
	}
	return unknownObservable
}

// shape gives the shape that the object is checked against.
func (o Object) shape() *shape { return shapeOf(o.Type(), !o.versionTime().IsZero()) }
