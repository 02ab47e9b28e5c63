package selector

import (
	"strings"

	"golang.org/x/net/publicsuffix"
)

// suffixes remembers which top-level domains are real, or kept for examples and
// private use (RFC 2606, 6761, 7686). Find asks it to tell addresses from file
// names such as icon@2x.png; Parse does not, because new top-level domains appear
// faster than programs are replaced.
type suffixes struct {
	known  map[string]bool
	recent *[recentSuffixes]recentSuffix // the short ones among them, by their bytes; nil while few were asked about
	few    int                           // how many were
}

// rememberedSuffixes bounds how many a Finder keeps: an enemy's text has more.
const rememberedSuffixes = 16 << 10

const (
	recentSuffixes = 4096
	shortSuffix    = 16 // bytes
	fewSuffixes    = 64 // for which a Finder of one short text needs no table of a hundred kilobytes
)

// recentSuffix is a name of at most 16 bytes in small letters, padded with zeros.
type recentSuffix struct {
	low, high uint64
	known     bool
}

// ends reports whether the host ends in a real top-level domain.
func (s *suffixes) ends(host string) bool {
	return s.is(host[strings.LastIndexByte(host, '.')+1:])
}

// is reports whether the name is a real top-level domain.
func (s *suffixes) is(tld string) bool {
	known, asked := s.known[tld]
	if !asked {
		if len(s.known) >= rememberedSuffixes {
			clear(s.known)
		}
		known = knownSuffix(strings.ToLower(tld))
		s.known[strings.Clone(tld)] = known
	}
	return known
}

// label is is for the name text[start:end] of letters, digits, hyphens and
// underscores, which are most often the end of no host but of a name in a program.
func (s *suffixes) label(text string, start, end int) bool {
	size := end - start
	if size > shortSuffix || start+shortSuffix > len(text) {
		return s.is(text[start:end])
	}
	if s.recent == nil {
		if s.few++; s.few <= fewSuffixes {
			return s.is(text[start:end])
		}
		s.recent = new([recentSuffixes]recentSuffix)
	}
	low, high := word64(text[start:start+8]), word64(text[start+8:start+16])
	const small = 0x2020202020202020 // in a host's characters the bit tells capitals alone, and _ from nothing
	if size <= 8 {
		low, high = (low|small)&(1<<(8*size)-1), 0
	} else {
		low, high = low|small, (high|small)&(1<<(8*(size-8))-1)
	}
	recent := &s.recent[(low*0x9e3779b97f4a7c15^high*0xc2b2ae3d27d4eb4f)>>52]
	if recent.low != low || recent.high != high {
		*recent = recentSuffix{low: low, high: high, known: s.is(text[start:end])}
	}
	return recent.known
}

// word64 reads eight bytes, the first the lowest.
func word64(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func knownSuffix(tld string) bool {
	switch tld {
	case "example", "test", "invalid", "localhost", "local", "onion", "internal":
		return true
	}
	suffix, icann := publicsuffix.PublicSuffix("name." + tld)
	return icann || strings.Contains(suffix, ".")
}
