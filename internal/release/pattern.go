package release

import (
	"cmp"
	"slices"
	"strings"

	"parley/selector"
	"parley/stix/pattern"
)

// rewritePattern writes an indicator's pattern anew from the cleared selectors that the original
// asks for. It reads only the plain patterns that list alternatives (comparisons with = or IN, joined
// by OR); whatever else a pattern says, leaving a part out would make it say something different, so
// such an indicator stays behind. It returns "" where nothing is left, and whether anything was lost.
func (b *build) rewritePattern(original string) (text string, lost bool) {
	p, err := pattern.Parse(original, pattern.Options{})
	if err != nil || !isPlain(p, original) || !isAlternatives(p.Root) {
		return "", true
	}
	var alternatives []pattern.ComparisonExpression
	for c := range p.Comparisons() {
		for _, constant := range c.Constants {
			if cleared := b.comparisonFor(c.Path, constant); cleared != nil {
				alternatives = append(alternatives, cleared)
			} else {
				lost = true
			}
		}
	}
	if len(alternatives) == 0 {
		return "", true
	}
	return written(alternatives), lost
}

// written writes alternatives as one pattern, in the order of their text and each once.
func written(alternatives []pattern.ComparisonExpression) string {
	text := func(e pattern.ComparisonExpression) string {
		return (&pattern.Pattern{Root: &pattern.Single{Test: e}}).String()
	}
	slices.SortFunc(alternatives, func(a, b pattern.ComparisonExpression) int { return cmp.Compare(text(a), text(b)) })
	alternatives = slices.CompactFunc(alternatives, func(a, b pattern.ComparisonExpression) bool { return text(a) == text(b) })
	return text(&pattern.Composite{Operator: pattern.Or, Operands: alternatives})
}

// isPlain says whether a pattern is written as it would be printed, blanks aside: without comments
// and parentheses, in which somebody may have said more.
func isPlain(p *pattern.Pattern, original string) bool {
	return withoutBlanks(p.String()) == withoutBlanks(original)
}

func withoutBlanks(s string) string { return strings.Join(strings.Fields(s), "") }

// isAlternatives says whether an observation expression asks for one of several values and nothing else.
func isAlternatives(e pattern.ObservationExpression) bool {
	switch e := e.(type) {
	case *pattern.Single:
		return isAlternativesOf(e.Test)
	case *pattern.Compound:
		return e.Operator == pattern.Or && !slices.ContainsFunc(e.Operands, func(e pattern.ObservationExpression) bool { return !isAlternatives(e) })
	}
	return false
}

func isAlternativesOf(e pattern.ComparisonExpression) bool {
	switch e := e.(type) {
	case *pattern.Comparison:
		return !e.Negated && (e.Operator == pattern.Equal || e.Operator == pattern.In)
	case *pattern.Composite:
		return e.Operator == pattern.Or && !slices.ContainsFunc(e.Operands, func(e pattern.ComparisonExpression) bool { return !isAlternativesOf(e) })
	}
	return false
}

// comparisonFor makes a comparison with the cleared selector that a path and a constant ask for, or
// nil. Of the original it takes nothing: the path is the one that tearlines write, and the value is
// the selector's normal form.
func (b *build) comparisonFor(path pattern.Path, constant pattern.Constant) pattern.ComparisonExpression {
	known, ok := observableKinds[path.Type]
	literal, isText := constant.(pattern.String)
	if !ok || !isText || !slices.Contains(known.paths, dotted(path.Steps)) {
		return nil
	}
	found, err := selector.Parse(known.kind, string(literal), selector.Options{Region: b.req.Region})
	if err != nil || !b.cleared[found] {
		return nil
	}
	cleared := pattern.Path{Type: path.Type}
	for key := range strings.SplitSeq(known.paths[0], ".") {
		cleared.Steps = append(cleared.Steps, pattern.Step{Key: key})
	}
	return &pattern.Comparison{Path: cleared, Constants: []pattern.Constant{pattern.String(found.Value)}}
}

// dotted writes steps as the path of a property, or "" if one of them is none of a key.
func dotted(steps []pattern.Step) string {
	keys := make([]string, len(steps))
	for i, step := range steps {
		if step.Key == "" {
			return ""
		}
		keys[i] = step.Key
	}
	return strings.Join(keys, ".")
}
