package lanes

// The plain twins of the kernels, one lane after the other. They do the same
// steps, so that their limbs are the same too.

// bits is the width of a limb.
func bits(i int) int { return 26 - i%2 }

func multiplyPlain(out, a, b *Element) {
	var h Element
	for i := range a {
		for j := range b {
			factor := uint64(1 + i%2*(j%2)) // two halves of a bit make one
			if i+j >= 10 {
				factor *= 19
			}
			for lane := range Width {
				h[(i+j)%10][lane] += a[i][lane] * b[j][lane] * factor
			}
		}
	}
	*out = reduced(h)
}

func squarePlain(out, a *Element) { multiplyPlain(out, a, a) }

// reduced carries as the kernels do: two chains, and once around.
func reduced(h Element) Element {
	for lane := range Width {
		carry := func(i int) {
			h[i+1][lane] += h[i][lane] >> bits(i)
			h[i][lane] &= 1<<bits(i) - 1
		}
		for _, i := range []int{0, 4, 1, 5, 2, 6, 3, 7, 4, 8} {
			carry(i)
		}
		h[0][lane] += 19 * (h[9][lane] >> 25)
		h[9][lane] &= mask25
		carry(0)
	}
	return h
}

func addPlain(out, a, b *Element) {
	for i := range out {
		for lane := range Width {
			out[i][lane] = a[i][lane] + b[i][lane]
		}
	}
}

// fourP is a limb of four times the modulus, which keeps a difference above zero.
func fourP(i int) uint64 {
	if i == 0 {
		return 4 * (1<<26 - 19)
	}
	return 4 * (1<<bits(i) - 1)
}

func subtractPlain(out, a, b *Element) {
	for lane := range Width {
		var carries [10]uint64
		var h [10]uint64
		for i := range h {
			h[i] = a[i][lane] + fourP(i) - b[i][lane]
			carries[i] = h[i] >> bits(i)
			h[i] &= 1<<bits(i) - 1
		}
		for i := range h {
			if i == 0 {
				out[0][lane] = h[0] + 19*carries[9]
			} else {
				out[i][lane] = h[i] + carries[i-1]
			}
		}
	}
}

func choosePlain(out, a, b *Element, mask *Mask) {
	for i := range out {
		for lane, m := range mask {
			out[i][lane] = b[i][lane] ^ m&(a[i][lane]^b[i][lane])
		}
	}
}

// pickPlain takes the entry with a number, lane by lane, of nine that stand one
// after the other.
func pickPlain(out, table []Element, number *Mask) {
	for e := range out {
		var picked Element
		for n := range 9 {
			for i := range picked {
				for lane := range Width {
					picked[i][lane] |= isZero(number[lane]^uint64(n)) & table[n*len(out)+e][i][lane]
				}
			}
		}
		out[e] = picked
	}
}
