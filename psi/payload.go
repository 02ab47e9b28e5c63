package psi

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrPayload says that a payload does not open although its item matched: it
// was moved, altered or badly sealed. Abort the run.
var ErrPayload = errors.New("psi: payload refused")

const (
	labelPayload = "parley psi v2 payload key"
	gcmOverhead  = 16
)

// sealedSize is the length of a sealed payload of at most n bytes: two bytes of
// length, the payload with zeros up to n, and the seal.
func sealedSize(n int) int { return 2 + n + gcmOverhead }

// payloadSeal is the AEAD under the key of an item: AES-256-GCM under
// HKDF-SHA512 of the item's PRF value. The PRF's key serves one run, so each
// key seals one payload, and the nonce is zero.
func payloadSeal(value [sha512.Size]byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha512.New, value[:], nil, labelPayload, 32)
	if err != nil {
		return nil, fmt.Errorf("psi: derive a payload's key: %w", err)
	}
	defer clear(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("psi: use a payload's key: %w", err)
	}
	return cipher.NewGCM(block)
}

// payloadPlace binds a payload to the key of its holder and its position.
func payloadPlace(publicKey element, position int) []byte {
	return binary.BigEndian.AppendUint32(publicKey[:len(publicKey):len(publicKey)], uint32(position))
}

// appendSealed appends the payload, sealed for whoever holds the item.
func appendSealed(out []byte, value [sha512.Size]byte, publicKey element, position int, payload []byte, size int) ([]byte, error) {
	aead, err := payloadSeal(value)
	if err != nil {
		return nil, err
	}
	plain := make([]byte, 2+size)
	binary.BigEndian.PutUint16(plain, uint16(len(payload)))
	copy(plain[2:], payload)
	return aead.Seal(out, make([]byte, aead.NonceSize()), plain, payloadPlace(publicKey, position)), nil
}

// openSealed opens the payload at a position whose item we hold.
func openSealed(sealed []byte, value [sha512.Size]byte, publicKey element, position int) ([]byte, error) {
	aead, err := payloadSeal(value)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, make([]byte, aead.NonceSize()), sealed, payloadPlace(publicKey, position))
	if err != nil {
		return nil, fmt.Errorf("%w: record %d does not open under the key of its item: it was moved or altered", ErrPayload, position)
	}
	n := int(binary.BigEndian.Uint16(plain))
	if n > len(plain)-2 {
		return nil, fmt.Errorf("%w: record %d says %d bytes and has room for %d", ErrPayload, position, n, len(plain)-2)
	}
	for _, b := range plain[2+n:] {
		if b != 0 {
			return nil, fmt.Errorf("%w: record %d is not padded with zeros", ErrPayload, position)
		}
	}
	return plain[2 : 2+n : 2+n], nil
}
