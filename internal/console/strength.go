package console

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"unicode"
)

// strength is how hard a passphrase is to guess for somebody who has the key
// file, at the least: in bits, counted as a guesser would who tries words, years
// and rows of keys before letters.
type strength struct{ Bits int }

// Bits from which on a passphrase counts as fair and as strong. At ten thousand
// tries a second, which many graphics cards together make of Argon2id with 64
// MiB, 45 bits last for half a century of one guesser.
const (
	fairBits   = 45
	strongBits = 65
)

// Word says it in one.
func (s strength) Word() string {
	switch {
	case s.Bits < fairBits:
		return "weak"
	case s.Bits < strongBits:
		return "fair"
	}
	return "strong"
}

// String says it in a sentence.
func (s strength) String() string {
	return fmt.Sprintf("It is %s: about %d bits, which ten thousand tries a second find in %s.", s.Word(), s.Bits, guessTime(s.Bits))
}

func guessTime(bits int) string {
	seconds := math.Exp2(float64(bits-1)) / 10_000
	for _, u := range []struct {
		seconds float64
		name    string
	}{{365.25 * 24 * 3600, "years"}, {24 * 3600, "days"}, {3600, "hours"}, {60, "minutes"}} {
		switch n := seconds / u.seconds; {
		case n >= 10_000:
			return "more than ten thousand years"
		case n >= 2:
			return fmt.Sprintf("%.0f %s", n, u.name)
		}
	}
	return "two minutes"
}

// Bits that parts of a passphrase count.
const (
	wordBits   = 13   // one of 8,192 words
	letterBits = 4.5  // by itself
	digitBits  = 3.3  // by itself
	signBits   = 4    // the first of its kind
	yearBits   = 7    // 1900 to 2099
	knownBits  = 1    // anything that a guesser knows, or that stood before
	commonBits = 4    // one of the words that are tried first
	rowBits    = 4    // 12345, aaaa, qwerty
	letters    = 8    // in a word; what is longer counts as more words
	maxBits    = 1000 // more says nothing
)

// common are words that are tried first.
var common = strings.Fields(`password passphrase passwort secret letmein welcome admin administrator login parley correct horse battery staple
	monkey dragon master qwerty iloveyou sunshine princess football summer winter spring autumn hello trustno changeme default`)

// strengthOf estimates a passphrase; known are words that a guesser knows, such
// as the user's name.
func strengthOf(passphrase string, known ...string) strength {
	var (
		bits float64
		seen []string
	)
	for _, part := range partsOf(strings.ToLower(passphrase)) {
		switch {
		case slices.Contains(seen, part) || slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, part) }):
			bits += knownBits
		default:
			bits += bitsOf(part)
		}
		seen = append(seen, part)
	}
	return strength{int(min(bits, maxBits))}
}

// partsOf breaks a text into runs of letters, of digits, and single signs.
func partsOf(text string) (all []string) {
	kind := func(r rune) int {
		switch {
		case unicode.IsLetter(r):
			return 1
		case unicode.IsDigit(r):
			return 2
		}
		return 0
	}
	last := -1
	for _, r := range text {
		k := kind(r)
		if k == last && k != 0 {
			all[len(all)-1] += string(r)
		} else {
			all = append(all, string(r))
		}
		last = k
	}
	return all
}

func bitsOf(part string) float64 {
	runes := []rune(part)
	n := float64(len(runes))
	switch first := runes[0]; {
	case inRow(runes):
		return rowBits
	case unicode.IsSpace(first):
		return 0
	case unicode.IsLetter(first):
		if slices.Contains(common, part) {
			return commonBits
		}
		return min(n*letterBits, wordBits*math.Ceil(n/letters))
	case unicode.IsDigit(first):
		if len(part) == 4 && (strings.HasPrefix(part, "19") || strings.HasPrefix(part, "20")) {
			return yearBits
		}
		return n * digitBits
	}
	return signBits
}

// inRow tells whether three or more characters are all the same or each the one
// after, before or beside the last.
func inRow(runes []rune) bool {
	if len(runes) < 3 {
		return false
	}
	if strings.Contains("qwertyuiop asdfghjkl zxcvbnm", string(runes)) {
		return true
	}
	step := runes[1] - runes[0]
	for i := 2; i < len(runes); i++ {
		if runes[i]-runes[i-1] != step {
			return false
		}
	}
	return step >= -1 && step <= 1
}

// chosenTwice reads a passphrase that was typed twice. One that is weak is
// taken only if its owner says so.
func chosenTwice(r *http.Request, known ...string) (strength, error) {
	chosen := r.PostForm.Get("secret-new")
	how := strengthOf(chosen, known...)
	switch {
	case chosen != r.PostForm.Get("secret-again"):
		return how, problem{http.StatusUnprocessableEntity, "Not the same", "The two passphrases differ: type both again."}
	case how.Bits < fairBits && r.PostForm.Get("weak") == "":
		return how, problem{
			http.StatusUnprocessableEntity, "Weak",
			how.String() + " Six words that have nothing to do with each other are strong. Choose another, or say that you take this one all the same.",
		}
	}
	return how, nil
}
