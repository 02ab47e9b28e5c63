package relay

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
)

// SizeClasses are the only lengths a parcel may have, in bytes. A parcel of any other length is
// refused: the length of what is inside must not show.
var SizeClasses = []int{4 << 10, 32 << 10, 256 << 10, 1 << 20}

// MaxParcel is the largest size class, in bytes.
const MaxParcel = 1 << 20

// Mailbox is a pair of bearer secrets. Who has Write can put parcels in; who has Read can take them
// out. Both should be 32 bytes from a key derivation or a random source, used for one mailbox only.
type Mailbox struct {
	Write, Read [32]byte
}

// Address is the mailbox's name at the relay: the lower-case hex of
// SHA-256("parley mailbox v1" || SHA-256(Write) || SHA-256(Read)). It is not a secret, and neither
// secret can be found from it.
func (m Mailbox) Address() string {
	a := addressOf(sha256.Sum256(m.Write[:]), sha256.Sum256(m.Read[:]))
	return a.String()
}

// boxAddress is a mailbox's address as bytes.
type boxAddress [sha256.Size]byte

func (a boxAddress) String() string { return hex.EncodeToString(a[:]) }

const addressLabel = "parley mailbox v1"

// addressOf joins the two hashes. All three parts have a fixed length, so no two pairs collide by
// moving a boundary.
func addressOf(writeHash, readHash [32]byte) boxAddress {
	h := sha256.New()
	h.Write([]byte(addressLabel))
	h.Write(writeHash[:])
	h.Write(readHash[:])
	return boxAddress(h.Sum(nil))
}

// opens tells whether the presented half-secrets make this address, in constant time.
func (a boxAddress) opens(writeHash, readHash [32]byte) bool {
	made := addressOf(writeHash, readHash)
	return subtle.ConstantTimeCompare(a[:], made[:]) == 1
}

// parseBoxAddress reads the 64 lower-case hex digits of an address.
func parseBoxAddress(s string) (boxAddress, error) {
	var a boxAddress
	if err := parseHex(a[:], s); err != nil {
		return a, fmt.Errorf("mailbox address %w", err)
	}
	return a, nil
}

// parcelID names one put, so that the same put sent twice is kept once.
type parcelID [16]byte

func (id parcelID) String() string { return hex.EncodeToString(id[:]) }

func parseParcelID(s string) (parcelID, error) {
	var id parcelID
	if err := parseHex(id[:], s); err != nil {
		return id, fmt.Errorf("parcel id %w", err)
	}
	return id, nil
}

// parseHex fills dst from exactly 2*len(dst) lower-case hex digits. Only one spelling is accepted:
// two spellings of one name would be two names to a cache or a log. The error never repeats s,
// which may be a secret.
func parseHex(dst []byte, s string) error {
	if len(s) != hex.EncodedLen(len(dst)) {
		return fmt.Errorf("must be %d hex digits, this has %d characters", hex.EncodedLen(len(dst)), len(s))
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return fmt.Errorf("must be lower-case hex digits, character %d is not", i+1)
		}
	}
	_, err := hex.Decode(dst, []byte(s))
	return err
}

// sizeClass finds the class of a parcel by its length.
func sizeClass(length int64) (uint8, bool) {
	for i, size := range SizeClasses {
		if int64(size) == length {
			return uint8(i), true
		}
	}
	return 0, false
}
