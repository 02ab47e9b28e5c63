package pattern

import "math"

// composite reads comparisons joined by AND, and those by OR.
func (p *parser) composite(operator Operator) (ComparisonExpression, *Fault) {
	operand := p.comparison
	if operator == Or {
		operand = func() (ComparisonExpression, *Fault) { return p.composite(And) }
	}
	operands, fault := joined(p, operator, operand)
	if fault != nil || len(operands) == 1 {
		return first(operands), fault
	}
	return &Composite{Operator: operator, Operands: operands}, nil
}

// comparison reads one comparison, or a group in parentheses.
func (p *parser) comparison() (ComparisonExpression, *Fault) {
	if p.token.is("(") {
		if fault := p.deeper(); fault != nil {
			return nil, fault
		}
		e, fault := p.composite(Or)
		if fault == nil && !p.token.is(")") {
			fault = p.expected("AND, OR or )")
		}
		if fault == nil {
			fault = p.advance()
		}
		p.depth--
		return e, fault
	}
	c := &Comparison{At: p.token.at}
	if p.token.is("EXISTS") || p.token.is("NOT") {
		return c, p.exists(c)
	}
	return c, p.compare(c)
}

// exists reads NOT EXISTS path or EXISTS path.
func (p *parser) exists(c *Comparison) (fault *Fault) {
	c.Operator = Exists
	if c.Negated, fault = p.not(); fault == nil {
		fault = p.skip("EXISTS")
	}
	if fault == nil {
		fault = p.path(&c.Path)
	}
	return fault
}

// not moves past NOT, if it is there.
func (p *parser) not() (bool, *Fault) {
	if !p.token.is("NOT") {
		return false, nil
	}
	return true, p.advance()
}

// compare reads path, operator and constant.
func (p *parser) compare(c *Comparison) *Fault {
	fault := p.path(&c.Path)
	if fault == nil {
		c.Negated, fault = p.not()
	}
	if fault != nil {
		return fault
	}
	operator, known := comparatorOf(p.token)
	if !known {
		return p.expected("a comparison operator")
	}
	c.Operator = operator
	if operator == In {
		c.Constants, fault = p.set()
		return fault
	}
	value, fault := p.value(operandOf(operator), func(t token) bool { return takes(operator, t.value) })
	c.Constants = []Constant{value}
	return fault
}

// comparatorOf reads an operator, in either of its spellings.
func comparatorOf(t token) (Comparator, bool) {
	if t.is("==") {
		return Equal, true
	}
	if t.is("<>") {
		return NotEqual, true
	}
	for c, name := range comparators {
		if t.is(name) && Comparator(c) != Exists {
			return Comparator(c), true
		}
	}
	return 0, false
}

// takes tells which constants an operator may have.
func takes(operator Comparator, value Constant) bool {
	switch operator {
	case Like, Matches, IsSubset, IsSuperset:
		_, ok := value.(String)
		return ok
	case Less, LessOrEqual, Greater, GreaterOrEqual:
		_, boolean := value.(Boolean)
		return !boolean
	}
	return true
}

func operandOf(operator Comparator) string {
	switch operator {
	case Like, Matches, IsSubset, IsSuperset:
		return "a string in apostrophes"
	case Less, LessOrEqual, Greater, GreaterOrEqual:
		return "a constant that has an order: a string in apostrophes, a number, t'…', b'…' or h'…'"
	}
	return "a constant: a string in apostrophes, a number, true, false, t'…', b'…' or h'…'"
}

// set reads constants in parentheses, or none.
func (p *parser) set() ([]Constant, *Fault) {
	fault := p.advance()
	if fault == nil && !p.token.is("(") {
		fault = p.expected("(")
	}
	if fault != nil {
		return nil, fault
	}
	constants := []Constant{}
	if fault = p.advance(); fault == nil && p.token.is(")") {
		return constants, p.advance()
	}
	for fault == nil {
		if p.token.kind != literal {
			return nil, p.expected(operandOf(Equal))
		}
		constants = append(constants, p.token.value)
		if fault = p.advance(); fault != nil || p.token.is(")") {
			break
		}
		if !p.token.is(",") {
			return nil, p.expected(", or )")
		}
		fault = p.advance()
	}
	if fault == nil {
		fault = p.advance()
	}
	return constants, fault
}

// path reads an object path.
func (p *parser) path(path *Path) *Fault {
	if p.token.kind != identifier && p.token.kind != hyphenated || isKeyword(p.token.text) {
		return p.expected("an object type")
	}
	path.Type = p.token.text
	fault := p.advance()
	if fault == nil {
		fault = p.skip(":")
	}
	if fault == nil {
		fault = p.key(path)
	}
	for fault == nil && (p.token.is(".") || p.token.is("[")) {
		dot := p.token.is(".")
		if fault = p.advance(); fault == nil && dot {
			fault = p.key(path)
		} else if fault == nil {
			fault = p.index(path)
		}
	}
	return fault
}

// key reads the name of a property.
func (p *parser) key(path *Path) *Fault {
	name, quoted := p.token.value.(String)
	switch {
	case quoted && name == "":
		return p.expected("the name of a property")
	case !quoted && p.token.kind == hyphenated:
		return faultAt(p.text, p.token.at, RuleSyntax, "the name of a property with a hyphen must stand in apostrophes: '%s'", p.token.text)
	case !quoted && (p.token.kind != identifier || isKeyword(p.token.text)):
		return p.expected("the name of a property")
	case !quoted:
		name = String(p.token.text)
	}
	path.Steps = append(path.Steps, Step{Key: string(name)})
	return p.advance()
}

// index reads what stands in the brackets of a list step.
func (p *parser) index(path *Path) *Fault {
	step := Step{Index: AnyIndex}
	if n, ok := p.token.value.(Integer); ok {
		if n > math.MaxInt32 || n < math.MinInt32 {
			return faultAt(p.text, p.token.at, RuleSyntax, "the index is too large")
		}
		step.Index = int(n)
	} else if !p.token.is("*") {
		return p.expected("a whole number or *")
	}
	path.Steps = append(path.Steps, step)
	fault := p.advance()
	if fault == nil {
		fault = p.skip("]")
	}
	return fault
}
