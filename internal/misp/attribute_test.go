package misp_test

import (
	"strings"
	"testing"

	"parley/internal/misp"
	"parley/stix"
)

const (
	md5Empty    = "d41d8cd98f00b204e9800998ecf8427e"
	sha1Empty   = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
	sha256Empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

// attributeRows are one example of every type of attribute that maps: the object it becomes, where its
// value stands there, and what finds it.
var attributeRows = []struct {
	typ, value     string
	stixType, path string
	want           string
	pattern        string
}{
	{"domain", "example.com", "domain-name", "value", "example.com", "[domain-name:value = 'example.com']"},
	{"hostname", "www.example.com", "domain-name", "value", "www.example.com", "[domain-name:value = 'www.example.com']"},
	{"url", "https://example.com/a?b='c'", "url", "value", "https://example.com/a?b='c'", `[url:value = 'https://example.com/a?b=\'c\'']`},
	{"link", "https://example.org/report", "url", "value", "https://example.org/report", "[url:value = 'https://example.org/report']"},
	{"email", "desk@example.org", "email-addr", "value", "desk@example.org", "[email-addr:value = 'desk@example.org']"},
	{"email-src", "a@example.org", "email-addr", "value", "a@example.org", "[email-addr:value = 'a@example.org']"},
	{"email-dst", "b@example.org", "email-addr", "value", "b@example.org", "[email-addr:value = 'b@example.org']"},
	{"email-reply-to", "c@example.org", "email-addr", "value", "c@example.org", "[email-addr:value = 'c@example.org']"},
	{"target-email", "d@example.org", "email-addr", "value", "d@example.org", "[email-addr:value = 'd@example.org']"},
	{"whois-registrant-email", "e@example.org", "email-addr", "value", "e@example.org", "[email-addr:value = 'e@example.org']"},
	{"mutex", `Global\lamp`, "mutex", "name", `Global\lamp`, `[mutex:name = 'Global\\lamp']`},
	{"filename", "plan|final.txt", "file", "name", "plan|final.txt", "[file:name = 'plan|final.txt']"},
	{"regkey", `HKEY_LOCAL_MACHINE\Software\Lamp`, "windows-registry-key", "key", `HKEY_LOCAL_MACHINE\Software\Lamp`, `[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\Software\\Lamp']`},
	{"regkey|value", `HKEY_LOCAL_MACHINE\Run|a|b`, "windows-registry-key", "values[0].data", "a|b", `[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\Run' AND windows-registry-key:values[*].data = 'a|b']`},
	{"iban", "GB33BUKB20201555555555", "bank-account", "iban", "GB33BUKB20201555555555", "[bank-account:iban = 'GB33BUKB20201555555555']"},
	{"btc", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "cryptocurrency-wallet", "value", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "[cryptocurrency-wallet:value = '1BoatSLRHtKNngkdXEeobR76b53LETtpyT']"},
	{"xmr", "invented-address", "cryptocurrency-wallet", "value", "invented-address", "[cryptocurrency-wallet:value = 'invented-address']"},
	{"dash", "invented-dash", "cryptocurrency-wallet", "value", "invented-dash", "[cryptocurrency-wallet:value = 'invented-dash']"},
	{"mac-address", "00-00-5E-00-53-01", "mac-addr", "value", "00:00:5e:00:53:01", "[mac-addr:value = '00:00:5e:00:53:01']"},
	{"AS", "AS64496", "autonomous-system", "number", "64496", "[autonomous-system:number = 64496]"},
	{"phone-number", "(202) 555-0147", "phone-number", "value", "+12025550147", "[phone-number:value = '+12025550147']"},
	{"whois-registrant-phone", "+1 202 555 0148", "phone-number", "value", "+12025550148", "[phone-number:value = '+12025550148']"},
	{"prtn", "+12025550149", "phone-number", "value", "+12025550149", "[phone-number:value = '+12025550149']"},
	{"ip-src", "192.0.2.1", "ipv4-addr", "value", "192.0.2.1", "[ipv4-addr:value = '192.0.2.1']"},
	{"ip-dst", "2001:db8::/32", "ipv6-addr", "value", "2001:db8::/32", "[ipv6-addr:value = '2001:db8::/32']"},
	{"ip-src|port", "192.0.2.2|4433", "network-traffic", "src_port", "4433", "[network-traffic:src_ref.value = '192.0.2.2' AND network-traffic:src_port = 4433]"},
	{"ip-dst|port", "2001:db8::1|443", "network-traffic", "protocols[0]", "ipv6", "[network-traffic:dst_ref.value = '2001:db8::1' AND network-traffic:dst_port = 443]"},
	{"hostname|port", "example.net|80", "network-traffic", "protocols[0]", "ip", "[network-traffic:dst_ref.value = 'example.net' AND network-traffic:dst_port = 80]"},
	{"domain|ip", "example.com|198.51.100.7", "domain-name", "value", "example.com", "[domain-name:value = 'example.com' AND domain-name:resolves_to_refs[*].value = '198.51.100.7']"},
	{"github-username", "lamp-works", "user-account", "account_login", "lamp-works", "[user-account:account_login = 'lamp-works']"},
	{"twitter-id", "lampworks", "user-account", "account_type", "twitter", "[user-account:account_login = 'lampworks']"},
	{"jabber-id", "lamp@example.org", "user-account", "account_type", "jabber", "[user-account:account_login = 'lamp@example.org']"},
	{"md5", md5Empty, "file", "hashes.MD5", md5Empty, "[file:hashes.'MD5' = '" + md5Empty + "']"},
	{"sha1", sha1Empty, "file", "hashes.SHA-1", sha1Empty, "[file:hashes.'SHA-1' = '" + sha1Empty + "']"},
	{"sha256", sha256Empty, "file", "hashes.SHA-256", sha256Empty, "[file:hashes.'SHA-256' = '" + sha256Empty + "']"},
	{"sha512", strings.Repeat("ab", 64), "file", "hashes.SHA-512", strings.Repeat("ab", 64), "[file:hashes.'SHA-512' = '" + strings.Repeat("ab", 64) + "']"},
	{"sha3-256", strings.Repeat("cd", 32), "file", "hashes.SHA3-256", strings.Repeat("cd", 32), "[file:hashes.'SHA3-256' = '" + strings.Repeat("cd", 32) + "']"},
	{"sha3-512", strings.Repeat("ef", 64), "file", "hashes.SHA3-512", strings.Repeat("ef", 64), "[file:hashes.'SHA3-512' = '" + strings.Repeat("ef", 64) + "']"},
	{"sha224", strings.Repeat("1a", 28), "file", "hashes.SHA-224", strings.Repeat("1a", 28), "[file:hashes.'SHA-224' = '" + strings.Repeat("1a", 28) + "']"},
	{"sha384", strings.Repeat("2b", 48), "file", "hashes.SHA-384", strings.Repeat("2b", 48), "[file:hashes.'SHA-384' = '" + strings.Repeat("2b", 48) + "']"},
	{"sha3-224", strings.Repeat("3c", 28), "file", "hashes.SHA3-224", strings.Repeat("3c", 28), "[file:hashes.'SHA3-224' = '" + strings.Repeat("3c", 28) + "']"},
	{"sha3-384", strings.Repeat("4d", 48), "file", "hashes.SHA3-384", strings.Repeat("4d", 48), "[file:hashes.'SHA3-384' = '" + strings.Repeat("4d", 48) + "']"},
	{"ssdeep", "3:a:b", "file", "hashes.SSDEEP", "3:a:b", "[file:hashes.'SSDEEP' = '3:a:b']"},
	{"tlsh", strings.Repeat("5e", 35), "file", "hashes.TLSH", strings.Repeat("5e", 35), "[file:hashes.'TLSH' = '" + strings.Repeat("5e", 35) + "']"},
	{"imphash", md5Empty, "file", "hashes.IMPHASH", md5Empty, "[file:hashes.'IMPHASH' = '" + md5Empty + "']"},
	{"authentihash", sha256Empty, "file", "hashes.AUTHENTIHASH", sha256Empty, "[file:hashes.'AUTHENTIHASH' = '" + sha256Empty + "']"},
	{"filename|sha1", "a|b.txt|" + sha1Empty, "file", "name", "a|b.txt", "[file:name = 'a|b.txt' AND file:hashes.'SHA-1' = '" + sha1Empty + "']"},
	{"filename|md5", "lamp.txt|" + md5Empty, "file", "hashes.MD5", md5Empty, "[file:name = 'lamp.txt' AND file:hashes.'MD5' = '" + md5Empty + "']"},
	{"attachment", "map.png", "file", "name", "map.png", "[file:name = 'map.png']"},
	{"malware-sample", "lamp.bin|" + md5Empty, "file", "hashes.MD5", md5Empty, "[file:name = 'lamp.bin' AND file:hashes.'MD5' = '" + md5Empty + "']"},
	{"x509-fingerprint-md5", md5Empty, "x509-certificate", "hashes.MD5", md5Empty, "[x509-certificate:hashes.'MD5' = '" + md5Empty + "']"},
	{"x509-fingerprint-sha1", sha1Empty, "x509-certificate", "hashes.SHA-1", sha1Empty, "[x509-certificate:hashes.'SHA-1' = '" + sha1Empty + "']"},
	{"x509-fingerprint-sha256", sha256Empty, "x509-certificate", "hashes.SHA-256", sha256Empty, "[x509-certificate:hashes.'SHA-256' = '" + sha256Empty + "']"},
	{"onion-address", "exampleexampleexampleexampleexampleexampleexampleexampleex.onion", "domain-name", "value", "exampleexampleexampleexampleexampleexampleexampleexampleex.onion", "[domain-name:value = 'exampleexampleexampleexampleexampleexampleexampleexampleex.onion']"},
	{"uri", "https://example.com/b", "url", "value", "https://example.com/b", "[url:value = 'https://example.com/b']"},
	{"user-agent", "Lamp/1.0", "user-agent", "value", "Lamp/1.0", "[user-agent:value = 'Lamp/1.0']"},
	{"dns-soa-email", "f@example.org", "email-addr", "value", "f@example.org", "[email-addr:value = 'f@example.org']"},
	{"email-attachment", "lamp.pdf", "file", "name", "lamp.pdf", "[file:name = 'lamp.pdf']"},
	{"email-subject", "About lamps", "email-message", "subject", "About lamps", "[email-message:subject = 'About lamps']"},
	{"email-message-id", "<1@example.org>", "email-message", "message_id", "<1@example.org>", "[email-message:message_id = '<1@example.org>']"},
	{"email-body", "Bring it.", "email-message", "body", "Bring it.", "[email-message:body = 'Bring it.']"},
	{"bank-account-nr", "12345678", "bank-account", "account_number", "12345678", "[bank-account:account_number = '12345678']"},
	{"cc-number", "4242424242424242", "payment-card", "value", "4242424242424242", "[payment-card:value = '4242424242424242']"},
	{"sha512/224", strings.Repeat("6f", 28), "file", "hashes.SHA-512-224", strings.Repeat("6f", 28), "[file:hashes.'SHA-512-224' = '" + strings.Repeat("6f", 28) + "']"},
	{"vhash", "015056", "file", "hashes.VHASH", "015056", "[file:hashes.'VHASH' = '015056']"},
	{"telfhash", "t1a", "file", "hashes.TELFHASH", "t1a", "[file:hashes.'TELFHASH' = 't1a']"},
	{"target-user", "t.marr", "identity", "name", "t.marr", ""},
	{"target-machine", "LAMP-PC", "identity", "identity_class", "system", ""},
	{"whois-registrar", "Lamp Names", "identity", "name", "Lamp Names", ""},
	{"cookie", "lamp=1", "note", "content", "lamp=1", ""},
	{"date-of-birth", "1999-09-09", "note", "abstract", "date-of-birth", ""},
	{"passport-number", "X0000001", "note", "content", "X0000001", ""},
	{"a-type-of-tomorrow", "what it says", "note", "abstract", "a-type-of-tomorrow", ""},
	{"comment", "seen by the gate", "note", "content", "seen by the gate", ""},
	{"text", "said on the phone", "note", "content", "said on the phone", ""},
	{"other", "else", "note", "content", "else", ""},
	{"threat-actor", "Movement B", "threat-actor", "name", "Movement B", ""},
	{"campaign-name", "Lamplight", "campaign", "name", "Lamplight", ""},
	{"vulnerability", "CVE-2026-99999", "vulnerability", "external_references[0].external_id", "CVE-2026-99999", ""},
	{"full-name", "Tobin Marr", "identity", "name", "Tobin Marr", ""},
	{"target-org", "Lamp Works", "identity", "identity_class", "organization", ""},
	{"yara", "rule lamp { condition: false }", "indicator", "pattern_type", "yara", ""},
	{"sigma", "title: lamp", "indicator", "pattern_type", "sigma", ""},
	{"snort", "alert tcp any any -> any any", "indicator", "pattern_type", "snort", ""},
	{"suricata", "alert http any any -> any any", "indicator", "pattern_type", "suricata", ""},
	{"stix2-pattern", "[file:size = 7]", "indicator", "pattern_type", "stix", ""},
}

func TestEveryAttributeType(t *testing.T) {
	for _, row := range attributeRows {
		t.Run(strings.ReplaceAll(row.typ, "/", "_"), func(t *testing.T) {
			a := misp.Attribute{UUID: attributeID, Type: row.typ, Value: row.value, ToIDs: true}
			objects, unmapped, err := misp.ToSTIX(plain(a), misp.Options{Region: "US"})
			if err != nil || len(unmapped) > 0 {
				t.Fatalf("error %v, unmapped %v", err, unmapped)
			}
			carrier := byID(t, objects, row.stixType+"--"+attributeID)
			got, isText := carrier.String(row.path)
			if raw, ok := carrier.Raw(row.path); ok && !isText {
				got = string(raw)
			}
			if got != row.want {
				t.Errorf("%s is %q and should be %q", row.path, got, row.want)
			}
			if row.pattern == "" {
				return
			}
			if got, _ := byID(t, objects, "indicator--"+attributeID).String("pattern"); got != row.pattern {
				t.Errorf("pattern is\n%s and should be\n%s", got, row.pattern)
			}
		})
	}
}

func TestNoIndicatorUnlessMeantToDetect(t *testing.T) {
	objects, _, err := misp.ToSTIX(plain(misp.Attribute{UUID: attributeID, Type: "domain", Value: "example.com"}), misp.Options{})
	if err != nil || len(find(objects, "indicator")) != 0 {
		t.Errorf("%v, indicators %v", err, find(objects, "indicator"))
	}
}

func TestAttributesThatCannotMapAreListed(t *testing.T) {
	for _, c := range []struct {
		name string
		a    misp.Attribute
		why  string
	}{
		{"no address", misp.Attribute{UUID: attributeID, Type: "ip-src", Value: "300.1.2.3"}, "neither an address nor a network"},
		{"no port", misp.Attribute{UUID: attributeID, Type: "ip-src|port", Value: "192.0.2.1"}, "with | between"},
		{"big port", misp.Attribute{UUID: attributeID, Type: "ip-src|port", Value: "192.0.2.1|65536"}, "with | between"},
		{"no hash", misp.Attribute{UUID: attributeID, Type: "filename|md5", Value: "name"}, "with | between"},
		{"short hash", misp.Attribute{UUID: attributeID, Type: "md5", Value: "d41d"}, "MD5 digest"},
		{"no URL", misp.Attribute{UUID: attributeID, Type: "url", Value: "just words"}, "must be a URL"},
		{"no AS", misp.Attribute{UUID: attributeID, Type: "AS", Value: "ASx"}, "not the number"},
		{"empty note", misp.Attribute{UUID: attributeID, Type: "comment", Value: "  "}, "is empty"},
		{"deleted", misp.Attribute{UUID: attributeID, Type: "domain", Value: "example.com", Deleted: true}, "was deleted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, unmapped, err := misp.ToSTIX(plain(c.a), misp.Options{})
			if err != nil || len(unmapped) != 1 || unmapped[0].Path != "Attribute[0]" || !strings.Contains(unmapped[0].Why, c.why) {
				t.Errorf("error %v, unmapped %v", err, unmapped)
			}
		})
	}
}

