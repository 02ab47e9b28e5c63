package ristretto

import (
	"crypto"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"os"
	"testing"

	"filippo.io/edwards25519"
	"github.com/cloudflare/circl/expander"
	"github.com/cloudflare/circl/group"
)

type hexBytes []byte

func (h *hexBytes) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	*h = b
	return err
}

type vectors struct {
	Multiples, Invalid []hexBytes
	Uniform            []struct{ Input, Output hexBytes }
}

func read(t *testing.T) vectors {
	t.Helper()
	b, err := os.ReadFile("testdata/rfc9496-a.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Multiples) != 16 || len(v.Invalid) != 29 || len(v.Uniform) != 11 {
		t.Fatalf("%d multiples, %d invalid and %d uniform; the appendix has 16, 29 and 11", len(v.Multiples), len(v.Invalid), len(v.Uniform))
	}
	return v
}

func want(t *testing.T, what string, got [Size]byte, bytes []byte) {
	t.Helper()
	if got != [Size]byte(bytes) {
		t.Errorf("%s: got %x, want %x", what, got, bytes)
	}
}

// RFC 9496, appendix A.1, by addition, by scalar and by doubled halves.
func TestMultiples(t *testing.T) {
	sum := edwards25519.NewIdentityPoint()
	var halves []*Point
	all := read(t).Multiples
	for i, w := range all {
		k := scalarOf(byte(i))
		want(t, "sum", Encode(sum), w)
		want(t, "multiple", Encode(new(Point).ScalarBaseMult(k)), w)
		halves = append(halves, new(Point).ScalarBaseMult(Half(k)))
		sum.Add(sum, edwards25519.NewGeneratorPoint())
		p, err := Decode(w)
		if i == 0 {
			if err != ErrIdentity {
				t.Errorf("the identity: got %v, want %v", err, ErrIdentity)
			}
			continue
		}
		if err != nil {
			t.Fatalf("multiple %d: %v", i, err)
		}
		want(t, "decoded and encoded again", Encode(p), w)
	}
	for i, got := range EncodeDoubles(halves) {
		want(t, "doubled", got, all[i])
	}
}

// RFC 9496, appendix A.2.
func TestInvalidEncodings(t *testing.T) {
	for i, bad := range read(t).Invalid {
		if _, err := Decode(bad); err != ErrNotCanonical {
			t.Errorf("invalid encoding %d: got %v, want %v", i, err, ErrNotCanonical)
		}
	}
	for _, size := range []int{0, 31, 33} {
		if _, err := Decode(make([]byte, size)); err != ErrNotCanonical {
			t.Errorf("%d bytes: got %v, want %v", size, err, ErrNotCanonical)
		}
	}
}

// RFC 9496, appendix A.3.
func TestFromUniform(t *testing.T) {
	for _, v := range read(t).Uniform {
		want(t, "element", Encode(FromUniform((*[64]byte)(v.Input))), v.Output)
	}
}

// Another implementation agrees on random inputs: hashes, scalars, products
// and both encodings.
func TestAgreesWithCircl(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	g := group.Ristretto255
	for range 50 {
		message, tag := make([]byte, r.IntN(200)), make([]byte, 1+r.IntN(300))
		for i := range message {
			message[i] = byte(r.Uint32())
		}
		for i := range tag {
			tag[i] = byte(r.Uint32())
		}
		wide := expander.NewExpanderMD(crypto.SHA512, tag).Expand(message, 64)
		if got := expand(message, tag); string(got[:]) != string(wide) {
			t.Fatalf("expand: got %x, want %x", got, wide)
		}
		p, k := HashToGroup(message, tag), HashToScalar(message, tag)
		theirs := g.HashToElement(message, tag)
		b, _ := theirs.MarshalBinaryCompress()
		want(t, "hash", Encode(p), b)
		scalar := g.HashToScalar(message, tag)
		s, _ := scalar.MarshalBinary()
		if string(k.Bytes()) != string(s) {
			t.Errorf("scalar: got %x, want %x", k.Bytes(), s)
		}
		theirs.Mul(theirs, scalar)
		b, _ = theirs.MarshalBinaryCompress()
		want(t, "product", Encode(new(Point).ScalarMult(k, p)), b)
		want(t, "doubled", EncodeDoubles([]*Point{new(Point).ScalarMult(Half(k), p)})[0], b)
	}
}
