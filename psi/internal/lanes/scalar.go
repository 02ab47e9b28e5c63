package lanes

import "filippo.io/edwards25519"

// Digits are four scalars in radix 16, the lowest digit first. They are secret
// if the scalars are: Wipe them.
type Digits [64]digit

// digit is a digit from -8 to 8 of each lane: its size, and whether it is negative.
type digit struct{ size, negative Mask }

// Set writes at most four scalars; lanes beyond them are zero.
func (d *Digits) Set(scalars ...*edwards25519.Scalar) *Digits {
	d.Wipe()
	for lane, k := range scalars {
		signed := SignedDigits(k)
		for i, v := range signed {
			negative := -(uint64(v) >> 63)
			d[i].negative[lane] = negative
			d[i].size[lane] = (uint64(v) ^ negative) - negative
		}
		clear(signed[:])
	}
	return d
}

// Wipe overwrites the digits.
func (d *Digits) Wipe() { clear(d[:]) }

// SignedDigits writes k in radix 16 with digits from -8 to 8.
func SignedDigits(k *edwards25519.Scalar) (digits [64]int8) {
	b := k.Bytes()
	defer clear(b)
	for i, v := range b {
		digits[2*i], digits[2*i+1] = int8(v&15), int8(v>>4)
	}
	for i := range len(digits) - 1 { // k is below 2^253, so the last stays small
		carry := (digits[i] + 8) >> 4
		digits[i] -= carry << 4
		digits[i+1] += carry
	}
	return digits
}
