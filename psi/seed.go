package psi

import (
	"crypto/hkdf"
	"crypto/sha512"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"parley/psi/internal/ristretto"
)

// Seed is the secret from which a party's keys and blinds for one run follow.
// Keep it encrypted while the run lasts, erase it when the run is over.
type Seed [32]byte

// errZeroSeed refuses a seed nobody has filled.
var errZeroSeed = errors.New("psi: the seed is all zero: make one with NewSeed")

// NewSeed reads a fresh seed from rand, which must be a cryptographic source
// such as crypto/rand.Reader.
func NewSeed(rand io.Reader) (Seed, error) {
	var s Seed
	if _, err := io.ReadFull(rand, s[:]); err != nil {
		return Seed{}, fmt.Errorf("psi: read 32 random bytes for a seed: %w", err)
	}
	return s, nil
}

// Zero overwrites the seed.
func (s *Seed) Zero() { clear(s[:]) }

// Format writes the same words for every verb, so that no log shows a seed.
func (s Seed) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "psi.Seed(secret)") }

// LogValue keeps a seed out of structured logs.
func (s Seed) LogValue() slog.Value { return slog.StringValue("psi.Seed(secret)") }

// The labels keep every derived secret apart from every other.
const (
	labelCountBlind   = "parley psi v1 count blind"
	labelCountKey     = "parley psi v1 count key"
	labelCountID      = "parley psi v1 count query id"
	labelOverlapKey   = "parley psi v1 overlap key"
	labelOverlapBlind = "parley psi v1 overlap blinds"
	labelCheckID      = "parley psi v1 overlap query id"
	labelProofNonce   = "parley psi v1 overlap proof nonces"
	labelOrder        = "parley psi v2 order"
	labelDecoys       = "parley psi v2 decoys"
	labelListKey      = "parley psi v2 list key"
	labelListNonce    = "parley psi v2 list proof nonces"
)

// bytes derives n bytes for label with HKDF-SHA512 (RFC 5869).
func (s *Seed) bytes(label string, n int) ([]byte, error) {
	if *s == (Seed{}) {
		return nil, errZeroSeed
	}
	out, err := hkdf.Key(sha512.New, s[:], nil, label, n)
	if err != nil {
		return nil, fmt.Errorf("psi: derive the %s: %w", label, err)
	}
	return out, nil
}

// scalar derives a uniform scalar for label: 64 bytes of HKDF output, hashed
// and reduced from 512 bits, so its bias is below 2^-256.
func (s *Seed) scalar(label string) (*ristretto.Scalar, error) {
	wide, err := s.bytes(label, 64)
	if err != nil {
		return nil, err
	}
	defer clear(wide)
	k := ristretto.HashToScalar(wide, []byte(label))
	if isZero(k) { // one seed in 2^252
		return nil, fmt.Errorf("psi: the %s is zero: make another seed", label)
	}
	return k, nil
}

// id derives the number of a query.
func (s *Seed) id(label string) (queryID, error) {
	b, err := s.bytes(label, len(queryID{}))
	if err != nil {
		return queryID{}, err
	}
	return queryID(b), nil
}

// wipe overwrites scalars in place.
func wipe(scalars ...*ristretto.Scalar) {
	for _, k := range scalars {
		*k = ristretto.Scalar{}
	}
}

func isZero(k *ristretto.Scalar) bool { return k.Equal(new(ristretto.Scalar)) == 1 }
