package selector

import (
	"fmt"
	"slices"
	"strings"
)

// Detect reads the whole of raw as one selector of a kind it finds out, for
// lists with one identifier a line. The form of [Selector.String] is understood
// too. What could be two kinds is taken for the first of: a link to an account,
// URL, e-mail, handle with @, hash, wallet, IBAN, address of a machine, phone
// number, card, IMEI, ICCID, coordinates, domain.
func Detect(raw string, opt Options) (Selector, error) {
	raw = trim(raw)
	if len(raw) > maxRaw {
		return Selector{}, fmt.Errorf("read selector: %d bytes are more than the %d a selector may have", len(raw), maxRaw)
	}
	if kind, value, found := strings.Cut(raw, ":"); found && slices.Contains(Kinds(), Kind(kind)) {
		return Parse(Kind(kind), value, opt)
	}
	if kind, value, ok := readLink(raw); ok {
		return Selector{Kind: kind, Value: value}, nil
	}
	kinds := likelyKinds(raw)
	if len(kinds) == 1 {
		return Parse(kinds[0], raw, opt)
	}
	for _, kind := range kinds {
		if s, err := Parse(kind, raw, opt); err == nil {
			return s, nil
		}
	}
	return Selector{}, fmt.Errorf("read selector %q: it is of no kind known; name its kind, as in phone:+12025550147", clip(raw))
}

// likelyKinds gives the kinds that raw may be by its characters, likeliest first.
// What has no form of its own (a handle without @, an IMSI, a UUID, a word) is
// not guessed: its list names the kind.
func likelyKinds(raw string) []Kind {
	switch {
	case strings.Contains(raw, "://") || strings.Contains(raw, ":]//"):
		return []Kind{URL}
	case strings.HasPrefix(raw, "@"):
		return []Kind{Telegram}
	case strings.Contains(raw, "@") && !foldedPrefix(raw, "ethereum:"):
		return []Kind{Email}
	}
	return []Kind{
		SHA256, SHA1, MD5, SHA512, Bitcoin, Litecoin, Tron, Monero, Ethereum, IBAN, IPv4, IPv6, MAC, PGP, Phone, Card, IMEI, ICCID,
		Coordinates, Onion, Domain,
	}
}
