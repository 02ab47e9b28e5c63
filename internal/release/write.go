package release

import (
	"cmp"
	"slices"
	"time"

	"golang.org/x/text/unicode/norm"

	"parley/stix"
)

const (
	notAllowed = "the allow-list does not name it"
	// withheld stands where STIX demands a name and the policy gives none.
	withheld = "name withheld"
	// descriptorName is the source_name under which the source descriptor stands.
	descriptorName = "source descriptor"
)

// isHead says whether every object gets a property anew, so that it is no loss.
func isHead(name string) bool {
	switch name {
	case "type", "spec_version", "id", "created", "modified":
		return true
	}
	return false
}

// writeProperties writes what the policy allows of one object into a draft. It returns the name of a
// required property that could not be written, or "".
func (b *build) writeProperties(d *draft, o stix.Object) (missing string) {
	form := forms[o.Type()]
	for name := range o.Properties() {
		if isHead(name) {
			continue
		}
		p, known := form.properties[name]
		if !known || !b.req.Policy.allows(o.Type(), name) {
			b.stripProperty(o, name)
			continue
		}
		if reason, kind := b.writeProperty(d, o, name, p); reason != "" {
			b.strip(o, kind, name, reason)
		}
	}
	b.writeWords(d, o)
	b.dropInverted(d, o)
	b.finishPlace(d, o)
	return b.missing(d)
}

// stripProperty records a property that stays behind, or that the release writes in its own way.
func (b *build) stripProperty(o stix.Object, name string) {
	again := slices.Contains(forms[o.Type()].fixed, name) && name != "precision"
	if again || name == "object_marking_refs" {
		b.strip(o, StrippedValue, name, "written anew")
		return
	}
	b.strip(o, StrippedProperty, name, notAllowed)
}

// missing returns a required property that a draft lacks.
func (b *build) missing(d *draft) string {
	first := ""
	for name, p := range forms[d.typ].properties {
		_, value := d.values[name]
		_, ref := d.refs[name]
		if p.required && !value && !ref && (first == "" || name < first) {
			first = name
		}
	}
	if first != "" {
		return first
	}
	if d.typ == "location" && d.values["region"] == nil && d.values["country"] == nil && d.values["latitude"] == nil {
		return "region, country or coordinates"
	}
	return ""
}

// writeProperty writes one property as its manner says. The reason says what stays behind.
func (b *build) writeProperty(d *draft, o stix.Object, name string, p property) (reason string, kind StrippedKind) {
	switch p.manner {
	case asWords:
		return "only the analyst's own words are written", StrippedValue
	case asName:
		return b.writeName(d, o, name)
	case asVocabulary:
		return b.writeVocabulary(d, o, name, p)
	case asTime, asEnd:
		return b.writeTime(d, o, name, p)
	case asCount:
		return b.writeCount(d, o, name, p)
	case asPlace:
		return b.writeCoordinate(d, o, name)
	case asReference, asReferences:
		return b.writeReference(d, o, name, p)
	case asPattern:
		return b.writePattern(d, o, name)
	}
	return notAllowed, StrippedProperty
}

func (b *build) writeName(d *draft, o stix.Object, name string) (string, StrippedKind) {
	if text, ok := o.String(name); ok && text != "" {
		d.values[name] = text
		return "", ""
	}
	return "it is no text", StrippedProperty
}

// writeWords puts in what the analyst calls the object.
func (b *build) writeWords(d *draft, o stix.Object) {
	words := b.req.Words[o.ID()]
	for _, given := range [...][2]string{{"name", words.Name}, {"description", words.Description}} {
		name, text := given[0], given[1]
		p, known := forms[d.typ].properties[name]
		if known && text != "" && b.req.Policy.allows(d.typ, name) && d != b.report && p.manner != asSelector {
			d.values[name] = norm.NFC.String(text)
		}
	}
	if _, named := d.values["name"]; !named && slices.Contains(forms[d.typ].fixed, "name") {
		d.values["name"] = withheld
	}
}

func (b *build) writeVocabulary(d *draft, o stix.Object, name string, p property) (string, StrippedKind) {
	given, ok := o.Strings(name)
	if one, single := o.String(name); single && !p.list {
		given, ok = []string{one}, true
	}
	if !ok {
		return "it is no word of " + p.vocabulary, StrippedProperty
	}
	known := slices.DeleteFunc(slices.Clone(given), func(word string) bool { return !inVocabulary(p.vocabulary, word) })
	switch {
	case len(known) == 0:
		return "it is no word of " + p.vocabulary, StrippedProperty
	case name == "country" && !b.req.Policy.PlaceGrain.shows(Country):
		return "places are shown to the region", StrippedProperty
	case p.list:
		slices.Sort(known)
		d.values[name] = slices.Compact(known)
	default:
		d.values[name] = known[0]
	}
	if len(known) < len(given) {
		return "some words are not of " + p.vocabulary, StrippedValue
	}
	return "", ""
}

