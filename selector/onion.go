package selector

import (
	"bytes"
	"encoding/base32"
	"errors"
	"strings"

	"golang.org/x/crypto/sha3"
)

// onionLength is the characters of an onion address of version 3 before ".onion".
const onionLength = 56

// normalOnion reads an address of an onion service of version 3 (rend-spec-v3,
// section 6), also in a link to it. What stands before it in a host name is not
// part of the key, and falls away.
func normalOnion(raw string) (string, error) {
	if _, rest, err := cutScheme(raw); err == nil {
		raw = rest
	}
	raw, _, _ = strings.Cut(refang(raw), "/")
	raw, _, _ = strings.Cut(raw, ":")
	raw = strings.TrimSuffix(strings.ToLower(raw), ".")
	name, ok := strings.CutSuffix(raw, ".onion")
	if !ok {
		return "", errors.New("an onion address ends in .onion")
	}
	name = name[strings.LastIndexByte(name, '.')+1:]
	if err := checkOnion(name); err != nil {
		return "", err
	}
	return name + ".onion", nil
}

// checkOnion holds 56 characters to their checksum and version.
func checkOnion(name string) error {
	if len(name) != onionLength {
		return errors.New("an onion address of version 3 has 56 characters before .onion")
	}
	data, err := base32.StdEncoding.DecodeString(strings.ToUpper(name))
	if err != nil {
		return errors.New("an onion address holds only the letters a-z and the digits 2-7")
	}
	key, sum, version := data[:32], data[32:34], data[34]
	if version != 3 {
		return errors.New("it is no onion address of version 3")
	}
	h := sha3.New256()
	h.Write([]byte(".onion checksum"))
	h.Write(key)
	h.Write([]byte{version})
	if !bytes.Equal(h.Sum(nil)[:2], sum) {
		return errChecksum
	}
	return nil
}

// findOnion takes the word text[start:end] for an onion address if .onion follows.
func (f *Finder) findOnion(text string, start, end int) {
	dot := dotAt(text, end)
	rest := text[min(end+dot, len(text)):]
	if dot == 0 || len(rest) < 5 || !strings.EqualFold(rest[:5], "onion") || wordAt(rest, 5) {
		return
	}
	name := strings.ToLower(text[start:end])
	if checkOnion(name) == nil {
		f.add(text, Onion, start, end+dot+5, name+".onion", High)
	}
}
