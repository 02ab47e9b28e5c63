//go:build !amd64 || purego

package marks

// Fast reports whether this machine has the kernel.
func Fast() bool { return false }

func markWhole(blocks []Block, text string) { markWholePlain(blocks, text) }
func markLast(b *Block, text *[Size]byte)   { markPlain(b, text) }
