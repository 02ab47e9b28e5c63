package selector

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxLocal = 64 // bytes of a local part, RFC 5321 section 4.5.3.1.1

// normalEmail lower-cases the local part too. RFC 5321 lets a server tell Desk
// from desk; none in use does, people type both, and a missed match costs more
// here than the merging of two mailboxes nobody has seen.
func normalEmail(raw string) (string, error) {
	if len(raw) > 7 && strings.EqualFold(raw[:7], "mailto:") {
		raw = raw[7:]
	}
	at := strings.LastIndexByte(raw, '@')
	if at < 0 {
		return "", errors.New("it has no @")
	}
	local, err := normalLocal(raw[:at])
	if err != nil {
		return "", err
	}
	host, err := normalDomain(raw[at+1:])
	if err != nil {
		return "", err
	}
	return local + "@" + host, nil
}

func normalLocal(local string) (string, error) {
	if local == "" || len(local) > maxLocal {
		return "", fmt.Errorf("the part before the @ has 1 to %d bytes", maxLocal)
	}
	for i := range len(local) {
		if classes[local[i]]&classLocal == 0 {
			return "", fmt.Errorf("the part before the @ cannot hold %q", local[i])
		}
	}
	if local[0] == '.' || local[len(local)-1] == '.' || strings.Contains(local, "..") {
		return "", errors.New("a dot before the @ stands between two other characters")
	}
	return strings.ToLower(local), nil
}

// findEmail reads the address round the @ at i and returns where it ends, or 0.
// The @ may be defanged, as in desk[@]example.org.
func (f *Finder) findEmail(text string, i int) int {
	left, right := i, i+1
	if i > 0 && text[i-1] == '[' && right < len(text) && text[right] == ']' {
		left, right = left-1, right+1
	}
	start := localStart(text, left)
	if start == left || hostRune(text, right) == 0 || !mayStartEmail(text, start) {
		return 0
	}
	end := hostEnd(text, right)
	host, err := normalDomain(text[right:end])
	if err != nil || !endsInSuffix(host) {
		return 0
	}
	local, err := normalLocal(text[start:left])
	if err != nil {
		return 0
	}
	if phone, ok := whatsAppNumber(local, host); ok {
		f.add(text, Phone, start, end, phone, High)
	} else {
		f.add(text, Email, start, end, local+"@"+host, High)
	}
	return end
}

// localStart goes back over the characters that local parts have in practice.
// The rest of RFC 5322's would draw in the prose around the address: quotation
// marks, the = of a query, the / of a path.
func localStart(text string, i int) int {
	start := i
	for start > 0 && i-start <= maxLocal {
		c := text[start-1]
		if classes[c]&classWord == 0 && c != '.' && c != '+' && c != '-' && c != '\'' {
			break
		}
		start--
	}
	if start >= 1 && text[start-1] == '%' && i-start > 2 { // the %3D before an address in a query
		start += 2
	}
	for start < i && (text[start] == '.' || text[start] == '\'' || text[start] == '-' || text[start] == '+') {
		start++
	}
	return start
}

// mayStartEmail refuses what only looks like an address: a Fediverse name
// (@name@host), the user of a URL, the tail of a word in letters beyond ASCII.
func mayStartEmail(text string, start int) bool {
	if start == 0 {
		return true
	}
	if c := text[start-1]; c < utf8.RuneSelf {
		return c != '@' && c != '/'
	}
	r, _ := utf8.DecodeLastRuneInString(text[:start])
	return !unicode.Is(unicode.Latin, r) && !unicode.Is(unicode.Cyrillic, r) && !unicode.Is(unicode.Greek, r)
}

// whatsAppNumber reads WhatsApp's account names, which look like addresses and
// are phone numbers: 12025550147@s.whatsapp.net.
func whatsAppNumber(local, host string) (string, bool) {
	if host != "s.whatsapp.net" && host != "c.us" {
		return "", false
	}
	return international(local)
}
