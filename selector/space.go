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

// Names of kinds that this package has no normal form for yet, and whose spaces
// are known all the same.
const (
	kindIMEI  Kind = "imei"
	kindIMSI  Kind = "imsi"
	kindICCID Kind = "iccid"
	kindCard  Kind = "card"
	kindIPv4  Kind = "ipv4"
	kindIBAN  Kind = "iban"
)

// SpaceOf gives the space of a kind. A kind that nobody has measured has the
// smallest: whoever adds one says how large it is.
func SpaceOf(k Kind) Space {
	s := Space{Source: "not measured: taken for the smallest"}
	switch k {
	case Phone:
		s = Space{Bits: 27, Source: "ITU-T E.164: at most 15 digits; an operator's prefix in a national plan leaves 7 or 8 of them"}
	case Email:
		s = Space{Bits: 64, Source: "RFC 5321 section 4.5.3.1.1: a local part of up to 64 bytes at any domain"}
	case Telegram:
		s = Space{Bits: 64, Source: "5 to 32 of 37 characters; nobody lists those in use"}
	case URL:
		s = Space{Bits: 128, Source: "RFC 3986: a path and query without bound"}
	case SHA256:
		s = Space{Bits: 256, Source: "FIPS 180-4: 32 bytes"}
	case Domain:
		s = Space{Bits: 64, Source: "RFC 1035 section 2.3.4: names of up to 253 bytes; registered names stand in zone files, those below them do not"}
	case kindIMEI:
		s = Space{Bits: 20, Source: "3GPP TS 23.003 clause 6.2: the type allocation code is public, the serial number has 6 digits"}
	case kindIMSI:
		s = Space{Bits: 33, Source: "3GPP TS 23.003 clause 2.2: 15 digits, of which country and network take 5 or 6"}
	case kindICCID:
		s = Space{Bits: 36, Source: "ITU-T E.118: 19 digits with a check digit, of which industry, country and issuer take 7"}
	case kindCard:
		s = Space{Bits: 23, Source: "ISO/IEC 7812-1: 16 digits with a check digit, of which the issuer's number takes 8"}
	case kindIPv4:
		s = Space{Bits: 32, Source: "RFC 791: 4 bytes"}
	case kindIBAN:
		s = Space{Bits: 33, Source: "ISO 13616: check digits that follow from the rest; a bank's accounts have about 10 digits"}
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
