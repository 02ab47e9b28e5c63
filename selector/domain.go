package selector

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/idna"
)

const (
	maxHost  = 253 // bytes of a name, RFC 1035 section 2.3.4, without the final dot
	maxLabel = 63
)

// hostProfile maps as browsers do (UTS 46, non-transitional). Which ASCII a host
// may hold is checked afterwards by checkHost, the same for every host.
var hostProfile = idna.New(idna.MapForLookup(), idna.Transitional(false),
	idna.CheckHyphens(false), idna.StrictDomainName(false), idna.BidiRule())

func normalDomain(raw string) (string, error) {
	host, err := normalHost(refang(raw))
	if err != nil {
		return "", err
	}
	if !strings.Contains(host, ".") {
		return "", errors.New("a domain has at least two labels, as in example.org")
	}
	if last := host[strings.LastIndexByte(host, '.')+1:]; classes[last[0]]&classDigit != 0 {
		return "", errors.New("it ends like an IP address, not like a domain")
	}
	return host, nil
}

// normalHost gives the ASCII, lower-case form of a host name without final dot.
// Underscores are let through: names in use have them, against RFC 1123.
func normalHost(raw string) (string, error) {
	host := strings.TrimSuffix(strings.ToLower(raw), ".")
	if !isASCII(host) || strings.Contains(host, "xn--") {
		ascii, err := hostProfile.ToASCII(host)
		if err != nil {
			return "", fmt.Errorf("the host is no internationalised name: %w", err)
		}
		host = strings.TrimSuffix(ascii, ".")
	}
	return host, checkHost(host)
}

func checkHost(host string) error {
	if host == "" || len(host) > maxHost {
		return fmt.Errorf("a host has 1 to %d bytes", maxHost)
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > maxLabel {
			return fmt.Errorf("a label of a host has 1 to %d bytes", maxLabel)
		}
		if label[0] == '-' || label[len(label)-1] == '-' {
			return errors.New("a label of a host neither starts nor ends with a hyphen")
		}
		for i := range len(label) {
			if classes[label[i]]&classHost == 0 {
				return fmt.Errorf("a host cannot hold %q", label[i])
			}
		}
	}
	return nil
}

// looksLikeFile: top-level domains that prose far more often writes as the end
// of a file name, a class name or a program text. A bare name with one of them
// is taken for a domain only when it is written defanged or starts with www.
func looksLikeFile(tld string) bool {
	switch tld {
	case "zip", "mov", "py", "sh", "md", "rs", "pl", "so", "cc", "ps", "app", "ai", "java",
		"name", "id", "int", "info", "map", "properties", "data", "do", "call", "bar", "style", "date", "day", "read":
		return true
	}
	return false
}

// packageName tells names of programs (com.example.app) from domains: they are
// domains written backwards.
func packageName(host string) bool {
	first, _, _ := strings.Cut(host, ".")
	switch first {
	case "com", "org", "net", "edu", "gov", "io", "android", "androidx", "java", "javax", "kotlin":
		return true
	}
	return false
}

// findDomain reads the host name around the dot at i, plain or defanged, and what
// such a name may begin without a scheme: t.me/handle. It returns where to go on.
// Most dots stand before a space or in names of programs, whose ends no domain
// has: these are left after one look.
func (f *Finder) findDomain(text string, i, dot int) int {
	if i < f.urlEnd || hostRune(text, i+dot) == 0 || hostRuneBefore(text, i) == 0 {
		return i + 1
	}
	end := hostEnd(text, i+dot)
	if last := lastLabel(text, i+dot, end); isASCII(text[last:end]) && !isSuffix(text[last:end]) {
		return end
	}
	start := hostStart(text, i)
	if freeBefore(text, start) && f.findLink(text, start, end) {
		return f.urlEnd
	}
	if value, sure, ok := f.bareDomain(text, start, end); ok {
		f.add(text, Domain, start, end, value, sure)
	}
	return end
}

// lastLabel gives where the last label of the host that ends at end starts.
func lastLabel(text string, start, end int) int {
	for i := end; i > start; i-- {
		if c := text[i-1]; c == '.' || c == ']' || c == ')' || c == '}' {
			return i
		}
	}
	return start
}

func (f *Finder) bareDomain(text string, start, end int) (string, Confidence, bool) {
	if !freeBefore(text, start) || !freeAfter(text, end) {
		return "", "", false
	}
	raw := text[start:end]
	plain := refang(raw)
	tld := plain[strings.LastIndexByte(plain, '.')+1:]
	if len(tld) < 2 || len(tld) > 1 && isUpper(tld[0]) && !isUpper(tld[1]) {
		return "", "", false // "the end.Then": a sentence without its space
	}
	host, err := normalDomain(plain)
	if err != nil || packageName(host) || !endsInSuffix(host) || leftToOnion(host) {
		return "", "", false
	}
	if plain != raw || strings.HasPrefix(host, "www.") {
		return host, High, true
	}
	return host, Moderate, !looksLikeFile(strings.ToLower(tld))
}

// leftToOnion: names under onion are the business of another kind, but for the 16
// characters of version 2, which hold no checksum.
func leftToOnion(host string) bool {
	name, ok := strings.CutSuffix(host, ".onion")
	return ok && len(name[strings.LastIndexByte(name, '.')+1:]) != 16
}

// freeBefore and freeAfter: what stands beside a bare domain must not make it
// part of a path, an e-mail address, a handle or a call.
func freeBefore(text string, start int) bool {
	if start == 0 {
		return true
	}
	c := text[start-1]
	return c != '@' && c != '/' && c != '\\' && c != '.' && c != '-' && c != '$' && c != '%' && !wordBefore(text, start)
}

func freeAfter(text string, end int) bool {
	if end == len(text) {
		return true
	}
	c := text[end]
	return c != '@' && c != '(' && c != '\\' && c != '-' && !wordAt(text, end)
}
