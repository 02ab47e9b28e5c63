package selector

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/big"
	"math/bits"
)

// base58Digits is Bitcoin's alphabet: no 0, O, I and l.
const base58Digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// base58Values is a table of constants, computed once and never written.
var base58Values = func() (t [256]int8) {
	for i := range t {
		t[i] = -1
	}
	for i := range len(base58Digits) {
		t[base58Digits[i]] = int8(i)
	}
	return t
}()

var errBase58 = errors.New("it holds a character that no address has")

// base58 decodes s as a number of base 58 with the most significant digit first.
func base58(s string) (*big.Int, error) {
	n, base := new(big.Int), big.NewInt(int64(len(base58Digits)))
	for i := range len(s) {
		v := base58Values[s[i]]
		if v < 0 {
			return nil, errBase58
		}
		n.Mul(n, base)
		n.Add(n, big.NewInt(int64(v)))
	}
	return n, nil
}

// base58Check reads a version byte and 20 bytes with their checksum, the first
// four bytes of SHA-256 of SHA-256. Names in programs are as long as addresses: so
// the characters are looked at first, and the number is one of four words.
func base58Check(s string) (version byte, err error) {
	const size = 1 + 20 + 4
	if len(s) < 25 || len(s) > 35 {
		return 0, errors.New("such an address has 25 to 35 characters")
	}
	for i := range len(s) {
		if base58Values[s[i]] < 0 {
			return 0, errBase58
		}
	}
	var words [4]uint64 // the lowest first; 35 digits of base 58 are less than 2^206
	for i := range len(s) {
		carry := uint64(base58Values[s[i]])
		for n := range words {
			high, low := bits.Mul64(words[n], uint64(len(base58Digits)))
			sum, over := bits.Add64(low, carry, 0)
			words[n], carry = sum, high+over
		}
	}
	var number [32]byte
	for n, word := range words {
		binary.BigEndian.PutUint64(number[24-8*n:], word)
	}
	leading, zeros := 0, 0
	for leading < len(number) && number[leading] == 0 {
		leading++
	}
	for zeros < len(s) && s[zeros] == base58Digits[0] {
		zeros++
	}
	if zeros+len(number)-leading != size {
		return 0, errors.New("it has not the length of an address")
	}
	raw := number[len(number)-size:]
	first := sha256.Sum256(raw[:size-4])
	second := sha256.Sum256(first[:])
	if [4]byte(second[:4]) != [4]byte(raw[size-4:]) {
		return 0, errChecksum
	}
	return raw[0], nil
}

var errChecksum = errors.New("its checksum is wrong: a character is missing or mistyped")
