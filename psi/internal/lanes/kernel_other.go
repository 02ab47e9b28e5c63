//go:build !amd64

package lanes

// Fast reports whether this machine has the kernels.
func Fast() bool { return false }

func multiply(out, a, b *Element)           { multiplyPlain(out, a, b) }
func square(out, a *Element)                { squarePlain(out, a) }
func add(out, a, b *Element)                { addPlain(out, a, b) }
func subtract(out, a, b *Element)           { subtractPlain(out, a, b) }
func choose(out, a, b *Element, mask *Mask) { choosePlain(out, a, b, mask) }

func pickFrom(out, table []Element, number *Mask) { pickPlain(out, table, number) }
