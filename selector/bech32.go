package selector

import (
	"errors"
	"strings"
)

// bech32Digits is the alphabet of BIP-173.
const bech32Digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// What the checksums of BIP-173 and BIP-350 come to.
const (
	bech32Sum  = 1
	bech32mSum = 0x2bc830a3
)

// segwit reads an address of a witness program (BIP-173, BIP-350) of the network
// that prefix names, and gives it in lower case.
func segwit(raw, prefix string) (string, error) {
	s := strings.ToLower(raw)
	if s != raw && strings.ToUpper(raw) != raw {
		return "", errors.New("it mixes capitals and small letters")
	}
	data, ok := strings.CutPrefix(s, prefix+"1")
	if !ok || len(data) < 8 || len(s) > 90 {
		return "", errors.New("it is no such address")
	}
	values := make([]byte, len(data))
	for i := range len(data) {
		v := strings.IndexByte(bech32Digits, data[i])
		if v < 0 {
			return "", errBase58
		}
		values[i] = byte(v)
	}
	version := values[0]
	want := uint32(bech32Sum)
	if version > 0 {
		want = bech32mSum
	}
	if bech32Checksum(prefix, values) != want {
		return "", errChecksum
	}
	return s, checkProgram(version, values[1:len(values)-6])
}

// checkProgram holds the witness program to BIP-141: 2 to 40 bytes, 20 or 32 of
// version 0, and no bits left over.
func checkProgram(version byte, values []byte) error {
	bits := 5 * len(values)
	size, rest := bits/8, bits%8
	switch {
	case version > 16:
		return errors.New("there is no such version of witness programs")
	case size < 2 || size > 40 || version == 0 && size != 20 && size != 32:
		return errors.New("its witness program has a wrong length")
	case rest >= 5 || rest > 0 && values[len(values)-1]&(1<<rest-1) != 0:
		return errors.New("its padding is wrong")
	}
	return nil
}

func bech32Checksum(prefix string, values []byte) uint32 {
	sum := uint32(1)
	step := func(v byte) {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ uint32(v)
		for i, g := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	for i := range len(prefix) {
		step(prefix[i] >> 5)
	}
	step(0)
	for i := range len(prefix) {
		step(prefix[i] & 31)
	}
	for _, v := range values {
		step(v)
	}
	return sum
}