// A value that does not fit its type is kept in a note, and comes back as it was.
func TestMisfitsComeBack(t *testing.T) {
	e := plain(
		misp.Attribute{UUID: attributeID, Type: "ip-src", Category: "Network activity", Value: "300.1.2.3", ToIDs: true, Comment: "as typed"},
		misp.Attribute{UUID: objectID, Type: "md5", Category: "Payload delivery", Value: "d41d"},
	)
	objects, unmapped, err := misp.ToSTIX(e, misp.Options{})
	if err != nil || len(unmapped) != 2 || !strings.HasSuffix(unmapped[0].Why, "; it is a note") {
		t.Fatalf("error %v, unmapped %v", err, unmapped)
	}
	back, unmapped := back(t, objects)
	if diff := sameEvent(e, back); diff != "" || len(unmapped) != 0 {
		t.Errorf("%s %v", diff, unmapped)
	}
}

// What STIX makes no id of must have a random one (section 2.9).
func TestAnIdThatSTIXDoesNotTake(t *testing.T) {
	a := misp.Attribute{UUID: "0b0e7a52-6f0c-5f7e-8f5e-3f1d3b9f6a01", Type: "email-message-id", Category: "Payload delivery", Value: "<1@example.org>"}
	objects, unmapped, err := misp.ToSTIX(plain(a), misp.Options{})
	if err != nil || len(unmapped) != 1 || len(find(objects, "note")) != 1 {
		t.Fatal(err, unmapped)
	}
	if e, _ := back(t, objects); len(e.Attributes) != 1 || e.Attributes[0].Type != a.Type || e.Attributes[0].Value != a.Value {
		t.Errorf("%+v", e.Attributes)
	}
}

