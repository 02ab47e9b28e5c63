package misp

import (
	"strings"

	patterns "parley/stix/pattern"
)

// comparison is one term of a pattern: a property that equals a text or a number. Its path is written
// as a carrier's is, the value of what a reference leads to left out.
type comparison struct{ typ, path, value string }

// mostTerms is how many terms of a pattern are looked at; one of more stays a pattern.
const mostTerms = 64

// comparisons reads a pattern that asks for one observation in which all its terms hold; ok is false
// for any other.
func comparisons(text string) (terms []comparison, ok bool) {
	p, err := patterns.Parse(text, patterns.Options{STIX20: true})
	if err != nil {
		return nil, false
	}
	single, ok := p.Root.(*patterns.Single)
	if !ok {
		return nil, false
	}
	operands := []patterns.ComparisonExpression{single.Test}
	if whole, ok := single.Test.(*patterns.Composite); ok && whole.Operator == patterns.And {
		operands = whole.Operands
	}
	for _, operand := range operands {
		c, ok := termOf(operand)
		if !ok || len(terms) == mostTerms || len(terms) > 0 && c.typ != terms[0].typ {
			return nil, false
		}
		terms = append(terms, c)
	}
	return terms, true
}

// termOf reads a comparison with = whose constant is a text or a whole number.
func termOf(e patterns.ComparisonExpression) (comparison, bool) {
	c, ok := e.(*patterns.Comparison)
	if !ok || c.Negated || c.Operator != patterns.Equal {
		return comparison{}, false
	}
	var value string
	switch constant := c.Constants[0].(type) {
	case patterns.String:
		value = string(constant)
	case patterns.Integer:
		value = constant.String()
	default:
		return comparison{}, false
	}
	path, ok := carrierPath(c.Path.Steps)
	return comparison{c.Path.Type, path, value}, ok
}

// carrierPath writes steps as the path of a carrier's property: the way back from patternPath.
func carrierPath(steps []patterns.Step) (string, bool) {
	var b strings.Builder
	for i, step := range steps {
		switch {
		case step.Key == "" && (step.Index == patterns.AnyIndex || step.Index == 0):
			b.WriteString("[0]")
		case step.Key == "":
			return "", false
		case i > 0:
			b.WriteString("." + step.Key)
		default:
			b.WriteString(step.Key)
		}
	}
	return strings.TrimSuffix(b.String(), ".value"), true
}
