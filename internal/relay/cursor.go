package relay

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
)

// Cursor is a place in one mailbox, made by the relay and meaningful only to it. The empty cursor
// is the beginning. Two cursors cannot be compared: the same place has many spellings.
//
// The journal numbers parcels over the whole relay. Shown to a reader, those numbers would tell how
// much everybody else sends. So a cursor is the number sealed under a key that only the relay has,
// made for this mailbox and this journal: base64url of nonce, AES-256-GCM of the number, and tag.
type Cursor string

const (
	cursorLabel = "parley relay cursor v1"
	cursorBytes = 12 + 8 + 16             // nonce, number, tag
	cursorChars = (cursorBytes*8 + 5) / 6 // unpadded base64url
	relayKeyLen = 32                      // bytes in the relay's own secret
)

// errCursor is what a cursor of another mailbox, another relay or an emptied folder gives.
var errCursor = errors.New("this cursor was not made for this mailbox by this relay as it is now: fetch from the beginning")

// cursors seals and opens the cursors of one mailbox.
type cursors struct{ aead cipher.AEAD }

// newCursors derives the mailbox's cursor key. A key for each mailbox keeps random nonces far from
// their limit of 2^32 messages, and makes a cursor of one mailbox useless in another. The journal's
// birth is in it too: numbers begin again when a journal does, and an old cursor must not hide new
// parcels.
func newCursors(relayKey []byte, journal string, a boxAddress) (cursors, error) {
	key, err := hkdf.Key(sha256.New, relayKey, a[:], cursorLabel+"|"+journal, 32)
	if err != nil {
		return cursors{}, fmt.Errorf("deriving a cursor key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return cursors{}, fmt.Errorf("deriving a cursor key: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return cursors{}, fmt.Errorf("deriving a cursor key: %w", err)
	}
	return cursors{aead}, nil
}

func (c cursors) seal(seq uint64) Cursor {
	sealed := c.aead.Seal(nil, nil, binary.BigEndian.AppendUint64(nil, seq), nil)
	return Cursor(base64.RawURLEncoding.EncodeToString(sealed))
}

func (c cursors) open(s Cursor) (uint64, error) {
	if s == "" {
		return 0, nil
	}
	if len(s) != cursorChars {
		return 0, errCursor
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(string(s))
	if err != nil {
		return 0, errCursor
	}
	plain, err := c.aead.Open(nil, nil, sealed, nil)
	if err != nil || len(plain) != 8 {
		return 0, errCursor
	}
	return binary.BigEndian.Uint64(plain), nil
}
