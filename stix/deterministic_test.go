package stix_test

import (
	"crypto/sha1"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"parley/stix"
	"pgregory.net/rapid"
)

// observable makes an object of a type with a random id and the given properties.
func observable(typ, properties string) string {
	if properties != "" {
		properties = "," + properties
	}
	return `{"type":"` + typ + `","id":"` + typ + `--e2e1a340-4415-4ba8-9671-f7343fbf0836"` + properties + `}`
}

// version5 is RFC 4122 section 4.3, written out.
func version5(namespace, name string) string {
	space := uuid.MustParse(namespace)
	sum := sha1.Sum(append(space[:], name...))
	id := uuid.UUID(sum[:16])
	id[6] = id[6]&0x0f | 0x50
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}

// The UUIDs are those of the version 5 function of another language over the canonical JSON beside
// them; the first is also printed in the standard (section 2.9).
func TestSCOID(t *testing.T) {
	for _, c := range []struct{ typ, properties, canonical, uuid string }{
		{"ipv4-addr", `"value":"198.51.100.3"`, `{"value":"198.51.100.3"}`, "28bb3599-77cd-5a82-a950-b5bc3caf07c4"},
		{"ipv6-addr", `"value":"2001:db8::1"`, `{"value":"2001:db8::1"}`, "6469e3a9-b053-5e34-a025-9396ae051d26"},
		{"domain-name", `"value":"example.com","resolves_to_refs":["ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"]`, `{"value":"example.com"}`, "bedb4899-d24b-5401-bc86-8f6b4cc18ec7"},
		{"email-addr", `"display_name":"Jane","value":"jane.smith@example.com"`, `{"value":"jane.smith@example.com"}`, "18050e7b-782c-517d-bad9-f8b5ae814863"},
		{"autonomous-system", `"number":6.4496E4`, `{"number":64496}`, "9ad79ee3-2fde-5015-b0cc-7a96404effca"},
		{"url", `"value":"https:\/\/example.com/caf\u00e9"`, `{"value":"https://example.com/café"}`, "ffdc6bc0-8ccf-555d-86df-a2755da1d5de"},
		{"mac-addr", `"value":"00:00:5e:00:53:01"`, `{"value":"00:00:5e:00:53:01"}`, "1879fe86-3131-5b80-b6b1-4505b9a193d9"},
		{"mutex", `"name":"__CLEANSWEEP__"`, `{"name":"__CLEANSWEEP__"}`, "f93fe911-e545-5239-b9b0-597840d0c871"},
		{"directory", `"path":"C:\\Temp","path_enc":"cp1252"`, `{"path":"C:\\Temp"}`, "3a5084a9-7536-5791-8d1f-fe108e365bda"},
		{"file", `"name":"empty","size":0,"hashes":{"SHA-1":"x","MD5":"d41d8cd98f00b204e9800998ecf8427e"}`, `{"hashes":{"MD5":"d41d8cd98f00b204e9800998ecf8427e"},"name":"empty"}`, "f3db1562-8b1f-587a-9843-f83eb996bbb9"},
		{"file", `"hashes":{"SSDEEP":"y","SHA-512":"x","SHA-256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}`, `{"hashes":{"SHA-256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}`, "22f8ff52-8f62-5f03-a53a-6f50f54fd74c"},
		{"file", `"name":"a.pdf","extensions":{"pdf-ext":{"version":"1.7"}}`, `{"extensions":{"pdf-ext":{"version":"1.7"}},"name":"a.pdf"}`, "6e7451f6-5e80-5305-9cb0-871bca1c06ed"},
		{"artifact", `"payload_bin":"aGVsbG8=","mime_type":"text/plain"`, `{"payload_bin":"aGVsbG8="}`, "c31e8e38-8283-504b-9e75-800b29a09186"},
		{"email-message", `"is_multipart":false,"subject":"Hello","body":"Call me","from_ref":"email-addr--da96fd5f-b65f-5d1a-aa43-03ca55a0a5c7"`, `{"body":"Call me","from_ref":"email-addr--da96fd5f-b65f-5d1a-aa43-03ca55a0a5c7","subject":"Hello"}`, "4e95a930-5b2e-5feb-b6a5-0ecde8e88d8e"},
		{"network-traffic", `"protocols":["tcp","tls"],"dst_port":443,"src_ref":"ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4","start":"2026-03-01T09:30:00Z","src_packets":4`, `{"dst_port":443,"protocols":["tcp","tls"],"src_ref":"ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4","start":"2026-03-01T09:30:00Z"}`, "a537d118-2855-576b-b7b8-2c536bc87b9f"},
		{"software", `"version":"2002","vendor":"Example","name":"Word","languages":["en"]`, `{"name":"Word","vendor":"Example","version":"2002"}`, "33591abf-6bc5-5f80-aa21-c1880f8e6ec0"},
		{"user-account", `"user_id":"1001","account_type":"unix","account_login":"jane","display_name":"Jane"`, `{"account_login":"jane","account_type":"unix","user_id":"1001"}`, "5b3c2804-a2a8-5cf3-b411-dd62bf1a601d"},
		{"windows-registry-key", `"values":[{"name":"Foo","data":"qwerty","data_type":"REG_SZ"}],"key":"HKEY_LOCAL_MACHINE\\Example"`, `{"key":"HKEY_LOCAL_MACHINE\\Example","values":[{"data":"qwerty","data_type":"REG_SZ","name":"Foo"}]}`, "df2d8ad3-f208-5c48-b3a6-9c2a0990e7ef"},
		{"x509-certificate", `"serial_number":"36:f7:d4","issuer":"C=ZA"`, `{"serial_number":"36:f7:d4"}`, "8c21b4b7-94fe-55e6-8a39-7ad008e784b2"},
	} {
		if mine := version5("00abedb4-aa42-466c-9c01-fed23315a9b7", c.canonical); mine != c.uuid {
			t.Errorf("the table is wrong for %s: %s", c.canonical, mine)
		}
		got, err := stix.SCOID(mustParse(t, observable(c.typ, c.properties)))
		if err != nil || got != stix.ID(c.typ+"--"+c.uuid) {
			t.Errorf("%s with %s: %s, want %s (%v)", c.typ, c.properties, got, c.uuid, err)
		}
	}
}

