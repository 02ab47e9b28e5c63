package pattern

import (
	"iter"
	"math"
)

// Pattern is a pattern expression (section 9.4): what [Parse] gives, or what somebody builds to
// print it. It is not changed by anything in this package.
type Pattern struct {
	Root ObservationExpression

	text string // what it was parsed from, for places; "" if it was built
}

// ObservationExpression is what is asked of observations (section 9.5): a [*Single], a
// [*Compound] or a [*Qualified].
type ObservationExpression interface{ observationExpression() }

// Single is a single observation expression, [test]: one observation must have an object for
// which the test is true.
type Single struct {
	Test ComparisonExpression
	At   int // the byte of its "[" in the text it was parsed from
}

// Compound joins observation expressions by an observation operator: And, Or or FollowedBy.
type Compound struct {
	Operator Operator
	Operands []ObservationExpression // two or more
}

// Qualified is an observation expression with its qualifiers, in the order in which they apply.
type Qualified struct {
	Operand    ObservationExpression
	Qualifiers []Qualifier // one or more
	At         int         // the byte of the first qualifier in the text it was parsed from
}

func (*Single) observationExpression()    {}
func (*Compound) observationExpression()  {}
func (*Qualified) observationExpression() {}

// Qualifier restricts an observation expression (section 9.5.1): a [Within], [Repeats] or [StartStop].
type Qualifier interface {
	qualifier()
	String() string
}

// Within asks that everything is seen within so many seconds.
type Within struct{ Seconds float64 }

// Repeats asks for so many matches, each of other observations.
type Repeats struct{ Times int }

// StartStop asks that everything is seen at or after Start and before Stop.
type StartStop struct{ Start, Stop Timestamp }

func (Within) qualifier()    {}
func (Repeats) qualifier()   {}
func (StartStop) qualifier() {}

// Operator joins expressions. FollowedBy joins observation expressions only.
type Operator int

// The operators, the one that binds closest first (section 9.5.3).
const (
	And Operator = iota
	Or
	FollowedBy
)

// String gives the keyword.
func (o Operator) String() string {
	switch o {
	case And:
		return "AND"
	case Or:
		return "OR"
	case FollowedBy:
		return "FOLLOWEDBY"
	}
	return "?"
}

// ComparisonExpression is what is asked of one object (section 9.6): a [*Comparison] or a
// [*Composite].
type ComparisonExpression interface{ comparisonExpression() }

// Composite joins comparison expressions by a boolean operator: And or Or.
type Composite struct {
	Operator Operator
	Operands []ComparisonExpression // two or more
}

// Comparison compares what stands at a path with a constant.
type Comparison struct {
	Path     Path
	Negated  bool // NOT
	Operator Comparator
	// Constants holds one constant; with In any number of them, and with Exists none.
	Constants []Constant
	At        int // the byte of its first character in the text it was parsed from
}

func (*Comparison) comparisonExpression() {}
func (*Composite) comparisonExpression()  {}

// Comparator is a comparison operator (section 9.6.1).
type Comparator int

// The comparison operators. Like, Matches, IsSubset and IsSuperset take a [String].
const (
	Equal Comparator = iota
	NotEqual
	Less
	LessOrEqual
	Greater
	GreaterOrEqual
	In
	Like
	Matches
	IsSubset
	IsSuperset
	Exists
)

// String gives the operator as patterns write it.
func (c Comparator) String() string {
	if c < 0 || int(c) >= len(comparators) {
		return "?"
	}
	return comparators[c]
}

var comparators = [...]string{"=", "!=", "<", "<=", ">", ">=", "IN", "LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET", "EXISTS"}

// Path is an object path (section 9.7), such as file:hashes.'SHA-256' or
// network-traffic:src_ref.value.
type Path struct {
	Type  string // of the object it starts from
	Steps []Step // one or more, the first by a key
}

// Step goes one level down. With a Key it takes that property; a reference is followed to the object
// it names. Without a Key it takes a list's element at Index, from 0, or with [AnyIndex] each of them.
type Step struct {
	Key   string
	Index int
}

// AnyIndex is the index [*].
const AnyIndex = math.MinInt

// Singles yields the single observation expressions in the order of the text.
func (p *Pattern) Singles() iter.Seq[*Single] {
	return func(yield func(*Single) bool) { eachSingle(p.Root, yield) }
}

func eachSingle(e ObservationExpression, yield func(*Single) bool) bool {
	switch e := e.(type) {
	case *Single:
		return yield(e)
	case *Qualified:
		return eachSingle(e.Operand, yield)
	case *Compound:
		for _, operand := range e.Operands {
			if !eachSingle(operand, yield) {
				return false
			}
		}
	}
	return true
}

// Comparisons yields every comparison in the order of the text: which types, paths and values the
// pattern speaks of.
func (p *Pattern) Comparisons() iter.Seq[*Comparison] {
	return func(yield func(*Comparison) bool) {
		for o := range p.Singles() {
			if !eachComparison(o.Test, yield) {
				return
			}
		}
	}
}

func eachComparison(e ComparisonExpression, yield func(*Comparison) bool) bool {
	switch e := e.(type) {
	case *Comparison:
		return yield(e)
	case *Composite:
		for _, operand := range e.Operands {
			if !eachComparison(operand, yield) {
				return false
			}
		}
	}
	return true
}
