package release

import (
	"fmt"
	"slices"
	"strings"

	"parley/stix"
)

// ruleAllowList finds types, properties and values outside the closed form of a tearline.
func ruleAllowList(r *reading, _ Tearline, _ *secrets) []Finding {
	var findings []Finding
	for i := range r.leaves {
		l := &r.leaves[i]
		if l.isAllowed() {
			continue
		}
		findings = append(findings, Finding{
			Path: l.path(), Excerpt: mask(l.text), Blocking: true,
			Reason: fmt.Sprintf("A tearline's %s has no property %q with such a value.", excerpt(l.typ), excerpt(l.name)),
			Fix:    "Leave it out. What a tearline may hold is listed in docs/formats/tearline.md.",
		})
	}
	return findings
}

// ruleReference finds references to objects that are not in the bundle, and ids that are not random.
// An id made from a value can be guessed back to it; an id made from a clock tells the time.
func ruleReference(r *reading, _ Tearline, _ *secrets) []Finding {
	var findings []Finding
	for i := range r.leaves {
		l := &r.leaves[i]
		if _, here := r.index[stix.ID(l.text)]; l.isReference() && !here {
			findings = append(findings, Finding{
				Path: l.path(), Excerpt: mask(l.text), Blocking: true,
				Reason: "It refers to an object that is not in the tearline, and so says that the object exists.",
				Fix:    "Drop the reference or release the object.",
			})
		}
	}
	for i, o := range r.objects {
		if !r.ownID(o) {
			findings = append(findings, Finding{
				Path: fmt.Sprintf("$.objects[%d].id", i), Excerpt: mask(string(o.ID())), Blocking: true,
				Reason: "The id is not random: it can be traced to a value, a machine or a time.",
				Fix:    "Build the tearline again, so that every object gets a new random id.",
			})
		}
	}
	if !isRandom(r.id) {
		findings = append(findings, Finding{
			Path: "$.id", Excerpt: mask(string(r.id)), Blocking: true,
			Reason: "The bundle's id is not random.", Fix: "Build the tearline again.",
		})
	}
	return findings
}

// things are what a node keeps and does not release, in the words in which people refer to it.
var things = newList(`intercept transcript recording note report exhibit evidence dossier case file memo cable message
	annex attachment item ticket log entry`)

var referenceInWords = compileForm(`(?:^|[^\pL\pN])`, `(?:see|cf\.?|in|from|per|to)? ?our (?:[\pL]+ )?{THING}s? ?(?:no\.?|number|nr\.?|#)? ?\d+`+
	`|(?:see|cf\.?) (?:the |also )?{THING}s? ?(?:no\.?|number|nr\.?|#)? ?\d+|(?:intercept|transcript|recording|exhibit|evidence item) ?(?:no\.?|number|nr\.?|#)? ?\d+`,
	map[string]wordList{"THING": things})

// ruleReferenceInWords finds passages that refer the reader to something by its number, which is here and
// not in the tearline.
func ruleReferenceInWords(l *leaf, _ *secrets) []Finding {
	if l.signs&aFigure == 0 || l.signs&aReference == 0 {
		return nil
	}
	var findings []Finding
	for _, found := range referenceInWords.FindAllString(l.rest, -1) {
		findings = append(findings, Finding{
			Excerpt: excerpt(strings.TrimSpace(found)), Blocking: true,
			Reason: "It refers to something by its number that is not in the tearline, and so says that it exists.",
			Fix:    "Say what the reader needs of it, or leave it out.",
		})
	}
	return findings
}

// ownID says whether an object's id tells nothing beyond the object: it is random, one of the five
// of the Traffic Light Protocol, or made from the very value that the object shows.
func (r *reading) ownID(o stix.Object) bool {
	if isRandom(o.ID()) || tlpOf(o) != "" {
		return true
	}
	if !forms[o.Type()].observable {
		return false
	}
	made, err := stix.SCOID(o)
	return err == nil && made == o.ID()
}

