package selector

import (
	"crypto/sha256"
	"math/big"
	"math/rand/v2"
	"testing"
)

// encode58 writes bytes as a number of base 58, and a 1 for each zero byte first.
func encode58(raw []byte) string {
	n, rest := new(big.Int).SetBytes(raw), new(big.Int)
	var out []byte
	for n.Sign() > 0 {
		n.DivMod(n, big.NewInt(58), rest)
		out = append([]byte{base58Digits[rest.Int64()]}, out...)
	}
	for _, c := range raw {
		if c != 0 {
			break
		}
		out = append([]byte{'1'}, out...)
	}
	return string(out)
}

func TestBase58CheckReadsWhatWasWritten(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 8))
	for n := range 2000 {
		raw := make([]byte, 21, 25)
		for i := range raw {
			raw[i] = byte(r.Uint32())
		}
		clear(raw[:n%4])
		first := sha256.Sum256(raw)
		second := sha256.Sum256(first[:])
		s := encode58(append(raw, second[:4]...))
		if version, err := base58Check(s); err != nil || version != raw[0] {
			t.Fatalf("%s of %x: version %d, %v", s, raw, version, err)
		}
		wrong := []byte(s)
		wrong[r.IntN(len(wrong))] = base58Digits[r.IntN(58)]
		if _, err := base58Check(string(wrong)); err == nil && string(wrong) != s {
			t.Fatalf("%s is taken for %s", wrong, s)
		}
		if _, err := base58Check("1" + s); err == nil {
			t.Fatalf("a zero byte more is taken: 1%s", s)
		}
	}
}
