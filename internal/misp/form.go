package misp

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"parley/selector"
)

// form is how the values of one type of attribute stand in STIX.
type form struct {
	at     []string // the paths in the carrier at which the value's parts, joined by |, stand
	silent bool     // no pattern can be made of it, or it is one itself

	// sketch gives what to make of a value: first the carrier, then what it refers to. The error is a
	// clause.
	sketch func(value string, opt Options) ([]sketch, error)
}

// sketch is an object to be: its type and its own properties, in order. A value of type kin is the id
// of another object of the same attribute, by its type.
type sketch struct {
	typ string
	set []property
}

type property struct {
	name  string
	value any
}

type kin string

// forms are the attribute types that map.
var forms = collect(
	changed("domain", "domain-name", "value", hostName),
	changed("hostname", "domain-name", "value", hostName),
	addressed("url", "url", "value"),
	addressed("link", "url", "value"),
	addressed("email", "email-addr", "value"),
	addressed("email-src", "email-addr", "value"),
	addressed("email-dst", "email-addr", "value"),
	addressed("email-reply-to", "email-addr", "value"),
	addressed("target-email", "email-addr", "value"),
	addressed("whois-registrant-email", "email-addr", "value"),
	addressed("mutex", "mutex", "name"),
	addressed("filename", "file", "name"),
	addressed("attachment", "file", "name"),
	changed("regkey", "windows-registry-key", "key", func(v string, _ Options) (any, error) { return inFull(v), nil }),
	changed("onion-address", "domain-name", "value", hostName),
	addressed("uri", "url", "value"),
	addressed("user-agent", "user-agent", "value"),
	addressed("dns-soa-email", "email-addr", "value"),
	addressed("email-attachment", "file", "name"),
	addressed("iban", "bank-account", "iban"),
	addressed("bank-account-nr", "bank-account", "account_number"),
	addressed("cc-number", "payment-card", "value"),
	addressed("btc", "cryptocurrency-wallet", "value"),
	addressed("xmr", "cryptocurrency-wallet", "value"),
	addressed("dash", "cryptocurrency-wallet", "value"),
	message("email-subject", "subject"),
	message("email-message-id", "message_id"),
	message("email-body", "body"),
	changed("mac-address", "mac-addr", "value", lowerMAC),
	changed("AS", "autonomous-system", "number", systemNumber),
	changed("phone-number", "phone-number", "value", phoneNumber),
	changed("whois-registrant-phone", "phone-number", "value", phoneNumber),
	changed("prtn", "phone-number", "value", phoneNumber),
	named("ip-src", []string{"value"}, address),
	named("ip-dst", []string{"value"}, address),
	named("ip-src|port", []string{"src_ref", "src_port"}, endpoint("src")),
	named("ip-dst|port", []string{"dst_ref", "dst_port"}, endpoint("dst")),
	named("hostname|port", []string{"dst_ref", "dst_port"}, endpoint("dst")),
	named("domain|ip", []string{"value", "resolves_to_refs[0]"}, resolved),
	named("regkey|value", []string{"key", "values[0].data"}, registryValue),
	account("github-username", "github"),
	account("twitter-id", "twitter"),
	account("jabber-id", "jabber"),
	digests(),
	statements(),
)

// entry is one row of forms.
type entry struct {
	typ string
	form
}

func collect(groups ...[]entry) map[string]form {
	all := map[string]form{}
	for _, group := range groups {
		for _, e := range group {
			all[e.typ] = e.form
		}
	}
	return all
}

func named(typ string, at []string, make func(string, Options) ([]sketch, error)) []entry {
	return []entry{{typ, form{at: at, sketch: make}}}
}

// addressed is a value that stands in one property as it is.
func addressed(typ, stixType, name string) []entry {
	return changed(typ, stixType, name, func(v string, _ Options) (any, error) { return v, nil })
}

// changed is a value that stands in one property in a normal form.
func changed(typ, stixType, name string, normal func(string, Options) (any, error)) []entry {
	return named(typ, []string{name}, func(value string, opt Options) ([]sketch, error) {
		v, err := normal(value, opt)
		if err != nil {
			return nil, err
		}
		return []sketch{{stixType, []property{{name, v}}}}, nil
	})
}

func account(typ, service string) []entry {
	return named(typ, []string{"account_login"}, func(value string, _ Options) ([]sketch, error) {
		return []sketch{{"user-account", []property{{"account_type", service}, {"account_login", value}}}}, nil
	})
}

