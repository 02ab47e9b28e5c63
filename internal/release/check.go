package release

import (
	"cmp"
	"slices"

	"parley/selector"
)

// rule is one way in which a tearline can say too much. Each has a file of its own, rule_*.go.
type rule struct {
	name      string
	perBundle func(r *reading, t Tearline, s *secrets) []Finding // looks at the whole, or nil
	perLeaf   func(l *leaf, s *secrets) []Finding                // looks at one value, or nil
	fixed     bool                                               // perLeaf looks at ids, times and the like too
	form      bool                                               // perBundle needs no secrets: the receiver applies it too
}

func rules() []rule {
	return []rule{
		{name: "allow-list", perBundle: ruleAllowList, form: true},
		{name: "reference", perBundle: ruleReference, form: true},
		{name: "marking", perBundle: ruleMarking, form: true},
		{name: "order", perBundle: ruleOrder, form: true},
		{name: "shared-text", perBundle: ruleSharedText},
		{name: "original-id", perLeaf: ruleOriginalID, fixed: true},
		{name: "name", perLeaf: ruleName},
		{name: "selector", perLeaf: ruleSelector},
		{name: "hash", perLeaf: ruleHash},
		{name: "time", perBundle: ruleTimeProperty, perLeaf: ruleTime},
		{name: "place", perBundle: rulePlaceProperty, perLeaf: rulePlace},
		{name: "hidden-character", perLeaf: ruleHidden},
		{name: "mixed-script", perLeaf: ruleMixedScript},
	}
}

// RuleNames lists the rules that [Check] applies, in the order of documents: "form" comes first,
// because bytes that are not a tearline are judged by nothing else.
func RuleNames() []string {
	names := []string{"form"}
	for _, r := range rules() {
		names = append(names, r.name)
	}
	return names
}

// Check reads the finished bytes of a tearline again, as its receiver will, and reports every place
// where a secret shows or may show. Nothing but t.Bundle is trusted: the objects in memory are not
// looked at, and the private map is used only to recognise the order of the original.
//
// An empty result is not a proof. It says that the tricks written down in
// docs/analyst/release.md were looked for and not found; a second person reads the tearline.
func Check(t Tearline, secrets Secrets) []Finding {
	s := prepare(secrets)
	r, findings := read(t.Bundle)
	if r == nil {
		return findings
	}
	r.look(s)
	for _, rule := range rules() {
		for _, f := range rule.apply(r, t, s) {
			f.Rule = rule.name
			findings = append(findings, f)
		}
	}
	slices.SortStableFunc(findings, func(a, b Finding) int {
		if a.Blocking != b.Blocking {
			return map[bool]int{true: -1, false: 1}[a.Blocking]
		}
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Excerpt, b.Excerpt))
	})
	return slices.Compact(findings)
}

func (rule rule) apply(r *reading, t Tearline, s *secrets) []Finding {
	var findings []Finding
	if rule.perBundle != nil {
		findings = rule.perBundle(r, t, s)
	}
	for i := range r.leaves {
		l := &r.leaves[i]
		if rule.perLeaf == nil || l.fixed && !rule.fixed {
			continue
		}
		for _, f := range rule.perLeaf(l, s) {
			f.Path = l.path
			findings = append(findings, f)
		}
	}
	return findings
}

// look prepares each value for the rules: the selectors in it, the text without what may show, and
// both in folded form.
func (r *reading) look(s *secrets) {
	for i := range r.leaves {
		l := &r.leaves[i]
		if l.fixed {
			continue
		}
		l.folded = fold(l.text)
		if s.values[l.text] && forms[l.typ].observable {
			l.rest = "" // the value of an observable that may show, and nothing else
			continue
		}
		l.hits = selector.Find(l.text, selector.Options{Region: s.Region})
		l.rest = fold(s.blank(l.text, l.hits))
		l.words = wordsOf(l.rest)
		l.signs = signsOf(l.rest, l.words)
	}
}
