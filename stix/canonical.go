package stix

import (
	"bytes"
	"fmt"
	"math"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"parley/stix/internal/scan"
)

// Canonical gives the one form of a JSON text that RFC 8785 defines: no white space, names sorted
// by UTF-16 units, numbers as ECMAScript writes a 64-bit float. Input that is not I-JSON, and
// numbers too large for a float, are refused with a *[Fault]. Whole numbers beyond 2⁵³ lose digits,
// as the RFC says they do; write those as strings.
func Canonical(data []byte) ([]byte, error) {
	lim := Limits{ObjectBytes: defaultBytes, Depth: maxCanonicalDepth}.withDefaults()
	if fault := strictJSON(data, lim); fault != nil {
		return nil, fmt.Errorf("canonical json: %w", fault)
	}
	if isCanonical(data) {
		return bytes.Clone(data), nil
	}
	if at := infinite(data); at >= 0 {
		fault := &Fault{Problem: "the number is too large for a 64-bit float", Offset: int64(at)}
		return nil, fmt.Errorf("canonical json: %w", fault)
	}
	value := jsontext.Value(data).Clone()
	if err := value.Canonicalize(); err != nil {
		return nil, fmt.Errorf("canonical json: %w", faultOf(err))
	}
	return value, nil
}

// Canonical gives the object with its bytes in the form that [Canonical] gives.
func (o Object) Canonical() (Object, error) {
	if isCanonical(o.Bytes()) {
		return o, nil
	}
	raw, err := Canonical(o.Bytes())
	if err != nil {
		return Object{}, err
	}
	written, fault := parseValid(raw)
	if fault != nil {
		return Object{}, fmt.Errorf("canonical json: %w", fault)
	}
	return written, nil
}

// maxCanonicalDepth is deeper than any STIX object, since canonical JSON has other uses too.
const maxCanonicalDepth = 1000

// infinite gives the index of the first number in valid JSON that no float can hold, or -1.
func infinite(data []byte) int {
	for i := 0; i < len(data); {
		switch c := data[i]; {
		case c == '"':
			i = scan.StringEnd(data, i)
		case c == '-' || c >= '0' && c <= '9':
			end := scan.LiteralEnd(data, i)
			if f, _ := strconv.ParseFloat(string(data[i:end]), 64); math.IsInf(f, 0) {
				return i
			}
			i = end
		default:
			i++
		}
	}
	return -1
}
