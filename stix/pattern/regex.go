package pattern

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// regex is a regular expression as MATCHES asks for it (section 9.6.1): in the language of PCRE, to
// be found anywhere, with a dot that matches everything. It runs in time linear in the text.
type regex struct {
	std *regexp.Regexp
	// program is set where \b or \B stands in the expression: package regexp knows words of ASCII
	// only, so other texts are searched by words.go.
	program *syntax.Prog
	size    int // of the program, in instructions
}

// errUnsupported is wrapped for what PCRE has and this package does not.
var errUnsupported = errors.New("is not supported")

// compileRegex translates an expression and compiles it, for texts or for octets.
func compileRegex(expression string, octets bool) (*regex, error) {
	tree, err := parseRegex(expression, octets)
	if err != nil {
		return nil, err
	}
	std, err := regexp.Compile(tree.String())
	if err != nil {
		return nil, fmt.Errorf("this expression %w: %w", errUnsupported, err)
	}
	program := programOf(tree)
	r := &regex{std: std, size: len(program.Inst)}
	if !octets && hasWordBoundary(tree) {
		r.program = program
	}
	return r, nil
}

// programOf compiles a tree. It cannot fail, as package regexp relies on, too.
func programOf(tree *syntax.Regexp) *syntax.Prog {
	program, _ := syntax.Compile(tree.Simplify())
	return program
}

func parseRegex(expression string, octets bool) (*syntax.Regexp, error) {
	translated, err := translate(expression, octets)
	if err != nil {
		return nil, err
	}
	tree, err := syntax.Parse(translated, syntax.Perl|syntax.DotNL)
	if err != nil {
		return nil, err
	}
	replaceDollars(tree)
	return tree, nil
}

// malformed says why an expression is none in PCRE either, or "". What PCRE may have and this
// package has not is no fault of the pattern.
func malformed(expression string) string {
	_, err := parseRegex(expression, false)
	var fault *syntax.Error
	if !errors.As(err, &fault) {
		return ""
	}
	switch fault.Code {
	case syntax.ErrMissingParen, syntax.ErrUnexpectedParen, syntax.ErrMissingBracket, syntax.ErrTrailingBackslash,
		syntax.ErrMissingRepeatArgument:
		return fault.Code.String()
	case syntax.ErrInvalidCharRange:
		if !strings.HasPrefix(fault.Expr, `\`) { // or it is a property that only PCRE knows
			return fault.Code.String()
		}
	}
	return ""
}

// replaceDollars gives $ its meaning in PCRE, where a newline may still follow at the end.
func replaceDollars(tree *syntax.Regexp) {
	if tree.Op == syntax.OpEndText && tree.Flags&syntax.WasDollar != 0 {
		newline := &syntax.Regexp{Op: syntax.OpLiteral, Rune: []rune{'\n'}}
		*tree = syntax.Regexp{Op: syntax.OpConcat, Sub: []*syntax.Regexp{
			{Op: syntax.OpQuest, Sub: []*syntax.Regexp{newline}},
			{Op: syntax.OpEndText},
		}}
		return
	}
	for _, sub := range tree.Sub {
		replaceDollars(sub)
	}
}

func hasWordBoundary(tree *syntax.Regexp) bool {
	if tree.Op == syntax.OpWordBoundary || tree.Op == syntax.OpNoWordBoundary {
		return true
	}
	for _, sub := range tree.Sub {
		if hasWordBoundary(sub) {
			return true
		}
	}
	return false
}

// found tells whether the expression is found in a text.
func (r *regex) found(text string) bool {
	if r.program != nil && !isASCII(text) {
		return searchWords(r.program, []rune(text))
	}
	return r.std.MatchString(text)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
