package selector

// Kind says what sort of thing a selector identifies.
type Kind string

// The kinds of selector, each with its normal form.
const (
	Phone    Kind = "phone"    // E.164 with its plus: +12025550147
	Email    Kind = "email"    // lower case, host in ASCII: desk@example.org
	Telegram Kind = "telegram" // handle without @, lower case, or "+" and an invite's code as it was
	URL      Kind = "url"      // http or https: https://example.org/path?query
	SHA256   Kind = "sha256"   // 64 lower-case hexadecimal digits
	Domain   Kind = "domain"   // lower case, in ASCII, no final dot: example.org

	IPv4  Kind = "ipv4"  // four numbers without leading zeros: 192.0.2.7
	IPv6  Kind = "ipv6"  // as RFC 5952 writes it: 2001:db8::1
	MAC   Kind = "mac"   // lower case with colons: 00:00:5e:00:53:01
	Onion Kind = "onion" // 56 characters and .onion, without what stands before them

	TelegramID Kind = "telegram-id"     // decimal number of an account; with -100 before it, of a channel
	WhatsApp   Kind = "whatsapp-invite" // "group/" or "channel/" and the code of the invitation
	Signal     Kind = "signal"          // username: lamp.42; "group/" or "user/" and the code of a link
	X          Kind = "x"               // handle without @, lower case
	Facebook   Kind = "facebook"        // name of a profile or page, lower case
	FacebookID Kind = "facebook-id"     // decimal number of a profile
	Instagram  Kind = "instagram"       // handle without @, lower case
	TikTok     Kind = "tiktok"          // handle without @, lower case
	VK         Kind = "vk"              // name of a page, lower case
	VKID       Kind = "vk-id"           // decimal number of a person; with a minus, of a group

	Bitcoin  Kind = "bitcoin"  // base58 as it is, bech32 in lower case
	Ethereum Kind = "ethereum" // 0x and 40 lower-case hexadecimal digits
	Tron     Kind = "tron"     // base58 as it is
	Monero   Kind = "monero"   // base58 as it is
	Litecoin Kind = "litecoin" // base58 as it is, bech32 in lower case

	IBAN Kind = "iban" // upper case without spaces
	Card Kind = "card" // digits

	IMEI   Kind = "imei"      // 15 digits
	IMSI   Kind = "imsi"      // 15 digits, 14 where the network's code has two
	ICCID  Kind = "iccid"     // 19 or 20 digits
	Device Kind = "device-id" // a UUID in lower case, or what else a device or its advertising is known by

	Coordinates Kind = "coordinates" // latitude and longitude, five decimals: 21.30944,-157.91686
	PGP         Kind = "pgp"         // fingerprint in lower-case hexadecimal digits, 40 or 64
	MD5         Kind = "md5"         // 32 lower-case hexadecimal digits
	SHA1        Kind = "sha1"        // 40 lower-case hexadecimal digits
	SHA512      Kind = "sha512"      // 128 lower-case hexadecimal digits

	Word    Kind = "word"    // of somebody's own list: lower case, single spaces
	Pattern Kind = "pattern" // name of somebody's own pattern, "=", and what it met
)

// form is what the package knows of a kind: how its normal form is made, and how
// many values it has. To add a kind, write its file and its line in forms.
type form struct {
	kind   Kind
	normal func(raw string, opt Options) (string, error)
	space  Space
}

// forms lists every kind, in the order of [Kinds]. It is never written.
var forms = [...]form{
	{Phone, normalPhone, spacePhone},
	{Email, plainly(normalEmail), spaceEmail},
	{Telegram, plainly(normalTelegram), spaceTelegram},
	{URL, plainly(normalURL), spaceURL},
	{SHA256, plainly(normalSHA256), spaceSHA256},
	{Domain, plainly(normalDomain), spaceDomain},
	{IPv4, plainly(normalIPv4), spaceIPv4},
	{IPv6, plainly(normalIPv6), spaceIPv6},
	{MAC, plainly(normalMAC), spaceMAC},
	{Onion, plainly(normalOnion), spaceOnion},
	{TelegramID, plainly(normalTelegramID), spaceTelegramID},
	{WhatsApp, plainly(normalWhatsApp), spaceWhatsApp},
	{Signal, plainly(normalSignal), spaceSignal},
	{X, plainly(xSite.normal), spaceHandle},
	{Facebook, plainly(facebookSite.normal), spaceHandle},
	{FacebookID, plainly(normalFacebookID), spaceFacebookID},
	{Instagram, plainly(instagramSite.normal), spaceHandle},
	{TikTok, plainly(tiktokSite.normal), spaceHandle},
	{VK, plainly(vkSite.normal), spaceHandle},
	{VKID, plainly(normalVKID), spaceVKID},
	{Bitcoin, plainly(normalBitcoin), spaceChain},
	{Ethereum, plainly(normalEthereum), spaceChain},
	{Tron, plainly(normalTron), spaceChain},
	{Monero, plainly(normalMonero), spaceMonero},
	{Litecoin, plainly(normalLitecoin), spaceChain},
	{IBAN, plainly(normalIBAN), spaceIBAN},
	{Card, plainly(normalCard), spaceCard},
	{IMEI, plainly(normalIMEI), spaceIMEI},
	{IMSI, plainly(normalIMSI), spaceIMSI},
	{ICCID, plainly(normalICCID), spaceICCID},
	{Device, plainly(normalDevice), spaceDevice},
	{Coordinates, plainly(normalCoordinates), spaceCoordinates},
	{PGP, plainly(normalPGP), spacePGP},
	{MD5, plainly(normalMD5), spaceMD5},
	{SHA1, plainly(normalSHA1), spaceSHA1},
	{SHA512, plainly(normalSHA512), spaceSHA512},
	{Word, plainly(normalWord), spaceWord},
	{Pattern, plainly(normalPattern), spacePattern},
}

// plainly is for kinds whose text needs no options.
func plainly(normal func(string) (string, error)) func(string, Options) (string, error) {
	return func(raw string, _ Options) (string, error) { return normal(raw) }
}

// numberOf gives the place of a kind in forms, or -1.
func numberOf(k Kind) int {
	for i := range forms {
		if forms[i].kind == k {
			return i
		}
	}
	return -1
}

// Kinds lists every kind, in a fixed order. The slice is the caller's own.
func Kinds() []Kind {
	all := make([]Kind, len(forms))
	for i := range forms {
		all[i] = forms[i].kind
	}
	return all
}
