package pattern

import (
	"net/netip"
	"slices"
	"strings"
)

// maxFaults bounds how many faults of one pattern are listed.
const maxFaults = 100

// Check gives what the grammar lets pass and the standard forbids, in the order of the text, or nil.
// Whether a type has the property that a path names is not judged: the standard's own list is
// open. At most 100 faults are given.
func (p *Pattern) Check() []Fault {
	c := checker{text: p.text}
	c.observations(p.Root)
	return c.faults
}

type checker struct {
	text   string
	faults []Fault
}

func (c *checker) fault(at int, rule Rule, format string, args ...any) {
	if len(c.faults) < maxFaults {
		c.faults = append(c.faults, *placed(c.text, at, rule, format, args...))
	}
}

func (c *checker) observations(e ObservationExpression) {
	switch e := e.(type) {
	case *Single:
		c.comparisons(e.Test)
	case *Compound:
		for _, operand := range e.Operands {
			c.observations(operand)
		}
	case *Qualified:
		c.observations(e.Operand)
		c.qualifiers(e)
	}
}

// qualifiers looks at each, and for two of a kind.
func (c *checker) qualifiers(e *Qualified) {
	for i, q := range e.Qualifiers {
		if hasKind(e.Qualifiers[:i], q) {
			word, _, _ := strings.Cut(q.String(), " ")
			c.fault(e.At, RuleQualifiers, "%s stands twice on one expression; put the first into parentheses with it", word)
		}
		if rule, problem := problemOf(q); problem != "" {
			c.fault(e.At, rule, "%s", problem)
		}
	}
}

func hasKind(all []Qualifier, q Qualifier) bool {
	return slices.ContainsFunc(all, func(other Qualifier) bool { return kindOf(other) == kindOf(q) })
}

func kindOf(q Qualifier) int {
	switch q.(type) {
	case Within:
		return 0
	case Repeats:
		return 1
	}
	return 2
}

// problemOf says what is wrong with a qualifier alone, or "".
func problemOf(q Qualifier) (Rule, string) {
	switch q := q.(type) {
	case Within:
		if q.Seconds <= 0 {
			return RulePositive, "WITHIN must have more than 0 seconds"
		}
	case Repeats:
		if q.Times <= 0 {
			return RulePositive, "REPEATS must have at least 1 time"
		}
	case StartStop:
		start, okStart := parseInstant(string(q.Start))
		stop, okStop := parseInstant(string(q.Stop))
		switch {
		case !okStart:
			return RuleTimestamp, "START is " + string(q.Start) + ", and there is no such moment"
		case !okStop:
			return RuleTimestamp, "STOP is " + string(q.Stop) + ", and there is no such moment"
		case !start.before(stop):
			return RuleOrder, "STOP must be after START, or nothing can match"
		}
	}
	return "", ""
}

// comparisons looks at each, and at what AND joins. It gives the types of which one object could
// make the expression true.
func (c *checker) comparisons(e ComparisonExpression) (types []string) {
	switch e := e.(type) {
	case *Comparison:
		c.comparison(e)
		return []string{e.Path.Type}
	case *Composite:
		for i, operand := range e.Operands {
			more := c.comparisons(operand)
			switch {
			case e.Operator == Or || i == 0:
				types = append(types, more...)
			case len(types) > 0:
				types = c.both(operand, types, more)
			}
		}
	}
	slices.Sort(types)
	return slices.Compact(types)
}

// both gives the types that are in two sorted lists, and faults the second expression if there are none.
func (c *checker) both(second ComparisonExpression, a, b []string) []string {
	common := slices.DeleteFunc(slices.Clone(a), func(t string) bool {
		_, found := slices.BinarySearch(b, t)
		return !found
	})
	if len(common) == 0 && len(b) > 0 {
		c.fault(startOf(second), RuleTypes, "AND asks for one object that is both %s and %s; join different types by OR, or in brackets of their own",
			shown(strings.Join(a, " or ")), shown(strings.Join(b, " or ")))
	}
	return common
}

// startOf gives the place of an expression's first comparison.
func startOf(e ComparisonExpression) (at int) {
	eachComparison(e, func(c *Comparison) bool { at = c.At; return false })
	return at
}

func (c *checker) comparison(e *Comparison) {
	for _, step := range e.Path.Steps {
		if step.Key == "" && step.Index < 0 && step.Index != AnyIndex {
			c.fault(e.At, RuleIndex, "the list index %d is negative", step.Index)
		}
	}
	for _, constant := range e.Constants {
		if rule, problem := problemOfConstant(constant); problem != "" {
			c.fault(e.At, rule, "%s", problem)
		}
	}
	if rule, problem := problemOfOperand(e); problem != "" {
		c.fault(e.At, rule, "%s", problem)
	}
	for _, problem := range problemsOfHash(e) {
		c.fault(e.At, RuleHash, "%s", problem)
	}
}

func problemOfConstant(constant Constant) (Rule, string) {
	switch v := constant.(type) {
	case Timestamp:
		if _, ok := parseInstant(string(v)); !ok {
			return RuleTimestamp, "there is no such moment as " + string(v)
		}
	case Integer:
		const limit = 1<<53 - 1
		if v > limit || v < -limit {
			return RuleRange, "a whole number must be from -9007199254740991 to 9007199254740991, not " + v.String()
		}
	}
	return "", ""
}

// problemOfOperand says what is wrong with a constant for its operator.
func problemOfOperand(e *Comparison) (Rule, string) {
	text := ""
	if len(e.Constants) == 1 {
		s, _ := e.Constants[0].(String)
		text = string(s)
	}
	switch e.Operator {
	case In:
		if !sameClass(e.Constants) {
			return RuleSet, "the constants of a set must be of one type"
		}
	case IsSubset, IsSuperset:
		if _, ok := parseNetwork(text); !ok {
			return RuleNetwork, shown(text) + " is no address and no network of IPv4 or IPv6"
		}
	case Matches:
		if problem := malformed(text); problem != "" {
			return RuleExpression, shown(text) + " is no regular expression: " + problem
		}
	}
	return "", ""
}

// sameClass tells whether constants can be equal to one property: numbers are of one type, and
// binary and hex constants are.
func sameClass(constants []Constant) bool {
	for i := 1; i < len(constants); i++ {
		if classOf(constants[i]) != classOf(constants[0]) {
			return false
		}
	}
	return true
}

func classOf(constant Constant) int {
	switch constant.(type) {
	case String:
		return 0
	case Integer, Float:
		return 1
	case Boolean:
		return 2
	case Timestamp:
		return 3
	}
	return 4
}

// parseNetwork reads an address, which is a network of one, or a network.
func parseNetwork(s string) (netip.Prefix, bool) {
	if strings.Contains(s, "/") {
		network, err := netip.ParsePrefix(s)
		return network.Masked(), err == nil
	}
	address, err := netip.ParseAddr(s)
	if err != nil || address.Zone() != "" {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(address, address.BitLen()), true
}
