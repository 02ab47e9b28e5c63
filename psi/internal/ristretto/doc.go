// Package ristretto is the group ristretto255 of RFC 9496, with the two hashes
// that RFC 9497 puts on it, over the Edwards curve of filippo.io/edwards25519.
//
// It has what a private set intersection needs and no public package offers:
// many elements worked on together ([Points]), four at a time where the machine
// can, and the encoding of many doubled ones with a single field inversion
// instead of a square root each. Everything else is RFC 9496, step by step.
//
// All functions run in constant time, except where a name or a comment says
// that they take public values only. It must never accept an encoding that is
// not canonical.
package ristretto
