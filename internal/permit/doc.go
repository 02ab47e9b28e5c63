// Package permit holds the one vocabulary of what may be done with what a
// counterpart is given: a tearline, or the result of a match.
//
// The list is closed. The package must never take a use in free words: it would
// be argued about, and would carry a fingerprint of who wrote it.
//
//	use, err := permit.Parse("protect-life-only")
//	fmt.Println(use.Wording())
package permit
