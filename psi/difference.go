package psi

import (
	"encoding/binary"
	"fmt"
	"slices"
)

const (
	differenceMagic    = "PPSD\x01\x00\x00\x00"
	differenceHeadSize = 128
)

// Difference returns what turns the filter into a later one of the same list,
// to be given to Apply: 128 bytes, and about 10 for each value that came or
// went.
func (f *Filter) Difference(later *Filter) ([]byte, error) {
	if f.publicKey != later.publicKey || later.generation <= f.generation {
		return nil, fmt.Errorf("%w: generation %d of one list and %d of another make no difference, nor does an earlier one", ErrFilter, f.generation, later.generation)
	}
	removed, added := changes(f.values, later.values)
	out := append(make([]byte, 0, differenceHeadSize+codedLimit(len(removed))+codedLimit(len(added))), differenceMagic...)
	out = binary.BigEndian.AppendUint64(out, f.generation)
	out = binary.BigEndian.AppendUint64(out, later.generation)
	out = binary.BigEndian.AppendUint32(out, uint32(len(removed)))
	out = binary.BigEndian.AppendUint32(out, uint32(len(added)))
	out = append(out, f.publicKey[:]...)
	out = append(out, f.digest[:]...)
	out = append(out, later.digest[:]...)
	return appendCoded(appendCoded(out, removed), added), nil
}

// changes walks two ascending lists side by side.
func changes(before, after []Value) (removed, added []Value) {
	for len(before) > 0 && len(after) > 0 {
		switch c := compareValues(before[0], after[0]); {
		case c < 0:
			removed, before = append(removed, before[0]), before[1:]
		case c > 0:
			added, after = append(added, after[0]), after[1:]
		default:
			before, after = before[1:], after[1:]
		}
	}
	return append(removed, before...), append(added, after...)
}

// Apply returns the later filter that a difference leads to, of at most max
// values. It refuses with ErrFilter, and changes nothing, what is of another
// list, of another generation, or altered.
func (f *Filter) Apply(difference []byte, max int) (*Filter, error) {
	d := difference
	if len(d) < differenceHeadSize || string(d[:len(differenceMagic)]) != differenceMagic {
		return nil, fmt.Errorf("%w: byte 0: it is no difference of this version", ErrFilter)
	}
	from, to := binary.BigEndian.Uint64(d[8:]), binary.BigEndian.Uint64(d[16:])
	removing, adding := binary.BigEndian.Uint32(d[24:]), binary.BigEndian.Uint32(d[28:])
	switch {
	case element(d[32:]) != f.publicKey:
		return nil, fmt.Errorf("%w: byte 32: the difference is of another list", ErrFilter)
	case from != f.generation:
		return nil, fmt.Errorf("%w: byte 8: the difference is for generation %d, the filter is of %d", ErrFilter, from, f.generation)
	case to <= from:
		return nil, fmt.Errorf("%w: byte 16: the difference leads from generation %d to %d", ErrFilter, from, to)
	case digest(d[64:]) != f.digest:
		return nil, fmt.Errorf("%w: byte 64: the difference is for another filter of generation %d", ErrFilter, from)
	case int64(removing) > int64(len(f.values)):
		return nil, fmt.Errorf("%w: byte 24: %d values go where there are %d", ErrFilter, removing, len(f.values))
	}
	if limit := min(max, MaxListItems); int64(len(f.values))-int64(removing)+int64(adding) > int64(limit) {
		return nil, fmt.Errorf("%w: byte 28: %d values come and there would be more than %d", ErrFilter, adding, limit)
	}
	removed, rest, err := readCoded(d[differenceHeadSize:], int(removing))
	if err != nil {
		return nil, fmt.Errorf("%w: removed values: %w", ErrFilter, err)
	}
	added, rest, err := readCoded(rest, int(adding))
	if err != nil {
		return nil, fmt.Errorf("%w: added values: %w", ErrFilter, err)
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("%w: byte %d: %d bytes stand after the last value", ErrFilter, len(d)-len(rest), len(rest))
	}
	later := newFilter(f.publicKey, to, merged(f.values, removed, added))
	if later.digest != digest(d[96:]) {
		return nil, fmt.Errorf("%w: byte 96: the difference does not lead to the filter that it names: it was altered", ErrFilter)
	}
	if r, a := changes(f.values, later.values); len(r) != len(removed) || len(a) != len(added) {
		return nil, fmt.Errorf("%w: values go that are not there, or come that are", ErrFilter)
	}
	return later, nil
}

// merged is an ascending list without some values and with others.
func merged(values, removed, added []Value) []Value {
	out := make([]Value, 0, len(values)+len(added))
	for _, v := range values {
		if len(removed) > 0 && removed[0] == v {
			removed = removed[1:]
			continue
		}
		out = append(out, v)
	}
	out = append(out, added...)
	slices.SortFunc(out, compareValues)
	return slices.Compact(out)
}
