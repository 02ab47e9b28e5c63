package channel

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

const (
	// MaxCodes is the longest text that the codes of one introduction read as, in bytes.
	MaxCodes = 16 << 10
	// MaxCode is how many codes one introduction is split into at most.
	MaxCode = 32

	codeBegin = "PARLEY1:"
	// codeHead is how long a code is before what it carries: PARLEY1:kk/nn:(16 digits):
	codeHead = len(codeBegin) + len("kk/nn:") + 16 + 1
)

// codeText is base32 (RFC 4648): all its characters are in the alphanumeric set of QR codes, and none is lost by a
// scanner that types.
var codeText = base32.StdEncoding.WithPadding(base32.NoPadding)

// Codes writes the introduction as texts for QR codes, each of at most so many characters of their alphanumeric set. Each
// says which of how many it is, and carries the same checksum of the whole. [ParseIntroduction] reads them.
func (in *Introduction) Codes(most int) ([]string, error) {
	whole, err := in.compact()
	if err != nil {
		return nil, err
	}
	sum := codeSum(whole)
	text := codeText.EncodeToString(whole)
	room := most - codeHead
	if room <= 0 || (len(text)+room-1)/room > MaxCode {
		return nil, fmt.Errorf("write an introduction as codes: %d characters a code are too few", most)
	}
	n := (len(text) + room - 1) / room
	even := (len(text) + n - 1) / n // so that all are of one size
	var codes []string
	for k := 1; k <= n; k++ {
		part := text[:min(even, len(text))]
		text = text[len(part):]
		codes = append(codes, fmt.Sprintf("%s%02d/%02d:%s:%s", codeBegin, k, n, sum, part))
	}
	return codes, nil
}

// compact is the introduction with its keys as bytes: its text up to the empty line, and then the keys.
func (in *Introduction) compact() ([]byte, error) {
	text, err := in.MarshalText()
	if err != nil {
		return nil, err
	}
	header, _, _ := bytes.Cut(text, []byte("\n\n"))
	return append(append(bytes.Clone(header), "\n\n"...), in.keyBytes()...), nil
}

func codeSum(whole []byte) string {
	sum := sha256.Sum256(append([]byte(labelCodes), whole...))
	return strings.ToUpper(hex.EncodeToString(sum[:8]))
}

// isCodes says whether a text is what QR codes read as.
func isCodes(text []byte) bool { return bytes.HasPrefix(text, []byte(codeBegin)) }

// joinCodes is the introduction that codes carry, in any order, any of them more than once. ParseIntroduction then judges
// its text as that of a file.
func joinCodes(text []byte) (*Introduction, error) {
	if len(text) > MaxCodes {
		return nil, fmt.Errorf("the codes have %d bytes, at most %d are allowed", len(text), MaxCodes)
	}
	var parts []string
	var sum string
	for i, word := range strings.Fields(string(text)) {
		k, n, s, part, err := readCode(word)
		if err != nil {
			return nil, fmt.Errorf("code %d of those read: %w", i+1, err)
		}
		if parts == nil {
			parts, sum = make([]string, n), s
		}
		if n != len(parts) || s != sum || (parts[k-1] != "" && parts[k-1] != part) {
			return nil, fmt.Errorf("code %d of those read belongs to another introduction", i+1)
		}
		parts[k-1] = part
	}
	if err := missing(parts); err != nil {
		return nil, err
	}
	whole, err := codeText.DecodeString(strings.Join(parts, ""))
	if err != nil {
		return nil, fmt.Errorf("what the codes carry: %w", err)
	}
	if codeSum(whole) != sum {
		return nil, errors.New("the codes were altered or misread; read them again")
	}
	return expand(whole)
}

// readCode takes one code apart: it is the kth of n.
func readCode(word string) (k, n int, sum, part string, err error) {
	if len(word) <= codeHead || !strings.HasPrefix(word, codeBegin) || word[codeHead-1] != ':' {
		return 0, 0, "", "", fmt.Errorf("want %sNUMBER/COUNT:CHECKSUM:TEXT", codeBegin)
	}
	head := word[len(codeBegin):codeHead]
	if _, err := fmt.Sscanf(head[:6], "%02d/%02d:", &k, &n); err != nil || k < 1 || k > n || n > MaxCode ||
		fmt.Sprintf("%02d/%02d:", k, n) != head[:6] {
		return 0, 0, "", "", fmt.Errorf("want NUMBER/COUNT of at most %d after %s", MaxCode, codeBegin)
	}
	return k, n, head[6:22], word[codeHead:], nil
}

func missing(parts []string) error {
	var names []string
	for i, part := range parts {
		if part == "" {
			names = append(names, fmt.Sprint(i+1))
		}
	}
	if len(names) > 0 {
		return fmt.Errorf("of %d codes these were not read: %s", len(parts), strings.Join(names, ", "))
	}
	return nil
}

// expand undoes compact.
func expand(whole []byte) (*Introduction, error) {
	header, keys, ok := bytes.Cut(whole, []byte("\n\n"))
	if !ok || len(keys) != introductionKeys {
		return nil, fmt.Errorf("what the codes carry has no header, or not %d bytes of keys", introductionKeys)
	}
	in := &Introduction{}
	lines := strings.Split(string(header), "\n")
	if lines[0] != armorBegin {
		return nil, fmt.Errorf("line 1: want %q", armorBegin)
	}
	for n, line := range lines[1:] {
		if err := in.parseHeader(n+1, line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n+2, err)
		}
	}
	in.setKeys(keys)
	return in, nil
}
