package pattern

import (
	"cmp"
	"strings"
)

// condition is what a comparison asks of one value. key is the name of the property it stands in.
type condition func(r *run, value any, key string) bool

// condition makes the condition of a comparison, NOT aside, or says why it cannot be evaluated.
func (c *compiler) condition(e *Comparison) (condition, *Fault) {
	if rule, problem := unfit(e); problem != "" {
		return nil, c.fault(e.At, rule, "%s", problem)
	}
	switch e.Operator {
	case Exists:
		return func(*run, any, string) bool { return true }, nil
	case In:
		return oneOf(e.Constants), nil
	}
	text, _ := e.Constants[0].(String)
	switch e.Operator {
	case Like:
		return like(string(text)), nil
	case Matches:
		accept, err := matches(string(text))
		if err != nil {
			return nil, c.fault(e.At, RuleUnsupported, "MATCHES %s: %s", shown(string(text)), describe(err))
		}
		return accept, nil
	case IsSubset, IsSuperset:
		return contained(e.Operator, string(text)), nil
	case NotEqual:
		equal := equals(e.Constants[0])
		return func(r *run, value any, key string) bool { return !equal(r, value, key) }, nil
	case Equal:
		return equals(e.Constants[0]), nil
	}
	return ordered(e.Operator, e.Constants[0]), nil
}

// unfit says why a comparison cannot be evaluated at all, or "".
func unfit(e *Comparison) (Rule, string) {
	for _, constant := range e.Constants {
		if rule, problem := problemOfConstant(constant); rule == RuleTimestamp {
			return rule, problem
		}
	}
	switch single := e.Operator != Exists && e.Operator != In; {
	case len(e.Path.Steps) == 0:
		return RuleSyntax, "the path names no property"
	case single && (len(e.Constants) != 1 || !takes(e.Operator, e.Constants[0])):
		return RuleSyntax, e.Operator.String() + " needs " + operandOf(e.Operator)
	}
	return problemOfOperand(e)
}

// equals accepts a value that equals a constant. Values of another type do not.
func equals(constant Constant) condition {
	if b, ok := constant.(Boolean); ok {
		return func(_ *run, value any, _ string) bool { return value == bool(b) }
	}
	compare := comparer(constant)
	return func(r *run, value any, key string) bool {
		order, ok := compare(r, value, key)
		return ok && order == 0
	}
}

// oneOf accepts a value that equals one of the constants.
func oneOf(constants []Constant) condition {
	texts := map[string]bool{}
	var others []condition
	for _, constant := range constants {
		if s, ok := constant.(String); ok {
			texts[string(s)] = true
		}
		others = append(others, equals(constant))
	}
	return func(r *run, value any, key string) bool {
		if s, ok := value.(string); ok && len(texts) == len(constants) && encodingOf(key) == plain {
			return texts[s]
		}
		for _, equal := range others {
			if !r.spend(1) {
				return false
			}
			if equal(r, value, key) {
				return true
			}
		}
		return false
	}
}

// ordered accepts a value that stands in the order that the operator names.
func ordered(operator Comparator, constant Constant) condition {
	compare := comparer(constant)
	return func(r *run, value any, key string) bool {
		order, ok := compare(r, value, key)
		switch {
		case !ok:
			return false
		case operator == Less:
			return order < 0
		case operator == LessOrEqual:
			return order <= 0
		case operator == Greater:
			return order > 0
		}
		return order >= 0
	}
}

// comparer compares values with a constant: -1, 0 or +1 as the value is less, the same or more, or
// false if their types cannot be compared.
func comparer(constant Constant) func(r *run, value any, key string) (int, bool) {
	switch v := constant.(type) {
	case Integer:
		return compareNumber(number{whole: true, integer: int64(v)})
	case Float:
		return compareNumber(fromFloat(float64(v)))
	case Timestamp:
		return compareTime(string(v))
	case Binary:
		return compareOctets(string(v))
	case Hex:
		return compareOctets(string(v))
	case String:
		return compareText(string(v))
	}
	return func(*run, any, string) (int, bool) { return 0, false }
}

func compareNumber(constant number) func(*run, any, string) (int, bool) {
	return func(_ *run, value any, _ string) (int, bool) {
		n, ok := numberOf(value)
		return n.compare(constant), ok
	}
}

// compareText compares by code points, and with properties of octets octet by octet. UTF-8 keeps the
// order of code points.
func compareText(constant string) func(*run, any, string) (int, bool) {
	octets, convertible := latin1(constant)
	return func(r *run, value any, key string) (int, bool) {
		s, ok := value.(string)
		if !ok {
			return 0, false
		}
		if encodingOf(key) == plain {
			return strings.Compare(s, constant), true
		}
		decoded, ok := r.octets(s, key)
		return strings.Compare(decoded, octets), ok && convertible
	}
}

func compareOctets(constant string) func(*run, any, string) (int, bool) {
	return func(r *run, value any, key string) (int, bool) {
		s, ok := value.(string)
		if !ok {
			return 0, false
		}
		decoded, ok := r.octets(s, key)
		return strings.Compare(decoded, constant), ok
	}
}

func compareTime(constant string) func(*run, any, string) (int, bool) {
	at, _ := parseInstant(constant)
	rest := finer(constant)
	return func(r *run, value any, key string) (int, bool) {
		s, ok := value.(string)
		if !ok {
			return 0, false
		}
		seen, ok := parseInstant(s)
		if !ok {
			r.doubt(key, "%s is compared with a timestamp and is none", shown(s))
			return 0, false
		}
		return cmp.Or(seen.compare(at), strings.Compare(finer(s), rest)), true
	}
}
