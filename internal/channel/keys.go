package channel

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
)

// key is a 32-byte secret. Copies are made by assignment, so that overwriting a session overwrites its keys.
type key [32]byte

// derive is the channel's one key derivation: HMAC-SHA-256(k, label || 0x00 || context), a PRF under k, and,
// because HMAC is a dual PRF, also under a secret context when k is known (Backendal, Bellare, Günther, Scarlata,
// Crypto 2023). No label holds a zero byte, and at most one context follows it, so inputs cannot run together.
func derive(k *key, label string, context []byte) key {
	mac := hmac.New(sha256.New, k[:])
	mac.Write([]byte(label))
	mac.Write([]byte{0})
	mac.Write(context)
	var out key
	mac.Sum(out[:0])
	return out
}

// The labels of derive. One key answers to several of them; each answer is independent of the others.
const (
	labelHead    = "parley v1 head"     // chain key -> key of the sealed encapsulation
	labelTurn    = "parley v1 turn"     // chain key, KEM secret -> chain key after the turn
	labelMessage = "parley v1 message"  // chain key -> key of one parcel's body
	labelNext    = "parley v1 next"     // chain key -> chain key of the next parcel
	labelFeed    = "parley v1 feed"     // chain key -> what it gives to the mailboxes' roots
	labelBlock   = "parley v1 block"    // block root, feed -> root of the next block
	labelTag     = "parley v1 tag"      // block root -> key of the block's tags
	labelWrite   = "parley v1 write"    // block root -> the right to write to its mailbox
	labelRead    = "parley v1 read"     // block root -> the right to read from its mailbox
	labelExport  = "parley v1 export"   // HPKE's exporter context
	labelInfo    = "parley v1 hpke"     // HPKE's info, followed by the parcel's tag
	labelRoot    = "parley v1 root"     // salt of the root's extraction
	labelSpoken  = "parley v1 spoken"   // salt of the spoken fingerprint
	labelMailbox = "parley mailbox v1"  // prefix of a mailbox's address
	labelArmor   = "parley v1 checksum" // prefix of the armor's checksum
	labelCodes   = "parley v1 codes"    // prefix of the codes' checksum
)

// sealer is AES-256-GCM (NIST SP 800-38D) under a key that seals one parcel.
func sealer(k key) (cipher.AEAD, error) {
	block, err := aes.NewCipher(k[:])
	if err != nil {
		return nil, fmt.Errorf("prepare a parcel's cipher: %w", err)
	}
	return cipher.NewGCM(block)
}
