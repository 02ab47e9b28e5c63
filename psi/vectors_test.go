package psi

import (
	"bytes"
	"crypto"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"github.com/bwesterb/go-ristretto"
	"github.com/cloudflare/circl/expander"
	"github.com/cloudflare/circl/group"
)

// hexBytes is a byte string written in hexadecimal in a vector file.
type hexBytes []byte

func (h *hexBytes) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	*h = b
	return err
}

func readVectors(t *testing.T, file string, into any) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

func wantBytes(t *testing.T, what string, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) {
		t.Errorf("%s: got %x, want %x", what, got, want)
	}
}

func scalarOf(t *testing.T, b []byte) group.Scalar {
	t.Helper()
	k := curve.NewScalar()
	if err := k.UnmarshalBinary(b); err != nil {
		t.Fatal(err)
	}
	return k
}

func pointOf(t *testing.T, e element) group.Element {
	t.Helper()
	p, err := e.decode()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// RFC 9497, appendix A.1.2, step by step through the functions that an overlap
// uses, with the RFC's bare context string.
func TestRFC9497(t *testing.T) {
	var file struct {
		Seed, KeyInfo, SecretKey, PublicKey hexBytes
		Vectors                             []struct {
			Input, Blind, BlindedElement, EvaluationElement, Output []hexBytes
			Proof, ProofRandomScalar                                hexBytes
		}
	}
	readVectors(t, "rfc9497-a12.json", &file)
	key, err := deriveVOPRFKey(file.Seed, file.KeyInfo)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := key.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	wantBytes(t, "secret key", secret, file.SecretKey)
	publicKey := encode(curve.NewElement().MulGen(key))
	wantBytes(t, "public key", publicKey[:], file.PublicKey)
	if len(file.Vectors) != 3 {
		t.Fatalf("%d vectors, the appendix has 3", len(file.Vectors))
	}
	for _, v := range file.Vectors {
		s := statement{publicKey: pointOf(t, publicKey)}
		var blinds []group.Scalar
		for i, input := range v.Input {
			blind := scalarOf(t, v.Blind[i])
			blinded := blindItem(input, blind)
			wantBytes(t, "blinded element", blinded[:], v.BlindedElement[i])
			evaluated, err := blinded.multiply(key)
			if err != nil {
				t.Fatal(err)
			}
			wantBytes(t, "evaluated element", evaluated[:], v.EvaluationElement[i])
			full := evaluateItem(input, key)
			wantBytes(t, "output of the key's holder", full[:], v.Output[i])
			s.blinded, s.evaluated = append(s.blinded, pointOf(t, blinded)), append(s.evaluated, pointOf(t, evaluated))
			blinds = append(blinds, blind)
		}
		proof, err := s.prove(key, scalarOf(t, v.ProofRandomScalar), []byte(voprfContext))
		if err != nil {
			t.Fatal(err)
		}
		wantBytes(t, "proof", proof, v.Proof)
		if !s.verify(v.Proof, []byte(voprfContext)) {
			t.Error("the RFC's proof is refused")
		}
		invert(blinds)
		for i, input := range v.Input {
			e := encode(s.evaluated[i])
			unblinded, err := e.multiply(blinds[i])
			if err != nil {
				t.Fatal(err)
			}
			output := finalize(input, unblinded)
			wantBytes(t, "output of the asker", output[:], v.Output[i])
		}
	}
}

type groupVectors struct {
	Multiples, Invalid []hexBytes
	Uniform            []struct{ Input, Output hexBytes }
}

// RFC 9496, appendices A.1 and A.2, on the group the protocols use.
func TestRFC9496Encodings(t *testing.T) {
	var file groupVectors
	readVectors(t, "rfc9496-a.json", &file)
	if len(file.Multiples) != 16 || len(file.Invalid) != 29 {
		t.Fatalf("%d multiples and %d invalid encodings, the appendix has 16 and 29", len(file.Multiples), len(file.Invalid))
	}
	sum := curve.Identity()
	for i, want := range file.Multiples {
		byScalar := encode(curve.NewElement().MulGen(curve.NewScalar().SetUint64(uint64(i))))
		wantBytes(t, "multiple by scalar", byScalar[:], want)
		bySum := encode(sum)
		wantBytes(t, "multiple by addition", bySum[:], want)
		sum.Add(sum, curve.Generator())

		p, err := element(want).decode()
		if i == 0 {
			if err != errIdentity {
				t.Errorf("the identity: got %v, want %v", err, errIdentity)
			}
			continue
		}
		if err != nil {
			t.Errorf("multiple %d: %v", i, err)
			continue
		}
		again := encode(p)
		wantBytes(t, "decoded and encoded again", again[:], want)
	}
	for i, bad := range file.Invalid {
		if _, err := element(bad).decode(); err != errNotCanonical {
			t.Errorf("invalid encoding %d: got %v, want %v", i, err, errNotCanonical)
		}
	}
}

// RFC 9496, appendix A.3, on the map beneath circl's group, and RFC 9380's
// hash to the group, which circl puts on top of it.
func TestRFC9496UniformBytes(t *testing.T) {
	var file groupVectors
	readVectors(t, "rfc9496-a.json", &file)
	if len(file.Uniform) != 11 {
		t.Fatalf("%d vectors, the appendix has 11", len(file.Uniform))
	}
	for _, v := range file.Uniform {
		wantBytes(t, "element", uniformToElement([64]byte(v.Input)), v.Output)
	}
	dst := []byte("HashToGroup-" + voprfContext)
	for _, item := range []string{"", "a", "phone:+12025550147"} {
		uniform := expander.NewExpanderMD(crypto.SHA512, dst).Expand([]byte(item), 64)
		got := encode(hashToGroup([]byte(item)))
		wantBytes(t, "hash to group", got[:], uniformToElement([64]byte(uniform)))
	}
}

// uniformToElement is the one-way map of RFC 9496 section 4.3.4.
func uniformToElement(uniform [64]byte) []byte {
	var a, b ristretto.Point
	a.SetElligator((*[32]byte)(uniform[:32]))
	b.SetElligator((*[32]byte)(uniform[32:]))
	return a.Add(&a, &b).Bytes()
}
