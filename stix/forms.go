package stix

import (
	"net/mail"
	"net/netip"
	"net/url"
	"strings"
)

// The forms of text that the standard takes over from others.

// isAddress accepts an address or a CIDR network of one family.
func isAddress(family func(netip.Addr) bool) func(string) bool {
	return func(s string) bool {
		if strings.Contains(s, "/") {
			network, err := netip.ParsePrefix(s)
			return err == nil && family(network.Addr())
		}
		address, err := netip.ParseAddr(s)
		return err == nil && family(address)
	}
}

// isMAC accepts six octets in lower case with colons between them.
func isMAC(s string) bool {
	if len(s) != 17 {
		return false
	}
	for i := range len(s) {
		if i%3 == 2 && s[i] != ':' || i%3 != 2 && !isLowerHex(s[i]) {
			return false
		}
	}
	return true
}

// isMailbox accepts an addr-spec of RFC 5322, without a name.
func isMailbox(s string) bool {
	address, err := mail.ParseAddress(s)
	return err == nil && address.Name == "" && address.Address == s
}

// isURL accepts a URL of RFC 3986 with a scheme.
func isURL(s string) bool {
	parsed, err := url.Parse(s)
	return err == nil && parsed.Scheme != "" && !strings.ContainsAny(s, " <>\"{}|\\^`")
}

func isCPE(s string) bool { return strings.HasPrefix(s, "cpe:2.3:") }

// hasFullHive refuses the short names of registry hives.
func hasFullHive(s string) bool {
	hive, _, _ := strings.Cut(s, `\`)
	switch strings.ToUpper(hive) {
	case "HKLM", "HKCU", "HKCR", "HKU", "HKCC", "HKPD":
		return false
	}
	return true
}
