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
	Role(selector.Telegram): {"telegram", "telegram handle", "telegram user", "telegram username", "telegram id", "tg"},
	Role(selector.URL):      {"url", "urls", "uri", "link", "links", "web address"},
	Role(selector.SHA256):   {"sha256", "sha 256", "sha256 hash", "sha 256 hash", "hash sha256", "filehash sha256", "file hash sha256"},
	Role(selector.Domain):   {"domain", "domains", "domain name", "hostname", "host name", "host", "fqdn"},
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
