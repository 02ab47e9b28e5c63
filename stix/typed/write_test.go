package typed_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"parley/stix"
	"parley/stix/typed"
)

// write writes a value and gives the text.
func write(t testing.TB, v any) string {
	t.Helper()
	o, err := typed.Write(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(o.Bytes())
}

func TestWriteChangesWhatWasChanged(t *testing.T) {
	for _, c := range []struct {
		name     string
		change   func(v *typed.Indicator)
		from, to string
	}{
		{"nothing", func(*typed.Indicator) {}, ``, ``},
		{"a text", func(v *typed.Indicator) { v.Pattern = "[a:b = 'é']" }, `"[url:value = 'https:\/\/example.com']"`, `"[a:b = 'é']"`},
		{"to the same", func(v *typed.Indicator) { v.Pattern = strings.Clone(v.Pattern) }, ``, ``},
		{"a number", func(v *typed.Indicator) { v.Confidence = new(80) }, `"confidence":0`, `"confidence":80`},
		{"a truth value", func(v *typed.Indicator) { v.Revoked = new(true) }, `"revoked":false`, `"revoked":true`},
		{"away with one", func(v *typed.Indicator) { v.Revoked = nil }, `, "revoked":false`, ``},
		{"a time", func(v *typed.Indicator) { v.ValidFrom = v.Created }, `"valid_from":"2026-03-01T09:30:00Z"`, `"valid_from":"2026-03-01T09:30:00.000100Z"`},
		{
			"an element's field", func(v *typed.Indicator) { v.ExternalReferences[0].URL = new("https://c.example") },
			`[ {"source_name":"a", "x_in":[1,  2], "url":"https://a.example"} , { "source_name":"b","external_id":"7" } ]`,
			`[ {"source_name":"a", "x_in":[1,  2], "url":"https://c.example"} , { "source_name":"b","external_id":"7" } ]`,
		},
		{
			"the order of a list", func(v *typed.Indicator) {
				v.ExternalReferences[0], v.ExternalReferences[1] = v.ExternalReferences[1], v.ExternalReferences[0]
			},
			`[ {"source_name":"a", "x_in":[1,  2], "url":"https://a.example"} , { "source_name":"b","external_id":"7" } ]`,
			`[ { "source_name":"b","external_id":"7" } , {"source_name":"a", "x_in":[1,  2], "url":"https://a.example"} ]`,
		},
		{"one more in a list", func(v *typed.Indicator) {
			v.ExternalReferences = append(v.ExternalReferences, typed.ExternalReference{SourceName: "c", Description: new("d")})
		}, ` , { "source_name":"b","external_id":"7" } ]`, ` , { "source_name":"b","external_id":"7" } , {"source_name":"c","description":"d"} ]`},
		{
			"one less in a list", func(v *typed.Indicator) { v.ExternalReferences = v.ExternalReferences[1:] },
			`[ {"source_name":"a", "x_in":[1,  2], "url":"https://a.example"} , { "source_name"`, `[ { "source_name"`,
		},
		{
			"all of a list", func(v *typed.Indicator) { v.ExternalReferences = []typed.ExternalReference{} },
			`[ {"source_name":"a", "x_in":[1,  2], "url":"https://a.example"} , { "source_name":"b","external_id":"7" } ]`, `[  ]`,
		},
		{"an extension more", func(v *typed.Indicator) {
			v.Extensions["x-ext"] = json.RawMessage(`{"a":1}`)
		}, `"rank":5.0} }`, `"rank":5.0},"x-ext": {"a":1} }`},
		{"a new property", func(v *typed.Indicator) { v.Lang = new("de") }, `"rank":5.0} } }`, `"rank":5.0} },
  "lang": "de" }`},
	} {
		v := read[typed.Indicator](t, indicator)
		c.change(&v)
		want := strings.Replace(indicator, c.from, c.to, 1)
		if got := write(t, v); got != want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, want)
		}
		if got := write(t, &v); got != want {
			t.Errorf("%s, by pointer: %s", c.name, got)
		}
	}
}

