package marks

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// checkTwins holds the kernel equal to its twin.
func checkTwins(t *testing.T, text string) {
	t.Helper()
	blocks := Of(nil, text)
	if len(blocks) != len(text)/Size+2 {
		t.Fatalf("%d blocks of %d bytes", len(blocks), len(text))
	}
	for i, b := range blocks {
		var at [Size]byte
		copy(at[:], text[min(i*Size, len(text)):])
		var want Block
		if markPlain(&want, &at); b != want {
			t.Fatalf("block %d of %.80q is %+v, want %+v", i, text, b, want)
		}
	}
}

func TestKernelIsItsTwin(t *testing.T) {
	if !Fast() {
		t.Log("this machine has no kernel: the twin is compared with itself")
	}
	var all strings.Builder
	for c := range 256 {
		all.WriteByte(byte(c))
	}
	for size := range 256 {
		checkTwins(t, all.String()[:size])
		checkTwins(t, all.String()[size:])
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		text := make([]byte, r.IntN(300))
		for i := range text {
			text[i] = byte(r.Uint32())
		}
		checkTwins(t, string(text))
	}
}

// TestClasses says once more, in other words, which bytes are of a class.
func TestClasses(t *testing.T) {
	const upper, lower, digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789"
	for name, class := range map[string]struct {
		of    func(Block) uint64
		chars string
	}{
		"digit": {func(b Block) uint64 { return b.Digit }, digits},
		"word":  {func(b Block) uint64 { return b.Word }, digits + upper + lower + "_"},
		"host":  {func(b Block) uint64 { return b.Host }, digits + upper + lower + "_-"},
		"apart": {func(b Block) uint64 { return b.Apart }, " -./()"},
		"dot":   {func(b Block) uint64 { return b.Dot }, "."},
		"space": {func(b Block) uint64 { return b.Space }, " "},
		"sign":  {func(b Block) uint64 { return b.Sign }, "@:([{\xd9\xdb\xe0\xef"},
	} {
		for c := range 256 {
			want := uint64(0)
			if strings.IndexByte(class.chars, byte(c)) >= 0 {
				want = 1
			}
			if got := class.of(Of(nil, string([]byte{byte(c)}))[0]); got != want {
				t.Fatalf("%s of byte %#x is %d", name, c, got)
			}
		}
	}
}

func TestMemoryIsUsedAgain(t *testing.T) {
	blocks := Of(nil, strings.Repeat("0", 1000))
	if allocs := testing.AllocsPerRun(10, func() { blocks = Of(blocks, "a.b") }); allocs > 0 {
		t.Errorf("%v allocations", allocs)
	}
	if blocks[1] != (Block{}) || len(blocks) != 2 {
		t.Errorf("after a short text: %+v", blocks)
	}
}

func FuzzOf(f *testing.F) {
	f.Add("call +1 202-555-0147 or (202) 555-0148 desk[@]example[.]org")
	f.Fuzz(checkTwins)
}

func BenchmarkOf(b *testing.B) {
	text := strings.Repeat("The lamp in the window was lit at 8.15, as before. ", 1<<14)
	var blocks []Block
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		blocks = Of(blocks, text)
	}
}
