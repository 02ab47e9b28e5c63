package pattern

import (
	"math"
	"unicode/utf8"
)

// Parse reads a pattern by the grammar of STIX 2.1 (section 9). The error is a *[Fault] with the
// place; what the grammar lets pass and the standard forbids is for [Pattern.Check] to say.
func Parse(text string, options Options) (*Pattern, error) {
	p := parser{options: options.withDefaults(), lexer: lexer{text: text}}
	root, fault := p.pattern()
	if fault != nil {
		return nil, fault
	}
	return &Pattern{Root: root, text: text}, nil
}

// parser descends the grammar with one token in hand.
type parser struct {
	lexer
	options Options
	token   token
	tokens  int
	depth   int
}

func (p *parser) pattern() (ObservationExpression, *Fault) {
	if len(p.text) > p.options.Bytes {
		return nil, faultAt(p.text, 0, RuleLimit, "a pattern may have %d bytes and this one has %d", p.options.Bytes, len(p.text))
	}
	if !utf8.ValidString(p.text) {
		return nil, faultAt(p.text, invalidAt(p.text), RuleSyntax, "the text is not UTF-8")
	}
	if fault := p.advance(); fault != nil {
		return nil, fault
	}
	root, fault := p.compound(FollowedBy)
	if fault == nil && p.token.kind != endOfText {
		fault = p.expected("AND, OR, FOLLOWEDBY, a qualifier or the end")
	}
	return root, fault
}

// invalidAt gives the first byte that is no UTF-8.
func invalidAt(s string) int {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(s)
}

// advance takes the next token in hand.
func (p *parser) advance() (fault *Fault) {
	if p.tokens++; p.tokens > p.options.Tokens {
		return faultAt(p.text, p.at, RuleLimit, "a pattern may have %d words and signs", p.options.Tokens)
	}
	p.token, fault = p.next()
	return fault
}

// expected makes the fault of a token in hand that is not what the grammar asks for.
func (p *parser) expected(what string) *Fault {
	return faultAt(p.text, p.token.at, RuleSyntax, "expected %s, found %s", what, p.token.found())
}

// skip moves past a sign or keyword that must be there.
func (p *parser) skip(text string) *Fault {
	if !p.token.is(text) {
		return p.expected(text)
	}
	return p.advance()
}

// deeper enters a parenthesis or bracket.
func (p *parser) deeper() *Fault {
	if p.depth++; p.depth > p.options.Depth {
		return faultAt(p.text, p.token.at, RuleLimit, "parentheses and brackets may be nested %d deep", p.options.Depth)
	}
	return p.advance()
}

// compound reads expressions joined by an operator, each of them joined by those that bind closer.
func (p *parser) compound(operator Operator) (ObservationExpression, *Fault) {
	operand := func() (ObservationExpression, *Fault) {
		if operator == And {
			return p.qualified()
		}
		return p.compound(operator - 1)
	}
	operands, fault := joined(p, operator, operand)
	if fault != nil || len(operands) == 1 {
		return first(operands), fault
	}
	return &Compound{Operator: operator, Operands: operands}, nil
}

// joined reads one operand, and more while the operator stands between them.
func joined[E any](p *parser, operator Operator, operand func() (E, *Fault)) ([]E, *Fault) {
	var operands []E
	for {
		e, fault := operand()
		if fault != nil {
			return nil, fault
		}
		operands = append(operands, e)
		if !p.token.is(operator.String()) {
			return operands, nil
		}
		if fault := p.advance(); fault != nil {
			return nil, fault
		}
	}
}

func first[E any](all []E) (e E) {
	if len(all) > 0 {
		e = all[0]
	}
	return e
}

// qualified reads [test] or a group in parentheses, and the qualifiers after it.
func (p *parser) qualified() (ObservationExpression, *Fault) {
	grouped := p.token.is("(")
	read := p.observation
	if grouped {
		read = p.group
	}
	e, fault := read()
	var whole *Qualified
	for fault == nil {
		at := p.token.at
		var q Qualifier
		if q, fault = p.qualifier(); q == nil {
			break
		}
		// A qualifier that a group has already is asked of all of it, the first one included. On
		// [test] itself it is kept beside the first, for Check to fault.
		if whole == nil || grouped && hasKind(whole.Qualifiers, q) {
			whole = &Qualified{Operand: e, At: at}
			e = whole
		}
		whole.Qualifiers = append(whole.Qualifiers, q)
	}
	return e, fault
}

func (p *parser) group() (ObservationExpression, *Fault) {
	if fault := p.deeper(); fault != nil {
		return nil, fault
	}
	e, fault := p.compound(FollowedBy)
	if fault == nil {
		fault = p.skip(")")
	}
	p.depth--
	return e, fault
}

func (p *parser) observation() (ObservationExpression, *Fault) {
	if !p.token.is("[") {
		return nil, p.expected("[ or (")
	}
	o := &Single{At: p.token.at}
	fault := p.deeper()
	if fault == nil {
		o.Test, fault = p.composite(Or)
	}
	if fault == nil && !p.token.is("]") {
		fault = p.expected("AND, OR or ]")
	}
	if fault == nil {
		fault = p.advance()
	}
	p.depth--
	return o, fault
}

// qualifier reads one qualifier, or gives nil where there is none.
func (p *parser) qualifier() (Qualifier, *Fault) {
	switch {
	case p.token.is("WITHIN"):
		return p.within()
	case p.token.is("REPEATS"):
		return p.repeats()
	case p.token.is("START"):
		return p.startStop()
	}
	return nil, nil
}

func (p *parser) within() (Qualifier, *Fault) {
	value, fault := p.value("a number of seconds, not negative", func(t token) bool { return t.plus })
	if fault == nil {
		fault = p.skip("SECONDS")
	}
	switch n := value.(type) {
	case Integer:
		return Within{Seconds: float64(n)}, fault
	case Float:
		return Within{Seconds: float64(n)}, fault
	}
	return nil, fault
}

func (p *parser) repeats() (Qualifier, *Fault) {
	value, fault := p.value("a whole number to 2147483647, not negative", func(t token) bool {
		n, whole := t.value.(Integer)
		return whole && t.plus && n <= math.MaxInt32
	})
	if fault == nil {
		fault = p.skip("TIMES")
	}
	times, _ := value.(Integer)
	return Repeats{Times: int(times)}, fault
}

func (p *parser) startStop() (Qualifier, *Fault) {
	start, fault := p.moment()
	if fault == nil && !p.token.is("STOP") {
		fault = p.expected("STOP")
	}
	if fault != nil {
		return nil, fault
	}
	stop, fault := p.moment()
	return StartStop{Start: start, Stop: stop}, fault
}

// moment reads the timestamp after the keyword in hand.
func (p *parser) moment() (Timestamp, *Fault) {
	value, fault := p.value("a timestamp such as t'2026-03-01T09:30:00Z'", func(t token) bool {
		if s, plain := t.value.(String); plain {
			return p.options.STIX20 && isTimestamp(string(s))
		}
		_, ok := t.value.(Timestamp)
		return ok
	})
	if s, plain := value.(String); plain {
		return Timestamp(s), fault
	}
	t, _ := value.(Timestamp)
	return t, fault
}

// value moves past the token in hand and then past a constant of the kind wanted.
func (p *parser) value(what string, wanted func(token) bool) (Constant, *Fault) {
	if fault := p.advance(); fault != nil {
		return nil, fault
	}
	if p.token.kind != literal || !wanted(p.token) {
		return nil, p.expected(what)
	}
	value := p.token.value
	return value, p.advance()
}