// Writing a value that was not changed gives the very object it was read from.
func TestWriteUnchanged(t *testing.T) {
	o := parse(t, indicator)
	v, err := typed.Read[typed.Indicator](o)
	if err != nil {
		t.Fatal(err)
	}
	if same, err := typed.Write(v); err != nil || same != o {
		t.Errorf("%v, %v", same, err)
	}
}

// What is done to a value's bytes is not done to the object.
func TestTheObjectDoesNotChange(t *testing.T) {
	o := parse(t, indicator)
	v, err := typed.Read[typed.Indicator](o)
	if err != nil {
		t.Fatal(err)
	}
	for _, raw := range v.Extensions {
		clear(raw)
	}
	if string(o.Bytes()) != indicator {
		t.Errorf("%s", o.Bytes())
	}
}

func TestNullStaysUntilItIsChanged(t *testing.T) {
	const data = `{"type":"tool","id":"tool--e2e1a340-4415-4ba8-9671-f7343fbf0836","name":null,"labels":null,"description":null}`
	v := read[typed.Tool](t, data)
	if got := write(t, v); got != data {
		t.Error(got)
	}
	v.Labels = []string{"a"}
	if got := write(t, v); got != strings.Replace(data, `"labels":null`, `"labels":["a"]`, 1) {
		t.Error(got)
	}
}

func TestWriteNew(t *testing.T) {
	at, err := stix.ParseTimestamp("2026-03-01T09:30:00.000Z")
	if err != nil {
		t.Fatal(err)
	}
	got := write(t, typed.Malware{
		Versioned:       typed.Versioned{ID: "malware--e2e1a340-4415-4ba8-9671-f7343fbf0836", Created: at},
		KillChainPhases: []typed.KillChainPhase{{KillChainName: "k", PhaseName: "p"}},
	})
	want := `{"type":"malware","spec_version":"2.1","id":"malware--e2e1a340-4415-4ba8-9671-f7343fbf0836",` +
		`"created":"2026-03-01T09:30:00.000Z","modified":"2026-03-01T09:30:00.000Z","is_family":false,` +
		`"kill_chain_phases":[{"kill_chain_name":"k","phase_name":"p"}]}`
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	got = write(t, &typed.IPv4Address{Value: "198.51.100.3"})
	if want := `{"type":"ipv4-addr","spec_version":"2.1","id":"ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4","value":"198.51.100.3"}`; got != want {
		t.Error(got)
	}
	file := typed.File{Name: new("a.pdf")}
	if err := file.Extensions.Set(typed.PDFExt{IsOptimized: new(false)}); err != nil {
		t.Fatal(err)
	}
	if got := write(t, file); !strings.Contains(got, `"extensions":{"pdf-ext":{"is_optimized":false}}`) {
		t.Error(got)
	}
}

func TestWriteRefuses(t *testing.T) {
	var fault *stix.Fault
	if _, err := typed.Write(typed.Tool{Versioned: typed.Versioned{ID: "tool--e2e1a340-4415-4ba8-9671-f7343fbf0836"}}); !errors.As(err, &fault) {
		t.Errorf("a tool without a name: %v", err)
	}
	v := read[typed.Indicator](t, indicator)
	v.ID = ""
	if _, err := typed.Write(v); !errors.As(err, &fault) || fault.Path != "id" {
		t.Errorf("no id: %v", err)
	}
	for name, v := range map[string]any{
		"nothing": nil, "a number": 7, "a nil pointer": (*typed.Tool)(nil), "a struct without a part": struct{ Name string }{},
		"no type": typed.Versioned{}, "the wrong type": typed.Tool{Versioned: typed.Versioned{Type: "malware"}},
		"JSON that is none": typed.Tool{Versioned: typed.Versioned{Extensions: typed.Extensions{"x-ext": json.RawMessage(`{`)}}},
	} {
		if _, err := typed.Write(v); err == nil {
			t.Errorf("%s is written", name)
		}
	}
	for _, raw := range []string{`{"a":1,"a":2}`, `{"a":1},"x_injected":{}`, `{"a":1}}`, ``, "\"\xff\""} {
		v = read[typed.Indicator](t, indicator)
		v.Extensions["x-ext"] = json.RawMessage(raw)
		if o, err := typed.Write(v); err == nil {
			t.Errorf("%s is written: %s", raw, o.Bytes())
		}
	}
	v = read[typed.Indicator](t, indicator)
	v.Pattern = "\xff"
	if _, err := typed.Write(v); err == nil {
		t.Error("invalid UTF-8 is written")
	}
}

