package misp_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"parley/internal/misp"
	"parley/stix"
)

// edited gives the objects with one of them changed by replacing a text in it.
func edited(t *testing.T, objects []stix.Object, id, old, now string) []stix.Object {
	t.Helper()
	out := slices.Clone(objects)
	for i, o := range out {
		if string(o.ID()) != id {
			continue
		}
		text := string(o.Bytes())
		if !strings.Contains(text, old) {
			t.Fatalf("%s does not hold %s", text, old)
		}
		changed, err := stix.ParseObject([]byte(strings.Replace(text, old, now, 1)))
		if err != nil {
			t.Fatal(err)
		}
		out[i] = changed
	}
	return out
}

func without(objects []stix.Object, id string) []stix.Object {
	return slices.DeleteFunc(slices.Clone(objects), func(o stix.Object) bool { return string(o.ID()) == id })
}

func back(t *testing.T, objects []stix.Object) (misp.Event, []misp.Unmapped) {
	t.Helper()
	e, unmapped, err := misp.FromSTIX(objects, misp.Options{Region: "US"})
	if err != nil {
		t.Fatal(err)
	}
	return e, unmapped
}

func TestTheObjectsCountMoreThanTheExtension(t *testing.T) {
	a := misp.Attribute{UUID: attributeID, Type: "hostname", Category: "Network activity", Value: "www.example.com", ToIDs: true, Tags: []misp.Tag{{Name: "tlp:green"}}}
	e := plain(a)
	e.Tags = []misp.Tag{{Name: "tlp:green"}}
	objects, _, err := misp.ToSTIX(e, misp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	carrier := "domain-name--" + attributeID
	t.Run("a value that was edited", func(t *testing.T) {
		e, _ := back(t, edited(t, objects, carrier, `"value":"www.example.com"`, `"value":"www.example.net"`))
		if e.Attributes[0].Value != "www.example.net" || e.Attributes[0].Type != "hostname" {
			t.Errorf("%+v", e.Attributes[0])
		}
	})
	t.Run("an indicator that was withdrawn", func(t *testing.T) {
		e, _ := back(t, without(objects, "indicator--"+attributeID))
		if e.Attributes[0].ToIDs {
			t.Error("still used to detect")
		}
	})
	t.Run("an indicator that was revoked", func(t *testing.T) {
		e, unmapped := back(t, edited(t, objects, "indicator--"+attributeID, `"pattern":`, `"revoked":true,"pattern":`))
		if e.Attributes[0].ToIDs || len(unmapped) != 1 {
			t.Errorf("%+v, %v", e.Attributes[0], unmapped)
		}
	})
	t.Run("an indicator that looks for something else", func(t *testing.T) {
		e, _ := back(t, edited(t, objects, "indicator--"+attributeID, "= 'www.example.com'", "= 'www.example.org'"))
		values := []string{e.Attributes[0].Value}
		for _, a := range e.Attributes[1:] {
			values = append(values, a.Value)
		}
		if e.Attributes[0].ToIDs {
			t.Errorf("what was found still detects: %v", values)
		}
	})
	t.Run("a marking that was raised", func(t *testing.T) {
		e, _ := back(t, edited(t, objects, carrier, string(stix.TLPGreen), string(stix.TLPRed)))
		if got := e.Attributes[0].Tags; len(got) != 1 || got[0].Name != "tlp:red" {
			t.Errorf("%v", got)
		}
	})
	t.Run("a marking of a part", func(t *testing.T) {
		e, unmapped := back(t, edited(t, objects, carrier, `"value":`, `"granular_markings":[{"selectors":["value"],"marking_ref":"`+string(stix.TLPRed)+`"}],"value":`))
		if got := e.Attributes[0].Tags; len(got) != 2 || got[1].Name != "tlp:red" || len(unmapped) == 0 {
			t.Errorf("%v, %v", got, unmapped)
		}
	})
	t.Run("a report that was written anew", func(t *testing.T) {
		e, _ := back(t, edited(t, objects, "report--"+eventID, `"modified":"2026-03-01T02:00:00.000Z"`, `"modified":"2026-03-02T02:00:00.000Z"`))
		if want := day.Unix() + 26*3600; e.Timestamp != want {
			t.Errorf("timestamp %d, and should be %d", e.Timestamp, want)
		}
	})
	t.Run("an extension that says another type", func(t *testing.T) {
		e, unmapped := back(t, edited(t, objects, carrier, `"type":"hostname"`, `"type":"md5"`))
		if e.Attributes[0].Type != "domain" || e.Attributes[0].Value != "www.example.com" {
			t.Errorf("%+v, %v", e.Attributes, unmapped)
		}
	})
	t.Run("an extension that says another uuid", func(t *testing.T) {
		e, _ := back(t, edited(t, objects, carrier, `"uuid":"`+attributeID, `"uuid":"`+northID))
		if e.Attributes[0].UUID != attributeID {
			t.Errorf("%+v", e.Attributes)
		}
	})
	t.Run("an extension that says another value", func(t *testing.T) {
		e, _ := back(t, edited(t, objects, carrier, `"type":"hostname"`, `"value":"evil.example","type":"hostname"`))
		if e.Attributes[0].Value != "www.example.com" {
			t.Errorf("%+v", e.Attributes)
		}
	})
}

func TestASharingGroupBecomesTheNarrowest(t *testing.T) {
	a := misp.Attribute{UUID: attributeID, Type: "domain", Value: "example.com", Distribution: misp.SharingGroup}
	e := plain(a)
	e.Distribution = misp.SharingGroup
	objects, unmapped, err := misp.ToSTIX(e, misp.Options{})
	if err != nil || len(unmapped) != 1 {
		t.Fatalf("%v, %v", err, unmapped)
	}
	e, unmapped = back(t, objects)
	if e.Distribution != misp.OwnOrganisation || e.Attributes[0].Distribution != misp.OwnOrganisation || len(unmapped) != 2 {
		t.Errorf("%s, %s, %v", e.Distribution, e.Attributes[0].Distribution, unmapped)
	}
}

func TestThereMustBeAReport(t *testing.T) {
	if _, _, err := misp.FromSTIX(nil, misp.Options{}); !errors.Is(err, misp.ErrNoReport) {
		t.Errorf("%v", err)
	}
}

const head = `"spec_version":"2.1","created":"2026-03-01T00:00:00.000Z","modified":"2026-03-02T00:00:00.000Z"`

// foreign builds objects that never were in MISP, about which a report is.
func foreign(t *testing.T, objects ...string) []stix.Object {
	t.Helper()

	texts := append([]string{
		`{"type":"report","id":"report--` + eventID + `",HEAD,"name":"From elsewhere","published":"2026-03-02T00:00:00Z","object_refs":["identity--` + northID + `"],"labels":["a-label"],"object_marking_refs":["` + string(stix.TLP2Amber) + `"],"description":"What happened."}`,
	}, objects...)
	out := make([]stix.Object, len(texts))
	for i, text := range texts {
		o, err := stix.ParseObject([]byte(strings.ReplaceAll(text, "HEAD", head)))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if wrong := o.Validate(stix.Strict); wrong != nil {
			t.Fatalf("%s: %v", text, wrong)
		}
		out[i] = o
	}
	return out
}

const phoneExtension = `,"extensions":{"extension-definition--14a97ee2-e666-5ada-a6bd-b7177f79e211":{"extension_type":"new-sco"}}`

// foreignRows are objects that never were in MISP, and what they are there.
var foreignRows = []struct{ name, object, want string }{
	{"domain", `{"type":"domain-name","id":"domain-name--ID","value":"example.com"}`, "domain=example.com"},
	{"address", `{"type":"ipv4-addr","id":"ipv4-addr--ID","value":"192.0.2.1"}`, "ip-dst=192.0.2.1"},
	{"address 6", `{"type":"ipv6-addr","id":"ipv6-addr--ID","value":"2001:db8::1"}`, "ip-dst=2001:db8::1"},
	{"phone", `{"type":"phone-number","spec_version":"2.1","id":"phone-number--ID","value":"+12025550147"` + phoneExtension + `}`, "phone-number=+12025550147"},
	{"file name", `{"type":"file","id":"file--ID","name":"a.txt"}`, "filename=a.txt"},
	{"hash", `{"type":"file","id":"file--ID","hashes":{"SHA-256":"` + sha256Empty + `"}}`, "sha256=" + sha256Empty},
	{"file", `{"type":"file","id":"file--ID","name":"a.txt","size":7,"hashes":{"MD5":"` + md5Empty + `"}}`, "file{filename=a.txt md5=" + md5Empty + " size-in-bytes=7}"},
	{"person", `{"type":"identity","id":"identity--ID",HEAD,"name":"Tobin Marr","identity_class":"individual"}`, "person{full-name=Tobin Marr}"},
	{"organisation", `{"type":"identity","id":"identity--ID",HEAD,"name":"Lamp Works","description":"makes lamps"}`, "organization{description=makes lamps name=Lamp Works}"},
	{"place", `{"type":"location","id":"location--ID",HEAD,"latitude":12.5,"longitude":-7,"city":"Lampton"}`, "geolocation{city=Lampton latitude=12.5 longitude=-7}"},
	{"telegram", `{"type":"user-account","id":"user-account--ID","account_type":"telegram","account_login":"lamplight_demo_17"}`, "telegram-account{username=lamplight_demo_17}"},
	{"github", `{"type":"user-account","id":"user-account--ID","account_type":"github","account_login":"lamp"}`, "github-username=lamp"},
	{"note", `{"type":"note","id":"note--ID",HEAD,"content":"said","object_refs":["report--` + eventID + `"]}`, "text=said"},
	{"campaign", `{"type":"campaign","id":"campaign--ID",HEAD,"name":"Lamplight"}`, "campaign-name=Lamplight"},
	{"simple pattern", `{"type":"indicator","id":"indicator--ID",HEAD,"pattern":"[mutex:name = 'it\\'s']","pattern_type":"stix","valid_from":"2026-03-01T00:00:00Z"}`, "mutex=it's!"},
	{"hash under another name", `{"type":"file","id":"file--ID","hashes":{"SHA256":"` + sha256Empty + `"}}`, "sha256=" + sha256Empty},
	{"hash pattern under another name", `{"type":"indicator","id":"indicator--ID",HEAD,"pattern":"[file:hashes.SHA256 = '` + sha256Empty + `']","pattern_type":"stix","valid_from":"2026-03-01T00:00:00Z"}`, "sha256=" + sha256Empty + "!"},
	{"hash and name pattern", `{"type":"indicator","id":"indicator--ID",HEAD,"pattern":"[file:hashes.MD5 = '` + md5Empty + `' AND file:name = 'a.txt']","pattern_type":"stix","valid_from":"2026-03-01T00:00:00Z"}`, "filename|md5=a.txt|" + md5Empty + "!"},
	{"pattern of an object", `{"type":"indicator","id":"indicator--ID",HEAD,"pattern":"[file:hashes.MD5 = '` + md5Empty + `' AND file:name = 'a.txt' AND file:size = 7]","pattern_type":"stix","valid_from":"2026-03-01T00:00:00Z"}`, "file{filename=a.txt! md5=" + md5Empty + "! size-in-bytes=7!}"},
	{"pattern of a connection", `{"type":"indicator","id":"indicator--ID",HEAD,"pattern":"[network-traffic:dst_ref.value = '192.0.2.1' AND network-traffic:dst_port = 443]","pattern_type":"stix","valid_from":"2026-03-01T00:00:00Z"}`, "ip-dst|port=192.0.2.1|443!"},
	{"pattern of two things", `{"type":"indicator","id":"indicator--ID",HEAD,"pattern":"[file:name = 'a.txt'] AND [url:value = 'x']","pattern_type":"stix","valid_from":"2026-03-01T00:00:00Z"}`, "stix2-pattern=[file:name = 'a.txt'] AND [url:value = 'x']!"},
	{"account", `{"type":"user-account","id":"user-account--ID","account_type":"unix","account_login":"lamp","display_name":"Lamp","is_disabled":true}`, "user-account{account-type=unix disabled=true display-name=Lamp username=lamp}"},
	{"bank account", `{"type":"bank-account","spec_version":"2.1","id":"bank-account--ID","iban":"GB33BUKB20201555555555","bic":"BUKBGB22"}`, "bank-account{iban=GB33BUKB20201555555555 swift=BUKBGB22}"},
	{"card", `{"type":"payment-card","spec_version":"2.1","id":"payment-card--ID","value":"4242424242424242"}`, "cc-number=4242424242424242"},
	{"certificate", `{"type":"x509-certificate","id":"x509-certificate--ID","subject":"CN=example.com","serial_number":"07"}`, "x509{serial-number=07 subject=CN=example.com}"},
	{"process", `{"type":"process","id":"process--ID","pid":42,"command_line":"lamp -on"}`, "process{command-line=lamp -on pid=42}"},
	{"group", `{"type":"identity","id":"identity--ID",HEAD,"name":"Lampers","identity_class":"group","sectors":["energy"]}`, "identity{identity_class=group name=Lampers sectors=energy}"},
	{"attribute of MISP's converter", `{"type":"x-misp-attribute","id":"x-misp-attribute--ID",HEAD,"x_misp_type":"cookie","x_misp_category":"Network activity","x_misp_value":"lamp=1","labels":["misp:type=\"cookie\"","misp:to_ids=\"True\""]}`, "cookie=lamp=1!"},
	{"object of MISP's converter", `{"type":"x-misp-object","id":"x-misp-object--ID",HEAD,"x_misp_name":"vehicle","x_misp_meta_category":"misc","x_misp_attributes":[{"type":"text","object_relation":"make","value":"Lampworks"}]}`, "vehicle{make=Lampworks}"},
	{"hash pattern", `{"type":"indicator","id":"indicator--ID",HEAD,"pattern":"[file:hashes.'SHA-256' = '` + sha256Empty + `']","pattern_type":"stix","valid_from":"2026-03-01T00:00:00Z"}`, "sha256=" + sha256Empty + "!"},
	{"pattern of alternatives", `{"type":"indicator","id":"indicator--ID",HEAD,"pattern":"[domain-name:value = 'a.example' OR ipv4-addr:value IN ('192.0.2.1', '192.0.2.2')]","pattern_type":"stix","valid_from":"2026-03-01T00:00:00Z"}`, "domain=a.example! ip-dst=192.0.2.1! ip-dst=192.0.2.2!"},
	{"pattern of alternatives, one unknown", `{"type":"indicator","id":"indicator--ID",HEAD,"pattern":"[domain-name:value = 'a.example' OR a:b = 'c']","pattern_type":"stix","valid_from":"2026-03-01T00:00:00Z"}`, "stix2-pattern=[domain-name:value = 'a.example' OR a:b = 'c']!"},
	{"pattern of alternatives that must all hold", `{"type":"indicator","id":"indicator--ID",HEAD,"pattern":"[file:name = 'a' OR file:name = 'b' AND file:size = 7]","pattern_type":"stix","valid_from":"2026-03-01T00:00:00Z"}`, "stix2-pattern=[file:name = 'a' OR file:name = 'b' AND file:size = 7]!"},
	{"other pattern", `{"type":"indicator","id":"indicator--ID",HEAD,"pattern":"[a:b = 1 OR a:c = 2]","pattern_type":"stix","valid_from":"2026-03-01T00:00:00Z"}`, "stix2-pattern=[a:b = 1 OR a:c = 2]!"},
	{"yara", `{"type":"indicator","id":"indicator--ID",HEAD,"pattern":"rule x {}","pattern_type":"yara","valid_from":"2026-03-01T00:00:00Z"}`, "yara=rule x {}!"},
	{"actor", `{"type":"threat-actor","id":"threat-actor--ID",HEAD,"name":"Group C","aliases":["C"]}`, "galaxy stix-2.1-threat-actor:Group C"},
	{"technique", `{"type":"attack-pattern","id":"attack-pattern--ID",HEAD,"name":"Knocking"}`, "galaxy stix-2.1-attack-pattern:Knocking"},
	{"unknown pattern", `{"type":"indicator","id":"indicator--ID",HEAD,"pattern":"x","pattern_type":"eql","valid_from":"2026-03-01T00:00:00Z"}`, "unmapped indicator"},
	{"revoked address", `{"type":"identity","id":"identity--ID",HEAD,"name":"x","revoked":true}`, "unmapped identity"},
	{"revoked actor", `{"type":"threat-actor","id":"threat-actor--ID",HEAD,"name":"x","revoked":true}`, "unmapped threat-actor"},
	{"incident", `{"type":"incident","id":"incident--ID",HEAD,"name":"x"}`, "unmapped incident"},
	{"second report", `{"type":"report","id":"report--ID",HEAD,"name":"x","published":"2026-03-02T00:00:00Z","object_refs":["report--` + eventID + `"]}`, "unmapped report"},
	{"opinion", `{"type":"opinion","id":"opinion--ID",HEAD,"opinion":"agree","explanation":"as told","authors":["desk"],"object_refs":["report--` + eventID + `"]}`, "opinion 70 as told by desk"},
	{"opinion of what is not there", `{"type":"opinion","id":"opinion--ID",HEAD,"opinion":"agree","object_refs":["identity--` + northID + `"]}`, "unmapped opinion"},
	{"own type", `{"type":"x-lamp","spec_version":"2.1","id":"x-lamp--ID","name":"y"}`, "unmapped x-lamp"},
	{"what is left over", `{"type":"domain-name","id":"domain-name--ID","value":"example.com","defanged":true}`, "domain=example.com unmapped defanged"},
}

func TestObjectsFromElsewhere(t *testing.T) {
	for _, c := range foreignRows {
		t.Run(c.name, func(t *testing.T) {
			e, unmapped := back(t, foreign(t, strings.ReplaceAll(c.object, "ID", attributeID)))
			if got := told(e, unmapped); got != c.want {
				t.Errorf("got %s, and should be %s", got, c.want)
			}
			if e.UUID != eventID || e.Info != "From elsewhere" || e.Date != "2026-03-01" {
				t.Errorf("%+v", e)
			}
			if diff := gocmp.Diff([]misp.Tag{{Name: "a-label"}, {Name: "tlp:amber"}}, e.Tags); diff != "" {
				t.Error(diff)
			}
			if len(e.Reports) != 1 || e.Reports[0].Content != "What happened." {
				t.Errorf("%v", e.Reports)
			}
		})
	}
}

// told writes what stands in an event in one line.
func told(e misp.Event, unmapped []misp.Unmapped) string {
	var parts []string
	one := func(name string, a misp.Attribute) string {
		if a.ToIDs {
			return name + "=" + a.Value + "!"
		}
		return name + "=" + a.Value
	}
	for _, a := range e.Attributes {
		parts = append(parts, one(a.Type, a))
	}
	for _, o := range e.Objects {
		var in []string
		for _, a := range o.Attributes {
			in = append(in, one(a.Relation, a))
		}
		slices.Sort(in)
		parts = append(parts, o.Name+"{"+strings.Join(in, " ")+"}")
	}
	for _, g := range e.Galaxies {
		for _, c := range g.Clusters {
			parts = append(parts, "galaxy "+g.Type+":"+c.Value)
		}
	}
	for _, o := range e.Opinions {
		parts = append(parts, fmt.Sprintf("opinion %d %s by %s", o.Opinion, o.Comment, o.Authors))
	}
	for _, u := range unmapped {
		parts = append(parts, "unmapped "+u.Type)
	}
	return strings.Join(parts, " ")
}

func TestJoinsFromElsewhere(t *testing.T) {
	const person = `{"type":"identity","id":"identity--` + objectID + `",HEAD,"name":"Tobin Marr","identity_class":"individual"}`
	const mail = `{"type":"email-addr","id":"email-addr--` + attributeID + `","value":"tobin.marr@example.com"}`
	objects := foreign(t, person, mail,
		`{"type":"relationship","id":"relationship--6f1c64ad-3e19-4b8c-9c57-000000000001",HEAD,"relationship_type":"uses","source_ref":"identity--`+objectID+`","target_ref":"email-addr--`+attributeID+`"}`,
		`{"type":"relationship","id":"relationship--6f1c64ad-3e19-4b8c-9c57-000000000002",HEAD,"relationship_type":"belongs-to","source_ref":"email-addr--`+attributeID+`","target_ref":"identity--`+objectID+`"}`)
	e, unmapped := back(t, objects)
	if len(e.Objects) != 1 || len(e.Objects[0].References) != 1 || e.Objects[0].References[0].Referenced != attributeID || e.Objects[0].References[0].Type != "uses" {
		t.Errorf("%+v", e.Objects)
	}
	if len(unmapped) != 1 || unmapped[0].Type != "belongs-to" {
		t.Errorf("%v", unmapped)
	}
}

// MISP takes no value twice, so an indicator of a value that is there is that attribute's.
func TestAnIndicatorOfAValueThatIsThere(t *testing.T) {
	e, unmapped := back(t, foreign(t,
		`{"type":"phone-number","spec_version":"2.1","id":"phone-number--`+attributeID+`","value":"+12025550147"`+phoneExtension+`}`,
		`{"type":"indicator","id":"indicator--`+objectID+`",HEAD,"name":"numbers","pattern":"[phone-number:value = '+12025550147' OR phone-number:value = '+12025550148']","pattern_type":"stix","valid_from":"2026-03-01T00:00:00Z","valid_until":"2026-04-01T00:00:00Z"}`,
		`{"type":"threat-actor","id":"threat-actor--`+northID+`",HEAD,"name":"Movement B"}`,
		`{"type":"relationship","id":"relationship--6f1c64ad-3e19-4b8c-9c57-000000000001",HEAD,"relationship_type":"indicates","source_ref":"indicator--`+objectID+`","target_ref":"threat-actor--`+northID+`"}`,
	))
	if got := told(e, unmapped); got != "phone-number=+12025550147! phone-number=+12025550148! galaxy stix-2.1-threat-actor:Movement B" || e.Attributes[0].UUID != attributeID {
		t.Fatalf("%s %v", got, unmapped)
	}
	for _, a := range e.Attributes {
		if len(a.Galaxies) != 1 || a.Comment != "numbers" || len(a.Sightings) != 1 || a.Sightings[0].Type != "2" || a.Sightings[0].Date != day.AddDate(0, 1, 0).Unix() {
			t.Errorf("%+v", a)
		}
	}
}

func TestASightingFromElsewhere(t *testing.T) {
	const indicator = `{"type":"indicator","id":"indicator--` + attributeID + `",HEAD,"pattern":"[domain-name:value = 'example.com']","pattern_type":"stix","valid_from":"2026-03-01T00:00:00Z"}`
	e, unmapped := back(t, foreign(t, indicator,
		`{"type":"sighting","id":"sighting--`+objectID+`",HEAD,"last_seen":"2026-03-01T12:00:00Z","sighting_of_ref":"indicator--`+attributeID+`"}`))
	if len(unmapped) != 0 || len(e.Attributes) != 1 || len(e.Attributes[0].Sightings) != 1 || e.Attributes[0].Sightings[0].Date != day.Unix()+12*3600 {
		t.Errorf("%+v, %v", e.Attributes, unmapped)
	}
}

func TestAnEmailFromElsewhere(t *testing.T) {
	e, unmapped := back(t, foreign(t,
		`{"type":"email-message","id":"email-message--`+objectID+`","is_multipart":false,"subject":"lamps","from_ref":"email-addr--`+attributeID+`"}`,
		`{"type":"email-addr","id":"email-addr--`+attributeID+`","value":"a@example.org"}`))
	if got := told(e, unmapped); got != "email=a@example.org email{from=a@example.org subject=lamps}" {
		t.Error(got)
	}
}

func TestAttachmentsComeBackAsNames(t *testing.T) {
	objects, _, err := misp.ToSTIX(plain(
		misp.Attribute{UUID: attributeID, Type: "malware-sample", Value: "a.bin|" + md5Empty},
		misp.Attribute{UUID: objectID, Type: "attachment", Value: "map.png"},
	), misp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e, unmapped := back(t, objects)
	if got := told(e, nil); got != "filename|md5=a.bin|"+md5Empty+" filename=map.png" || len(unmapped) != 2 {
		t.Errorf("%s, %v", got, unmapped)
	}
}

func TestAnOpinionThatWasChanged(t *testing.T) {
	e := plain(misp.Attribute{UUID: attributeID, Type: "domain", Value: "example.com"})
	e.Attributes[0].Opinions = []misp.AnalystOpinion{{Analyst: misp.Analyst{UUID: objectID}, Opinion: 95, Comment: "sure"}}
	objects, _, err := misp.ToSTIX(e, misp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string]int64{"strongly-agree": 95, "neutral": 50, "strongly-disagree": 10} {
		e, _ := back(t, edited(t, objects, "opinion--"+objectID, `"strongly-agree"`, `"`+word+`"`))
		if got := e.Attributes[0].Opinions; len(got) != 1 || got[0].Opinion != want || got[0].Comment != "sure" {
			t.Errorf("%s: %+v", word, got)
		}
	}
}

// Nothing in a bundle of a stranger's can make the event that comes of it unreadable.
func FuzzFromSTIX(f *testing.F) {
	objects, _, err := misp.ToSTIX(lamp(f), misp.Options{})
	if err != nil {
		f.Fatal(err)
	}
	var bundle bytes.Buffer
	if err := stix.WriteBundle(&bundle, "bundle--"+eventID, objects); err != nil {
		f.Fatal(err)
	}
	f.Add(bundle.Bytes())
	for _, row := range foreignRows {
		f.Add([]byte(strings.ReplaceAll(strings.ReplaceAll(`{"type":"bundle","id":"bundle--`+eventID+`","objects":[`+row.object+`]}`, "ID", attributeID), "HEAD", head)))
	}
	f.Add([]byte(`{"type":"bundle","id":"bundle--` + eventID + `","objects":[{"type":"report","id":"report--` + eventID + `","object_refs":["domain-name--` + attributeID + `"],"extensions":{"` + string(misp.ExtensionID) + `":{"event":{"timestamp":-1}}}},
		{"type":"domain-name","id":"domain-name--` + attributeID + `","value":"example.com","extensions":{"` + string(misp.ExtensionID) + `":{"attributes":[{"uuid":"` + attributeID + `","type":"domain","timestamp":99999999999999}]}}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var objects []stix.Object
		if _, err := stix.ReadBundle(bytes.NewReader(data), stix.Limits{Bytes: 1 << 20}, func(o stix.Object) error {
			objects = append(objects, o)
			return nil
		}); err != nil {
			return
		}
		heading := plain()
		e, _, err := misp.FromSTIX(objects, misp.Options{Key: []byte("a key of the fuzzer's"), Heading: &heading})
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := misp.Write(&text, e); err != nil {
			t.Fatal(err)
		}
		if _, err := misp.Read(bytes.NewReader(text.Bytes()), misp.Limits{}); err != nil {
			t.Fatalf("%v: %s", err, &text)
		}
	})
}
