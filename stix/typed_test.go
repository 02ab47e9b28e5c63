package stix_test

import (
	"reflect"
	"strings"
	"testing"

	"parley/stix"
	"parley/stix/stixtest"
	"parley/stix/typed"
)

// The structs of package typed that are not for a type of object, by their tables.
var structs = map[string]any{
	"external-reference": typed.ExternalReference{}, "kill-chain-phase": typed.KillChainPhase{},
	"granular-marking": typed.GranularMarking{}, "mime-part": typed.MIMEPart{},
	"registry-value": typed.RegistryValue{}, "certificate-extensions": typed.X509V3Extensions{},
	"alternate-data-stream": typed.AlternateDataStream{}, "pe-section": typed.PESection{},
	"pe-optional-header": typed.PEOptionalHeader{}, "marking-content": typed.MarkingContent{},
	"archive-ext": typed.ArchiveExt{}, "ntfs-ext": typed.NTFSExt{}, "pdf-ext": typed.PDFExt{},
	"raster-image-ext": typed.RasterImageExt{}, "windows-pebinary-ext": typed.WindowsPEBinaryExt{},
	"http-request-ext": typed.HTTPRequestExt{}, "icmp-ext": typed.ICMPExt{}, "socket-ext": typed.SocketExt{},
	"tcp-ext": typed.TCPExt{}, "windows-process-ext": typed.WindowsProcessExt{},
	"windows-service-ext": typed.WindowsServiceExt{}, "unix-account-ext": typed.UNIXAccountExt{},
}

// The structs that stand in others, by property.
var within = map[string]string{
	"external_references": "external-reference", "kill_chain_phases": "kill-chain-phase",
	"granular_markings": "granular-marking", "body_multipart": "mime-part", "values": "registry-value",
	"x509_v3_extensions": "certificate-extensions", "alternate_data_streams": "alternate-data-stream",
	"sections": "pe-section", "optional_header": "pe-optional-header", "definition": "marking-content",
}

// structFor gives the struct that belongs to a table.
func structFor(t *testing.T, name string) reflect.Type {
	if s := structs[name]; s != nil {
		return reflect.TypeOf(s)
	}
	v, err := typed.Any(mustParse(t, stixtest.Examples()[name]))
	if err != nil {
		t.Fatal(err)
	}
	return reflect.TypeOf(v).Elem()
}

// Every property of every table has a field of a Go type that fits, and every field a property.
func TestEveryPropertyHasAField(t *testing.T) {
	for name, shape := range stix.Shapes() {
		s := structFor(t, name)
		fields := fieldsOf(s)
		for _, p := range shape.Properties() {
			field, ok := fields[p.Name]
			delete(fields, p.Name)
			if !ok {
				t.Errorf("%s has no field for %s of %s", s, p.Name, name)
				continue
			}
			if want, got := goType(shape, p.Name), field.Type; !fits(t, want, got, p) {
				t.Errorf("%s.%s is a %s, but %s of %s wants %s", s, field.Name, got, p.Name, name, want)
			}
			if optional := strings.HasSuffix(field.Tag.Get("json"), ",omitzero"); optional == p.Required {
				t.Errorf("%s.%s: %s of %s is required: %v", s, field.Name, p.Name, name, p.Required)
			}
		}
		for property := range fields {
			t.Errorf("%s has a field for %s, which %s does not have", s, property, name)
		}
	}
}

// fieldsOf gives the fields that stand for properties.
func fieldsOf(s reflect.Type) map[string]reflect.StructField {
	all := map[string]reflect.StructField{}
	for _, f := range reflect.VisibleFields(s) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" {
			all[name] = f
		}
	}
	return all
}

const someID = `"marking-definition--e2e1a340-4415-4ba8-9671-f7343fbf0836"`

// goType finds out from what lenient mode takes what the field of a property must be.
func goType(shape stix.Shape, property string) string {
	for _, probe := range []struct{ value, is string }{
		{`"any text"`, "string"},
		{someID, "stix.ID"},
		{`"2026-03-01T09:30:00.000Z"`, "stix.Timestamp"},
		{`1.5`, "float64"},
		{`1`, "int"},
		{`true`, "bool"},
		{`["any text"]`, "[]string"},
		{`[` + someID + `]`, "[]stix.ID"},
		{`[7]`, "[]int"},
		{`{"key":{"type":"x"}}`, "object"},
		{`{"SHA-256":"any text"}`, "object"},
		{`{"key":7}`, "object"},
		{`{"key":["any text"]}`, "object"},
	} {
		if shape.Accepts(property, probe.value) {
			return probe.is
		}
	}
	return "struct" // with properties that are required
}

// fits tells whether a field's type is what is wanted. Optional scalars are pointers, so that a zero
// can be told from nothing; ids and times have a zero that is no value.
func fits(t *testing.T, want string, got reflect.Type, p stix.Property) bool {
	if inner, known := within[p.Name]; known && (want == "struct" || want == "object") {
		for got.Kind() == reflect.Pointer || got.Kind() == reflect.Slice {
			got = got.Elem()
		}
		return got == structFor(t, inner)
	}
	scalar := want == "string" || want == "float64" || want == "int" || want == "bool"
	if scalar && !p.Required {
		if got.Kind() != reflect.Pointer {
			return false
		}
		got = got.Elem()
	}
	switch want {
	case "int":
		return got.Kind() == reflect.Int || got.Kind() == reflect.Int64
	case "object":
		return got.Kind() == reflect.Map
	}
	return got.String() == want
}

// Whatever lenient mode takes for a property of an object can be read. What it refuses cannot, but for
// the content of extensions, which is read when it is asked for, and for what is missing.
func TestReadsWhatLenientModeTakes(t *testing.T) {
	probes := []string{
		`"any text"`, `""`, someID, `"2026-03-01T09:30:00Z"`, `1.5`, `1`, `-1`, `1e400`, `9007199254740993`, `true`, `[]`, `["any text"]`,
		`["any text",1]`, `[` + someID + `]`, `[` + someID + `,"x"]`, `[7]`, `[{}]`, `{}`, `{"key":{"type":"x"}}`, `{"key":"any text"}`, `{"key":7}`,
		`{"key":["any text"]}`, `[{"source_name":"s","kill_chain_name":"k","phase_name":"p","selectors":[]}]`,
		`[{"source_name":7,"kill_chain_name":7,"selectors":7,"body":7,"name":7}]`,
	}
	for typ, example := range stixtest.Examples() {
		for name := range mustParse(t, example).Properties() {
			for _, probe := range probes {
				o, err := stix.ParseObject([]byte(changed(t, example, name, probe)))
				if err != nil {
					continue
				}
				faults := o.Validate(stix.Lenient)
				_, err = typed.Any(o)
				if faults == nil && err != nil || faults != nil && err == nil && name != "extensions" && probe != `[{}]` {
					t.Errorf("%s with %s %s: lenient says %v, typed says %v", typ, name, probe, faults, err)
				}
			}
		}
	}
}
