package mail

import (
	"encoding/base64"
	"io"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

// Content undoes a part's transfer encoding, and puts a text into UTF-8. What is
// not encoded as it says is taken as it stands, byte by byte.
func (m *Message) Content(p Part) []byte {
	raw := m.Bytes(p.Body)
	switch p.Encoding {
	case "base64":
		raw = decodeBase64(raw)
	case "quoted-printable":
		raw = decodeQuoted(raw)
	}
	if strings.HasPrefix(p.Type, "text/") {
		raw = toUTF8(p.Parameters["charset"], raw)
	}
	return raw
}

// decodeBase64 passes over what is not of the alphabet, and ends where no more can
// be decoded.
func decodeBase64(raw []byte) []byte {
	packed := make([]byte, 0, len(raw))
	for _, c := range raw {
		if c == '=' {
			break
		}
		if c == '+' || c == '/' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			packed = append(packed, c)
		}
	}
	if len(packed)%4 == 1 {
		packed = packed[:len(packed)-1]
	}
	plain := make([]byte, base64.RawStdEncoding.DecodedLen(len(packed)))
	n, _ := base64.RawStdEncoding.Decode(plain, packed)
	return plain[:n]
}

// decodeQuoted undoes quoted-printable (RFC 2045 section 6.7).
func decodeQuoted(raw []byte) []byte {
	plain := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '=' {
			plain = append(plain, raw[i])
			continue
		}
		if i+2 < len(raw) && isHex(raw[i+1]) && isHex(raw[i+2]) {
			plain = append(plain, unhex(raw[i+1])<<4|unhex(raw[i+2]))
			i += 2
			continue
		}
		if n, soft := softBreak(raw[i+1:]); soft {
			i += n
			continue
		}
		plain = append(plain, '=')
	}
	return plain
}

// softBreak gives the length of a line's end, or of the text's, with the blanks
// before it.
func softBreak(raw []byte) (length int, soft bool) {
	for n, c := range raw {
		switch {
		case c == '\n':
			return n + 1, true
		case c != ' ' && c != '\t' && c != '\r':
			return 0, false
		}
	}
	return len(raw), true
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'F' || c >= 'a' && c <= 'f'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}

// toUTF8 decodes a text. One in a set of characters that is not known stays as it
// is: names and numbers in ASCII can be read all the same.
func toUTF8(charset string, raw []byte) []byte {
	if charset == "" && utf8.Valid(raw) {
		return raw
	}
	encoding, err := htmlindex.Get(charset)
	if err != nil {
		return raw
	}
	plain, err := encoding.NewDecoder().Bytes(raw)
	if err != nil {
		return raw
	}
	return plain
}

// wordsAtOnce bounds the bytes of a field that are searched for encoded words at
// once: where a word never ends, all of them are gone over for each that begins. A
// word has 75 at most.
const wordsAtOnce = 4 << 10

// DecodeWords decodes the encoded words of RFC 2047 in a field.
func DecodeWords(text string) string {
	if !strings.Contains(text, "=?") {
		return text
	}
	decoder := mime.WordDecoder{CharsetReader: charsetReader}
	var plain strings.Builder
	for len(text) > 0 {
		part := text
		if len(part) > wordsAtOnce {
			part = part[:wordsAtOnce]
			if blank := strings.LastIndexAny(part, " \t"); blank > 0 {
				part = part[:blank]
			}
		}
		text = text[len(part):]
		if decoded, err := decoder.DecodeHeader(part); err == nil {
			part = decoded
		}
		plain.WriteString(part)
	}
	return plain.String()
}

func charsetReader(charset string, in io.Reader) (io.Reader, error) {
	encoding, err := htmlindex.Get(charset)
	if err != nil {
		return nil, err
	}
	return encoding.NewDecoder().Reader(in), nil
}

// unfold puts a folded field into one line (RFC 5322 section 2.2.3).
func unfold(raw []byte) string {
	return strings.TrimSpace(strings.NewReplacer("\r\n", "", "\n", "", "\r", "").Replace(string(raw)))
}
