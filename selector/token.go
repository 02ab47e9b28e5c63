package selector

import (
	"math/bits"
	"strings"

	"parley/selector/internal/marks"
)

// What is written as one long word (a hash, a wallet, a device's id) has tokenStep
// bytes or more.
const tokenStep = 16

// maxToken bounds a word that is looked into; nothing has more bytes than SHA-512
// in hexadecimal digits. A longer one is data in base64.
const maxToken = 128

// findTokens looks for long words of letters, digits, hyphens and underscores: where
// as many marks in a row are set.
func (f *Finder) findTokens(text string) {
	done := 0 // up to here words have been looked at
	for n := range f.blocks[:len(f.blocks)-1] {
		for long := longRuns(f.blocks[n].Host, f.blocks[n+1].Host); long != 0; {
			start := n*marks.Size + bits.TrailingZeros64(long)
			if start < done {
				long &^= 1<<min(done-n*marks.Size, 64) - 1
				continue
			}
			end := f.hostEnd(start)
			if end-start <= maxToken {
				f.token(text, start, end)
			}
			done = end
		}
	}
}

// longRuns gives the bits of word at which tokenStep set bits in a row begin.
func longRuns(word, next uint64) uint64 {
	for n := 1; n < tokenStep; n *= 2 {
		word, next = word&ahead(word, next, n), next&(next>>n)
	}
	return word
}

// hostEnd gives where the row of host marks at i ends.
func (f *Finder) hostEnd(i int) int {
	for {
		size := bits.TrailingZeros64(^f.from64(i, hostMarks))
		if i += size; size < 64 {
			return i
		}
	}
}

// token reads one long word, or the words between its hyphens.
func (f *Finder) token(text string, start, end int) {
	if f.deviceToken(text, start, end) || f.macToken(text, start, end) {
		return
	}
	for end-start >= tokenStep {
		stop := end
		if i := strings.IndexByte(text[start:stop], '-'); i >= 0 {
			stop = start + i
		}
		if i := strings.IndexByte(text[start:stop], '_'); i >= 0 {
			stop = start + i
		}
		if stop-start >= tokenStep && (stop == end || text[stop] == '-') && !(start > 0 && text[start-1] == '_') {
			f.plainToken(text, start, stop)
		}
		start = stop + 1
	}
}

// plainToken reads a long word of ASCII letters and digits.
func (f *Finder) plainToken(text string, start, end int) {
	raw := text[start:end]
	switch first := raw[0]; {
	case len(raw) == onionLength:
		f.findOnion(text, start, end)
	case len(raw) == 42 && first == '0' && raw[1]|0x20 == 'x' && isHex(raw[2:]):
		f.checked(text, Ethereum, start, end)
	case classes[first]&classHex != 0 && isHex(raw):
		f.hexToken(text, start, end)
	case first == '1' || first == '3':
		f.checked(text, Bitcoin, start, end)
	case first == 'T':
		f.checked(text, Tron, start, end)
	case first == 'L' && len(raw) <= 35 || first == 'M' && len(raw) <= 35:
		f.checked(text, Litecoin, start, end)
	case (first == '4' || first == '8') && (len(raw) == 95 || len(raw) == 106):
		f.checked(text, Monero, start, end)
	case first|0x20 == 'b' && foldedPrefix(raw, "bc1"):
		f.checked(text, Bitcoin, start, end)
	case first|0x20 == 'l' && foldedPrefix(raw, "ltc1"):
		f.checked(text, Litecoin, start, end)
	}
}

// checked takes a word for a selector of a kind that has a checksum.
func (f *Finder) checked(text string, kind Kind, start, end int) {
	raw := text[start:end]
	if kind == Ethereum && monotone(raw[2:]) {
		return // the address of nobody: 0x000…
	}
	if value, err := forms[numberOf(kind)].normal(raw, Options{}); err == nil {
		sure := High
		if kind == Ethereum && !mixedCase(raw[2:]) {
			sure = Moderate // without EIP-55's capitals nothing is checked
		}
		f.add(text, kind, start, end, value, sure)
	}
}

func foldedPrefix(s, prefix string) bool {
	_, ok := cutFold(s, prefix)
	return ok
}
