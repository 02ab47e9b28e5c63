package channel

import (
	"crypto/sha256"
	"fmt"
)

// BlockSize is how many parcels of one direction share a mailbox.
const BlockSize = 256

// Mailbox is the right to write to and read from one of the relay's mailboxes: bearer secrets, of which the relay
// learns a hash until they are shown. Mailboxes of different blocks, directions and channels cannot be told to
// belong together by anybody without the channel's keys.
type Mailbox struct {
	Write, Read [32]byte
}

// Address is where the mailbox is found: SHA-256("parley mailbox v1" || SHA-256(write) || SHA-256(read)).
func (m Mailbox) Address() [32]byte {
	write, read := sha256.Sum256(m.Write[:]), sha256.Sum256(m.Read[:])
	h := sha256.New()
	h.Write([]byte(labelMailbox))
	h.Write(write[:])
	h.Write(read[:])
	return [32]byte(h.Sum(nil))
}

// Format shows the start of the address, never the secrets, whatever the verb.
func (m Mailbox) Format(f fmt.State, _ rune) {
	address := m.Address()
	fmt.Fprintf(f, "mailbox %x", address[:4])
}

// mailbox is the one of the block with this root.
func mailbox(root *key) Mailbox {
	return Mailbox{Write: derive(root, labelWrite, nil), Read: derive(root, labelRead, nil)}
}
