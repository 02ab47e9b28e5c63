package node

import (
	"strings"

	"parley/internal/release"
	"parley/selector"
	"parley/stix"
)

// observableForm says how STIX writes selectors of a kind.
type observableForm struct {
	typ, path string // the observable's type, and where in it the value stands
	service   string // account_type of a user-account
}

// observableForms has every kind for which STIX, or an extension that the field
// has published, has an observable. It is never written.
var observableForms = map[selector.Kind]observableForm{
	selector.Phone:  {typ: "phone-number", path: "value"},
	selector.Email:  {typ: "email-addr", path: "value"},
	selector.URL:    {typ: "url", path: "value"},
	selector.Domain: {typ: "domain-name", path: "value"},
	selector.Onion:  {typ: "domain-name", path: "value"},
	selector.IPv4:   {typ: "ipv4-addr", path: "value"},
	selector.IPv6:   {typ: "ipv6-addr", path: "value"},
	selector.MAC:    {typ: "mac-addr", path: "value"},

	selector.SHA256: {typ: "file", path: "hashes.SHA-256"},
	selector.SHA512: {typ: "file", path: "hashes.SHA-512"},
	selector.SHA1:   {typ: "file", path: "hashes.SHA-1"},
	selector.MD5:    {typ: "file", path: "hashes.MD5"},

	selector.Telegram:   {typ: "user-account", path: "account_login", service: "telegram"},
	selector.TelegramID: {typ: "user-account", path: "user_id", service: "telegram"},
	selector.WhatsApp:   {typ: "user-account", path: "account_login", service: "whatsapp"},
	selector.Signal:     {typ: "user-account", path: "account_login", service: "signal"},
	selector.X:          {typ: "user-account", path: "account_login", service: "twitter"}, // account-type-ov knows no other name
	selector.Facebook:   {typ: "user-account", path: "account_login", service: "facebook"},
	selector.FacebookID: {typ: "user-account", path: "user_id", service: "facebook"},
	selector.Instagram:  {typ: "user-account", path: "account_login", service: "instagram"},
	selector.TikTok:     {typ: "user-account", path: "account_login", service: "tiktok"},
	selector.VK:         {typ: "user-account", path: "account_login", service: "vk"},
	selector.VKID:       {typ: "user-account", path: "user_id", service: "vk"},

	selector.Bitcoin:  {typ: "cryptocurrency-wallet", path: "value"},
	selector.Ethereum: {typ: "cryptocurrency-wallet", path: "value"},
	selector.Tron:     {typ: "cryptocurrency-wallet", path: "value"},
	selector.Monero:   {typ: "cryptocurrency-wallet", path: "value"},
	selector.Litecoin: {typ: "cryptocurrency-wallet", path: "value"},
	selector.IBAN:     {typ: "bank-account", path: "iban"},
	selector.Card:     {typ: "payment-card", path: "value"},
}

// ownObservable is the observable of the kinds that nobody has one for: their kind
// and value, by an extension of Parley's own.
const ownObservable = "parley-selector"

// newObservables are the extensions of the types that STIX itself does not have.
// The ids are those that the field's extension repositories published, but for
// Parley's own.
var newObservables = map[string]string{
	"cryptocurrency-wallet": "extension-definition--be78509e-6958-51b1-8b26-d17ee0eba2d7",
	"bank-account":          "extension-definition--f19f3291-6a84-5674-b311-d75a925d5bd9",
	"payment-card":          "extension-definition--b160c6ee-26b6-591c-8885-c192db67cac9",
	ownObservable:           "extension-definition--c3ccf7b3-6b8f-454c-b624-7955537a59e4",
}

func extensionOf(typ string) (string, bool) {
	if id, has := release.Extension(typ); has {
		return id, true
	}
	id, has := newObservables[typ]
	return id, has
}

// observable writes a selector as STIX.
func (n *Node) observable(s selector.Selector) (stix.Object, error) {
	form, known := observableForms[s.Kind]
	if !known {
		form = observableForm{typ: ownObservable, path: "value"}
	}
	id, err := stix.NewID(form.typ, n.rand)
	if err != nil {
		return stix.Object{}, err
	}
	b := stix.New(form.typ).ID(id)
	if property, name, nested := strings.Cut(form.path, "."); nested {
		b.Set(property, map[string]string{name: s.Value})
	} else {
		b.Set(property, s.Value)
	}
	if form.service != "" {
		b.Set("account_type", form.service)
	}
	if !known {
		b.Set("kind", string(s.Kind))
	}
	if extension, has := extensionOf(form.typ); has {
		b.Set("extensions", map[string]any{extension: map[string]string{"extension_type": "new-sco"}})
	}
	return b.Build()
}

// observation is the value that an observable stands for, and what kinds it may be
// of, the likeliest first.
type observation struct {
	kinds      []selector.Kind
	path, text string
}

// read gives the selector of the first kind that the value can be of.
func (v observation) read(opt selector.Options) (selector.Selector, bool) {
	for _, kind := range v.kinds {
		if s, err := selector.Parse(kind, v.text, opt); err == nil {
			return s, true
		}
	}
	return selector.Selector{}, false
}

// observed reads the value of an observable of a type whose values are selectors.
// STIX writes handles without their "@".
func observed(o stix.Object) (v observation, known bool) {
	if o.Type() == ownObservable {
		kind, _ := o.String("kind")
		v = observation{kinds: []selector.Kind{selector.Kind(kind)}, path: "value"}
		v.text, known = o.String(v.path)
		return v, known
	}
	service, _ := o.String("account_type")
	if service = strings.ToLower(service); service == "x" {
		service = "twitter"
	}
	for _, path := range [...]string{"value", "number", "hashes.SHA-256", "hashes.SHA-512", "hashes.SHA-1", "hashes.MD5", "account_login", "user_id", "iban"} {
		text, has := o.String(path)
		if !has {
			continue
		}
		for _, kind := range readingOrder {
			form := observableForms[kind]
			if form.typ != "" && form.typ == o.Type() && form.service == service && (form.path == path || path == "number" && kind == selector.Phone) {
				v.kinds = append(v.kinds, kind)
			}
		}
		if len(v.kinds) > 0 {
			v.path, v.text = path, text
			return v, true
		}
	}
	return v, false
}

// readingOrder is that of the kinds that one type of observable stands for: an
// onion address is a domain as well, and not the other way round.
var readingOrder = append([]selector.Kind{selector.Onion}, selector.Kinds()...)
