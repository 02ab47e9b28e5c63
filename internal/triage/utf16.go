package triage

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// utf16Order gives the byte order that a byte order mark tells, or nil.
func utf16Order(head []byte) binary.ByteOrder {
	switch {
	case len(head) < 2:
		return nil
	case head[0] == 0xff && head[1] == 0xfe:
		return binary.LittleEndian
	case head[0] == 0xfe && head[1] == 0xff:
		return binary.BigEndian
	}
	return nil
}

// decodeUTF16 gives the text of raw in UTF-8, and for an offset in that text the
// offset in raw. A surrogate without its other half is U+FFFD.
func decodeUTF16(raw []byte, order binary.ByteOrder) (string, func(int) int) {
	var b strings.Builder
	b.Grow(len(raw))
	for i := 0; i+1 < len(raw); i += 2 {
		r := rune(order.Uint16(raw[i:]))
		if utf16.IsSurrogate(r) {
			r = utf8.RuneError
			if i+3 < len(raw) {
				r = utf16.DecodeRune(rune(order.Uint16(raw[i:])), rune(order.Uint16(raw[i+2:])))
			}
			if r != utf8.RuneError {
				i += 2
			}
		}
		b.WriteRune(r)
	}
	walk := textWalk{text: b.String(), width: func(r rune) int { return 2 * utf16.RuneLen(r) }}
	return walk.text, walk.source
}
