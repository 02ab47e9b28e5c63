package list

import (
	"slices"
	"strings"

	"parley/selector"
)

// Role is what a column holds: one of those below, or a kind of selector, whose
// selectors it holds.
type Role string

// What a column may hold beside selectors of one kind.
const (
	Value     Role = "value" // selectors, of the kind beside them or that their form shows
	Kind      Role = "kind"
	Note      Role = "note"
	Recipient Role = "recipient" // who must be told
	Imminent  Role = "imminent"
)

// holdsSelectors tells whether a column of this role does.
func (r Role) holdsSelectors() bool { return r == Value || r.isKind() }

func (r Role) isKind() bool { return slices.Contains(selector.Kinds(), selector.Kind(r)) }

func (r Role) isRole() bool {
	return r.isKind() || slices.Contains([]Role{Value, Kind, Note, Recipient, Imminent}, r)
}

// headings are what lists call their columns, in small letters with single
// spaces for what stands between the words. The words of a kind are also what
// tools write beside a value.
var headings = map[Role][]string{
	Value: {
		"value", "selector", "selectors", "indicator", "indicators", "indicator value", "ioc", "iocs", "ioc value", "observable", "observable value",
		"identifier", "entity", "match",
	},
	Kind: {"kind", "type", "ioc type", "indicator type", "observable type", "selector type", "identifier type", "attribute type", "value type"},
	Note: {
		"note", "notes", "comment", "comments", "description", "desc", "remark", "remarks", "reason", "context", "details",
	},
	Recipient: {"recipient", "tell", "notify", "who to tell"},
	Imminent:  {"imminent", "urgent"},

	Role(selector.Phone): {
		"phone", "phones", "phone number", "phone no", "phonenumber", "telephone", "telephone number", "tel", "mobile", "mobile number", "mobile phone",
		"cell", "cell phone", "cellphone", "msisdn", "whatsapp", "whatsapp number", "whatsapp phone",
	},
	Role(selector.Email): {
		"email", "emails", "e mail", "mail", "email address", "e mail address", "emailaddress", "mail address", "email addr", "email src", "email dst",
	},
	Role(selector.Telegram): {"telegram", "telegram handle", "telegram user", "telegram username", "tg"},
	Role(selector.URL):      {"url", "urls", "uri", "link", "links", "web address"},
	Role(selector.SHA256):   {"sha256", "sha 256", "sha256 hash", "sha 256 hash", "hash sha256", "filehash sha256", "file hash sha256"},
	Role(selector.Domain):   {"domain", "domains", "domain name", "hostname", "host name", "host", "fqdn"},

	Role(selector.IPv4):  {"ipv4", "ip", "ips", "ip address", "ipv4 address", "ipv4 addr", "ip dst", "ip src"},
	Role(selector.IPv6):  {"ipv6", "ipv6 address", "ipv6 addr"},
	Role(selector.MAC):   {"mac", "mac address", "mac addr", "bssid"},
	Role(selector.Onion): {"onion", "onion address"},

	Role(selector.TelegramID): {"telegram id", "telegram user id", "tg id"},
	Role(selector.WhatsApp):   {"whatsapp invite", "whatsapp group", "whatsapp channel"},
	Role(selector.Signal):     {"signal", "signal username"},
	Role(selector.X):          {"x", "twitter", "x handle", "twitter handle", "twitter id"},
	Role(selector.Facebook):   {"facebook", "facebook name"},
	Role(selector.FacebookID): {"facebook id", "facebook user id"},
	Role(selector.Instagram):  {"instagram", "instagram handle", "instagram username"},
	Role(selector.TikTok):     {"tiktok", "tiktok handle", "tiktok username"},
	Role(selector.VK):         {"vk", "vk name"},
	Role(selector.VKID):       {"vk id"},

	Role(selector.Bitcoin):  {"bitcoin", "btc", "bitcoin address", "btc address"},
	Role(selector.Ethereum): {"ethereum", "eth", "ethereum address", "eth address"},
	Role(selector.Tron):     {"tron", "trx", "tron address"},
	Role(selector.Monero):   {"monero", "xmr", "monero address"},
	Role(selector.Litecoin): {"litecoin", "ltc", "litecoin address"},
	Role(selector.IBAN):     {"iban", "bank account"},
	Role(selector.Card):     {"card", "card number", "payment card", "cc number"},

	Role(selector.IMEI):   {"imei"},
	Role(selector.IMSI):   {"imsi"},
	Role(selector.ICCID):  {"iccid", "sim", "sim serial"},
	Role(selector.Device): {"device id", "advertising id", "idfa", "gaid", "android id"},

	Role(selector.Coordinates): {"coordinates", "location", "position"},
	Role(selector.PGP):         {"pgp", "pgp fingerprint", "gpg", "gpg fingerprint"},
	Role(selector.MD5):         {"md5", "md5 hash", "hash md5", "filehash md5", "file hash md5"},
	Role(selector.SHA1):        {"sha1", "sha 1", "sha1 hash", "sha 1 hash", "hash sha1", "filehash sha1", "file hash sha1"},
	Role(selector.SHA512):      {"sha512", "sha 512", "sha512 hash", "hash sha512", "filehash sha512"},
	Role(selector.Word):        {"word", "words"},
	Role(selector.Pattern):     {"pattern"},
}

// roleNamed finds what a column of this name holds, or "".
func roleNamed(heading string) Role {
	heading = simple(heading)
	for role, names := range headings {
		if slices.Contains(names, heading) {
			return role
		}
	}
	return ""
}

// kindNamed finds the kind that a word beside a value means.
func kindNamed(word string) (selector.Kind, bool) {
	role := roleNamed(word)
	return selector.Kind(role), role.isKind()
}

// simple makes "E-Mail_Address" and "e mail address" one.
func simple(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return r <= ' ' || strings.ContainsRune("-_./:|\u00a0", r)
	})
	return strings.Join(words, " ")
}
