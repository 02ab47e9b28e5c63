package channel

import (
	"crypto/aes"
	"encoding/binary"
	"errors"
	"fmt"
)

const (
	// Window is how far ahead of the expected parcel another is still recognised as early.
	Window = 64
	// maxNumber bounds parcel, message and key numbers, far above what a channel can send.
	maxNumber = 1 << 48

	tagSize = 16
)

// direction is one half of a session: a strict sequence of parcels from one party to the other.
//
// Its chain key moves with every parcel and is mixed with a fresh secret at every turn. Its block roots move every
// BlockSize parcels: they name mailboxes and tags and open nothing. Each root comes from the one before and from
// the chain key at that block's start, a block ahead of use, so that the next mailbox is always known and a thief
// of the roots loses sight of the channel one or two blocks after it heals.
type direction struct {
	number uint64 // of the next parcel
	chain  key    // the next parcel's
	past   key    // tag key of the block before, so that its late duplicates are known
	now    key    // root of the next parcel's block
	next   key    // root of the block after
}

// newDirection starts a direction at its parcel 0.
func newDirection(chain, root key) direction {
	d := direction{chain: chain, now: root}
	d.foresee()
	return d
}

// foresee derives the root of the next block. It is called when a block begins.
func (d *direction) foresee() {
	feed := derive(&d.chain, labelFeed, nil)
	d.next = derive(&d.now, labelBlock, feed[:])
}

// advance forgets the keys of the parcel sealed or opened under chain, and moves to the next parcel.
func (d *direction) advance(chain *key) {
	d.chain = derive(chain, labelNext, nil)
	d.number++
	if d.number%BlockSize == 0 {
		d.past = derive(&d.now, labelTag, nil)
		d.now = d.next
		d.foresee()
	}
}

// tag is the locator of the next parcel: one AES-256 block over its number and whether it makes a turn. The holder
// of the block's key reads the number back out of it; to everybody else it is 16 random bytes.
func (d *direction) tag(turn bool) ([tagSize]byte, error) {
	k := derive(&d.now, labelTag, nil)
	block, err := aes.NewCipher(k[:])
	if err != nil {
		return [tagSize]byte{}, fmt.Errorf("prepare a tag's cipher: %w", err)
	}
	var tag [tagSize]byte
	binary.BigEndian.PutUint64(tag[:8], d.number)
	if turn {
		tag[8] = 1
	}
	block.Encrypt(tag[:], tag[:])
	return tag, nil
}

// errNotHere says that a tag was not made under the key tried.
var errNotHere = errors.New("another block's tag")

// readTag reads a tag under the key of one block.
func readTag(k *key, blockNumber uint64, tag []byte) (number uint64, turn bool, err error) {
	block, err := aes.NewCipher(k[:])
	if err != nil {
		return 0, false, fmt.Errorf("prepare a tag's cipher: %w", err)
	}
	var plain [tagSize]byte
	block.Decrypt(plain[:], tag)
	number = binary.BigEndian.Uint64(plain[:8])
	rest := [8]byte(plain[8:])
	turn = rest == [8]byte{1}
	if number/BlockSize != blockNumber || (!turn && rest != [8]byte{}) {
		return 0, false, errNotHere
	}
	return number, turn, nil
}

// locate says which parcel a tag belongs to. The error is nil for the expected parcel, else one of ErrEarly,
// ErrDuplicate (with the number) and ErrUnknown.
func (d *direction) locate(tag []byte) (number uint64, turn bool, err error) {
	current := d.number / BlockSize
	keys := []struct {
		block uint64
		key   key
	}{
		{current, derive(&d.now, labelTag, nil)},
		{current + 1, derive(&d.next, labelTag, nil)},
		{current - 1, d.past},
	}
	if current == 0 {
		keys = keys[:2]
	}
	for _, k := range keys {
		number, turn, err = readTag(&k.key, k.block, tag)
		if errors.Is(err, errNotHere) {
			continue
		}
		if err != nil {
			return 0, false, err
		}
		return d.place(number, turn)
	}
	return 0, false, ErrUnknown
}

// place compares a known parcel's number with the expected one.
func (d *direction) place(number uint64, turn bool) (uint64, bool, error) {
	switch {
	case number < d.number:
		return number, turn, ErrDuplicate
	case number == d.number:
		return number, turn, nil
	case number-d.number <= Window:
		return number, turn, ErrEarly
	}
	return 0, false, ErrUnknown
}
