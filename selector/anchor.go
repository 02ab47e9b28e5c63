package selector

import (
	"math/bits"

	"parley/selector/internal/marks"
)

// The walk reads what each byte wakes, in order, and goes on where a reader ends.
// Nearly always the reader finds at once that there is nothing. So the walk is led
// only to anchors, bytes whose reader may find something; they are told from the
// marks, first for 64 bytes at once, then one by one (wake.go).
//
// What is found must be what the walk finds that goes to every byte. A reader that
// finds nothing may still pass over bytes that would wake another: digits with
// spaces between, the rest of a word, of a host name. Therefore the walk is begun
// before the anchor, at a place that no such reader passes over. Tests compare both.

// findAnchored walks to each anchor.
func (f *Finder) findAnchored(text string) {
	at := 0 // where the walk stands
	before := &marks.Block{}
	for n := range f.blocks[:len(f.blocks)-1] {
		block := &f.blocks[n]
		for found := anchors(before, block, &f.blocks[n+1]); found != 0; found &= found - 1 {
			i := n*marks.Size + bits.TrailingZeros64(found)
			if i >= at && f.wakes(text, i) {
				at = f.walk(text, f.begin(i, at), i)
			}
		}
		before = block
	}
}

// shifted gives the bits of a class n bytes on: bit i tells of byte i-n.
func shifted(before, word uint64, n int) uint64 { return word<<n | before>>(64-n) }

// ahead gives the bits of a class n bytes back: bit i tells of byte i+n.
func ahead(word, next uint64, n int) uint64 { return word>>n | next<<(64-n) }

// anchors gives the bytes of a block that are looked at one by one:
//
//   - the first digit of a number that no letter or digit stands before;
//   - two digits after two letters that begin a word: an IBAN;
//   - the last byte of a word of four with a digit and a space after it: a group of a
//     PGP fingerprint;
//   - a dot between what a host name can hold;
//   - the signs.
func anchors(before, b, next *marks.Block) uint64 {
	word1, word3 := shifted(before.Word, b.Word, 1), shifted(before.Word, b.Word, 3)
	letters, lettersBefore := b.Word&^b.Digit, before.Word&^before.Digit
	iban := b.Digit & ahead(b.Digit, next.Digit, 1) &^ word3 &
		shifted(lettersBefore, letters, 1) & shifted(lettersBefore, letters, 2)
	digits := b.Digit | shifted(before.Digit, b.Digit, 1) | shifted(before.Digit, b.Digit, 2) | shifted(before.Digit, b.Digit, 3)
	group := b.Word & ahead(b.Space, next.Space, 1) & digits & word1 & shifted(before.Word, b.Word, 2) & word3 &^
		shifted(before.Word, b.Word, 4)
	name, nameBefore, nameNext := b.Host|b.Join, before.Host|before.Join, next.Host|next.Join
	dots := b.Dot & shifted(nameBefore, name, 1) & ahead(name, nameNext, 1)
	return b.Digit&^word1 | iban | group | dots | b.Sign
}

// begin gives where the walk to the anchor at i begins: at the last place that no
// reader before it passes over without finding anything, or at from.
//
// What is passed over is a row of digits with what may stand apart in phone
// numbers, and a host name, with its dots in brackets.
func (f *Finder) begin(i, from int) int {
	for n := i / marks.Size; n >= 0 && (n+1)*marks.Size > from; n-- {
		b, before := &f.blocks[n], &marks.Block{}
		if n > 0 {
			before = &f.blocks[n-1]
		}
		name, nameBefore := nameSigns(b), nameSigns(before)
		free := ^shifted(before.Digit|before.Apart, b.Digit|b.Apart, 1) &^ (name & shifted(nameBefore, name, 1))
		if n == i/marks.Size {
			free &= 2<<(i%marks.Size) - 1
		}
		if free != 0 {
			return max(from, n*marks.Size+63-bits.LeadingZeros64(free))
		}
	}
	return from
}

// nameSigns are the bytes that a host name can hold, dots and brackets among them.
func nameSigns(b *marks.Block) uint64 { return b.Host | b.Join | b.Apart&^b.Space }

// from64 gives the bits of a class for the 64 bytes from i on.
func (f *Finder) from64(i int, class func(*marks.Block) uint64) uint64 {
	n, shift := i/marks.Size, i%marks.Size
	return class(&f.blocks[n])>>shift | class(&f.blocks[n+1])<<(64-shift)
}

func digitMarks(b *marks.Block) uint64 { return b.Digit }

func hostMarks(b *marks.Block) uint64 { return b.Host }

func numberMarks(b *marks.Block) uint64 { return b.Digit | b.Apart }
