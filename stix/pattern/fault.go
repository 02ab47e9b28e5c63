package pattern

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// ErrLimit is wrapped by every error that refuses a pattern for its length, depth or count, or ends a
// match that would take more steps than it may.
var ErrLimit = errors.New("over the limit")

// Rule names what a [Fault] breaks.
type Rule string

// The rules of the language, and where the standard states them.
const (
	RuleSyntax      Rule = "syntax"      // the grammar, and the form of constants (9.2)
	RuleLimit       Rule = "limit"       // this package's own limits
	RuleTypes       Rule = "types"       // object types that differ must be joined by OR (9.5)
	RuleQualifiers  Rule = "qualifiers"  // no qualifier twice on one expression (9.5.1)
	RulePositive    Rule = "positive"    // REPEATS and WITHIN are above 0 (9.5.1)
	RuleOrder       Rule = "order"       // STOP is after START, or nothing can match (9.5.1)
	RuleTimestamp   Rule = "timestamp"   // a timestamp is a moment there is (2.16)
	RuleRange       Rule = "range"       // whole numbers are within ±(2⁵³−1) (2.10)
	RuleSet         Rule = "set"         // the constants of a set are of one type (9.6.1)
	RuleExpression  Rule = "expression"  // MATCHES has a regular expression (9.6.1)
	RuleNetwork     Rule = "network"     // ISSUBSET and ISSUPERSET have an address or network (9.6.1)
	RuleHash        Rule = "hash"        // a hash has the digits of its algorithm (2.7)
	RuleIndex       Rule = "index"       // a list index is not negative (9.7.2)
	RuleUnsupported Rule = "unsupported" // valid, and this package cannot evaluate it
)

// Fault is one thing wrong with a pattern, and where.
type Fault struct {
	Rule    Rule
	Offset  int    // of the byte, from 0
	Line    int    // from 1; 0 if the pattern was not parsed but built
	Column  int    // in characters, from 1; 0 if the pattern was not parsed but built
	Problem string // a clause
}

// Error gives place and problem in one line.
func (f *Fault) Error() string {
	if f.Line == 0 {
		return "stix pattern: " + f.Problem
	}
	return "stix pattern: " + f.Place() + ": " + f.Problem
}

// Place gives line and column as words.
func (f *Fault) Place() string {
	return "line " + strconv.Itoa(f.Line) + ", column " + strconv.Itoa(f.Column)
}

// Unwrap gives [ErrLimit] where a limit was passed.
func (f *Fault) Unwrap() error {
	if f.Rule == RuleLimit {
		return ErrLimit
	}
	return nil
}

// faultAt makes a fault at a byte of a text that was parsed.
func faultAt(text string, offset int, rule Rule, format string, args ...any) *Fault {
	f := &Fault{Rule: rule, Offset: offset, Problem: fmt.Sprintf(format, args...)}
	f.Line, f.Column = 1, 1
	for i := 0; i < offset && i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		f.Column++
		if r == '\n' {
			f.Line, f.Column = f.Line+1, 1
		}
		i += size
	}
	return f
}

// placed makes a fault of a pattern, without a place if the pattern was built.
func placed(text string, at int, rule Rule, format string, args ...any) *Fault {
	if text == "" {
		return &Fault{Rule: rule, Problem: fmt.Sprintf(format, args...)}
	}
	return faultAt(text, at, rule, format, args...)
}

// shown quotes at most 40 characters of a text, so that an error stays one line.
func shown(s string) string {
	runes := []rune(s)
	if len(runes) > 40 {
		return strconv.Quote(string(runes[:40])) + "…"
	}
	return strconv.Quote(s)
}
