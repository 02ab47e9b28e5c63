package misp_test

import (
	"strings"
	"testing"

	"parley/internal/misp"
)

type field struct{ relation, typ, value string }

// objectRows are one example of every template that maps, and of one that does not.
var objectRows = []struct {
	name, carrier string
	attributes    []field
	holds         map[string]string // in the carrier
}{
	{"file", "file", []field{
		{"filename", "filename", "lamp.txt"},
		{"filename", "filename", "lampe.txt"},
		{"md5", "md5", md5Empty},
		{"sha256", "sha256", sha256Empty},
		{"size-in-bytes", "size-in-bytes", "1024"},
		{"mimetype", "mime-type", "text/plain"},
		{"creation-time", "datetime", "2026-02-01T08:00:00.000000+0000"},
	}, map[string]string{"name": "lamp.txt", "hashes.MD5": md5Empty, "size": "1024", "ctime": "2026-02-01T08:00:00.000Z"}},
	{"person", "identity", []field{
		{"full-name", "full-name", "Tobin Marr"},
		{"phone-number", "phone-number", "+12025550147"},
		{"e-mail", "email-src", "tobin.marr@example.com"},
		{"text", "text", "met twice"},
	}, map[string]string{"name": "Tobin Marr", "identity_class": "individual"}},
	{"person", "identity", []field{
		{"first-name", "first-name", "Tobin"},
		{"last-name", "last-name", "Marr"},
	}, map[string]string{"name": "Tobin Marr"}},
	{"organization", "identity", []field{
		{"name", "text", "Lamp Works"},
		{"description", "text", "makes lamps"},
	}, map[string]string{"name": "Lamp Works", "identity_class": "organization", "description": "makes lamps"}},
	{"news-agency", "identity", []field{
		{"name", "text", "The Lamp"},
		{"link", "link", "https://example.org/lamp"},
	}, map[string]string{"name": "The Lamp"}},
	{"news-media", "identity", []field{{"source", "text", "Lamp Radio"}, {"content", "text", "what was said"}}, map[string]string{"name": "Lamp Radio"}},
	{"phone", "phone-number", []field{{"msisdn", "text", "(202) 555-0147"}}, map[string]string{"value": "+12025550147"}},
	{"android-app", "software", []field{{"name", "text", "Lamp"}, {"domain", "domain", "example.com"}}, map[string]string{"name": "Lamp"}},
	{"url", "url", []field{{"url", "url", "https://example.com/"}, {"domain", "domain", "example.com"}}, map[string]string{"value": "https://example.com/"}},
	{"domain-ip", "domain-name", []field{
		{"domain", "domain", "example.com"},
		{"ip", "ip-dst", "192.0.2.1"},
		{"ip", "ip-dst", "2001:db8::1"},
	}, map[string]string{"value": "example.com"}},
	{"email", "email-message", []field{
		{"subject", "email-subject", "About lamps"},
		{"from", "email-src", "a@example.org"},
		{"to", "email-dst", "b@example.org"},
		{"to", "email-dst", "c@example.org"},
		{"send-date", "datetime", "2026-02-01T08:00:00+01:00"},
		{"email-body", "email-body", "Bring it."},
	}, map[string]string{"subject": "About lamps", "date": "2026-02-01T07:00:00.000Z", "is_multipart": "false"}},
	{"geolocation", "location", []field{
		{"latitude", "float", "12.50"},
		{"longitude", "float", "-7.25"},
		{"city", "text", "Lampton"},
		{"countrycode", "text", "ZZ"},
	}, map[string]string{"latitude": "12.5", "longitude": "-7.25", "city": "Lampton", "country": "ZZ"}},
	{"telegram-account", "user-account", []field{
		{"username", "text", "lamplight_demo_17"},
		{"id", "text", "424242"},
		{"phone", "text", "+12025550147"},
	}, map[string]string{"account_login": "lamplight_demo_17", "user_id": "424242", "account_type": "telegram"}},
	{"image", "file", []field{{"filename", "filename", "lamp.png"}, {"image-text", "text", "a lamp"}, {"url", "url", "https://example.com/lamp.png"}}, map[string]string{"name": "lamp.png"}},
	{"leaked-document", "file", []field{{"document-name", "text", "plan.pdf"}, {"objective", "text", "To mislead"}}, map[string]string{"name": "plan.pdf"}},
	{"victim", "identity", []field{{"name", "target-org", "Lamp Works"}, {"roles", "text", "supplier"}, {"roles", "text", "buyer"}, {"sectors", "text", "lamps"}}, map[string]string{"name": "Lamp Works", "roles[1]": "buyer"}},
	{"bank-account", "bank-account", []field{{"iban", "iban", "GB33BUKB20201555555555"}, {"swift", "bic", "BUKBGB22"}, {"balance", "text", "7"}}, map[string]string{"iban": "GB33BUKB20201555555555", "bic": "BUKBGB22"}},
	{"credit-card", "payment-card", []field{{"cc-number", "cc-number", "4242424242424242"}, {"expiration", "datetime", "2028-01-31T00:00:00Z"}, {"name", "text", "T Marr"}}, map[string]string{"value": "4242424242424242", "expiration_date": "2028-01-31T00:00:00.000Z"}},
	{"coin-address", "cryptocurrency-wallet", []field{{"address", "btc", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"}, {"symbol", "text", "BTC"}}, map[string]string{"value": "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"}},
	{"btc-transaction", "cryptocurrency-transaction", []field{{"transaction-number", "text", "ab01"}, {"btc-address", "btc", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"}, {"value_BTC", "float", "0.5"}}, map[string]string{"value": "ab01", "symbol": "BTC"}},
	{"facebook-account", "user-account", []field{{"account-id", "text", "4242"}, {"account-name", "text", "Lamp Works"}}, map[string]string{"user_id": "4242", "display_name": "Lamp Works", "account_type": "facebook"}},
	{"user-account", "user-account", []field{{"username", "text", "lamp"}, {"account-type", "text", "unix"}, {"disabled", "boolean", "1"}, {"created", "datetime", "2026-02-01T08:00:00Z"}}, map[string]string{"account_login": "lamp", "is_disabled": "true", "account_type": "unix"}},
	{"ip-port", "network-traffic", []field{{"ip", "ip-dst", "192.0.2.1"}, {"dst-port", "port", "443"}, {"domain", "domain", "example.com"}}, map[string]string{"dst_port": "443"}},
	{"x509", "x509-certificate", []field{{"x509-fingerprint-sha1", "x509-fingerprint-sha1", sha1Empty}, {"subject", "text", "CN=example.com"}, {"validity-not-after", "datetime", "2027-01-01T00:00:00Z"}, {"pem", "text", "-----"}}, map[string]string{"subject": "CN=example.com", "hashes.SHA-1": sha1Empty}},
	{"process", "process", []field{{"pid", "text", "42"}, {"command-line", "text", "lamp -on"}, {"name", "text", "lamp"}}, map[string]string{"pid": "42", "command_line": "lamp -on"}},
	{"registry-key", "windows-registry-key", []field{{"key", "regkey", `HKLM\Lamp`}, {"data", "text", "1"}, {"name", "text", "on"}}, map[string]string{"key": `HKEY_LOCAL_MACHINE\\Lamp`}},
	{"asn", "autonomous-system", []field{{"asn", "AS", "AS64496"}, {"description", "text", "LAMP-NET"}}, map[string]string{"number": "64496", "name": "LAMP-NET"}},
	{"vulnerability", "vulnerability", []field{{"id", "vulnerability", "CVE-2026-99999"}, {"summary", "text", "lamps go out"}, {"cvss-score", "float", "7.5"}}, map[string]string{"name": "CVE-2026-99999", "description": "lamps go out"}},
	{"yara", "indicator", []field{{"yara", "yara", "rule lamp { condition: false }"}, {"yara-rule-name", "text", "lamp"}}, map[string]string{"pattern_type": "yara", "name": "lamp"}},
	{"annotation", "note", []field{{"text", "text", "lamps are out"}, {"type", "text", "Annotation"}}, map[string]string{"content": "lamps are out"}},
	{"vehicle", "note", []field{{"license-plate-number", "text", "LAMP 1"}, {"make", "text", "Lampworks"}}, map[string]string{"abstract": "vehicle"}},
	{"device", "grouping", []field{{"MAC-address", "mac-address", "00:00:5e:00:53:01"}, {"device-type", "text", "mobile phone"}, {"name", "text", "Lamp Phone"}}, map[string]string{"name": "device"}},
	{"phone", "note", []field{{"imei", "text", "490154203237518"}, {"imsi", "text", "001010123456789"}}, map[string]string{"abstract": "phone"}},
	{"invented-thing", "grouping", []field{{"where", "domain", "example.com"}, {"who", "email", "a@example.org"}}, map[string]string{"name": "invented-thing"}},
}

func object(name string, fields ...field) misp.Object {
	o := misp.Object{UUID: objectID, Name: name}
	for i, f := range fields {
		o.Attributes = append(o.Attributes, misp.Attribute{
			UUID: attributeID[:35] + string("0123456789"[i]), Relation: f.relation, Type: f.typ, Value: f.value,
		})
	}
	return o
}

func TestEveryTemplate(t *testing.T) {
	for _, row := range objectRows {
		t.Run(row.name, func(t *testing.T) {
			e := plain()
			e.Objects = []misp.Object{object(row.name, row.attributes...)}
			objects, unmapped, err := misp.ToSTIX(e, misp.Options{Region: "US"})
			if err != nil || len(unmapped) > 0 {
				t.Fatalf("error %v, unmapped %v", err, unmapped)
			}
			carrier := byID(t, objects, row.carrier+"--"+objectID)
			for path, want := range row.holds {
				if raw, _ := carrier.Raw(path); strings.Trim(string(raw), `"`) != want {
					t.Errorf("%s is %s and should be %s", path, raw, want)
				}
			}
		})
	}
}

func TestWhatAnObjectRefersTo(t *testing.T) {
	e := plain()
	e.Objects = []misp.Object{object("email", field{"subject", "email-subject", "x"}, field{"from", "email-src", "a@example.org"}, field{"to", "email-dst", "b@example.org"})}
	objects, _, err := misp.ToSTIX(e, misp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	message := byID(t, objects, "email-message--"+objectID)
	from, _ := message.String("from_ref")
	to, _ := message.Strings("to_refs")
	if v, _ := byID(t, objects, from).String("value"); v != "a@example.org" {
		t.Errorf("from %s", v)
	}
	if v, _ := byID(t, objects, to[0]).String("value"); v != "b@example.org" {
		t.Errorf("to %s", v)
	}
	if len(find(objects, "relationship")) != 0 {
		t.Error("what the message refers to is joined to it again")
	}
}

func TestAPersonIsJoinedToTheirNumber(t *testing.T) {
	e := plain()
	e.Objects = []misp.Object{object("person", field{"full-name", "full-name", "Tobin Marr"}, field{"phone-number", "phone-number", "+12025550147"})}
	objects, _, err := misp.ToSTIX(e, misp.Options{})
	if err != nil || len(find(objects, "relationship")) != 1 {
		t.Fatalf("%v, %v", err, find(objects, "relationship"))
	}
	r := find(objects, "relationship")[0]
	source, _ := r.String("source_ref")
	target, _ := r.String("target_ref")
	if source != "identity--"+objectID || byID(t, objects, target).Type() != "phone-number" {
		t.Errorf("%s", r.Bytes())
	}
}

func TestAnObjectThatSTIXRefusesIsAGroup(t *testing.T) {
	e := plain()
	e.Objects = []misp.Object{object("file", field{"md5", "md5", md5Empty}, field{"sha1", "sha1", "nohash"})}
	objects, unmapped, err := misp.ToSTIX(e, misp.Options{})
	if err != nil || len(unmapped) != 1 || unmapped[0].Path != "Object[0].Attribute[1]" || !strings.Contains(unmapped[0].Why, "in the extension") {
		t.Errorf("error %v, unmapped %v", err, unmapped)
	}
	byID(t, objects, "grouping--"+objectID)
	if len(find(objects, "file")) != 1 {
		t.Errorf("%v", objects)
	}
}

func TestObjectsThatCannotMapAreListed(t *testing.T) {
	for _, c := range []struct {
		name string
		o    misp.Object
		why  string
	}{
		{"deleted", misp.Object{UUID: objectID, Name: "file", Deleted: true}, "was deleted"},
		{"empty", misp.Object{UUID: objectID, Name: "file"}, "nothing in the object"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := plain()
			e.Objects = []misp.Object{c.o}
			_, unmapped, err := misp.ToSTIX(e, misp.Options{})
			if err != nil || len(unmapped) == 0 {
				t.Fatalf("error %v, unmapped %v", err, unmapped)
			}
			var all []string
			for _, u := range unmapped {
				all = append(all, u.Why)
			}
			if !strings.Contains(strings.Join(all, "; "), c.why) {
				t.Errorf("%v", unmapped)
			}
		})
	}
}

func TestADeletedObjectTakesItsIndicatorsBack(t *testing.T) {
	e := plain()
	o := object("domain-ip", field{"domain", "domain", "example.com"}, field{"ip", "ip-dst", "192.0.2.1"})
	o.Deleted, o.Attributes[0].ToIDs, o.Attributes[1].ToIDs = true, true, true
	e.Objects = []misp.Object{o}
	objects, _, err := misp.ToSTIX(e, misp.Options{})
	if err != nil || len(find(objects, "indicator")) != 2 || len(find(objects, "domain-name")) != 0 {
		t.Fatalf("%v, %v", err, objects)
	}
	for _, i := range find(objects, "indicator") {
		if !i.Revoked() {
			t.Errorf("%s stands although its object was deleted", i.ID())
		}
	}
}
