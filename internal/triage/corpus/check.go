package corpus

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"math/big"
	"strconv"
	"strings"

	"golang.org/x/crypto/sha3"
)

// withLuhn puts the check digit of Luhn after digits.
func withLuhn(digits string) string {
	sum := 0
	for i := len(digits) - 1; i >= 0; i-- {
		d := int(digits[i] - '0')
		if (len(digits)-i)%2 == 1 {
			d = 2*d%10 + 2*d/10
		}
		sum += d
	}
	return digits + strconv.Itoa((10-sum%10)%10)
}

// spoilt changes the last character of s, and with it every checksum.
func (s *source) spoilt(v string) string {
	last := v[len(v)-1]
	for {
		c := last
		switch {
		case last >= '0' && last <= '9':
			c = "0123456789"[s.IntN(10)]
		case last >= 'a' && last <= 'z':
			c = "acdefghjkmnpqrstuvwxyz"[s.IntN(22)]
		default:
			c = "ABCDEFGHJKLMNPQRSTUVWXYZ"[s.IntN(24)]
		}
		if c != last {
			return v[:len(v)-1] + string(c)
		}
	}
}

const alphabet58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// base58 writes bytes in base 58, to a fixed size or as short as they are.
func base58(b []byte, size int) string {
	n, zero, base := new(big.Int).SetBytes(b), new(big.Int), big.NewInt(58)
	out := ""
	for n.Cmp(zero) > 0 {
		var m big.Int
		n.DivMod(n, base, &m)
		out = string(alphabet58[m.Int64()]) + out
	}
	if size > 0 {
		return strings.Repeat("1", size-len(out)) + out
	}
	for _, c := range b {
		if c != 0 {
			break
		}
		out = "1" + out
	}
	return out
}

func base58Check(version byte, hash []byte) string {
	body := append([]byte{version}, hash...)
	first := sha256.Sum256(body)
	second := sha256.Sum256(first[:])
	return base58(append(body, second[:4]...), 0)
}

func keccak(b []byte) []byte {
	h := sha3.NewLegacyKeccak256()
	h.Write(b)
	return h.Sum(nil)
}

// monero writes an address in Monero's blocks.
func monero(network byte, body []byte) string {
	b := append([]byte{network}, body...)
	b = append(b, keccak(b)[:4]...)
	sizes := []int{0, 2, 3, 5, 6, 7, 9, 10, 11}
	out := ""
	for len(b) > 0 {
		n := min(8, len(b))
		out += base58(b[:n], sizes[n])
		b = b[n:]
	}
	return out
}

// segwit writes a witness program as BIP-173 and BIP-350 have it.
func segwit(prefix string, version byte, program []byte) string {
	const digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	values := []byte{version}
	bits, count := uint32(0), 0
	for _, b := range program {
		bits, count = bits<<8|uint32(b), count+8
		for count >= 5 {
			count -= 5
			values = append(values, byte(bits>>count)&31)
		}
	}
	if count > 0 {
		values = append(values, byte(bits<<(5-count))&31)
	}
	expanded := []byte{}
	for _, c := range prefix {
		expanded = append(expanded, byte(c)>>5)
	}
	expanded = append(expanded, 0)
	for _, c := range prefix {
		expanded = append(expanded, byte(c)&31)
	}
	sum := uint32(1)
	for _, v := range append(append(expanded, values...), 0, 0, 0, 0, 0, 0) {
		top := sum >> 25
		sum = (sum&0x1ffffff)<<5 ^ uint32(v)
		for i, g := range []uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	if version > 0 {
		sum ^= 0x2bc830a3
	} else {
		sum ^= 1
	}
	out := prefix + "1"
	for _, v := range values {
		out += string(digits[v])
	}
	for i := range 6 {
		out += string(digits[sum>>(5*(5-i))&31])
	}
	return out
}

// eip55 gives an address in small letters its capitals.
func eip55(lower string) string {
	sum := hex.EncodeToString(keccak([]byte(lower)))
	out := ""
	for i, c := range lower {
		if sum[i] > '7' {
			out += strings.ToUpper(string(c))
		} else {
			out += string(c)
		}
	}
	return out
}

func onion(key []byte) string {
	sum := sha3.Sum256(append(append([]byte(".onion checksum"), key...), 3))
	raw := append(append(append([]byte{}, key...), sum[:2]...), 3)
	return strings.ToLower(base32.StdEncoding.EncodeToString(raw)) + ".onion"
}

// iban puts a country and its check digits before an account.
func iban(country, account string) string {
	number := ""
	for _, c := range account + country + "00" {
		if c >= 'A' {
			number += strconv.Itoa(int(c-'A') + 10)
		} else {
			number += string(c)
		}
	}
	n, _ := new(big.Int).SetString(number, 10)
	check := 98 - new(big.Int).Mod(n, big.NewInt(97)).Int64()
	return country + string(byte('0'+check/10)) + string(byte('0'+check%10)) + account
}

// inGroups puts a sign between groups of n characters.
func inGroups(s string, n int, sign string) string {
	out := ""
	for len(s) > n {
		out += s[:n] + sign
		s = s[n:]
	}
	return out + s
}

// inScript writes digits in another script.
func inScript(s string, zero rune) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return zero + r - '0'
		}
		return r
	}, s)
}
