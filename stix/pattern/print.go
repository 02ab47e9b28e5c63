package pattern

import (
	"strconv"
	"strings"
)

// String writes the pattern in one canonical form: one space where one is needed, no comments, no
// parentheses that change nothing, operators and constants in one spelling. Parsing it gives the
// same pattern again, places aside. A pattern that was built rather than parsed prints as it was
// built: whoever takes its types from elsewhere should parse the result.
func (p *Pattern) String() string {
	var b strings.Builder
	writeObservations(&b, p.Root)
	return b.String()
}

func writeObservations(b *strings.Builder, e ObservationExpression) {
	switch e := e.(type) {
	case *Single:
		b.WriteByte('[')
		writeComparisons(b, e.Test)
		b.WriteByte(']')
	case *Compound:
		for i, operand := range e.Operands {
			if i > 0 {
				b.WriteString(" " + e.Operator.String() + " ")
			}
			within, compound := operand.(*Compound)
			group(b, compound && within.Operator >= e.Operator, func() { writeObservations(b, operand) })
		}
	case *Qualified:
		_, single := e.Operand.(*Single)
		group(b, !single, func() { writeObservations(b, e.Operand) })
		for _, q := range e.Qualifiers {
			b.WriteString(" " + q.String())
		}
	}
}

func writeComparisons(b *strings.Builder, e ComparisonExpression) {
	switch e := e.(type) {
	case *Comparison:
		b.WriteString(e.String())
	case *Composite:
		for i, operand := range e.Operands {
			if i > 0 {
				b.WriteString(" " + e.Operator.String() + " ")
			}
			within, composite := operand.(*Composite)
			group(b, composite && within.Operator >= e.Operator, func() { writeComparisons(b, operand) })
		}
	}
}

// group writes parentheses around something if they are needed.
func group(b *strings.Builder, needed bool, write func()) {
	if needed {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	write()
}

// String writes the comparison alone.
func (c *Comparison) String() string {
	not := ""
	if c.Negated {
		not = "NOT "
	}
	if c.Operator == Exists {
		return not + "EXISTS " + c.Path.String()
	}
	return c.Path.String() + " " + not + c.Operator.String() + " " + c.operand()
}

// operand writes the constant, or for In the set.
func (c *Comparison) operand() string {
	texts := make([]string, len(c.Constants))
	for i, constant := range c.Constants {
		texts[i] = constant.String()
	}
	if c.Operator == In {
		return "(" + strings.Join(texts, ", ") + ")"
	}
	return strings.Join(texts, " ")
}

// String writes the path: keys that are no plain words stand in apostrophes.
func (p Path) String() string {
	var b strings.Builder
	b.WriteString(p.Type)
	for i, step := range p.Steps {
		switch {
		case i == 0:
			b.WriteByte(':')
		case step.Key != "":
			b.WriteByte('.')
		}
		b.WriteString(step.String())
	}
	return b.String()
}

// String writes the step without the point before it.
func (s Step) String() string {
	switch {
	case s.Key != "" && isIdentifier(s.Key):
		return s.Key
	case s.Key != "":
		return String(s.Key).String()
	case s.Index == AnyIndex:
		return "[*]"
	}
	return "[" + strconv.Itoa(s.Index) + "]"
}
