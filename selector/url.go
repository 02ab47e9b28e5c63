package selector

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// normalURL gives scheme and host in lower case, the host in ASCII, without user,
// default port and fragment; "/" for an empty path; percent escapes in upper case,
// only where needed. Path and query otherwise stay as they are: their case and
// order can matter.
func normalURL(raw string) (string, error) {
	scheme, rest, err := cutScheme(raw)
	if err != nil {
		return "", err
	}
	rest, _, _ = strings.Cut(rest, "#")
	end := strings.IndexAny(rest, "/?\\")
	if end < 0 {
		end = len(rest)
	}
	authority, err := normalAuthority(scheme, rest[:end])
	if err != nil {
		return "", err
	}
	path := rest[end:]
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	value := scheme + "://" + authority + normalEscapes(path)
	if len(value) > maxRaw {
		return "", fmt.Errorf("it is longer than %d bytes", maxRaw)
	}
	return value, nil
}

// cutScheme reads http and https, plain and defanged (hxxp, [:], [://]).
func cutScheme(raw string) (scheme, rest string, err error) {
	colon := strings.IndexByte(raw, ':')
	if colon < 0 {
		return "", "", errors.New("it has no scheme: write https:// before it")
	}
	name, rest := strings.TrimSuffix(raw[:colon], "["), raw[colon+1:]
	switch strings.ToLower(name) {
	case "http", "hxxp":
		scheme = "http"
	case "https", "hxxps":
		scheme = "https"
	default:
		return "", "", errors.New("only http and https addresses are URLs here")
	}
	bracket := len(name) < colon
	if bracket {
		rest = strings.TrimPrefix(rest, "]")
	}
	rest, found := strings.CutPrefix(rest, "//")
	if !found {
		return "", "", errors.New("it has no // after the scheme")
	}
	if bracket {
		rest = strings.TrimPrefix(rest, "]")
	}
	return scheme, rest, nil
}

func normalAuthority(scheme, authority string) (string, error) {
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		authority = authority[at+1:] // user and password say who asks, not what is there
	}
	authority = refang(authority)
	host, port := authority, ""
	if colon := strings.LastIndexByte(authority, ':'); colon > strings.LastIndexByte(authority, ']') {
		host, port = authority[:colon], authority[colon+1:]
	}
	host, err := normalURLHost(host)
	if err != nil {
		return "", err
	}
	if port == "" || scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		return host, nil
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 || port[0] == '0' || port[0] == '+' {
		return "", fmt.Errorf("%q is no port", clip(port))
	}
	return host + ":" + port, nil
}

func normalURLHost(host string) (string, error) {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		address, err := netip.ParseAddr(inner)
		if !ok || err != nil || !address.Is6() || address.Zone() != "" {
			return "", errors.New("what stands in brackets is no IPv6 address")
		}
		return "[" + address.String() + "]", nil
	}
	return normalHost(host)
}

// normalEscapes brings percent escapes to one form (RFC 3986 section 6.2.2):
// upper case, none where the character needs none, all where it does.
func normalEscapes(path string) string {
	if !strings.ContainsFunc(path, needsLook) {
		return path
	}
	const hex = "0123456789ABCDEF"
	b := make([]byte, 0, len(path)+16)
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c == '%' {
			value, ok := unhex(path[i+1:])
			if !ok {
				b = append(b, "%25"...)
				continue
			}
			if i += 2; unreserved(value) {
				b = append(b, value)
				continue
			}
			b = append(b, '%', hex[value>>4], hex[value&15])
			continue
		}
		if classes[c]&classURL == 0 {
			b = append(b, '%', hex[c>>4], hex[c&15])
			continue
		}
		b = append(b, c)
	}
	return string(b)
}

func needsLook(r rune) bool {
	return r == '%' || r >= 0x80 || classes[byte(r)]&classURL == 0
}

func unreserved(c byte) bool {
	return classes[c]&classHost != 0 || c == '.' || c == '~'
}

// unhex reads the two hexadecimal digits of an escape.
func unhex(s string) (byte, bool) {
	if len(s) < 2 || classes[s[0]]&classes[s[1]]&classHex == 0 {
		return 0, false
	}
	value, err := strconv.ParseUint(s[:2], 16, 8)
	return byte(value), err == nil
}
