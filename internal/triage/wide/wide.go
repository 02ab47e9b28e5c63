package wide

import (
	"encoding/binary"
	"unicode/utf16"
)

// Text reads all units in raw; a byte left over is passed over.
func Text(raw []byte, order binary.ByteOrder) string {
	return string(utf16.Decode(Units(raw, order)))
}

// Until reads the units in raw up to the first that is zero, or all, and gives how
// many bytes these were, without the zero.
func Until(raw []byte, order binary.ByteOrder) (text string, length int) {
	for length+2 <= len(raw) && order.Uint16(raw[length:]) != 0 {
		length += 2
	}
	return Text(raw[:length], order), length
}

// Units gives the units in raw as they are.
func Units(raw []byte, order binary.ByteOrder) []uint16 {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = order.Uint16(raw[2*i:])
	}
	return units
}
