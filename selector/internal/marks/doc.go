// Package marks tells of every byte of a text which classes it is of, 64 bytes at
// a time: a class is a word of 64 bits, one a byte. Whoever looks for something
// rare then asks for 64 bytes at once with a few instructions on words, and looks
// at the few bytes that are left.
//
//	blocks := marks.Of(nil, text)
//	blocks[0].Digit // bit i is set if text[i] is a digit
//
// On amd64 with AVX2 a kernel in assembly does it, at about half a cycle a byte;
// elsewhere, and with the build tag purego, its twin in Go, which the tests hold
// equal to it.
//
// It must never decide anything: what a class means is the caller's business.
package marks
