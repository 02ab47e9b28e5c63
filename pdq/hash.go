package pdq

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/bits"
)

// Hash is 256 bits, the highest first. The bit of frequency row i and column j, both from 0, is bit
// 16·i+j counted from the lowest.
type Hash [32]byte

const (
	// MaxDistance is how many bits may differ in a match, as the authors recommend.
	MaxDistance = 31
	// MinQuality is the quality, of 100, below which the authors advise not to use a hash.
	MinQuality = 50
)

// ParseHash reads 64 hexadecimal digits, in either case.
func ParseHash(s string) (Hash, error) {
	var h Hash
	if len(s) != 2*len(h) {
		return Hash{}, fmt.Errorf("pdq hash: it has %d characters and must have %d hexadecimal digits", len(s), 2*len(h))
	}
	if _, err := hex.Decode(h[:], []byte(s)); err != nil {
		return Hash{}, fmt.Errorf("pdq hash: %w", err)
	}
	return h, nil
}

// String gives 64 hexadecimal digits in lower case, as hash lists are exchanged.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText is [Hash.String].
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText is [ParseHash].
func (h *Hash) UnmarshalText(text []byte) error {
	parsed, err := ParseHash(string(text))
	if err != nil {
		return err
	}
	*h = parsed
	return nil
}

// Distance gives how many bits differ, 0 to 256.
func Distance(a, b Hash) int {
	n := 0
	for i := 0; i < len(a); i += 8 {
		n += bits.OnesCount64(binary.BigEndian.Uint64(a[i:]) ^ binary.BigEndian.Uint64(b[i:]))
	}
	return n
}

// Matches tells whether two pictures are alike: at most [MaxDistance] bits differ.
func Matches(a, b Hash) bool { return Distance(a, b) <= MaxDistance }

// set puts a one at a bit counted from the lowest.
func (h *Hash) set(bit int) { h[len(h)-1-bit/8] |= 1 << (bit % 8) }
