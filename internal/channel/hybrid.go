package channel

import (
	"crypto/ecdh"
	"crypto/hpke"
	"errors"
	"fmt"
	"io"
)

// Sizes of MLKEM768-X25519 (draft-ietf-hpke-pq, also called X-Wing), in bytes.
const (
	hybridPublic = 1216 // 1184 of ML-KEM-768, then 32 of X25519
	hybridSealed = 1120 // an encapsulation: 1088 of ML-KEM-768, then 32 of X25519
)

// hybrid is the key we have shown to the counterpart and that it has not used yet. There is at most one: the next is
// made once this one is spent.
type hybrid struct {
	number uint64 // 0 is the introduction's, counting up
	live   bool   // false once spent
	seed   key
}

// shown is the counterpart's key that we have not used yet.
type shown struct {
	number uint64
	public []byte // nil once used
}

// readKey takes 32 bytes from the randomness the caller gave.
func readKey(rand io.Reader) (key, error) {
	var k key
	if _, err := io.ReadFull(rand, k[:]); err != nil {
		return key{}, fmt.Errorf("read 32 random bytes: %w", err)
	}
	return k, nil
}

// hybridPublicOf is the public half of a seed.
func hybridPublicOf(seed *key) ([]byte, error) {
	private, err := hpke.MLKEM768X25519().NewPrivateKey(seed[:])
	if err != nil {
		return nil, fmt.Errorf("read a hybrid private key: %w", err)
	}
	return private.PublicKey().Bytes(), nil
}

// checkHybrid refuses a public key that is no ML-KEM-768 key or whose X25519 half has a low order, so that the
// fault is found where the key comes in and not where it is used.
func checkHybrid(public []byte) error {
	if len(public) != hybridPublic {
		return fmt.Errorf("the hybrid key has %d bytes, want %d", len(public), hybridPublic)
	}
	if _, err := hpke.MLKEM768X25519().NewPublicKey(public); err != nil {
		return fmt.Errorf("the hybrid key is not valid: %w", err)
	}
	return checkPoint(public[hybridPublic-32:])
}

// checkPoint refuses X25519 public keys of low order (RFC 7748, section 6.1): any scalar sends them to zero.
func checkPoint(public []byte) error {
	probe, err := ecdh.X25519().NewPrivateKey(append(make([]byte, 31), 64))
	if err != nil {
		return fmt.Errorf("check an X25519 key: %w", err)
	}
	point, err := ecdh.X25519().NewPublicKey(public)
	if err != nil {
		return fmt.Errorf("the X25519 key is not valid: %w", err)
	}
	if _, err := probe.ECDH(point); err != nil {
		return errors.New("the X25519 key has a low order")
	}
	return nil
}

// encapsulate makes a fresh secret that only the holder of public can learn, bound to the parcel's tag.
// crypto/hpke draws its own randomness from the operating system and takes no reader.
func encapsulate(public, tag []byte) (sealed []byte, secret key, err error) {
	to, err := hpke.MLKEM768X25519().NewPublicKey(public)
	if err != nil {
		return nil, key{}, fmt.Errorf("read the counterpart's hybrid key: %w", err)
	}
	sealed, sender, err := hpke.NewSender(to, hpke.HKDFSHA256(), hpke.ExportOnly(), append([]byte(labelInfo), tag...))
	if err != nil {
		return nil, key{}, fmt.Errorf("encapsulate to the counterpart's hybrid key: %w", err)
	}
	secret, err = export(sender)
	return sealed, secret, err
}

// decapsulate is the other half of encapsulate. A wrong key or a changed encapsulation gives a secret that fits
// nothing, which the parcel's body then shows.
func decapsulate(seed *key, sealed, tag []byte) (key, error) {
	private, err := hpke.MLKEM768X25519().NewPrivateKey(seed[:])
	if err != nil {
		return key{}, fmt.Errorf("read our hybrid key: %w", err)
	}
	recipient, err := hpke.NewRecipient(sealed, private, hpke.HKDFSHA256(), hpke.ExportOnly(), append([]byte(labelInfo), tag...))
	if err != nil {
		return key{}, fmt.Errorf("decapsulate with our hybrid key: %w", err)
	}
	return export(recipient)
}

type exporter interface {
	Export(context string, length int) ([]byte, error)
}

func export(from exporter) (key, error) {
	secret, err := from.Export(labelExport, len(key{}))
	if err != nil {
		return key{}, fmt.Errorf("export the encapsulated secret: %w", err)
	}
	defer clear(secret)
	return key(secret), nil
}
