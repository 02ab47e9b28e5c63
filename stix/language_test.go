package stix_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/stix"
)

const campaign = `{ "type":"campaign","spec_version":"2.1","id":"campaign--e2e1a340-4415-4ba8-9671-f7343fbf0836",
  "created":"2026-03-01T09:30:00.000Z","modified":"2026-03-02T09:30:00.000Z","lang":"en",
  "name": "Bank attack", "description" : "More of it", "aliases": [ "one" , "two", "three" ], "confidence":70, "objective":"",
  "external_references":[ {"source_name":"s", "description":"d","url":"https://example.com"}, {"source_name":"t","external_id":"1"} ],
  "x_when":"2026-03-01T09:30:00Z","x_deep":{"abc":["x",{"def":"y"}]} }`

// about makes a language-content object with the given contents.
func about(t testing.TB, contents string) stix.Object {
	t.Helper()
	return mustParse(t, `{"type":"language-content","spec_version":"2.1","id":"language-content--e2e1a340-4415-4ba8-9671-f7343fbf0836",`+
		`"created":"2026-03-03T09:30:00.000Z","modified":"2026-03-03T09:30:00.000Z",`+
		`"object_ref":"campaign--e2e1a340-4415-4ba8-9671-f7343fbf0836","object_modified":"2026-03-02T09:30:00Z","contents":`+contents+`}`)
}

func TestTranslate(t *testing.T) {
	content := about(t, `{"de":{"name":"Angriff auf eine Bank","aliases":["eins","","drei"],"objective":"Geld"},
		"fr":{"description":"En savoir \"plus\"","external_references":[{"description":"e","url":"https://evil.example"},""],"x_deep":{"abc":["",{"def":"z"}]}},
		"pt-BR":{"name":"Ataque"}}`)
	o := mustParse(t, campaign)
	if got := stix.Languages(content); !slices.Equal(got, []string{"de", "fr", "pt-BR"}) {
		t.Errorf("%v", got)
	}
	for _, c := range []struct {
		lang    string
		replace []string
		paths   string
	}{
		{"de", []string{`"Bank attack"`, `"Angriff auf eine Bank"`, `[ "one" , "two", "three" ]`, `[ "eins" , "two", "drei" ]`, `"objective":""`, `"objective":"Geld"`}, "name aliases[0] aliases[2] objective"},
		{"de-AT-1901", []string{`"Bank attack"`, `"Angriff auf eine Bank"`, `[ "one" , "two", "three" ]`, `[ "eins" , "two", "drei" ]`, `"objective":""`, `"objective":"Geld"`}, "name aliases[0] aliases[2] objective"},
		{"fr", []string{`"More of it"`, `"En savoir \"plus\""`, `"description":"d"`, `"description":"e"`, `"def":"y"`, `"def":"z"`}, "description external_references[0].description x_deep.abc[1].def"},
		{"PT-br", []string{`"Bank attack"`, `"Ataque"`}, "name"},
	} {
		got, err := stix.Translate(o, content, c.lang)
		if err != nil {
			t.Errorf("%s: %v", c.lang, err)
			continue
		}
		if want := strings.NewReplacer(c.replace...).Replace(campaign); string(got.Object.Bytes()) != want {
			t.Errorf("%s:\n got %s\nwant %s", c.lang, got.Object.Bytes(), want)
		}
		if paths := strings.Join(got.Paths, " "); paths != c.paths {
			t.Errorf("%s: %s", c.lang, paths)
		}
	}
}

func TestTranslateRefuses(t *testing.T) {
	o := mustParse(t, campaign)
	good := string(about(t, `{"de":{"name":"n"}}`).Bytes())
	for _, c := range []struct{ name, content, path string }{
		{"another object", strings.Replace(good, `"object_ref":"campaign--e2e1a340`, `"object_ref":"campaign--e2e1a341`, 1), "object_ref"},
		{"another version", strings.Replace(good, "2026-03-02T09:30:00Z", "2026-03-02T09:30:00.001Z", 1), "object_modified"},
		{"another type", campaign, "type"},
	} {
		content := mustParse(t, c.content)
		_, err := stix.Translate(o, content, "de")
		var fault *stix.Fault
		if !errors.As(err, &fault) || fault.Path != c.path {
			t.Errorf("%s: %v", c.name, err)
		}
		if faults := stix.CheckTranslation(o, content); len(faults) != 1 || faults[0].Path != c.path {
			t.Errorf("%s: %v", c.name, faults)
		}
	}
	if _, err := stix.Translate(o, mustParse(t, good), "it"); err == nil || !strings.Contains(err.Error(), "it has de") {
		t.Errorf("a language that is not there: %v", err)
	}
	any := strings.Replace(good, `"object_modified":"2026-03-02T09:30:00Z",`, "", 1)
	if _, err := stix.Translate(o, mustParse(t, any), "de"); err != nil {
		t.Errorf("content for every version: %v", err)
	}
}