func (b *build) writeTime(d *draft, o stix.Object, name string, p property) (string, StrippedKind) {
	at, ok := o.Time(name)
	if !ok {
		return "it is no time", StrippedProperty
	}
	grain := b.req.Policy.TimeGrain
	coarse := grain.Floor(at.Time())
	if p.manner == asEnd {
		coarse = grain.After(at.Time())
		if grain.Holds(at.Time()) {
			coarse = at.Time().UTC()
		}
	}
	d.values[name] = stamp(coarse)
	if coarse.Equal(at.Time()) {
		return "", ""
	}
	return "coarsened to the " + string(grain), StrippedValue
}

// stamp writes a time as every time in a tearline is written: in milliseconds.
func stamp(t time.Time) stix.Timestamp { return stix.NewTimestamp(t, 3) }

// intervals are the properties that begin and end one interval, and whether the two may be the same.
var intervals = []struct {
	start, end string
	mayBeEqual bool
}{
	{"first_observed", "last_observed", true},
	{"first_seen", "last_seen", true},
	{"valid_from", "valid_until", false},
	{"start_time", "stop_time", false},
}

// dropInverted leaves out the end of an interval that lies before its start, or an end that coarse
// times made the same as the start where STIX forbids it.
func (b *build) dropInverted(d *draft, o stix.Object) {
	for _, interval := range intervals {
		start, ok1 := d.values[interval.start].(stix.Timestamp)
		end, ok2 := d.values[interval.end].(stix.Timestamp)
		if !ok1 || !ok2 {
			continue
		}
		if order := end.Time().Compare(start.Time()); order < 0 || order == 0 && !interval.mayBeEqual {
			delete(d.values, interval.end)
			b.strip(o, StrippedProperty, interval.end, "it is not after "+interval.start)
		}
	}
}

func (b *build) writeCount(d *draft, o stix.Object, name string, p property) (string, StrippedKind) {
	n, ok := o.Int(name)
	if !ok || n < p.least {
		return "it is no count", StrippedProperty
	}
	d.values[name] = min(n, mostCount)
	if n > mostCount {
		return "counts are shown up to 999,999", StrippedValue
	}
	return "", ""
}

func (b *build) writeCoordinate(d *draft, o stix.Object, name string) (string, StrippedKind) {
	degrees, ok := o.Float(name)
	if !ok {
		return "it is no coordinate", StrippedProperty
	}
	if !b.req.Policy.PlaceGrain.shows(Degrees) {
		return "places are shown to the " + string(b.req.Policy.PlaceGrain), StrippedProperty
	}
	d.values[name] = b.req.Policy.PlaceGrain.round(degrees)
	return "coarsened to whole degrees", StrippedValue
}

// finishPlace makes coordinates complete or leaves them out: STIX knows no latitude alone.
func (b *build) finishPlace(d *draft, o stix.Object) {
	if d.typ != "location" {
		return
	}
	latitude, north := d.values["latitude"]
	_, east := d.values["longitude"]
	switch {
	case north && east:
		d.values["precision"] = degreePrecision
	case north || east:
		delete(d.values, "latitude")
		delete(d.values, "longitude")
		b.strip(o, StrippedProperty, map[bool]string{true: "latitude", false: "longitude"}[latitude != nil], "one coordinate alone is no place")
	}
}

func (b *build) writeReference(d *draft, o stix.Object, name string, p property) (string, StrippedKind) {
	var given []string
	if one, ok := o.String(name); ok && p.manner == asReference {
		given = []string{one}
	} else if many, ok := o.Strings(name); ok && p.manner == asReferences {
		given = many
	}
	if len(given) == 0 {
		return "it is no reference", StrippedProperty
	}
	for _, id := range given {
		d.refs[name] = append(d.refs[name], stix.ID(id))
	}
	d.lists[name] = p.manner == asReferences
	return "", ""
}

func (b *build) writePattern(d *draft, o stix.Object, name string) (string, StrippedKind) {
	if language, _ := o.String("pattern_type"); language != "stix" {
		return "it is no STIX pattern", StrippedProperty
	}
	original, _ := o.String(name)
	pattern, lost := b.rewritePattern(original)
	if pattern == "" {
		return "it is not a list of alternatives with a cleared selector in it", StrippedProperty
	}
	d.values[name] = pattern
	d.values["pattern_type"] = "stix"
	if lost {
		return "written anew from its cleared selectors only", StrippedValue
	}
	return "", ""
}

// sortStripped orders the list by original and path. Of an object that stays behind whole, its
// properties are not listed one by one.
func sortStripped(list []Stripped, written map[stix.ID]stix.ID) []Stripped {
	list = slices.DeleteFunc(list, func(s Stripped) bool {
		return s.Kind != StrippedObject && written[s.OriginalID] == ""
	})
	slices.SortStableFunc(list, func(a, b Stripped) int {
		return cmp.Or(cmp.Compare(a.OriginalID, b.OriginalID), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Reason, b.Reason))
	})
	return slices.Compact(list)
}
