package pattern

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Constant is what a path is compared with (section 9.2): a [String], [Integer], [Float], [Boolean],
// [Binary], [Hex] or [Timestamp]. Its String method writes it as patterns do.
type Constant interface {
	constant()
	String() string
}

// String is a text, without its quotes and escapes.
type String string

// Integer is a whole number. The standard's range is ±(2⁵³−1); more is parsed and faulted by
// [Pattern.Check].
type Integer int64

// Float is a number with a fraction.
type Float float64

// Boolean is true or false.
type Boolean bool

// Binary is octets that the pattern writes in base64.
type Binary []byte

// Hex is octets that the pattern writes in hexadecimal digits.
type Hex []byte

// Timestamp is a moment, written as STIX does (section 2.16): 2026-03-01T09:30:00Z, with any number
// of digits after the second. The grammar lets days pass that no calendar has; see [Timestamp.Time].
type Timestamp string

func (String) constant()    {}
func (Integer) constant()   {}
func (Float) constant()     {}
func (Boolean) constant()   {}
func (Binary) constant()    {}
func (Hex) constant()       {}
func (Timestamp) constant() {}

var escapes = strings.NewReplacer(`\`, `\\`, `'`, `\'`)

// String gives the text in apostrophes, with those in it and backslashes escaped.
func (s String) String() string { return "'" + escapes.Replace(string(s)) + "'" }

func (i Integer) String() string { return strconv.FormatInt(int64(i), 10) }

// String gives the number with a point and without an exponent, as the grammar has it.
func (f Float) String() string {
	text := strconv.FormatFloat(float64(f), 'f', -1, 64)
	if strings.Contains(text, ".") {
		return text
	}
	return text + ".0"
}

func (b Boolean) String() string { return strconv.FormatBool(bool(b)) }

func (b Binary) String() string { return "b'" + base64.StdEncoding.EncodeToString(b) + "'" }

func (h Hex) String() string { return "h'" + hex.EncodeToString(h) + "'" }

func (t Timestamp) String() string { return "t'" + string(t) + "'" }

// Time gives the moment in UTC, to the nanosecond, or an error if there is no such moment.
func (t Timestamp) Time() (time.Time, error) {
	m, ok := parseInstant(string(t))
	if !ok {
		return time.Time{}, fmt.Errorf("timestamp %s: there is no such moment", t)
	}
	return m.time(), nil
}

// String writes the qualifier as patterns do, whole seconds without a point if there are not too many
// of them to be a whole number.
func (w Within) String() string {
	text := Float(w.Seconds).String()
	if w.Seconds < 1<<53 {
		text = strings.TrimSuffix(text, ".0")
	}
	return "WITHIN " + text + " SECONDS"
}

// String writes the qualifier as patterns do.
func (r Repeats) String() string { return "REPEATS " + strconv.Itoa(r.Times) + " TIMES" }

// String writes the qualifier as patterns do.
func (s StartStop) String() string { return "START " + s.Start.String() + " STOP " + s.Stop.String() }