// A translation must not change what an object says to programs.
func TestTranslationOfWhatIsNotTextIsIgnored(t *testing.T) {
	o := mustParse(t, campaign)
	for contents, want := range map[string]string{
		`{"id":"campaign--e2e1a340-4415-4ba8-9671-f7343fbf0837"}`: "contents.de.id",
		`{"type":"tool"}`:                                             "contents.de.type",
		`{"modified":"2027-01-01T00:00:00Z"}`:                         "contents.de.modified",
		`{"x_when":"2027-01-01T00:00:00Z"}`:                           "contents.de.x_when",
		`{"lang":"de"}`:                                               "contents.de.lang",
		`{"confidence":"hoch"}`:                                       "contents.de.confidence",
		`{"external_references":[{"url":"https://evil.example"},""]}`: "contents.de.external_references[0].url",
		`{"goals":["g"]}`:                                             "contents.de.goals",
		`{"aliases":["eins","zwei"]}`:                                 "contents.de.aliases",
		`{"aliases":"eins"}`:                                          "contents.de.aliases",
		`{"aliases":["",["zwei"],""]}`:                                "contents.de.aliases[1]",
		`{"name":["n"]}`:                                              "contents.de.name",
		`{"x_deep":{"abc":["",{"ghi":"z"}]}}`:                         "contents.de.x_deep.abc[1].ghi",
	} {
		content := about(t, `{"de":`+contents+`}`)
		got, err := stix.Translate(o, content, "de")
		if err != nil || string(got.Object.Bytes()) != campaign || got.Paths != nil {
			t.Errorf("%s: %v, %s", contents, err, got.Object.Bytes())
		}
		faults := stix.CheckTranslation(o, content)
		if len(faults) != 1 || faults[0].Path != want {
			t.Errorf("%s: %v, want %s", contents, faults, want)
		}
	}
	address := mustParse(t, `{"type":"domain-name","id":"domain-name--e2e1a340-4415-4ba8-9671-f7343fbf0836","value":"example.com"}`)
	content := mustParse(t, strings.NewReplacer("campaign--", "domain-name--", `"object_modified":"2026-03-02T09:30:00Z",`, "").Replace(string(about(t, `{"de":{"value":"evil.example"}}`).Bytes())))
	if got, err := stix.Translate(address, content, "de"); err != nil || got.Paths != nil {
		t.Errorf("an address was translated: %v, %v", got, err)
	}
}

// Neither many languages nor much text makes the check slow.
func TestManyLanguagesAreCheckedInOneGo(t *testing.T) {
	o := mustParse(t, strings.Replace(campaign, `"x_when"`, `"x_long":[`+strings.Repeat(`"a",`, 1_000_000)+`"a"],"x_when"`, 1))
	var contents strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&contents, `"x-%x":{"name":"n"},`, i)
	}
	start := time.Now()
	if faults := stix.CheckTranslation(o, about(t, `{`+contents.String()+`"de":{"x_long":["b"]}}`)); len(faults) != 1 {
		t.Errorf("%v", faults)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}

// Whatever the two objects say, the result is an object with the same head.
func FuzzTranslate(f *testing.F) {
	f.Add([]byte(campaign), []byte(`{"name":"n","aliases":["","b",""],"x_deep":{"abc":["z",{}]}}`))
	f.Add([]byte(campaign), []byte(`{"id":"x","external_references":[{"description":"\ud83d\ude00"},{}]}`))
	f.Fuzz(func(t *testing.T, data, texts []byte) {
		o, err := stix.ParseObject(data)
		if err != nil {
			return
		}
		content, err := stix.ParseObject([]byte(`{"type":"language-content","id":"language-content--e2e1a340-4415-4ba8-9671-f7343fbf0836","object_ref":"` + string(o.ID()) + `","contents":{"de":` + string(texts) + `}}`))
		if err != nil {
			return
		}
		stix.CheckTranslation(o, content)
		got, err := stix.Translate(o, content, "de")
		if err != nil {
			return
		}
		if got.Object.ID() != o.ID() || got.Object.Modified() != o.Modified() || !slices.Equal(got.Object.MarkingRefs(), o.MarkingRefs()) {
			t.Fatalf("%s became %s", o.Bytes(), got.Object.Bytes())
		}
		for _, path := range got.Paths {
			if _, ok := got.Object.String(path); !ok {
				t.Fatalf("%q is not in %s", path, got.Object.Bytes())
			}
		}
	})
}
