package channel

import (
	"crypto/pbkdf2"
	"crypto/sha512"
	"fmt"
	"math/big"
	"strings"
)

const (
	spokenDigits = 30      // of one party's half
	spokenRounds = 1 << 13 // of PBKDF2: 2^13 on top of 10^30 makes a second preimage cost over 2^112 hashes
)

// Spoken is the fingerprint that two people read to each other: 60 digits in 12 groups of five, the same on both
// sides. Each half is a hash of one introduction alone, every byte of it and its secret contribution included, and
// the smaller half comes first. Somebody in the middle must therefore find a second introduction for a given
// half, twice; trying pairs of his own against each other (a birthday attack) gains nothing.
//
// It is empty if either introduction cannot be written.
func Spoken(mine, theirs *Introduction) string {
	a, errA := spokenHalf(mine)
	b, errB := spokenHalf(theirs)
	if errA != nil || errB != nil {
		return ""
	}
	digits := min(a, b) + max(a, b)
	groups := make([]string, 0, len(digits)/5)
	for ; digits != ""; digits = digits[5:] {
		groups = append(groups, digits[:5])
	}
	return strings.Join(groups, " ")
}

// spokenHalf is PBKDF2-HMAC-SHA-512 (RFC 8018) of the introduction's text, modulo 10^30, in 30 digits.
func spokenHalf(in *Introduction) (string, error) {
	text, err := in.MarshalText()
	if err != nil {
		return "", err
	}
	sum, err := pbkdf2.Key(sha512.New, string(text), []byte(labelSpoken), spokenRounds, 64)
	if err != nil {
		return "", fmt.Errorf("hash an introduction: %w", err)
	}
	limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(spokenDigits), nil)
	n := new(big.Int).SetBytes(sum)
	return fmt.Sprintf("%0*d", spokenDigits, n.Mod(n, limit)), nil
}
