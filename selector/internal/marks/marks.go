package marks

// Size is how many bytes a block is of.
const Size = 64

// Block holds the classes of 64 bytes: bit i is that of byte i. The bytes after
// the end of a text are of no class.
type Block struct {
	Digit uint64 // 0-9
	Word  uint64 // letters and digits of ASCII, underscore
	Host  uint64 // those and the hyphen
	Apart uint64 // space - . / ( )
	Dot   uint64 // .
	Space uint64 // the space alone
	Join  uint64 // [ ] { } and all bytes beyond ASCII
	Sign  uint64 // @ : ( [ { and the bytes 0xd9, 0xdb, 0xe0, 0xef, which begin the digits of other scripts
}

// Of gives the blocks of a text, in memory of into where there is enough. There is
// one more than the text fills, of no class, so that a reader may look ahead.
func Of(into []Block, text string) []Block {
	whole := len(text) / Size
	count := whole + 2
	if cap(into) < count {
		into = make([]Block, count+count/4)
	}
	into = into[:count]
	markWhole(into[:whole], text)
	into[whole] = Block{}
	if rest := text[whole*Size:]; rest != "" {
		var last [Size]byte
		copy(last[:], rest)
		markLast(&into[whole], &last)
	}
	into[whole+1] = Block{}
	return into
}

// Bits of a class in table.
const (
	digit = iota
	word
	host
	apart
	dot
	space
	join
	sign
)

// table has the classes of each byte, a bit a class. It is never written.
var table = func() (t [256]uint8) {
	set := func(bits uint8, chars string) {
		for i := range len(chars) {
			t[chars[i]] |= bits
		}
	}
	set(1<<digit|1<<word|1<<host, "0123456789")
	set(1<<word|1<<host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
	set(1<<host, "-")
	set(1<<apart, " -./()")
	set(1<<dot, ".")
	set(1<<space, " ")
	set(1<<join, "[]{}")
	set(1<<sign, "@:([{\xd9\xdb\xe0\xef")
	for c := 0x80; c < len(t); c++ {
		t[c] |= 1 << join
	}
	return t
}()

// markPlain is the kernel's twin.
func markPlain(b *Block, text *[Size]byte) {
	*b = Block{}
	for i, c := range text {
		t := uint64(table[c])
		b.Digit |= t >> digit & 1 << i
		b.Word |= t >> word & 1 << i
		b.Host |= t >> host & 1 << i
		b.Apart |= t >> apart & 1 << i
		b.Dot |= t >> dot & 1 << i
		b.Space |= t >> space & 1 << i
		b.Join |= t >> join & 1 << i
		b.Sign |= t >> sign & 1 << i
	}
}

func markWholePlain(blocks []Block, text string) {
	for i := range blocks {
		at := [Size]byte([]byte(text[i*Size : (i+1)*Size]))
		markPlain(&blocks[i], &at)
	}
}
