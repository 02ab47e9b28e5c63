package stix

import (
	"maps"
	"slices"

	"parley/stix/internal/scan"
)

// RelationshipTypes gives the types that the standard names for a relationship from an object of one
// type to an object of another, sorted: those of section 3.7, which any domain object or observable may
// have, and those of the tables of sections 4 and 6 (Appendix B). Other types are allowed;
// [Recommended] finds them.
func RelationshipTypes(source, target string) (types []string) {
	for typ, targets := range relationships[source] {
		if slices.Contains(targets, target) {
			types = append(types, typ)
		}
	}
	if mayRelate(source) && mayRelate(target) {
		types = append(types, "related-to")
		if source == target {
			types = append(types, "derived-from", "duplicate-of")
		}
	}
	slices.Sort(types)
	return types
}

// mayRelate tells whether the common relationships are for objects of a type. One that is not in the
// standard may be a domain object or an observable.
func mayRelate(typ string) bool {
	family := FamilyOf(typ)
	return family == Domain || family == Observable || family == Unknown && typ != "bundle"
}

// relationshipIsNamed asks for a type that the standard names for what the relationship joins. Between
// objects of types that are not in the standard any will do, since whoever made the types may have
// named it.
func relationshipIsNamed(c *checker, f fields) {
	typ, _ := scan.Text(f.get("relationship_type"))
	var source, target ID
	takeID(&source, f.get("source_ref"))
	takeID(&target, f.get("target_ref"))
	if FamilyOf(source.Type()) == Unknown || FamilyOf(target.Type()) == Unknown {
		return
	}
	if named := RelationshipTypes(source.Type(), target.Type()); !slices.Contains(named, typ) {
		c.adviseAt("relationship_type", "is %s; from %s to %s the standard names %v", shown(typ), source.Type(), target.Type(), named)
	}
}

// observableNames gives the types of the observables, sorted.
func observableNames() []string { return slices.Sorted(maps.Keys(contributing)) }

// relationships are the types of relationship by the type of the source, with the types of targets.
var relationships = map[string]map[string][]string{
	"attack-pattern": {
		"delivers": words(`malware`),
		"targets":  words(`identity location vulnerability`),
		"uses":     words(`malware tool`),
	},
	"campaign": {
		"attributed-to":   words(`intrusion-set threat-actor`),
		"compromises":     words(`infrastructure`),
		"originates-from": words(`location`),
		"targets":         words(`identity location vulnerability`),
		"uses":            words(`attack-pattern infrastructure malware tool`),
	},
	"course-of-action": {
		"investigates": words(`indicator`),
		"mitigates":    words(`attack-pattern indicator malware tool vulnerability`),
		"remediates":   words(`malware vulnerability`),
	},
	"domain-name": {
		"resolves-to": words(`domain-name ipv4-addr ipv6-addr`),
	},
	"identity": {
		"located-at": words(`location`),
	},
	"indicator": {
		"indicates": words(`attack-pattern campaign infrastructure intrusion-set malware threat-actor tool`),
		"based-on":  words(`observed-data`),
	},
	"infrastructure": {
		"communicates-with": words(`infrastructure ipv4-addr ipv6-addr domain-name url`),
		"consists-of":       append(words(`infrastructure observed-data`), observableNames()...),
		"controls":          words(`infrastructure malware`),
		"delivers":          words(`malware`),
		"has":               words(`vulnerability`),
		"hosts":             words(`tool malware`),
		"located-at":        words(`location`),
		"uses":              words(`infrastructure`),
	},
	"intrusion-set": {
		"attributed-to":   words(`threat-actor`),
		"compromises":     words(`infrastructure`),
		"hosts":           words(`infrastructure`),
		"owns":            words(`infrastructure`),
		"originates-from": words(`location`),
		"targets":         words(`identity location vulnerability`),
		"uses":            words(`attack-pattern infrastructure malware tool`),
	},
	"ipv4-addr": {
		"belongs-to":  words(`autonomous-system`),
		"resolves-to": words(`mac-addr`),
	},
	"ipv6-addr": {
		"belongs-to":  words(`autonomous-system`),
		"resolves-to": words(`mac-addr`),
	},
	"malware": {
		"authored-by":       words(`threat-actor intrusion-set`),
		"beacons-to":        words(`infrastructure`),
		"exfiltrates-to":    words(`infrastructure`),
		"communicates-with": words(`ipv4-addr ipv6-addr domain-name url`),
		"controls":          words(`malware`),
		"downloads":         words(`malware tool file`),
		"drops":             words(`malware tool file`),
		"exploits":          words(`vulnerability`),
		"originates-from":   words(`location`),
		"targets":           words(`identity infrastructure location vulnerability`),
		"uses":              words(`attack-pattern infrastructure malware tool`),
		"variant-of":        words(`malware`),
	},
	"malware-analysis": {
		"characterizes":       words(`malware`),
		"av-analysis-of":      words(`malware`),
		"static-analysis-of":  words(`malware`),
		"dynamic-analysis-of": words(`malware`),
	},
	"threat-actor": {
		"attributed-to": words(`identity`),
		"compromises":   words(`infrastructure`),
		"hosts":         words(`infrastructure`),
		"owns":          words(`infrastructure`),
		"impersonates":  words(`identity`),
		"located-at":    words(`location`),
		"targets":       words(`identity location vulnerability`),
		"uses":          words(`attack-pattern infrastructure malware tool`),
	},
	"tool": {
		"delivers": words(`malware`),
		"drops":    words(`malware`),
		"has":      words(`vulnerability`),
		"targets":  words(`identity infrastructure location vulnerability`),
		"uses":     words(`infrastructure`),
	},
}
