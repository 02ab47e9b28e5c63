package xz

import (
	"crypto/sha256"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"slices"
)

// newCheck gives the check of a stream's type (section 2.1.1.2); nil for none and
// for those that nobody has defined.
func newCheck(kind byte) hash.Hash {
	switch kind {
	case 1:
		return crc32.NewIEEE()
	case 4:
		return crc64.New(crc64.MakeTable(crc64.ECMA))
	case 10:
		return sha256.New()
	}
	return nil
}

// checkLength is how many bytes a check of any type takes.
func checkLength(kind byte) int64 {
	return [...]int64{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}[kind]
}

// ordered gives the sum as it is stored: CRCs with the low byte first.
func ordered(sum hash.Hash) []byte {
	raw := sum.Sum(nil)
	if len(raw) <= 8 {
		slices.Reverse(raw)
	}
	return raw
}
