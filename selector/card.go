package selector

import (
	"errors"
	"strings"
)

// issuer is a range of issuer identification numbers (ISO/IEC 7812-1) in use for
// payment cards, by the digits that numbers begin with, and the lengths there.
type issuer struct {
	low, high string
	lengths   uint32 // bit n: numbers of n digits
}

const (
	has14   = 1 << 14
	has15   = 1 << 15
	has16   = 1 << 16
	has19   = 1 << 19
	hasVisa = 1<<13 | has16 | 1<<18 | has19
	hasLong = has16 | 1<<17 | 1<<18 | has19
)

// issuers are the ranges that the schemes publish. It is never written.
var issuers = [...]issuer{
	{"4", "4", hasVisa},             // Visa
	{"51", "55", has16},             // Mastercard
	{"2221", "2720", has16},         // Mastercard
	{"34", "34", has15},             // American Express
	{"37", "37", has15},             // American Express
	{"300", "305", has14 | has16},   // Diners Club
	{"36", "36", has14},             // Diners Club
	{"38", "39", has14 | has16},     // Diners Club
	{"6011", "6011", hasLong},       // Discover
	{"644", "649", hasLong},         // Discover
	{"65", "65", hasLong},           // Discover, RuPay
	{"3528", "3589", hasLong},       // JCB
	{"62", "62", hasLong},           // UnionPay
	{"81", "81", hasLong},           // UnionPay, RuPay
	{"82", "82", has16},             // RuPay
	{"508", "508", has16},           // RuPay
	{"60", "60", has16},             // RuPay, and banks of Iran
	{"58", "58", has16},             // banks of Iran, Maestro
	{"63", "63", has16},             // banks of Iran
	{"2200", "2204", has16},         // Mir
	{"9792", "9792", has16},         // Troy
	{"8600", "8600", has16},         // Uzcard
	{"9860", "9860", has16},         // Humo
	{"5018", "5038", has16},         // Maestro
	{"6759", "6763", has16},         // Maestro
	{"506099", "506198", has16},     // Verve
	{"650002", "650027", has16},     // Verve
	{"589210", "589463", has16},     // banks of Iran
	{"636214", "639607", has16},     // banks of Iran
	{"603769", "603799", has16},     // banks of Iran
	{"505785", "505801", has16},     // banks of Iran
	{"991975", "991975", has16},     // banks of Iran
	{"6304", "6304", has16 | has19}, // Laser, Maestro
}

// normalCard reads the number of a payment card: its check digit is right and its
// beginning is a scheme's.
func normalCard(raw string) (string, error) {
	digits, err := plainDigits(raw, 13, 19)
	if err != nil {
		return "", err
	}
	return digits, checkCard(digits)
}

func checkCard(digits string) error {
	switch {
	case !luhn(digits):
		return errLuhn
	case oneDigit(digits) || !issued(digits):
		return errors.New("no scheme issues cards with that beginning and length")
	}
	return nil
}

func issued(digits string) bool {
	for _, r := range issuers {
		if r.lengths&(1<<len(digits)) == 0 {
			continue
		}
		if first := digits[:len(r.low)]; r.low <= first && first <= r.high {
			return true
		}
	}
	return false
}

// cardShapes are the ways to write a card's number in groups.
var cardShapes = []string{"13", "14", "15", "16", "17", "18", "19", "4 4 4 4", "4 6 5", "4 6 4", "4 4 4 4 3", "6 13", "4 4 4 1"}

func isCardShape(shape string) bool {
	for _, s := range cardShapes {
		if s == shape {
			return true
		}
	}
	return false
}

// asCard judges digits found in prose.
func asCard(n longNumber) (string, Confidence, bool) {
	if !isCardShape(n.shape) || checkCard(n.digits) != nil {
		return "", "", false
	}
	switch {
	case n.label == labelCard:
		return n.digits, High, true
	case n.label != labelNone && n.label != labelAddress && n.label != labelPlace:
		return "", "", false // an order, a phone: ten in a hundred pass by chance
	case strings.Contains(n.shape, " "):
		return n.digits, High, true
	}
	return n.digits, Moderate, true
}
