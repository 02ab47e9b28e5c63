package psi

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"parley/psi/internal/ristretto"
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
	b, err := os.ReadFile(file)
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

func scalarOf(t *testing.T, b []byte) *ristretto.Scalar {
	t.Helper()
	return must(new(ristretto.Scalar).SetCanonicalBytes(b))(t)
}

func pointOf(t *testing.T, e element) *ristretto.Point {
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
	readVectors(t, "testdata/rfc9497-a12.json", &file)
	key, err := deriveVOPRFKey(file.Seed, file.KeyInfo)
	if err != nil {
		t.Fatal(err)
	}
	wantBytes(t, "secret key", key.Bytes(), file.SecretKey)
	publicKey := encode(new(ristretto.Point).ScalarBaseMult(key))
	wantBytes(t, "public key", publicKey[:], file.PublicKey)
	if len(file.Vectors) != 3 {
		t.Fatalf("%d vectors, the appendix has 3", len(file.Vectors))
	}
	for _, v := range file.Vectors {
		s := statement{publicKey: publicKey, context: []byte(voprfContext)}
		for i, input := range v.Input {
			// The RFC's own blinding, a product, and what it sends for it.
			blind := scalarOf(t, v.Blind[i])
			p := ristretto.HashToGroup(input, []byte(groupTag))
			blinded := encode(p.ScalarMult(blind, p))
			wantBytes(t, "blinded element", blinded[:], v.BlindedElement[i])
			evaluated := times(t, blinded, key)
			wantBytes(t, "evaluated element", evaluated[:], v.EvaluationElement[i])
			full := evaluateItems([][]byte{input}, key)[0]
			wantBytes(t, "output of the key's holder", full[:], v.Output[i])
			output := finalize(input, times(t, evaluated, new(ristretto.Scalar).Invert(blind)))
			wantBytes(t, "output of the RFC's asker", output[:], v.Output[i])
			s.blinded, s.evaluated = append(s.blinded, blinded), append(s.evaluated, evaluated)
		}
		asked := blindItems(bytesOf(v.Input), []byte("blinds"))
		answered := must(decodeAll(must(multiplyAll(asked, key))(t)))(t)
		for i, output := range unblindItems(bytesOf(v.Input), []byte("blinds"), answered, ristretto.NewTable(pointOf(t, publicKey))) {
			wantBytes(t, "output of our asker", output[:], v.Output[i])
		}
		blinded, evaluated := must(decodeAll(s.blinded))(t), must(decodeAll(s.evaluated))(t)
		proof := s.prove(key, scalarOf(t, v.ProofRandomScalar), blinded)
		wantBytes(t, "proof", proof[:], v.Proof)
		if !s.verify([proofSize]byte(v.Proof), pointOf(t, publicKey), blinded, evaluated) {
			t.Error("the RFC's proof is refused")
		}
	}
}

func bytesOf(in []hexBytes) (out [][]byte) {
	for _, b := range in {
		out = append(out, b)
	}
	return out
}

// groupVectors are those of RFC 9496, which package ristretto is tested with.
type groupVectors struct{ Invalid []hexBytes }
