package pattern

import (
	"fmt"
	"slices"
)

// MatchOptions say how a pattern is matched. The zero MatchOptions are a sensible choice for patterns
// and observations from strangers.
type MatchOptions struct {
	// HalfOpen takes WITHIN by the letter of section 9.5.1: observations exactly as far apart as the
	// window is long are too far apart. Without it they are within, as in the OASIS matcher.
	HalfOpen bool
	// Steps bounds the work of one match: values looked at, characters compared, ways to bind
	// observations tried. 50,000,000 if 0, which takes some seconds at the most.
	Steps int
}

const defaultSteps = 50_000_000

// Matcher is a pattern made ready to be matched. It does not change and may be shared between
// goroutines.
type Matcher struct {
	root    ObservationExpression
	tests   map[*Single]singleTest
	options MatchOptions
}

// singleTest is what is asked of one observation.
type singleTest struct {
	order int      // in the text
	types []string // of the objects that could make it true
	test  test
}

// test asks something of an object that stands in an observation.
type test func(r *run, o *Observation, object Object) bool

// Compile makes a pattern ready. The error is a *[Fault] for what cannot be evaluated: a moment that
// does not exist, a set of several types, a regular expression that needs what takes more than
// linear time, a window of no length. Such a pattern matches nothing (section 9.4). Faults that
// [Pattern.Check] finds beyond these do not keep a pattern from being matched.
func Compile(p *Pattern, options MatchOptions) (*Matcher, error) {
	if options.Steps <= 0 {
		options.Steps = defaultSteps
	}
	m := &Matcher{root: p.Root, tests: map[*Single]singleTest{}, options: options}
	c := compiler{text: p.text, matcher: m}
	if fault := c.observations(p.Root); fault != nil {
		return nil, fault
	}
	return m, nil
}

// compiler fills a matcher.
type compiler struct {
	text    string
	matcher *Matcher
}

func (c *compiler) fault(at int, rule Rule, format string, args ...any) *Fault {
	return placed(c.text, at, rule, format, args...)
}

func (c *compiler) observations(e ObservationExpression) *Fault {
	switch e := e.(type) {
	case *Single:
		test, types, fault := c.comparisons(e.Test)
		c.matcher.tests[e] = singleTest{len(c.matcher.tests), types, test}
		return fault
	case *Compound:
		for _, operand := range e.Operands {
			if fault := c.observations(operand); fault != nil {
				return fault
			}
		}
		if len(e.Operands) > 0 {
			return nil
		}
	case *Qualified:
		for _, q := range e.Qualifiers {
			if rule, problem := problemOf(q); problem != "" && rule != RuleOrder {
				return c.fault(e.At, rule, "%s", problem)
			}
		}
		return c.observations(e.Operand)
	}
	return c.fault(0, RuleSyntax, "an observation expression is missing")
}

// comparisons makes a test of an expression and gives the types of objects that could pass it.
func (c *compiler) comparisons(e ComparisonExpression) (test, []string, *Fault) {
	switch e := e.(type) {
	case *Comparison:
		accept, fault := c.condition(e)
		return comparison(e, accept), []string{e.Path.Type}, fault
	case *Composite:
		var tests []test
		var types []string
		for _, operand := range e.Operands {
			test, more, fault := c.comparisons(operand)
			if fault != nil {
				return nil, nil, fault
			}
			tests, types = append(tests, test), append(types, more...)
		}
		if slices.Sort(types); len(types) > 0 {
			return composite(tests, e.Operator == And), slices.Compact(types), nil
		}
	}
	return nil, nil, c.fault(0, RuleSyntax, "a comparison is missing")
}

// composite is true if every test is, or, if not all must be, if one is.
func composite(tests []test, all bool) test {
	return func(r *run, o *Observation, object Object) bool {
		for _, t := range tests {
			if t(r, o, object) != all {
				return !all
			}
		}
		return all
	}
}

// comparison is true if the path leads to a value that is accepted. A path that leads nowhere makes
// any comparison false (section 9.6), but for NOT EXISTS.
func comparison(e *Comparison, accept condition) test {
	negated := e.Negated && e.Operator != Exists
	return func(r *run, o *Observation, object Object) bool {
		if object["type"] != e.Path.Type {
			return false
		}
		w := walker{run: r, steps: e.Path.Steps, objects: o.objects, accept: func(value any, key string) bool {
			return accept(r, value, key) != negated
		}}
		found := w.any(object, "", 0)
		if e.Operator == Exists {
			return found != e.Negated
		}
		return found
	}
}

// run is one match under way.
type run struct {
	steps    int    // left
	exceeded string // which limit was passed; then the match has no verdict
	at       int    // the observation being looked at
	doubts   []Doubt
}

// spend takes steps from what is left, and tells whether there were as many.
func (r *run) spend(n int) bool {
	if r.steps < n {
		r.steps, r.exceeded = 0, "it takes too many steps"
		return false
	}
	r.steps -= n
	return true
}

// octets decodes a property of octets, and doubts one that cannot be.
func (r *run) octets(text, key string) (string, bool) {
	octets, ok := encodingOf(key).decode(text)
	if !ok && encodingOf(key) != plain {
		r.doubt(key, "%s is not encoded as the name of its property says", shown(text))
	}
	return octets, ok
}

// maxDoubts bounds how many doubts of one match are listed.
const maxDoubts = 100

func (r *run) doubt(property, format string, args ...any) {
	if len(r.doubts) < maxDoubts {
		r.doubts = append(r.doubts, Doubt{r.at, property, fmt.Sprintf(format, args...)})
	}
}

// Match asks whether the pattern is true of the observations. The error is about the observations, if
// one of them cannot be, or wraps [ErrLimit] if the work was too much; then there is no verdict.
func (m *Matcher) Match(observations []Observation) (Result, error) {
	for i := range observations {
		if err := observations[i].valid(); err != nil {
			return Result{}, fmt.Errorf("match stix pattern: observation %d: %w", i, err)
		}
	}
	r := &run{steps: m.options.Steps}
	s := &search{run: r, observations: observations, spare: make([]int, len(observations))}
	s.root = m.part(s, m.root, interval{always, never})
	matched := s.solve()
	if r.exceeded != "" {
		return Result{}, fmt.Errorf("match stix pattern: %s: give fewer observations at once, or allow more steps: %w", r.exceeded, ErrLimit)
	}
	result := Result{Matched: matched, Doubts: r.doubts}
	if matched {
		result.Bindings = m.bindings(s.granted)
	}
	return result, nil
}
