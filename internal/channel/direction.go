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

// mark is what a tag says to the holder of its block's key: which parcel it is, and how its sender stood when it was
// sealed. The latter is there because a party that was put back to an old copy can open no later parcel, and
// must learn from outside what happened.
type mark struct {
	number   uint64 // of the parcel
	turn     bool
	waiting  uint8  // parcels before it that the sender did not know to be opened; mostWaiting stands for more
	received uint64 // parcels that the sender has opened
}

const mostWaiting = 255

// tag is the locator of the next parcel: one AES-256 block over its mark. The holder of the block's key reads the mark
// back out of it; to everybody else it is 16 random bytes.
func (d *direction) tag(m mark) ([tagSize]byte, error) {
	k := derive(&d.now, labelTag, nil)
	block, err := aes.NewCipher(k[:])
	if err != nil {
		return [tagSize]byte{}, fmt.Errorf("prepare a tag's cipher: %w", err)
	}
	var tag [tagSize]byte
	binary.BigEndian.PutUint64(tag[8:], m.received) // 48 bits; the upper two bytes are the next two fields
	binary.BigEndian.PutUint64(tag[:8], m.number)
	tag[8], tag[9] = 0, m.waiting
	if m.turn {
		tag[8] = 1
	}
	block.Encrypt(tag[:], tag[:])
	return tag, nil
}

// errNotHere says that a tag was not made under the key tried.
var errNotHere = errors.New("another block's tag")

// readTag reads a tag under the key of one block.
func readTag(k *key, blockNumber uint64, tag []byte) (mark, error) {
	block, err := aes.NewCipher(k[:])
	if err != nil {
		return mark{}, fmt.Errorf("prepare a tag's cipher: %w", err)
	}
	var plain [tagSize]byte
	block.Decrypt(plain[:], tag)
	m := mark{number: binary.BigEndian.Uint64(plain[:8]), turn: plain[8] == 1, waiting: plain[9]}
	m.received = binary.BigEndian.Uint64(plain[8:]) & (maxNumber - 1)
	if m.number/BlockSize != blockNumber || plain[8] > 1 || uint64(m.waiting) > m.number {
		return mark{}, errNotHere
	}
	return m, nil
}

// locate says which parcel a tag belongs to. The error is nil for the expected parcel, else one of ErrEarly,
// ErrDuplicate and ErrUnknown; the mark is set wherever the tag was read.
func (d *direction) locate(tag []byte) (mark, error) {
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
		m, err := readTag(&k.key, k.block, tag)
		if errors.Is(err, errNotHere) {
			continue
		}
		if err != nil {
			return mark{}, err
		}
		return m, d.place(m.number)
	}
	return mark{}, ErrUnknown
}

// place compares a known parcel's number with the expected one.
func (d *direction) place(number uint64) error {
	switch {
	case number < d.number:
		return ErrDuplicate
	case number == d.number:
		return nil
	case number-d.number <= Window:
		return ErrEarly
	}
	return ErrUnknown
}
