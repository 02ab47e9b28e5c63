package selector

// Space says how many values of a kind somebody must try who wants to guess one.
// It is about the form, not about a value: what is written in a book or a zone
// file is guessed sooner.
type Space struct {
	// Bits is the base-2 logarithm of the values left to somebody who knows what
	// everybody can look up: a country's code, a maker's, a bank's.
	Bits int
	// Low: so few that they can be asked about wholesale.
	Low bool
	// Source is where the figure comes from.
	Source string
}

// lowBits is where a kind begins to be safe from being listed: 2^40 questions
// are more than a match of any size asks in a century.
const lowBits = 40

// The spaces of the kinds, as [SpaceOf] gives them but for Low.
var (
	spacePhone       = Space{Bits: 27, Source: "ITU-T E.164: at most 15 digits; an operator's prefix in a national plan leaves 7 or 8 of them"}
	spaceEmail       = Space{Bits: 64, Source: "RFC 5321 section 4.5.3.1.1: a local part of up to 64 bytes at any domain"}
	spaceTelegram    = Space{Bits: 64, Source: "5 to 32 of 37 characters; nobody lists those in use"}
	spaceURL         = Space{Bits: 128, Source: "RFC 3986: a path and query without bound"}
	spaceSHA256      = Space{Bits: 256, Source: "FIPS 180-4: 32 bytes"}
	spaceDomain      = Space{Bits: 64, Source: "RFC 1035 section 2.3.4: names of up to 253 bytes; registered names stand in zone files, those below them do not"}
	spaceIPv4        = Space{Bits: 32, Source: "RFC 791: 4 bytes"}
	spaceIPv6        = Space{Bits: 64, Source: "RFC 4291 section 2.5.1: 8 bytes of interface identifier after a network's prefix"}
	spaceMAC         = Space{Bits: 24, Source: "IEEE 802: 6 bytes, of which the maker's 3 are public"}
	spaceOnion       = Space{Bits: 252, Source: "Tor rend-spec-v3: an Ed25519 public key"}
	spaceTelegramID  = Space{Bits: 33, Source: "accounts are numbered in the order in which they were made, about 8 thousand million of them"}
	spaceWhatsApp    = Space{Bits: 128, Source: "22 random characters of 62"}
	spaceSignal      = Space{Bits: 64, Source: "a nickname of 3 to 32 of 37 characters and two digits or more"}
	spaceHandle      = Space{Bits: 64, Source: "up to 15 characters of 37 and more; nobody lists those in use"}
	spaceFacebookID  = Space{Bits: 37, Source: "15 digits, of which the first 4 are 1000 and most numbers below them are in use"}
	spaceVKID        = Space{Bits: 30, Source: "accounts are numbered in the order in which they were made, about a thousand million of them"}
	spaceChain       = Space{Bits: 30, Source: "20 bytes of a hash of a public key; but all addresses that were ever paid stand in the public chain, about 2^30"}
	spaceMonero      = Space{Bits: 252, Source: "two Ed25519 public keys; the chain does not show them"}
	spaceIBAN        = Space{Bits: 33, Source: "ISO 13616: check digits that follow from the rest; a bank's accounts have about 10 digits"}
	spaceCard        = Space{Bits: 23, Source: "ISO/IEC 7812-1: 16 digits with a check digit, of which the issuer's number takes 8"}
	spaceIMEI        = Space{Bits: 20, Source: "3GPP TS 23.003 clause 6.2: the type allocation code is public, the serial number has 6 digits"}
	spaceIMSI        = Space{Bits: 33, Source: "3GPP TS 23.003 clause 2.2: 15 digits, of which country and network take 5 or 6"}
	spaceICCID       = Space{Bits: 36, Source: "ITU-T E.118: 19 digits with a check digit, of which industry, country and issuer take 7"}
	spaceDevice      = Space{Bits: 64, Source: "an Android id has 8 random bytes, a UUID (RFC 9562) 122 bits"}
	spaceCoordinates = Space{Bits: 33, Source: "five decimals are about a metre; a city of 100 km by 100 km has 2^33 such squares"}
	spacePGP         = Space{Bits: 160, Source: "RFC 9580 section 5.5.4: 20 or 32 bytes of a hash of a public key"}
	spaceMD5         = Space{Bits: 128, Source: "RFC 1321: 16 bytes"}
	spaceSHA1        = Space{Bits: 160, Source: "FIPS 180-4: 20 bytes"}
	spaceSHA512      = Space{Bits: 512, Source: "FIPS 180-4: 64 bytes"}
	spaceWord        = Space{Bits: 17, Source: "a dictionary: about 2^17 words are in use in a language"}
	spacePattern     = Space{Bits: 17, Source: "what a pattern meets is as few as somebody's pattern makes it: taken for a word"}
)

// SpaceOf gives the space of a kind. A kind that nobody has measured has the
// smallest: whoever adds one says how large it is.
func SpaceOf(k Kind) Space {
	s := Space{Source: "not measured: taken for the smallest"}
	if number := numberOf(k); number >= 0 {
		s = forms[number].space
	}
	s.Low = s.Bits < lowBits
	return s
}

// Unguessable lists the kinds whose values cannot be asked about wholesale, in
// the order of [Kinds].
func Unguessable() []Kind {
	var all []Kind
	for _, k := range Kinds() {
		if !SpaceOf(k).Low {
			all = append(all, k)
		}
	}
	return all
}

// capBits: of a small space a set may hold one value in a thousand.
const capBits = 10

// Cap is the largest set that may be asked about at once, given what the caller
// can bear for any kind: of a kind with few values, one in 1,024.
func (s Space) Cap(most int) int {
	if !s.Low {
		return most
	}
	return min(most, 1<<max(s.Bits-capBits, 0))
}
