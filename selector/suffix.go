package selector

import (
	_ "embed"
	"strings"
)

// topLevel are the top-level domains that the Public Suffix List has, a line each. A test holds them
// to the list, and writes them anew with -update.
//
//go:embed suffixes.txt
var topLevel string

// private are kept for examples and private use (RFC 2606, 6761, 7686).
const private = "example test invalid localhost local onion internal"

// A suffix is a top-level domain that is real, or kept for examples and private use. Find asks for it to tell
// addresses from file names such as icon@2x.png; Parse does not, because new top-level domains appear faster
// than programs are replaced.
//
// suffixes has those of at most 16 bytes, longSuffixes the others. Both are computed once and never written.
var (
	suffixes     = suffixTable()
	longSuffixes = suffixesBeyond(shortSuffix)
)

const (
	shortSuffix  = 16 // bytes
	suffixPlaces = 4096
)

// shortName is a name of at most 16 bytes in small letters, padded with zeros.
type shortName struct{ low, high uint64 }

// place gives where a name is looked for first.
func (n shortName) place() uint64 {
	return (n.low*0x9e3779b97f4a7c15 ^ n.high*0xc2b2ae3d27d4eb4f) >> 52
}

// nameTable has names where they are looked for, or at the next free place behind.
type nameTable [suffixPlaces]shortName

func suffixTable() *nameTable {
	var table nameTable
	for _, name := range strings.Fields(topLevel + private) {
		if len(name) > shortSuffix {
			continue
		}
		short := shortNameOf(name)
		at := short.place()
		for table[at] != (shortName{}) {
			at = (at + 1) % suffixPlaces
		}
		table[at] = short
	}
	return &table
}

func suffixesBeyond(size int) map[string]bool {
	long := map[string]bool{}
	for _, name := range strings.Fields(topLevel) {
		if len(name) > size {
			long[name] = true
		}
	}
	return long
}

func (t *nameTable) has(name shortName) bool {
	for at := name.place(); ; at = (at + 1) % suffixPlaces {
		switch t[at] {
		case name:
			return name != shortName{}
		case shortName{}:
			return false
		}
	}
}

// endsInSuffix reports whether the host ends in a real top-level domain.
func endsInSuffix(host string) bool {
	return isSuffix(host[strings.LastIndexByte(host, '.')+1:])
}

// isSuffix reports whether the name is a real top-level domain.
func isSuffix(name string) bool {
	name = strings.ToLower(name)
	if len(name) > shortSuffix {
		return longSuffixes[name]
	}
	return suffixes.has(shortNameOf(name))
}

func shortNameOf(name string) shortName {
	var bytes [shortSuffix]byte
	copy(bytes[:], name)
	return shortName{word64(string(bytes[:8])), word64(string(bytes[8:]))}
}

// suffixLabel is isSuffix for the name text[start:end] of letters, digits, hyphens and
// underscores, which are most often the end of no host but of a name in a program.
func suffixLabel(text string, start, end int) bool {
	size := end - start
	if size > shortSuffix || start+shortSuffix > len(text) {
		return isSuffix(text[start:end])
	}
	name := shortName{word64(text[start : start+8]), word64(text[start+8 : start+16])}
	const small = 0x2020202020202020 // in a host's characters the bit tells capitals alone, and _ from nothing
	if size <= 8 {
		name.low, name.high = (name.low|small)&(1<<(8*size)-1), 0
	} else {
		name.low, name.high = name.low|small, (name.high|small)&(1<<(8*(size-8))-1)
	}
	return suffixes.has(name)
}

// word64 reads eight bytes, the first the lowest.
func word64(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}