// JSON made of the fields alone would lose what they do not hold.
func TestOtherJSONPackagesAreKeptOut(t *testing.T) {
	v := read[typed.Indicator](t, indicator)
	if data, err := json.Marshal(v); err == nil {
		t.Errorf("%s", data)
	}
	if data, err := json.Marshal(&v.ExternalReferences[0]); err == nil {
		t.Errorf("%s", data)
	}
	if err := json.Unmarshal([]byte(indicator), &v); err == nil {
		t.Error("a value is read that keeps nothing")
	}
}

type vessel struct {
	typed.Versioned `stix:"x-vessel"`
	IMO             string  `json:"imo"`
	Flag            *string `json:"flag,omitzero"`
}

type ranked struct {
	typed.Indicator
	Rank *int `json:"rank,omitzero"`
}

type rank struct {
	typed.Part    `stix:"extension-definition--d83fce45-ef58-4c6c-a3f4-1fbc32e98c6e"`
	ExtensionType string  `json:"extension_type"`
	Rank          float64 `json:"rank"`
	unexported    int
}

func TestStructsOfOnesOwn(t *testing.T) {
	const ship = `{"type":"x-vessel","id":"x-vessel--e2e1a340-4415-4ba8-9671-f7343fbf0836","created":"2026-03-01T09:30:00.000Z","imo":"9074729","call":"XX"}`
	v := read[vessel](t, ship)
	v.Flag, v.IMO = new("XX"), "9074730"
	if got, want := write(t, v), strings.Replace(ship[:len(ship)-1], "29", "30", 1)+`,"flag":"XX"}`; v.IMO != "9074730" || got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if _, err := typed.Read[vessel](parse(t, indicator)); err == nil {
		t.Error("an indicator is read as a vessel")
	}
	r := read[ranked](t, strings.Replace(indicator, `"x_rank" : 1.50e+3`, `"rank" : 5`, 1))
	if r.Rank == nil || *r.Rank != 5 {
		t.Fatal("a property that an outer struct adds is not read")
	}
	r.Rank, r.Confidence = new(6), new(1)
	want := strings.NewReplacer(`"x_rank" : 1.50e+3`, `"rank" : 6`, `"confidence":0`, `"confidence":1`).Replace(indicator)
	if got := write(t, r); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestExtensionOfOnesOwn(t *testing.T) {
	v := read[typed.Indicator](t, indicator)
	r, ok, err := typed.Extension[rank](v.Extensions)
	if err != nil || !ok || r.Rank != 5 {
		t.Fatalf("%+v, %v, %v", r, ok, err)
	}
	r.unexported, r.Rank = 1, 6
	if err := v.Extensions.Set(r); err != nil {
		t.Fatal(err)
	}
	if got, want := write(t, v), strings.Replace(indicator, `"rank":5.0`, `"rank":6`, 1); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if _, ok, err := typed.Extension[typed.PDFExt](v.Extensions); ok || err != nil {
		t.Errorf("an extension that is not there: %v, %v", ok, err)
	}
	if _, _, err := typed.Extension[typed.ExternalReference](v.Extensions); err == nil {
		t.Error("an extension without a key is read")
	}
	v.Extensions["pdf-ext"] = json.RawMessage(`{"version":7}`)
	var fault *stix.Fault
	if _, _, err := typed.Extension[typed.PDFExt](v.Extensions); !errors.As(err, &fault) || fault.Path != "version" {
		t.Errorf("a number for a text: %v", err)
	}
}