// Where MISP gives no UUID, the one that is made says where the part stands and not what it is.
func TestPartsWithoutUUID(t *testing.T) {
	e := plain(misp.Attribute{Type: "domain", Category: "Network activity", Value: "example.com"}, misp.Attribute{Type: "domain", Category: "Network activity", Value: "example.net"})
	other := plain(misp.Attribute{Type: "phone-number", Category: "Person", Value: "+12025550147"})
	once, unmapped, err := misp.ToSTIX(e, misp.Options{})
	if err != nil || len(unmapped) != 0 || len(find(once, "domain-name")) != 2 {
		t.Fatalf("error %v, unmapped %v", err, unmapped)
	}
	twice, _, err := misp.ToSTIX(other, misp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	uuid := find(twice, "phone-number")[0].ID().UUID()
	byID(t, once, "domain-name--"+uuid.String())
}

func TestADeletedAttributeTakesItsIndicatorBack(t *testing.T) {
	a := misp.Attribute{UUID: attributeID, Type: "domain", Value: "example.com", ToIDs: true, Deleted: true}
	objects, _, err := misp.ToSTIX(plain(a), misp.Options{})
	if err != nil || len(find(objects, "domain-name")) != 0 {
		t.Fatalf("%v, %v", err, objects)
	}
	if !byID(t, objects, "indicator--"+attributeID).Revoked() {
		t.Error("the indicator stands although its attribute was deleted")
	}
}

func byID(t *testing.T, objects []stix.Object, id string) stix.Object {
	t.Helper()
	for _, o := range objects {
		if string(o.ID()) == id {
			return o
		}
	}
	t.Fatalf("there is no %s among %d objects", id, len(objects))
	return stix.Object{}
}
