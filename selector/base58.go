package selector

import (
	"crypto/sha256"
	"errors"
	"math/big"
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
// four bytes of SHA-256 of SHA-256.
func base58Check(s string) (version byte, err error) {
	const size = 1 + 20 + 4
	if len(s) < 25 || len(s) > 35 {
		return 0, errors.New("such an address has 25 to 35 characters")
	}
	zeros := 0
	for zeros < len(s) && s[zeros] == base58Digits[0] {
		zeros++
	}
	n, err := base58(s)
	if err != nil {
		return 0, err
	}
	raw := n.Bytes()
	if zeros+len(raw) != size {
		return 0, errors.New("it has not the length of an address")
	}
	raw = append(make([]byte, zeros, size), raw...)
	first := sha256.Sum256(raw[:size-4])
	second := sha256.Sum256(first[:])
	if [4]byte(second[:4]) != [4]byte(raw[size-4:]) {
		return 0, errChecksum
	}
	return raw[0], nil
}

var errChecksum = errors.New("its checksum is wrong: a character is missing or mistyped")
