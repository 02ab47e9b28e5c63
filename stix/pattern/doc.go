// Package pattern reads, checks, prints and matches patterns of STIX 2.1 (section 9 of the OASIS
// Standard with Errata 01): the language in which indicators say what to look for.
//
// [Parse] gives a tree of small types. A converter walks it, or asks for every comparison:
//
//	p, err := pattern.Parse("[ipv4-addr:value ISSUBSET '198.51.100.0/24']", pattern.Options{})
//	for c := range p.Comparisons() {
//		fmt.Println(c.Path, c.Operator, c.Constants)
//	}
//
// [Pattern.String] prints the one canonical form of a pattern, parsed or built. [Pattern.Check] says
// what the grammar lets pass and the standard forbids, such as two object types joined by AND.
//
// [Compile] makes a pattern ready to be matched, and [Observe] reads observed-data with the objects it
// refers to from decoded JSON, by whichever decoder:
//
//	observations, err := pattern.Observe(objects)
//	m, err := pattern.Compile(p, pattern.MatchOptions{})
//	result, err := m.Match(observations)
//	if result.Matched {
//		fmt.Println(result.Observations())
//	}
//
// Observed-data says that something was seen so many times between two moments. A pattern matches if
// there are different observations for everything it asks for, and moments at which they may have
// been seen, that make it true.
//
// Patterns and observations are taken to be hostile. A pattern has limits on its length, depth and
// count, and a refusal names the line and column. A match takes no more than its steps. Comparing is
// linear, also for regular expressions. Observations are bound in polynomial time where a pattern has
// few windows and sequences, and with any number of them where no two of its parts compete for one
// observation. Beyond that, whether there is a way to bind them is a hard problem, and the steps end
// the search with an error, never with a wrong verdict.
//
// MATCHES takes expressions of PCRE as far as linear time can: no backreferences, lookaround, atomic
// groups, possessive quantifiers, recursion or conditions. Such a pattern is parsed and checked, and
// refused by [Compile].
//
// The package must never open a file or a connection, follow a URL, or change what it is given. It
// knows the language and nothing else: not whether a type has a property, nor what a match means. It
// uses nothing of Parley and only golang.org/x/text beside the standard library.
package pattern