// isRandom says whether an id is a UUID of version 4 (RFC 9562).
func isRandom(id stix.ID) bool { return id.UUID().Version() == 4 }

// ruleMarking finds objects without their two markings, markings that disagree, and markings of
// other kinds.
func ruleMarking(r *reading, _ Tearline, _ *secrets) []Finding {
	tlps, uses := r.markings()
	var findings []Finding
	add := func(path, reason string) {
		findings = append(findings, Finding{
			Path: path, Reason: reason, Blocking: true,
			Fix: "Build the tearline again: every object carries one label and one permitted use.",
		})
	}
	if len(tlps) != 1 || len(uses) != 1 {
		add("$.objects", fmt.Sprintf("The tearline must carry one TLP 2.0 label and one permitted use, and has %d and %d.", len(tlps), len(uses)))
		return findings
	}
	want := []stix.ID{tlps[0].ID(), uses[0].ID()}
	slices.Sort(want)
	for i, o := range r.objects {
		path := fmt.Sprintf("$.objects[%d].object_marking_refs", i)
		marked := !slices.Equal(o.MarkingRefs(), want)
		if o.Type() == "marking-definition" || r.isAuthor(o) {
			marked = len(o.MarkingRefs()) > 0
		}
		if marked {
			add(path, "The object does not carry exactly the tearline's label and permitted use.")
		}
	}
	return findings
}

// isAuthor says whether an object is the pseudonym of who made the report, and nothing besides.
func (r *reading) isAuthor(o stix.Object) bool {
	if o.Type() != "identity" {
		return false
	}
	for name, value := range o.Properties() {
		if !isHead(name) && (name != "name" || string(value) != `"`+withheld+`"`) {
			return false
		}
	}
	return slices.ContainsFunc(r.objects, func(report stix.Object) bool {
		return report.Type() == "report" && report.CreatedByRef() == o.ID()
	})
}

// markings returns the bundle's Traffic Light Protocol and statement markings.
func (r *reading) markings() (tlps, uses []stix.Object) {
	for _, o := range r.objects {
		if o.Type() != "marking-definition" {
			continue
		}
		if tlpOf(o) != "" {
			tlps = append(tlps, o)
		} else {
			uses = append(uses, o)
		}
	}
	return tlps, uses
}

// ruleOrder finds orders that could mirror the original: objects and lists of references must stand
// in the order of their random ids. It also points at a tearline that has an object for every object
// of the original, because a count is a likeness too.
func ruleOrder(r *reading, t Tearline, _ *secrets) []Finding {
	var findings []Finding
	if !slices.IsSortedFunc(r.objects, byID) {
		findings = append(findings, orderFinding("$.objects"))
	}
	for i := 1; i < len(r.leaves); i++ {
		l, last := &r.leaves[i], &r.leaves[i-1]
		sameList := l.object == last.object && l.name == last.name && l.isReference()
		if sameList && l.text <= last.text {
			findings = append(findings, orderFinding(l.path()))
		}
	}
	const few = 5
	if mirrored := len(t.Map); mirrored >= few && len(t.Stripped) > 0 && !t.dropsObjects() {
		findings = append(findings, Finding{
			Path: "$.objects", Excerpt: fmt.Sprintf("%d objects", mirrored),
			Reason: "Every object of the report has one in the tearline, so their number is the report's.",
			Fix:    "Ask whether the counterpart needs all of them.",
		})
	}
	return findings
}

func orderFinding(path string) Finding {
	return Finding{
		Path: path, Blocking: true,
		Reason: "The order is not the order of the new ids, so it can mirror the original or carry a mark.",
		Fix:    "Build the tearline again; never reorder its objects.",
	}
}

func byID(a, b stix.Object) int { return strings.Compare(string(a.ID()), string(b.ID())) }

// dropsObjects says whether any whole object stayed behind.
func (t Tearline) dropsObjects() bool {
	return slices.ContainsFunc(t.Stripped, func(s Stripped) bool { return s.Kind == StrippedObject })
}
