//go:build !purego

package marks

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// Fast reports whether this machine has the kernel.
func Fast() bool { return cpu.X86.HasAVX2 }

// mark writes the blocks of count times 64 bytes.
//
//go:noescape
func mark(blocks *Block, text *byte, count int)

func markWhole(blocks []Block, text string) {
	switch {
	case len(blocks) == 0:
	case Fast():
		_ = text[len(blocks)*Size-1]
		mark(&blocks[0], unsafe.StringData(text), len(blocks))
	default:
		markWholePlain(blocks, text)
	}
}

func markLast(b *Block, text *[Size]byte) {
	if Fast() {
		mark(b, &text[0], 1)
		return
	}
	markPlain(b, text)
}
