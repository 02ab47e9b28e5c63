package release

import (
	"regexp"
	"slices"
	"strings"

	"parley/selector"
)

// rewritePattern writes an indicator's pattern anew from the cleared selectors that the original
// asks for. It reads only the plain patterns that list alternatives (comparisons with = or IN, joined
// by OR); whatever else a pattern says, leaving a part out would make it say something different, so
// such an indicator stays behind. It returns "" where nothing is left, and whether anything was lost.
func (b *build) rewritePattern(original string) (pattern string, lost bool) {
	values := comparison.FindAllStringSubmatch(original, -1)
	if !alternatives.MatchString(comparison.ReplaceAllString(original, "C")) {
		return "", true
	}
	var parts []string
	for _, value := range values {
		for _, literal := range patternLiteral.FindAllStringSubmatch(value[2], -1) {
			part := b.comparisonFor(value[1], unescapePattern(literal[1]))
			if part == "" {
				lost = true
			} else {
				parts = append(parts, part)
			}
		}
	}
	if len(parts) == 0 {
		return "", true
	}
	slices.Sort(parts)
	return "[" + strings.Join(slices.Compact(parts), " OR ") + "]", lost
}

var (
	// comparison is type:path = 'literal' or type:path IN ('literal', …); STIX 2.1 section 9.
	comparison     = regexp.MustCompile(`([a-z0-9-]+):[A-Za-z0-9_.'\[\]*-]+?\s*(?:=|IN)\s*((?:'(?:[^'\\]|\\.)*')|(?:\(\s*'(?:[^'\\]|\\.)*'(?:\s*,\s*'(?:[^'\\]|\\.)*')*\s*\)))`)
	patternLiteral = regexp.MustCompile(`'((?:[^'\\]|\\.)*)'`)
	alternatives   = regexp.MustCompile(`^\s*\[\s*C(?:\s+OR\s+C)*\s*\](?:\s+OR\s+\[\s*C(?:\s+OR\s+C)*\s*\])*\s*$`)
)

// comparisonFor writes one comparison for a cleared selector, or "".
func (b *build) comparisonFor(typ, literal string) string {
	known, ok := observableKinds[typ]
	if !ok {
		return ""
	}
	found, err := selector.Parse(known.kind, literal, selector.Options{Region: b.req.Region})
	if err != nil || !b.cleared[found] {
		return ""
	}
	path := strings.Replace(known.paths[0], "SHA-256", "'SHA-256'", 1)
	return typ + ":" + path + " = '" + escapePattern(found.Value) + "'"
}

func escapePattern(s string) string { return strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) }

func unescapePattern(s string) string { return strings.NewReplacer(`\\`, `\`, `\'`, `'`).Replace(s) }
