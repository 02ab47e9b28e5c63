package release

import (
	"cmp"
	"slices"
	"sync"

	"parley/selector"
)

// rule is one way in which a tearline can say too much. Each has a file of its own, rule_*.go.
type rule struct {
	name      string
	perBundle func(r *reading, t Tearline, s *secrets) []Finding // looks at the whole, or nil
	perLeaf   func(l *leaf, s *secrets) []Finding                // looks at one value, or nil
	fixed     bool                                               // perLeaf looks at ids, times and the like too
	layers    bool                                               // perLeaf looks at what is encoded in a value too
	form      bool                                               // perBundle needs no secrets: the receiver applies it too
}

func rules() []rule {
	return []rule{
		{name: "allow-list", perBundle: ruleAllowList, form: true},
		{name: "reference", perBundle: ruleReference, perLeaf: ruleReferenceInWords, form: true},
		{name: "marking", perBundle: ruleMarking, form: true},
		{name: "order", perBundle: ruleOrder, form: true},
		{name: "picture", perBundle: rulePicture, form: true},
		{name: "shared-text", perBundle: ruleSharedText},
		{name: "original-id", perLeaf: ruleOriginalID, fixed: true, layers: true},
		{name: "name", perLeaf: ruleName, layers: true},
		{name: "selector", perLeaf: ruleSelector, layers: true},
		{name: "hash", perLeaf: ruleHash, layers: true},
		{name: "time", perBundle: ruleTimeProperty, perLeaf: ruleTime, layers: true},
		{name: "place", perBundle: rulePlaceProperty, perLeaf: rulePlace, layers: true},
		{name: "figure", perLeaf: ruleFigure, layers: true},
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
func Check(t Tearline, given Secrets) []Finding {
	var s *secrets
	var preparing sync.WaitGroup
	preparing.Go(func() { s = prepare(given) })
	r, findings := read(t.Bundle)
	preparing.Wait()
	if r == nil {
		return findings
	}
	r.look(s)
	findings = append(findings, judge(r, t, s)...)
	slices.SortStableFunc(findings, func(a, b Finding) int {
		if a.Blocking != b.Blocking {
			return map[bool]int{true: -1, false: 1}[a.Blocking]
		}
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Excerpt, b.Excerpt))
	})
	return slices.Compact(findings)
}

// judge applies all rules at once. Each only reads what the others read.
func judge(r *reading, t Tearline, s *secrets) []Finding {
	all := rules()
	found := make([][]Finding, len(all))
	var running sync.WaitGroup
	for i, rule := range all {
		running.Go(func() { found[i] = rule.apply(r, t, s) })
	}
	running.Wait()
	for i, rule := range all {
		for k := range found[i] {
			found[i][k].Rule = rule.name
		}
	}
	return slices.Concat(found...)
}

func (rule rule) apply(r *reading, t Tearline, s *secrets) []Finding {
	var findings []Finding
	if rule.perBundle != nil {
		findings = rule.perBundle(r, t, s)
	}
	if rule.perLeaf == nil {
		return findings
	}
	for i := range r.leaves {
		if l := &r.leaves[i]; !l.fixed || rule.fixed {
			findings = append(findings, rule.at(l, s)...)
		}
	}
	if rule.layers {
		for i := range r.layers {
			findings = append(findings, rule.at(&r.layers[i], s)...)
		}
	}
	return findings
}

func (rule rule) at(l *leaf, s *secrets) []Finding {
	findings := rule.perLeaf(l, s)
	for i := range findings {
		findings[i].Path = l.path()
	}
	return findings
}

// look prepares each value for the rules: the selectors in it, the text without what may show, both in
// folded form, and what is written in it in another form.
func (r *reading) look(s *secrets) {
	layers := make([][]leaf, len(r.leaves))
	onAll(len(r.leaves), func() func(int) {
		finder := selector.NewFinder(selector.Options{Region: s.Region})
		return func(i int) {
			if l := &r.leaves[i]; !l.fixed {
				l.look(s, finder)
				layers[i] = l.layers(s, finder)
			}
		}
	})
	r.layers = slices.Concat(layers...)
}

// look prepares one value.
func (l *leaf) look(s *secrets, finder *selector.Finder) {
	l.looked = new(looked)
	l.folded = fold(l.text)
	l.spoken = wordsOf(l.folded)
	l.parted = partedWords(l.text)
	if s.values[l.text] && forms[l.typ].observable {
		return // the value of an observable that may show, and nothing else: nothing is left of it
	}
	l.hits = slices.Clone(finder.Find(l.text))
	l.blank = s.blank(l.text, l.hits)
	l.rest = l.folded
	if l.blank != l.text {
		l.rest = fold(l.blank)
	}
	if l.words = l.spoken; l.blank != l.text {
		l.words = wordsOf(l.rest)
	}
	l.signs = signsOf(l.rest, l.words)
	l.disguised = disguised(l, finder)
}

// layers reads what is written in a value in another form. Names and ids are looked for in all of it;
// what else may not show is looked for in what is no part of a cleared selector.
func (l *leaf) layers(s *secrets, finder *selector.Finder) (layers []leaf) {
	for _, text := range layersOf(l.text) {
		layer := l.with(text)
		if layer.look(s, finder); l.blank != l.text {
			layer.blank, layer.rest, layer.words, layer.signs, layer.hits, layer.disguised = "", "", nil, 0, nil, nil
		}
		layers = append(layers, layer)
	}
	if l.blank == l.text || l.blank == "" {
		return layers
	}
	for _, text := range layersOf(l.blank) {
		layer := l.with(text)
		layer.look(s, finder)
		layers = append(layers, layer)
	}
	return layers
}

// with returns a text that stands where a value does.
func (l *leaf) with(text string) leaf {
	return leaf{holder: l.holder, key: l.key, index: l.index, name: l.name, string: true, text: text}
}
