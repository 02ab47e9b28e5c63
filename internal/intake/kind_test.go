package intake

import (
	"strings"
	"testing"
)

const (
	id     = "7b0e4d5c-52f1-4c1e-8f0a-000000000001"
	object = `{"type":"note","spec_version":"2.1","id":"note--` + id + `"}`
)

func TestWhatASourceIs(t *testing.T) {
	long := strings.Repeat("x", 2*HeadSize)
	for name, c := range map[string]struct {
		text, called string
		want         Kind
	}{
		"a bundle":                       {`{"type":"bundle","id":"bundle--` + id + `","objects":[` + object + `]}`, "a.json", STIX},
		"a bundle called otherwise":      {`{"type":"bundle","id":"bundle--` + id + `","objects":[` + object + `]}`, "phone.bin", STIX},
		"a bundle whose type comes last": {`{"objects":[` + object + `],"type":"bundle"}`, "a.json", STIX},
		"an empty bundle":                {`{"type":"bundle","id":"bundle--` + id + `"}`, "a.json", STIX},
		"one object":                     {object, "a.json", STIX},
		"an object of an unknown type":   {`{"id":"x-lamp--` + id + `","type":"x-lamp"}`, "a.json", STIX},
		"a TAXII envelope":               {`{"more":true,"next":"a","objects":[{"id":"ipv4-addr--` + id + `"}]}`, "a.json", STIX},
		"a byte order mark":              {"\ufeff" + object, "a.json", STIX},
		"a bundle with a long name":      {`{"name":"` + long, "a.json", Other},
		"a bundle cut off":               {`{"type":"bundle","id":"bundle--` + id + `","objects":[` + object[:20], "a.json", STIX},
		"a bundle with a fault":          {`{"x":1,"x":2,"id":"bundle--` + id + `"}`, "a.json", STIX},
		"a list of objects":              {`["bundle--` + id + `"]`, "a.stix", STIX},
		"a list of whole objects":        {`[` + object + `]`, "a.json", STIX},
		"a broken list of objects":       {`[` + object + `,`, "a.stix", STIX},
		"objects a line":                 {object + "\n" + object + "\n", "a.jsonl", STIXLines},
		"one line":                       {object + "\n", "a.jsonl", STIX},

		"a MISP event":         {`{"Event":{"uuid":"` + id + `","info":"x"}}`, "a.json", MISP},
		"MISP's answer":        {`{"response":[{"Event":{"uuid":"` + id + `"}}]}`, "a.json", MISP},
		"a list of events":     {`[{"Event":{"uuid":"` + id + `"}}]`, "a.json", MISP},
		"a long MISP event":    {`{"Event":{"info":"` + long, "a.json", MISP},
		"an empty MISP answer": {`{"response":[]}`, "a.json", Other},

		"our own list":             {`[{"kind":"phone","value":"+12025550147"}]`, "a.json", List},
		"a line each":              {"+12025550147\ndesk@hall.example\n", "a.txt", List},
		"a table":                  {"kind,value\nphone,+12025550147\n", "a", List},
		"a table by its name":      {"a day in spring\n", "a.CSV", List},
		"a packed one by its name": {"a day in spring\n", "a.tsv.gz", List},

		"a chat":               {`{"chats":{"list":[{"type":"bundle of joy"}]}}`, "result.json", Other},
		"another list":         {`[{"phone":"+12025550147"}]`, "contacts.json", Other},
		"prose":                {"Dear all,\ncall +12025550147.\n", "a.txt", Other},
		"nothing":              {"", "a.json", Other},
		"a table of nothing":   {"", "a.csv", List},
		"bytes":                {"\x00\x01\x02", "a.bin", Other},
		"bytes called a table": {"\x00\x01\x02", "a.csv", List},
		"a bundle and more":    {`{"type":"bundle","id":"bundle--` + id + `"}{}`, "a.json", STIX},
		"a picture":            {"\xff\xd8\xff\xe0\x00\x10JFIF", "a.txt", Other},
		"a bracket":            {"[", "a.txt", Other},
	} {
		head := c.text[:min(len(c.text), HeadSize)]
		if got := KindOf([]byte(head), c.called); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		s, err := Open(t.Context(), onDisk(t, strings.ReplaceAll(c.called, "/", "_"), c.text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.Kind(); got != c.want || err != nil {
			t.Errorf("%s as a file: %s, %v; want %s", name, got, err, c.want)
		}
	}
	s, err := Open(t.Context(), onDisk(t, "a.json.gz", gzipped(object)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Kind(); got != STIX || err != nil {
		t.Errorf("packed: %s, %v", got, err)
	}
}

// FuzzKindOf: whatever comes in, it is of one kind, the same each time, and a
// byte order mark makes no difference to JSON.
func FuzzKindOf(f *testing.F) {
	for _, text := range []string{
		object, object + "\n" + object, `{"Event":{}}`, `[{"Event":{}}]`, `{"response":[{"Event":{}}]}`, `{"objects":[` + object + `]}`, "+12025550147\n",
		"kind,value\nphone,1\n", `[{"kind":"phone","value":"+12025550147"}]`, "[[[[", `{"objects":[[{"id":`, "\xff\xfea\x00",
	} {
		f.Add([]byte(text), "a.csv")
		f.Add([]byte(text), "a")
	}
	known := map[Kind]bool{STIX: true, STIXLines: true, MISP: true, List: true, Other: true}
	f.Fuzz(func(t *testing.T, head []byte, name string) {
		kind := KindOf(head, name)
		if !known[kind] || KindOf(head, name) != kind {
			t.Fatalf("it is %q", kind)
		}
		if (kind == STIX || kind == MISP) && KindOf(append([]byte("\ufeff"), head...), name) != kind {
			t.Fatalf("with a mark before it, it is no %s any more", kind)
		}
	})
}
