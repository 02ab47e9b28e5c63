package pattern

import (
	"errors"
	"net/netip"
	"regexp/syntax"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// textOf gives a value as LIKE and MATCHES read it: a text in normal form C, or octets.
func textOf(r *run, value any, key string) (text string, octets, ok bool) {
	s, ok := value.(string)
	if !ok {
		return "", false, false
	}
	if encodingOf(key) == plain {
		return norm.NFC.String(s), false, true
	}
	decoded, ok := r.octets(s, key)
	return decoded, true, ok
}

// matches accepts a value in which a regular expression is found.
func matches(expression string) (condition, error) {
	expression = norm.NFC.String(expression)
	texts, err := compileRegex(expression, false)
	if err != nil {
		return nil, err
	}
	var octets *regex
	if _, convertible := latin1(expression); convertible {
		if octets, err = compileRegex(expression, true); err != nil {
			return nil, err
		}
	}
	return func(r *run, value any, key string) bool {
		text, isOctets, ok := textOf(r, value, key)
		expression := texts
		if isOctets {
			expression, text = octets, characters(text, octetRune)
		}
		return ok && expression != nil && r.spend(1+len(text)*expression.size/32) && expression.found(text)
	}, nil
}

// describe gives an error of the regular expression's parser in a clause.
func describe(err error) string {
	var fault *syntax.Error
	if errors.As(err, &fault) && !errors.Is(err, errUnsupported) {
		return "this package's regular expressions do not allow it: " + fault.Code.String()
	}
	return err.Error()
}

// like accepts a text that is, from end to end, the constant with % for any number of characters and
// _ for one.
func like(constant string) condition {
	pattern := []rune(norm.NFC.String(constant))
	return func(r *run, value any, key string) bool {
		text, isOctets, ok := textOf(r, value, key)
		if isOctets {
			text = characters(text, func(c rune) rune { return c })
		}
		return ok && likeMatches(r, pattern, text)
	}
}

// likeMatches goes through both from left to right. After a % it needs to remember the last one
// only: whatever an earlier % could take, the last one can take as well.
func likeMatches(r *run, pattern []rune, text string) bool {
	p, at := 0, 0         // in the pattern, in the text
	wild, resume := -1, 0 // after the last %, and from where in the text it goes on
	for at < len(text) {
		if !r.spend(1) {
			return false
		}
		c, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case p < len(pattern) && pattern[p] == '%':
			p++
			wild, resume = p, at
		case p < len(pattern) && (pattern[p] == '_' || pattern[p] == c):
			p++
			at += size
		case wild >= 0:
			_, size := utf8.DecodeRuneInString(text[resume:])
			resume += size
			p, at = wild, resume
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '%' {
		p++
	}
	return p == len(pattern)
}

// contained accepts an address or network that lies in the constant, or in which the constant lies.
func contained(operator Comparator, constant string) condition {
	network, _ := parseNetwork(constant)
	return func(_ *run, value any, key string) bool {
		s, ok := value.(string)
		if !ok || encodingOf(key) != plain {
			return false
		}
		other, ok := parseNetwork(s)
		if operator == IsSuperset {
			return ok && contains(other, network)
		}
		return ok && contains(network, other)
	}
}

func contains(whole, part netip.Prefix) bool {
	return whole.Addr().BitLen() == part.Addr().BitLen() && whole.Bits() <= part.Bits() && whole.Contains(part.Addr())
}