// message is a part of an e-mail that stands alone.
func message(typ, name string) []entry {
	return named(typ, []string{name}, func(value string, _ Options) ([]sketch, error) {
		return []sketch{{"email-message", []property{{"is_multipart", false}, {name, value}}}}, nil
	})
}

// hostName refuses what cannot be the name of a host. Which names there are it does not ask.
func hostName(v string, _ Options) (any, error) {
	if v == "" || strings.ContainsAny(v, " \t\r\n'\"`<>()[]{}|\\^/:;,@?#%&=+$!*~") {
		return nil, fmt.Errorf("%s is not the name of a host", shown(v))
	}
	return v, nil
}

func lowerMAC(v string, _ Options) (any, error) {
	return strings.ReplaceAll(strings.ToLower(v), "-", ":"), nil
}

// systemNumber reads AS64496 or 64496.
func systemNumber(v string, _ Options) (any, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(strings.ToUpper(v), "AS"), 10, 32)
	if err != nil {
		return nil, fmt.Errorf("%s is not the number of an autonomous system", shown(v))
	}
	return n, nil
}

// phoneNumber gives E.164, or what was written where that is not sure.
func phoneNumber(v string, opt Options) (any, error) {
	if s, err := selector.Parse(selector.Phone, v, selector.Options{Region: opt.Region}); err == nil {
		return s.Value, nil
	}
	return v, nil
}

func address(v string, _ Options) ([]sketch, error) {
	bare, _, _ := strings.Cut(v, "/")
	addr, err := netip.ParseAddr(bare)
	if err != nil {
		return nil, fmt.Errorf("%s is neither an address nor a network", shown(v))
	}
	typ := "ipv6-addr"
	if addr.Is4() {
		typ = "ipv4-addr"
	}
	return []sketch{{typ, []property{{"value", v}}}}, nil
}

// endpoint reads an address or a host name and a port. MISP does not say which protocol was used
// above IP, and none is made up.
func endpoint(side string) func(string, Options) ([]sketch, error) {
	return func(v string, opt Options) ([]sketch, error) {
		host, text, _ := strings.Cut(v, "|")
		port, err := strconv.ParseUint(text, 10, 16)
		if err != nil {
			return nil, fmt.Errorf("%s is not a host and a port with | between them", shown(v))
		}
		protocol := "ip"
		far, err := address(host, opt)
		if err == nil {
			protocol = strings.TrimSuffix(far[0].typ, "-addr")
		} else if _, err := hostName(host, opt); err == nil {
			far = []sketch{{"domain-name", []property{{"value", host}}}}
		} else {
			return nil, err
		}
		return append([]sketch{{"network-traffic", []property{
			{side + "_ref", kin(far[0].typ)}, {side + "_port", port}, {"protocols", []string{protocol}},
		}}}, far...), nil
	}
}

func resolved(v string, opt Options) ([]sketch, error) {
	domain, ip, _ := strings.Cut(v, "|")
	if _, err := hostName(domain, opt); err != nil {
		return nil, err
	}
	to, err := address(ip, opt)
	if err != nil {
		return nil, err
	}
	name := sketch{"domain-name", []property{{"value", domain}, {"resolves_to_refs", []kin{kin(to[0].typ)}}}}
	return append([]sketch{name}, to...), nil
}

// hives are the short names of the registry's roots, which STIX wants in full.
var hives = map[string]string{
	"HKLM": "HKEY_LOCAL_MACHINE", "HKCU": "HKEY_CURRENT_USER", "HKCR": "HKEY_CLASSES_ROOT", "HKU": "HKEY_USERS", "HKCC": "HKEY_CURRENT_CONFIG",
}

// inFull writes a registry key with the name of its hive in full.
func inFull(key string) string {
	hive, rest, _ := strings.Cut(key, `\`)
	if full, ok := hives[strings.ToUpper(hive)]; ok {
		return strings.TrimSuffix(full+`\`+rest, `\`)
	}
	return key
}

func registryValue(v string, _ Options) ([]sketch, error) {
	key, data, ok := strings.Cut(v, "|")
	if !ok {
		return nil, fmt.Errorf("%s is not a registry key and its value with | between them", shown(v))
	}
	return []sketch{{"windows-registry-key", []property{
		{"key", inFull(key)}, {"values", []map[string]string{{"data": data}}},
	}}}, nil
}
