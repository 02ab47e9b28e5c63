package assess

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"parley/stix"
)

// Quantity is a number that somebody counted, with what it counts. A bound that nobody gave is nil:
// it is open, and not zero.
type Quantity struct {
	What       string    `json:"what,omitempty"`       // "attacks"
	Definition string    `json:"definition,omitempty"` // what was counted as one
	Unit       string    `json:"unit,omitempty"`
	Period     string    `json:"period,omitempty"`
	Area       string    `json:"area,omitempty"`
	Low        *float64  `json:"low,omitempty"`
	Best       *float64  `json:"best,omitempty"`
	High       *float64  `json:"high,omitempty"`
	Qualifier  Qualifier `json:"qualifier,omitempty"`
	Counter    stix.ID   `json:"counter_ref,omitempty"` // the identity that counted
	Method     string    `json:"method,omitempty"`
}

// Qualifier is the word beside a number.
type Qualifier string

// The qualifiers.
const (
	Exactly        Qualifier = "exactly"
	About          Qualifier = "about"
	AtLeast        Qualifier = "at-least"
	AtMost         Qualifier = "at-most"
	LittleMoreThan Qualifier = "little-more-than"
	LittleLessThan Qualifier = "little-less-than"
)

var qualifierWords = map[Qualifier]string{
	"": "", Exactly: "exactly ", About: "about ", AtLeast: "at least ", AtMost: "at most ",
	LittleMoreThan: "little more than ", LittleLessThan: "little less than ",
}

func (q Quantity) check(c *check) {
	values := []*float64{}
	for _, v := range []*float64{q.Low, q.Best, q.High} {
		if v != nil {
			values = append(values, v)
		}
	}
	c.must(len(values) > 0, "quantity", "must have low, best or high")
	for i, v := range values {
		c.must(finite(*v) && *v >= 0, "quantity", "must be numbers of 0 or more")
		c.must(i == 0 || *values[i-1] <= *v, "quantity", "must have low ≤ best ≤ high")
	}
	_, known := qualifierWords[q.Qualifier]
	c.must(known, "quantity.qualifier", "must be exactly, about, at-least, at-most, little-more-than or little-less-than")
	c.ref("quantity.counter_ref", q.Counter, actors...)
	for _, text := range []string{q.What, q.Definition, q.Unit, q.Period, q.Area, q.Method} {
		c.text("quantity", text)
	}
}

// Words writes the number as it was given: "about 700", "little more than 1,000",
// "between 600 and 900, best 700".
func (q Quantity) Words() string {
	word := qualifierWords[q.Qualifier]
	switch {
	case q.Low != nil && q.High != nil && *q.Low != *q.High:
		s := "between " + number(*q.Low) + " and " + number(*q.High)
		if q.Best != nil {
			s += ", best " + word + number(*q.Best)
		}
		return s
	case q.Best != nil:
		return word + number(*q.Best)
	case q.Low != nil:
		return cmp.Or(word, bare(q.High == nil, "at least ")) + number(*q.Low)
	case q.High != nil:
		return cmp.Or(word, "at most ") + number(*q.High)
	}
	return "not given"
}

func bare(open bool, word string) string {
	if open {
		return word
	}
	return ""
}

// number writes x in full with commas: 1,000, 2.5.
func number(x float64) string {
	text := new(big.Float).SetPrec(53).SetFloat64(x).Text('f', -1)
	whole, fraction, _ := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return whole
}

// bounds returns what is known of the lowest and the highest value. The best value stands in for a
// bound that is missing, marked as about, except on the side that the qualifier leaves open.
func (q Quantity) bounds() (low, high Bound) {
	low, high = Bound{Value: q.Low}, Bound{Value: q.High}
	openAbove := q.Qualifier == AtLeast || q.Qualifier == LittleMoreThan
	openBelow := q.Qualifier == AtMost || q.Qualifier == LittleLessThan
	about := q.Qualifier == About
	if low.Value == nil && q.Best != nil && !openBelow {
		low = Bound{q.Best, about}
	}
	if high.Value == nil && q.Best != nil && !openAbove {
		high = Bound{q.Best, about}
	}
	return low, high
}

// key is what must match for two counts to stand on one axis. Every part must be given: what is
// not said to be the same cannot be taken to be.
type countKey struct{ what, definition, unit, period, area string }

func (q Quantity) key() (k countKey, whole bool) {
	k = countKey{plain(q.What), plain(q.Definition), plain(q.Unit), plain(q.Period), plain(q.Area)}
	return k, k.what != "" && k.definition != "" && k.period != "" && k.area != ""
}

func plain(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

func (k countKey) compare(other countKey) int {
	return slices.Compare([]string{k.what, k.definition, k.unit, k.period, k.area},
		[]string{other.what, other.definition, other.unit, other.period, other.area})
}

// Bound is one end of an interval; a nil value is open.
type Bound struct {
	Value *float64 `json:"value"`
	About bool     `json:"about,omitempty"`
}

// String writes the bound: "700", "about 700", "open".
func (b Bound) String() string {
	switch {
	case b.Value == nil:
		return "open"
	case b.About:
		return "about " + number(*b.Value)
	}
	return number(*b.Value)
}

// Envelope is the lowest low and the highest high of counts of the same thing.
type Envelope struct {
	Low  Bound `json:"low"`
	High Bound `json:"high"`
}

// String writes the envelope: "about 700 – open".
func (e Envelope) String() string { return fmt.Sprintf("%s – %s", e.Low, e.High) }
