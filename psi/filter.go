package psi

import (
	"bytes"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// ErrFilter is wrapped by every refusal of a filter or a difference: it is
// malformed, altered, or of another list or generation. Fetch the filter anew.
var ErrFilter = errors.New("psi: filter refused")

// Filter is a standing list as others may hold it: the values of its items.
// Without the help of the key's holder it tells nothing but their number. A
// Filter does not change: a Difference makes a new one.
type Filter struct {
	publicKey  element
	generation uint64
	values     []Value // ascending
	digest     digest
}

// NewFilter makes the filter of a list's values, in any order, which must be
// distinct. The generation must grow with every filter of a list.
func NewFilter(publicKey []byte, generation uint64, values []Value) (*Filter, error) {
	if len(publicKey) != elementSize {
		return nil, fmt.Errorf("%w: the list's public key has %d bytes, not %d", ErrFilter, len(publicKey), elementSize)
	}
	if len(values) > MaxListItems {
		return nil, fmt.Errorf("%w: %d values are more than the %d of a list", ErrFilter, len(values), MaxListItems)
	}
	sorted := slices.Clone(values)
	slices.SortFunc(sorted, compareValues)
	for i := 1; i < len(sorted); i++ {
		if sorted[i] == sorted[i-1] {
			return nil, fmt.Errorf("%w: a value stands in it twice: give every item once", ErrFilter)
		}
	}
	return newFilter(element(publicKey), generation, sorted), nil
}

func newFilter(publicKey element, generation uint64, sorted []Value) *Filter {
	f := &Filter{publicKey: publicKey, generation: generation, values: sorted}
	h := sha512.New512_256()
	h.Write([]byte("parley psi v2 list"))
	h.Write(publicKey[:])
	h.Write(binary.BigEndian.AppendUint64(nil, generation))
	h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(sorted))))
	for i := range sorted {
		h.Write(sorted[i][:])
	}
	f.digest = digest(h.Sum(nil))
	return f
}

// Len is the number of items of the list.
func (f *Filter) Len() int { return len(f.values) }

// Generation is the filter's number among those of its list.
func (f *Filter) Generation() uint64 { return f.generation }

// PublicKey is the list's.
func (f *Filter) PublicKey() []byte { return bytes.Clone(f.publicKey[:]) }

// Digest is a hash of list, generation and values: what a holder publishes so
// that everybody can tell that he has the same filter.
func (f *Filter) Digest() [32]byte { return f.digest }

// Contains reports whether the list has an item with this value.
func (f *Filter) Contains(v Value) bool {
	_, found := slices.BinarySearchFunc(f.values, v, compareValues)
	return found
}

const (
	filterMagic    = "PPSF\x01\x00\x00\x00"
	filterHeadSize = 88
)

// MarshalBinary writes the filter: 88 bytes and, among a million, about 62 bits
// a value. It never fails.
func (f *Filter) MarshalBinary() ([]byte, error) {
	out := append(make([]byte, 0, filterHeadSize+codedLimit(len(f.values))), filterMagic...)
	out = binary.BigEndian.AppendUint64(out, f.generation)
	out = binary.BigEndian.AppendUint32(out, uint32(len(f.values)))
	out = binary.BigEndian.AppendUint32(out, 0)
	out = append(out, f.publicKey[:]...)
	out = append(out, f.digest[:]...)
	return appendCoded(out, f.values), nil
}

// IsFilter reports whether data says that it is a whole filter, and no
// difference.
func IsFilter(data []byte) bool { return bytes.HasPrefix(data, []byte(filterMagic)) }

// ParseFilter reads a filter of at most max values, strictly: each has exactly
// one form. It takes at most 10 bytes a value, and none that the data cannot hold.
func ParseFilter(data []byte, max int) (*Filter, error) {
	if len(data) < filterHeadSize || string(data[:len(filterMagic)]) != filterMagic {
		return nil, fmt.Errorf("%w: byte 0: it is no filter of this version", ErrFilter)
	}
	generation, n := binary.BigEndian.Uint64(data[8:]), binary.BigEndian.Uint32(data[16:])
	if limit := min(max, MaxListItems); int64(n) > int64(limit) {
		return nil, fmt.Errorf("%w: byte 16: %d values, at most %d are allowed", ErrFilter, n, limit)
	}
	if binary.BigEndian.Uint32(data[20:]) != 0 {
		return nil, fmt.Errorf("%w: byte 20: the reserved bytes are not zero", ErrFilter)
	}
	values, rest, err := readCoded(data[filterHeadSize:], int(n))
	if err != nil {
		return nil, fmt.Errorf("%w: byte %d: %w", ErrFilter, filterHeadSize, err)
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("%w: byte %d: %d bytes stand after the last value", ErrFilter, len(data)-len(rest), len(rest))
	}
	f := newFilter(element(data[24:]), generation, values)
	if f.digest != digest(data[56:]) {
		return nil, fmt.Errorf("%w: byte 56: the digest is of other values: it was altered", ErrFilter)
	}
	return f, nil
}
