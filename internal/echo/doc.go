// Package echo finds what we gave in what we are told.
//
// A party that hears its own words back from somebody else, and takes them for news,
// confirms itself. So a node keeps fingerprints of what it gave, and holds what comes
// against them:
//
//	kept := key.Marks(tearline)            // when it is given: a few numbers, keyed
//	asked := key.Marks(claim)              // when something comes; equal marks name candidates
//	same := echo.Shared(claim, tearline)   // then the words themselves
//	echo.Probable(echo.Strength{Words: same.Words})
//
// Marks are chosen by winnowing (Schleimer, Wilkerson and Aiken, "Winnowing: local
// algorithms for document fingerprinting", 2003): of each four shingles of five words
// in a row one is kept, so that any eight words in a row that two texts share leave a
// mark in both, and some two in five shingles are kept. A mark is 64 bits of an
// HMAC-SHA-256 under the node's own key: whoever reads the marks without the key reads
// nothing, and nobody can write a text that has, or avoids, the marks of another.
//
// # Thresholds
//
// A text is a probable echo when it shares twelve words with what was given, in runs
// of at least eight; or three selectors that no match had shown, and these are at
// least half of its own. docs/analyst/release.md has the measured rates of false
// alarms. Fewer words are the language's own; one or two selectors are what
// independent confirmation looks like.
//
// # What this package must never do
//
// It never decides that something is an echo: a person may say that it is none. It
// holds no text and opens nothing. It does not find the same thing said in other
// words, or in another language, and must not be read as if it did.
package echo
