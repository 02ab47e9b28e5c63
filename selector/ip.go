package selector

import (
	"errors"
	"net/netip"
	"strings"
)

func normalIPv4(raw string) (string, error) {
	address, err := netip.ParseAddr(refang(raw))
	if err != nil || !address.Is4() {
		return "", errors.New("an IPv4 address is four numbers up to 255, without leading zeros, with dots between them")
	}
	return address.String(), nil
}

func normalIPv6(raw string) (string, error) {
	if inner, ok := strings.CutPrefix(raw, "["); ok {
		raw, _ = strings.CutSuffix(inner, "]")
	}
	address, err := netip.ParseAddr(strings.ReplaceAll(raw, "[:]", ":"))
	if err != nil || !address.Is6() || address.Zone() != "" {
		return "", errors.New("it is no IPv6 address, or one that holds only on one machine")
	}
	return address.String(), nil
}

// findIPv4 reads four numbers with dots, plain or defanged, from i on, and gives
// the end, or 0. Versions of programs look the same: what stands around tells.
func (f *Finder) findIPv4(text string, i int) int {
	if i < f.urlEnd {
		return 0
	}
	var octets [4]int
	at, defanged := i, false
	for n := range octets {
		if n > 0 {
			dot := dotAt(text, at)
			if dot == 0 {
				return 0
			}
			defanged = defanged || dot > 1
			at += dot
		}
		value, digits := 0, 0
		for digits < 4 && at < len(text) && classes[text[at]]&classDigit != 0 {
			value = value*10 + int(text[at]-'0')
			at++
			digits++
		}
		if digits == 0 || digits > 3 || value > 255 || digits > 1 && text[at-digits] == '0' {
			return 0
		}
		octets[n] = value
	}
	if !standsAlone(text, i, at) {
		return 0
	}
	sure, ok := f.judgeIPv4(text, i, at, octets, defanged)
	if !ok {
		return at
	}
	value, err := normalIPv4(text[i:at])
	if err != nil {
		return at
	}
	f.add(text, IPv4, i, at, value, sure)
	return at
}

// judgeIPv4 leaves alone what is no machine's address elsewhere (RFC 6890) and
// what is likelier a version.
func (f *Finder) judgeIPv4(text string, start, end int, o [4]int, defanged bool) (Confidence, bool) {
	if o[0] == 0 || o[0] == 127 || o[0] >= 240 || o[3] == 0 && o[2] == 0 && o[1] == 0 {
		return "", false
	}
	label := f.label(text, start)
	port := end < len(text) && (text[end] == ':' || text[end] == '/') && end+1 < len(text) && classes[text[end+1]]&classDigit != 0
	small := max(o[0], o[1], o[2], o[3]) < 10 && !(o[0] == o[1] && o[1] == o[2] && o[2] == o[3])
	switch {
	case defanged || label == labelAddress:
		return High, true
	case label == labelVersion || label == labelOther:
		return "", false
	case port:
		return High, true
	case small:
		return "", false
	case max(o[0], o[1], o[2], o[3]) < 40 && o[0] != 10:
		return Low, true
	}
	return Moderate, true
}

// standsAlone: the dotted number is no part of a longer one, of a path or of the
// name of a file.
func standsAlone(text string, start, end int) bool {
	if start > 0 {
		if c := text[start-1]; strings.IndexByte(".-/\\+_~$#%", c) >= 0 || wordBefore(text, start) {
			return c == '-' && start > 1 && classes[text[start-2]]&classDigit != 0 && strings.Count(text[max(0, start-16):start], ".") >= 3
		}
	}
	if end == len(text) {
		return true
	}
	switch c := text[end]; c {
	case '.', '[', '(':
		n := dotAt(text, end)
		return n == 0 || hostRune(text, end+n) == 0
	case '-':
		after, _, _ := strings.Cut(text[end+1:min(len(text), end+17)], " ")
		return strings.Count(after, ".") >= 3 || !wordAt(text, end+1)
	case '+', '~', '_', '\\':
		return false
	}
	return !wordAt(text, end)
}

// findColon reads the MAC or IPv6 address of which the colon at i is the first,
// and gives the end, or 0.
func (f *Finder) findColon(text string, i int) int {
	if i+1 >= len(text) || i < f.urlEnd {
		return 0
	}
	start := i
	for start > 0 && i-start < 5 && classes[text[start-1]]&classHex != 0 {
		start--
	}
	size := i - start
	if size == 0 || size > 4 || wordBefore(text, start) || start > 0 && (text[start-1] == ':' || text[start-1] == '%') {
		return 0
	}
	if size == 2 {
		return f.findMAC(text, start, ':')
	}
	if size < 3 || !globalStart(text[start:i]) {
		return 0
	}
	end := start
	for end < len(text) && end-start < 46 && (classes[text[end]]&classHex != 0 || text[end] == ':' || text[end] == '.') {
		end++
	}
	for end > start && text[end-1] == '.' || end-1 > start && text[end-1] == ':' && text[end-2] != ':' {
		end--
	}
	if wordAt(text, end) || end < len(text) && text[end] == ':' {
		return 0
	}
	value, err := normalIPv6(text[start:end])
	if err != nil {
		return 0
	}
	sure := Moderate
	if f.label(text, start) == labelAddress || strings.Count(text[start:end], ":") >= 4 {
		sure = High
	}
	f.add(text, IPv6, start, end, value, sure)
	return end
}

// globalStart: the first group is of an address that machines have: 2000::/3,
// fc00::/7, fe80::/10, and 64:ff9b::/96, which is too short to be told.
func globalStart(group string) bool {
	if len(group) != 4 {
		return false
	}
	switch group[0] {
	case '2', '3':
		return true
	case 'f', 'F':
		c := group[1] | 0x20
		return c == 'c' || c == 'd' || c == 'e' && strings.IndexByte("89abAB", group[2]) >= 0
	}
	return false
}
