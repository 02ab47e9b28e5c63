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
	e.Objects = []misp.Object{object("file", field{"md5", "md5", md5Empty}, field{"sha1", "sha1", "no hash"})}
	objects, unmapped, err := misp.ToSTIX(e, misp.Options{})
	if err != nil || len(unmapped) != 1 || unmapped[0].Path != "Object[0].Attribute[1]" {
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
		{"no uuid", misp.Object{Name: "file"}, "has no uuid"},
		{"empty", misp.Object{UUID: objectID, Name: "file"}, "nothing in the object"},
		{"half a place", object("geolocation", field{"latitude", "float", "1"}), "nothing in the object"},
		{"the event's uuid for an attribute's", misp.Object{UUID: objectID, Name: "url", Attributes: []misp.Attribute{{UUID: "", Relation: "url", Type: "url", Value: "https://example.com"}}}, "has no uuid"},
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
