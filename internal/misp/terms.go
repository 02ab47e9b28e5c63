package misp

import (
	"slices"
	"strings"

	patterns "parley/stix/pattern"
)

// comparison is one term of a pattern: a property that equals a text or a number. Its path is written
// as a carrier's is, the value of what a reference leads to left out.
type comparison struct{ typ, path, value string }

// mostTerms is how many terms of a pattern are looked at; one of more stays a pattern.
const mostTerms = 1000

// comparisons reads a pattern that asks for one observation: of one thing of which all the terms hold
// (all), or of any of several things (not all). ok is false for any other pattern.
func comparisons(text string) (terms []comparison, all, ok bool) {
	p, err := patterns.Parse(text, patterns.Options{STIX20: true})
	if err != nil {
		return nil, false, false
	}
	single, ok := p.Root.(*patterns.Single)
	if !ok {
		return nil, false, false
	}
	operands, all := []patterns.ComparisonExpression{single.Test}, true
	if whole, ok := single.Test.(*patterns.Composite); ok {
		operands, all = whole.Operands, whole.Operator == patterns.And
	}
	for _, operand := range operands {
		more, ok := termsOf(operand)
		if !ok || len(terms)+len(more) > mostTerms || len(more) > 1 && all && len(operands) > 1 {
			return nil, false, false
		}
		terms = append(terms, more...)
	}
	all = all && len(terms) == len(operands)
	several := slices.ContainsFunc(terms, func(c comparison) bool { return c.typ != terms[0].typ })
	return terms, all, !all || !several
}

// termsOf reads a comparison with = or IN whose constants are texts or whole numbers: a term for each.
func termsOf(e patterns.ComparisonExpression) (terms []comparison, ok bool) {
	c, ok := e.(*patterns.Comparison)
	if !ok || c.Negated || c.Operator != patterns.Equal && c.Operator != patterns.In {
		return nil, false
	}
	path, ok := carrierPath(c.Path.Steps)
	for _, constant := range c.Constants {
		switch v := constant.(type) {
		case patterns.String:
			terms = append(terms, comparison{c.Path.Type, path, string(v)})
		case patterns.Integer:
			terms = append(terms, comparison{c.Path.Type, path, v.String()})
		default:
			return nil, false
		}
	}
	return terms, ok && len(terms) > 0
}

// carrierPath writes steps as the path of a carrier's property: the way back from patternPath.
func carrierPath(steps []patterns.Step) (string, bool) {
	var b strings.Builder
	for i, step := range steps {
		switch {
		case step.Key == "" && (step.Index == patterns.AnyIndex || step.Index == 0):
			b.WriteString("[0]")
			continue
		case step.Key == "" || strings.ContainsAny(step.Key, ".["):
			return "", false
		case i > 0:
			b.WriteByte('.')
		}
		b.WriteString(step.Key)
	}
	path := strings.TrimSuffix(b.String(), ".value")
	if name, ok := strings.CutPrefix(path, "hashes."); ok {
		path = "hashes." + usualHash(name)
	}
	return path, true
}