func TestHashThatMakesAnID(t *testing.T) {
	for hashes, chosen := range map[string]string{
		`{"SHA-512":"4","SHA-256":"3","SHA-1":"2","MD5":"1"}`: `{"MD5":"1"}`,
		`{"SHA-512":"4","SHA-256":"3","SHA-1":"2"}`:           `{"SHA-1":"2"}`,
		`{"SHA-512":"4","SHA-256":"3","AAA":"0"}`:             `{"SHA-256":"3"}`,
		`{"SHA-512":"4","AAA":"0"}`:                           `{"SHA-512":"4"}`,
		`{"TLSH":"6","SSDEEP":"5"}`:                           `{"SSDEEP":"5"}`,
	} {
		got, err := stix.SCOID(mustParse(t, observable("file", `"hashes":`+hashes)))
		want := "file--" + version5(stix.Namespace.String(), `{"hashes":`+chosen+`}`)
		if err != nil || string(got) != want {
			t.Errorf("%s: %s, want %s (%v)", hashes, got, want, err)
		}
	}
}

func TestNoDeterministicID(t *testing.T) {
	for _, o := range []string{
		observable("process", `"pid":4`),
		observable("file", `"size":4`),
		observable("user-account", `"display_name":"Jane"`),
	} {
		if id, err := stix.SCOID(mustParse(t, o)); !errors.Is(err, stix.ErrRandomID) || id != "" {
			t.Errorf("%s: %s, %v", o, id, err)
		}
	}
	if _, err := stix.SCOID(mustParse(t, toolA)); err == nil || errors.Is(err, stix.ErrRandomID) {
		t.Errorf("a tool: %v", err)
	}
	if _, err := stix.SCOID(mustParse(t, observable("x-thing", `"value":"a"`))); err == nil {
		t.Error("an unknown type has an id")
	}
	if _, err := stix.SCOID(mustParse(t, observable("autonomous-system", `"number":1e999`))); err == nil {
		t.Error("an infinite number makes an id")
	}
}

func TestDeterministicID(t *testing.T) {
	id, err := stix.DeterministicID("phone-number", map[string]any{"value": "+12025550147"})
	want := "phone-number--" + version5(stix.Namespace.String(), `{"value":"+12025550147"}`)
	if err != nil || string(id) != want {
		t.Errorf("%s, want %s (%v)", id, want, err)
	}
	for typ, values := range map[string]map[string]any{
		"Phone": {"value": "1"}, "phone": nil, "phone-a": {"value": func() {}}, "phone-b": {"value": "\xff"},
	} {
		if _, err := stix.DeterministicID(typ, values); err == nil {
			t.Errorf("%s of %v has an id", typ, values)
		}
	}
}

// The order and spelling of properties does not change an id; the value does.
func TestIDFollowsTheValue(t *testing.T) {
	text := rapid.StringMatching(`[a-z0-9.éж/"\\-]{1,20}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		made := func(value string) stix.ID {
			o, err := stix.New("user-account").Set("account_type", "unix").Set("user_id", value).Build()
			if err != nil {
				t.Fatal(err)
			}
			return o.ID()
		}
		direct, err := stix.DeterministicID("user-account", map[string]any{"user_id": a, "account_type": "unix"})
		if err != nil || made(a) != direct {
			t.Fatalf("%s and %s", made(a), direct)
		}
		if (made(a) == made(b)) != (a == b) || !strings.HasPrefix(string(direct), "user-account--") {
			t.Fatalf("%q and %q give %s and %s", a, b, made(a), made(b))
		}
	})
}
