package psi

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/binary"
	"errors"

	"parley/psi/internal/ristretto"
)

// ErrProof says that an answer was not made with the key that the counterpart
// committed to. Abort the run: the counterpart departs from the protocol.
var ErrProof = errors.New("psi: proof refused")

// proofSize is the length in bytes of one proof: challenge and response.
const proofSize = 64

// proofNonce derives the proof's random scalar from the run's nonce key and
// everything the proof speaks of: a repeated run repeats the proof, and no two
// proofs share a nonce.
func proofNonce(nonceKey, context []byte) *ristretto.Scalar {
	mac := hmac.New(sha512.New, nonceKey)
	mac.Write(context)
	wide := mac.Sum(nil)
	defer clear(wide)
	return ristretto.HashToScalar(wide, []byte(labelProofNonce))
}

// statement is what a proof shows: publicKey = k·G, evaluated[i] = k·blinded[i].
// All of it is public.
type statement struct {
	publicKey          element
	blinded, evaluated []element
	context            []byte // voprfContext alone gives exactly the RFC's proofs
}

func (s *statement) hash(parts ...[]byte) *ristretto.Scalar {
	return ristretto.HashToScalar(bytes.Join(parts, nil), append([]byte("HashToScalar-"), s.context...))
}

// weights are the scalars d of ComputeComposites, RFC 9497 section 2.2.1.
func (s *statement) weights() []*ristretto.Scalar {
	tag := append([]byte("Seed-"), s.context...)
	seed := sha512.Sum512(bytes.Join([][]byte{prefixed(s.publicKey[:]), prefixed(tag)}, nil))
	d := make([]*ristretto.Scalar, len(s.blinded))
	_ = forEach(len(d), func(i int) error { // the work cannot fail
		d[i] = s.hash(prefixed(seed[:]), binary.BigEndian.AppendUint16(nil, uint16(i)),
			prefixed(s.blinded[i][:]), prefixed(s.evaluated[i][:]), []byte("Composite"))
		return nil
	})
	return d
}

// challenge is the hash that makes the proof non-interactive.
func (s *statement) challenge(m, z, t2, t3 *ristretto.Point) *ristretto.Scalar {
	parts := [][]byte{prefixed(s.publicKey[:])}
	for _, p := range []*ristretto.Point{m, z, t2, t3} {
		e := encode(p)
		parts = append(parts, prefixed(e[:]))
	}
	return s.hash(append(parts, []byte("Challenge"))...)
}

// prove is GenerateProof of RFC 9497 section 2.2.1; points are those of blinded.
func (s *statement) prove(key, nonce *ristretto.Scalar, points *points) [proofSize]byte {
	m := points.sum(s.weights())
	z := new(ristretto.Point).ScalarMult(key, m)
	t2 := new(ristretto.Point).ScalarBaseMult(nonce)
	t3 := new(ristretto.Point).ScalarMult(nonce, m)
	c := s.challenge(m, z, t2, t3)
	r := new(ristretto.Scalar).Multiply(c, key)
	r.Subtract(nonce, r)
	return [proofSize]byte(append(c.Bytes(), r.Bytes()...))
}

// verify is VerifyProof of RFC 9497 section 2.2.2; the points are those of
// publicKey, blinded and evaluated.
func (s *statement) verify(proof [proofSize]byte, publicKey *ristretto.Point, blinded, evaluated *points) bool {
	c, err := new(ristretto.Scalar).SetCanonicalBytes(proof[:32])
	if err != nil {
		return false
	}
	r, err := new(ristretto.Scalar).SetCanonicalBytes(proof[32:])
	if err != nil {
		return false
	}
	d := s.weights()
	m, z := blinded.sum(d), evaluated.sum(d)
	t2 := new(ristretto.Point).VarTimeDoubleScalarBaseMult(c, publicKey, r)
	t3 := new(ristretto.Point).VarTimeMultiScalarMult([]*ristretto.Scalar{r, c}, []*ristretto.Point{m, z})
	return s.challenge(m, z, t2, t3).Equal(c) == 1
}

// prefixed puts the length of b in two bytes before it.
func prefixed(b []byte) []byte {
	return append(binary.BigEndian.AppendUint16(make([]byte, 0, 2+len(b)), uint16(len(b))), b...)
}
