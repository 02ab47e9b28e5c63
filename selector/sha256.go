package selector

import (
	"errors"
	"strings"
)

const hexLength = 64 // a SHA-256 digest in hexadecimal

func normalSHA256(raw string) (string, error) {
	raw = strings.TrimPrefix(strings.ToLower(raw), "sha256:")
	if len(raw) != hexLength {
		return "", errors.New("a SHA-256 hash is 64 hexadecimal digits")
	}
	for i := range len(raw) {
		if classes[raw[i]]&classHex == 0 {
			return "", errors.New("a SHA-256 hash holds only the digits 0-9 and a-f")
		}
	}
	return raw, nil
}

// findSHA256 looks only at every 64th byte: a run of 64 hexadecimal digits must
// cover one of them, so prose costs next to nothing.
func (f *Finder) findSHA256(text string) {
	for i := hexLength - 1; i < len(text); i += hexLength {
		if classes[text[i]]&classHex == 0 {
			continue
		}
		start, end := i, i+1
		for start > 0 && i-start <= hexLength && classes[text[start-1]]&classHex != 0 {
			start--
		}
		for end < len(text) && end-start <= hexLength && classes[text[end]]&classHex != 0 {
			end++
		}
		if end-start == hexLength && !wordBefore(text, start) && !wordAt(text, end) {
			f.add(text, SHA256, start, end, strings.ToLower(text[start:end]))
		}
	}
}
