package ristretto

import "testing"

// FuzzDecode: of any bytes, many at a time are what each is alone: refused for
// the same reason at the first that is none, or written again as they came.
func FuzzDecode(f *testing.F) {
	good := Encode(HashToGroup([]byte("point"), []byte("test")))
	f.Add(append(good[:], good[:]...))
	f.Add(make([]byte, 4*Size))
	for _, p := range []byte{1, 2, 0xec, 0xed, 0xee} { // around 0 and around the modulus
		b := make([]byte, Size)
		b[0] = p
		f.Add(b)
		for i := 1; i < Size; i++ {
			b[i] = 0xff
		}
		b[Size-1] = 0x7f
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in := make([][Size]byte, len(data)/Size)
		bad, why := len(in), error(nil)
		for i := range in {
			in[i] = [Size]byte(data[i*Size:])
			if _, err := Decode(in[i][:]); err != nil && bad == len(in) {
				bad, why = i, err
			}
		}
		for _, fast := range ways() {
			p, at, err := decodeAll(in, fast)
			if err != why || err != nil && at != bad {
				t.Fatalf("four at a time %v: %v at %d, want %v at %d", fast, err, at, why, bad)
			}
			if err == nil {
				wantAll(t, "written again", fast, p.Encode(), func(i int) [Size]byte { return in[i] })
			}
		}
	})
}
