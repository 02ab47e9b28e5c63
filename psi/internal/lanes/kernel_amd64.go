package lanes

import "golang.org/x/sys/cpu"

// Fast reports whether this machine has the kernels.
func Fast() bool { return cpu.X86.HasAVX2 }

// The kernels are in assembly. None has a branch or an address that depends on
// what it works on.

//go:noescape
func multiply(out, a, b *Element)

//go:noescape
func square(out, a *Element)

//go:noescape
func add(out, a, b *Element)

//go:noescape
func subtract(out, a, b *Element)

//go:noescape
func choose(out, a, b *Element, mask *Mask)

//go:noescape
func pick(out, table *Element, number *Mask, elements int)

// pickFrom sets out to the entry of table with a number, lane by lane, of nine
// entries as long as out. It reads them all.
func pickFrom(out, table []Element, number *Mask) {
	_ = table[9*len(out)-1]
	pick(&out[0], &table[0], number, len(out))
}
