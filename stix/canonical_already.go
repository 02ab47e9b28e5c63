package stix

import "bytes"

// isCanonical says whether valid I-JSON is in the canonical form already, where that is seen without writing
// it anew: most of what is asked about was written by [Canonical]. False says nothing: names that are not of
// plain ASCII and numbers other than short whole ones are left to the writer.
func isCanonical(data []byte) bool {
	end, ok := canonicalEnd(data, 0)
	return ok && end == len(data)
}

// canonicalEnd gives the end of the canonical value that begins at i. The depth of the data is bounded already.
func canonicalEnd(data []byte, i int) (end int, ok bool) {
	if i >= len(data) {
		return i, false
	}
	switch c := data[i]; {
	case c == '{':
		return canonicalObject(data, i+1)
	case c == '[':
		return canonicalList(data, i+1)
	case c == '"':
		return canonicalString(data, i+1)
	case c == '-' || c >= '0' && c <= '9':
		return canonicalNumber(data, i)
	}
	for _, word := range [...]string{"true", "false", "null"} {
		if bytes.HasPrefix(data[i:], []byte(word)) {
			return i + len(word), true
		}
	}
	return i, false // white space among others
}

// canonicalItems gives the end of a list or an object whose first item begins at i: items with commas between.
func canonicalItems(data []byte, i int, closing byte, item func(i int) (end int, ok bool)) (end int, ok bool) {
	if i < len(data) && data[i] == closing {
		return i + 1, true
	}
	for i < len(data) {
		if i, ok = item(i); !ok || i >= len(data) {
			return i, false
		}
		switch data[i] {
		case closing:
			return i + 1, true
		case ',':
			i++
		default:
			return i, false
		}
	}
	return i, false
}

func canonicalList(data []byte, i int) (end int, ok bool) {
	return canonicalItems(data, i, ']', func(i int) (int, bool) { return canonicalEnd(data, i) })
}

func canonicalObject(data []byte, i int) (end int, ok bool) {
	var last []byte // nil before the first name
	return canonicalItems(data, i, '}', func(i int) (int, bool) {
		if data[i] != '"' {
			return i, false
		}
		after, ok := canonicalString(data, i+1)
		if !ok || after >= len(data) || data[after] != ':' {
			return i, false
		}
		name := data[i+1 : after-1]
		if !isASCIIName(name) || last != nil && bytes.Compare(last, name) >= 0 {
			return i, false
		}
		last = name
		return canonicalEnd(data, after+1)
	})
}

// isASCIIName says whether the bytes of a name are in the order of its UTF-16 units.
func isASCIIName(name []byte) bool {
	for _, c := range name {
		if c >= 0x80 || c == '\\' {
			return false
		}
	}
	return true
}

// canonicalString gives the end of a string whose text begins at i: escapes stand only where they must, in
// the short form where there is one (RFC 8785 section 3.2.2.2).
func canonicalString(data []byte, i int) (end int, ok bool) {
	for i < len(data) {
		switch data[i] {
		case '"':
			return i + 1, true
		case '\\':
			n := canonicalEscape(data[i+1:])
			if n == 0 {
				return i, false
			}
			i += 1 + n
		default:
			i++
		}
	}
	return i, false
}

// canonicalEscape gives the length of the escape behind a backslash, 0 if it is one that is written otherwise.
func canonicalEscape(data []byte) int {
	if len(data) == 0 {
		return 0
	}
	if bytes.IndexByte([]byte(`"\bfnrt`), data[0]) >= 0 {
		return 1
	}
	if len(data) < 5 || data[0] != 'u' || data[1] != '0' || data[2] != '0' || data[3] != '0' && data[3] != '1' {
		return 0
	}
	lower := data[4] >= '0' && data[4] <= '9' || data[4] >= 'a' && data[4] <= 'f'
	if short := data[3] == '0' && bytes.IndexByte([]byte("89acd"), data[4]) >= 0; !lower || short {
		return 0
	}
	return 5
}

// canonicalNumber knows whole numbers of up to fifteen digits, which every float holds exactly.
func canonicalNumber(data []byte, i int) (end int, ok bool) {
	digits, negative := bytes.CutPrefix(data[i:], []byte("-"))
	n := 0
	for n < len(digits) && digits[n] >= '0' && digits[n] <= '9' {
		n++
	}
	end = len(data) - len(digits) + n
	switch {
	case n == 0 || n > 15:
		return end, false
	case digits[0] == '0' && (n > 1 || negative): // -0 is written 0
		return end, false
	}
	return end, end == len(data) || bytes.IndexByte([]byte(".eE"), data[end]) < 0
}
