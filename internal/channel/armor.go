package channel

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	armorBegin = "-----BEGIN PARLEY INTRODUCTION-----"
	armorEnd   = "-----END PARLEY INTRODUCTION-----"
	armorWidth = 64
)

// MarshalText writes the introduction as a text file: a header of short lines, an empty line, the keys in base64, a
// checksum against slips of the hand. There is exactly one way to write an introduction, and the handshake and the
// spoken fingerprint cover these bytes, all of them.
func (in *Introduction) MarshalText() ([]byte, error) {
	if err := in.checkHeader(); err != nil {
		return nil, fmt.Errorf("write an introduction: %w", err)
	}
	if len(in.kem) != hybridPublic {
		return nil, errors.New("write an introduction: it has no keys; make it with Introduce")
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nversion: 1\nfrom: %s\nto: %s\ncreated: %s\n", armorBegin, in.From, in.To, in.Created.UTC().Format(time.RFC3339))
	for _, relay := range in.Relays {
		fmt.Fprintf(&b, "relay: %s\n", relay)
	}
	b.WriteByte('\n')
	body := base64.StdEncoding.EncodeToString(in.keyBytes())
	for ; len(body) > armorWidth; body = body[armorWidth:] {
		b.WriteString(body[:armorWidth] + "\n")
	}
	b.WriteString(body + "\n")
	fmt.Fprintf(&b, "=%s\n%s\n", checksum(b.Bytes()), armorEnd)
	return b.Bytes(), nil
}

// keyBytes are static key, hybrid key, prekey and contribution, introductionKeys bytes.
func (in *Introduction) keyBytes() []byte {
	b := make([]byte, 0, introductionKeys)
	b = append(b, in.static[:]...)
	b = append(b, in.kem...)
	b = append(b, in.prekey[:]...)
	return append(b, in.contribution[:]...)
}

// checksum is 8 bytes of a hash in hexadecimal: it finds accidents; only Spoken finds an enemy.
func checksum(text []byte) string {
	sum := sha256.Sum256(append([]byte(labelArmor), text...))
	return hex.EncodeToString(sum[:8])
}

// ParseIntroduction reads an introduction's file, or what its QR codes read as, all of them and in any order. Blanks
// around it and CRLF line ends are forgiven; otherwise it must be written exactly as MarshalText writes it. Errors
// name the line, or the code.
func ParseIntroduction(text []byte) (*Introduction, error) {
	if text = bytes.TrimSpace(text); isCodes(text) {
		in, err := joinCodes(text)
		if err != nil {
			return nil, fmt.Errorf("read an introduction: %w", err)
		}
		if text, err = in.MarshalText(); err != nil {
			return nil, fmt.Errorf("read an introduction: %w", err)
		}
	}
	if len(text) > MaxIntroduction {
		return nil, fmt.Errorf("read an introduction: it has %d bytes, at most %d are allowed", len(text), MaxIntroduction)
	}
	text = append(bytes.TrimSpace(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))), '\n')
	in, err := parseArmor(strings.Split(string(text), "\n"))
	if err != nil {
		return nil, fmt.Errorf("read an introduction: %w", err)
	}
	if err := in.checkKeys(); err != nil {
		return nil, fmt.Errorf("read an introduction: %w", err)
	}
	again, err := in.MarshalText()
	if err != nil {
		return nil, fmt.Errorf("read an introduction: %w", err)
	}
	if line := differingLine(text, again); line > 0 {
		return nil, fmt.Errorf("read an introduction: line %d is not as it was written; ask for the file again", line)
	}
	return in, nil
}

// parseArmor takes an introduction's lines apart. It checks places and sizes; ParseIntroduction compares the
// checksum and everything else by writing the result again.
func parseArmor(lines []string) (*Introduction, error) {
	if lines[0] != armorBegin {
		return nil, fmt.Errorf("line 1: want %q", armorBegin)
	}
	in := &Introduction{}
	n := 1
	for ; n < len(lines) && lines[n] != ""; n++ {
		if err := in.parseHeader(n, lines[n]); err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	if err := in.checkHeader(); err != nil {
		return nil, fmt.Errorf("lines 2 to %d: %w", n, err)
	}
	var body strings.Builder
	for n++; n < len(lines) && !strings.HasPrefix(lines[n], "="); n++ {
		body.WriteString(lines[n])
	}
	keys, err := base64.StdEncoding.Strict().DecodeString(body.String())
	if err != nil {
		return nil, fmt.Errorf("the keys before line %d: %w", n+1, err)
	}
	if len(keys) != introductionKeys {
		return nil, fmt.Errorf("the keys before line %d have %d bytes, want %d", n+1, len(keys), introductionKeys)
	}
	in.setKeys(keys)
	return in, nil
}

// setKeys is the other half of keyBytes.
func (in *Introduction) setKeys(keys []byte) {
	in.static, keys = [32]byte(keys[:32]), keys[32:]
	in.kem, keys = bytes.Clone(keys[:hybridPublic]), keys[hybridPublic:]
	in.prekey, in.contribution = [32]byte(keys[:32]), key(keys[32:])
}

// parseHeader reads header line n, counting from 1 for the version.
func (in *Introduction) parseHeader(n int, line string) error {
	names := []string{"version", "from", "to", "created"}
	want := "relay"
	if n <= len(names) {
		want = names[n-1]
	}
	name, value, ok := strings.Cut(line, ": ")
	if !ok || name != want {
		return fmt.Errorf("want %q", want+": …")
	}
	var err error
	switch name {
	case "version":
		if value != "1" {
			return fmt.Errorf("version %q is not known here; only 1 is", value)
		}
	case "from":
		in.From = value
	case "to":
		in.To = value
	case "created":
		in.Created, err = time.Parse(time.RFC3339, value)
	case "relay":
		in.Relays = append(in.Relays, value)
	}
	return err
}

// differingLine is the first line in which a and b differ, counting from 1, or 0.
func differingLine(a, b []byte) int {
	if bytes.Equal(a, b) {
		return 0
	}
	line := 1
	for i := 0; i < len(a) && i < len(b) && a[i] == b[i]; i++ {
		if a[i] == '\n' {
			line++
		}
	}
	return line
}
