package pattern

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"
)

// number is a number of a pattern or of an object. Whole numbers are compared exactly, also with
// those that have a fraction (section 9.2).
type number struct {
	whole   bool
	integer int64
	float   float64
}

func numberOf(value any) (number, bool) {
	switch v := value.(type) {
	case float64:
		return fromFloat(v), !math.IsNaN(v)
	case json.Number:
		if n, err := strconv.ParseInt(string(v), 10, 64); err == nil {
			return number{whole: true, integer: n}, true
		}
		f, err := v.Float64()
		return fromFloat(f), err == nil
	case nil, string, bool:
		return number{}, false
	}
	switch v := reflect.ValueOf(value); {
	case v.CanInt():
		return number{whole: true, integer: v.Int()}, true
	case v.CanUint() && v.Uint() < 1<<63:
		return number{whole: true, integer: int64(v.Uint())}, true
	case v.CanFloat():
		return fromFloat(v.Float()), !math.IsNaN(v.Float())
	}
	return number{}, false
}

// fromFloat keeps a whole float as a whole number: 12.0 and 12 are one value.
func fromFloat(f float64) number {
	if n := int64(f); float64(n) == f && -1<<62 < n && n < 1<<62 {
		return number{whole: true, integer: n}
	}
	return number{float: f}
}

func (n number) compare(m number) int {
	switch {
	case n.whole && m.whole:
		return cmp.Compare(n.integer, m.integer)
	case n.whole:
		return new(big.Float).SetInt64(n.integer).Cmp(big.NewFloat(m.float))
	case m.whole:
		return -m.compare(n)
	}
	return cmp.Compare(n.float, m.float)
}

// encoding tells how a property's text stands for octets, by the end of its name (section 9.6.4).
type encoding int

const (
	plain encoding = iota
	inHex
	inBase64
)

func encodingOf(key string) encoding {
	switch {
	case strings.HasSuffix(key, "_hex"):
		return inHex
	case strings.HasSuffix(key, "_bin"):
		return inBase64
	}
	return plain
}

// decode gives the octets that a property's text stands for.
func (e encoding) decode(text string) (octets string, ok bool) {
	var decoded []byte
	var err error
	switch e {
	case inHex:
		decoded, err = hex.DecodeString(text)
	case inBase64:
		decoded, err = base64.StdEncoding.DecodeString(text)
	default:
		return latin1(text)
	}
	return string(decoded), err == nil
}

// latin1 gives the octets of a text by its code points, or false if one is above U+00FF (section 9.2).
func latin1(text string) (octets string, ok bool) {
	if isASCII(text) {
		return text, true
	}
	var b []byte
	for _, r := range text {
		if r > 0xff {
			return "", false
		}
		b = append(b, byte(r))
	}
	return string(b), true
}

// characters gives a text with the character for each octet, which by section 9.2 is that of its code
// point.
func characters(octets string, character func(rune) rune) string {
	if isASCII(octets) {
		return octets
	}
	var b strings.Builder
	for i := range len(octets) {
		b.WriteRune(character(rune(octets[i])))
	}
	return b.String()
}
