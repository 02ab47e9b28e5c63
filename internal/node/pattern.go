package node

import (
	"strings"

	"parley/selector"
	"parley/stix"
	"parley/stix/pattern"
)

// prose is a text in which selectors are looked for, and what stands before it.
type prose struct{ before, text string }

// patternOf reads the pattern of an indicator in the STIX language, or gives nil.
func patternOf(o stix.Object) *pattern.Pattern {
	if language, _ := o.String("pattern_type"); o.Type() != "indicator" || language != "stix" {
		return nil
	}
	text, _ := o.String("pattern")
	p, err := pattern.Parse(text, pattern.Options{STIX20: true})
	if err != nil {
		return nil
	}
	return p
}

// proseOf gives the texts that a pattern compares with, as they are meant and not as the pattern
// writes them: o\'hara@example.com is the address of somebody else than hara@example.com. What says
// more than the pattern, in comments, is read as it stands.
func proseOf(p *pattern.Pattern, original string) (all []prose) {
	for c := range p.Comparisons() {
		for _, constant := range c.Constants {
			if s, ok := constant.(pattern.String); ok {
				all = append(all, prose{c.Path.String() + " " + c.Operator.String() + " ", string(s)})
			}
		}
	}
	if withoutBlanks(p.String()) != withoutBlanks(original) {
		all = append(all, prose{text: original})
	}
	return all
}

func withoutBlanks(s string) string { return strings.Join(strings.Fields(s), "") }

// telegramLogins gives the handles that a pattern looks for. A Telegram account is one by its type,
// which stands beside.
func telegramLogins(p *pattern.Pattern) (logins []string) {
	if p == nil {
		return nil
	}
	for single := range p.Singles() {
		telegram := false
		var found []string
		for c := range (&pattern.Pattern{Root: single}).Comparisons() {
			for _, constant := range c.Constants {
				s, _ := constant.(pattern.String)
				switch c.Path.String() {
				case "user-account:account_type":
					telegram = telegram || strings.EqualFold(string(s), string(selector.Telegram))
				case "user-account:account_login":
					found = append(found, string(s))
				}
			}
		}
		if telegram {
			logins = append(logins, found...)
		}
	}
	return logins
}
