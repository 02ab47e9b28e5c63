package release_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"parley/internal/release"
	"parley/selector"
	"parley/stix"
)

// object reads one STIX object written in a test.
func object(t testing.TB, text string) stix.Object {
	t.Helper()
	o, err := stix.ParseObject([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// build makes a tearline of objects and returns those of one type.
func build(t *testing.T, req release.Request, typ string, report ...stix.Object) (release.Tearline, []stix.Object) {
	t.Helper()
	tearline, err := release.Build(report, req, fixed())
	if err != nil {
		t.Fatal(err)
	}
	var found []stix.Object
	for _, o := range tearline.Objects {
		if o.Type() == typ {
			found = append(found, o)
		}
	}
	return tearline, found
}

func indicator(pattern string) string {
	return `{"type":"indicator","spec_version":"2.1","id":"indicator--7a6f6a5e-9d5d-4a52-8d36-7f1a0b8c0005",
		"created":"2025-03-12T03:50:00.000Z","modified":"2025-03-12T03:50:00.000Z","valid_from":"2025-03-12T03:12:09Z",
		"pattern_type":"stix","pattern":"` + pattern + `"}`
}

// TestPatterns shows which patterns are written anew and which stay behind. Leaving a part out of
// anything but a list of alternatives would change what it accuses.
func TestPatterns(t *testing.T) {
	for _, c := range []struct{ name, original, want string }{
		{"one", `[phone-number:value = '+12025550147']`, `[phone-number:value = '+12025550147']`},
		{"written otherwise", `[phone-number:value = '+1 (202) 555-0147']`, `[phone-number:value = '+12025550147']`},
		{"uncleared beside", `[phone-number:value = '+12025550147' OR url:value = 'https://x.example/']`, `[phone-number:value = '+12025550147']`},
		{"two observations", `[phone-number:value = '+12025550199'] OR [phone-number:value = '+12025550147']`, `[phone-number:value = '+12025550147']`},
		{"a list", `[phone-number:value IN ('+12025550147', '+12025550199')]`, `[phone-number:value = '+12025550147']`},
		{
			"handle and number", `[user-account:account_login = 'Harbour_Lights' OR phone-number:value = '+12025550147']`,
			`[phone-number:value = '+12025550147' OR user-account:account_login = 'harbour_lights']`,
		},
		{"both at once", `[phone-number:value = '+12025550147' AND url:value = 'https://x.example/']`, ""},
		{"followed by", `[phone-number:value = '+12025550147'] FOLLOWEDBY [url:value = 'https://x.example/']`, ""},
		{"negated", `[phone-number:value != '+12025550147']`, ""},
		{"not", `[NOT phone-number:value = '+12025550147']`, ""},
		{"not in", `[phone-number:value NOT IN ('+12025550147')]`, ""},
		{"matches", `[phone-number:value MATCHES '+12025550147']`, ""},
		{"qualified", `[phone-number:value = '+12025550147'] WITHIN 300 SECONDS`, ""},
		{"commented", `[phone-number:value = '+12025550147' /* from Orchid */]`, ""},
		{"in parentheses", `[(phone-number:value = '+12025550147')]`, ""},
		{"alternatives of more", `[phone-number:value = '+12025550147' OR url:value = 'https://x.example/' AND url:value = 'https://y.example/']`, ""},
		{"another property", `[phone-number:value = '+12025550147' OR phone-number:x_owner = '+12025550147']`, `[phone-number:value = '+12025550147']`},
		{"another property alone", `[phone-number:x_owner = '+12025550147']`, ""},
		{"a list's element", `[phone-number:value[*] = '+12025550147']`, ""},
		{"a number", `[phone-number:value = 12025550147]`, ""},
		{"the older property", `[phone-number:number = '+12025550147']`, `[phone-number:value = '+12025550147']`},
		{"twice", `[phone-number:value = '+12025550147'] OR [phone-number:value = '+1 202 555 0147']`, `[phone-number:value = '+12025550147']`},
		{"not closed", `[phone-number:value = '+12025550147'`, ""},
		{"more behind", `[phone-number:value = '+12025550147'] // from Orchid`, ""},
		{"what stands in a string", `[url:value = 'https://x.example/ [phone-number:value = +12025550147] OR ']`, ""},
		{"nothing cleared", `[phone-number:value = '+12025550199']`, ""},
		{"no pattern", `phone +12025550147`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, found := build(t, request(t), "indicator", object(t, indicator(c.original)))
			got := ""
			if len(found) == 1 {
				got, _ = found[0].String("pattern")
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestSigmaRuleStaysBehind(t *testing.T) {
	rule := strings.Replace(indicator("[phone-number:value = '+12025550147']"), `"pattern_type":"stix"`, `"pattern_type":"sigma"`, 1)
	if _, found := build(t, request(t), "indicator", object(t, rule)); len(found) != 0 {
		t.Error("a pattern in another language was released")
	}
}

func location(more string) string {
	return `{"type":"location","spec_version":"2.1","id":"location--7a6f6a5e-9d5d-4a52-8d36-7f1a0b8c0010",
		"created":"2025-03-12T03:50:00.000Z","modified":"2025-03-12T03:50:00.000Z",` + more + `}`
}

// located refers to the location, so that it is released at all.
func located(t testing.TB) []stix.Object {
	const head = `"spec_version":"2.1","created":"2025-03-12T03:50:00.000Z","modified":"2025-03-12T03:50:00.000Z"`
	return []stix.Object{
		object(t, `{"type":"campaign","id":"campaign--7a6f6a5e-9d5d-4a52-8d36-7f1a0b8c0020","name":"x",`+head+`}`),
		object(t, `{"type":"relationship","id":"relationship--7a6f6a5e-9d5d-4a52-8d36-7f1a0b8c0021","relationship_type":"located-at",
			"source_ref":"campaign--7a6f6a5e-9d5d-4a52-8d36-7f1a0b8c0020","target_ref":"location--7a6f6a5e-9d5d-4a52-8d36-7f1a0b8c0010",`+head+`}`),
	}
}

func TestPlaces(t *testing.T) {
	const everything = `"region":"western-europe","country":"BE","city":"Sampletown","latitude":50.84213,"longitude":-4.56781,"precision":12`
	for _, c := range []struct {
		grain    release.PlaceGrain
		original string
		want     map[string]string
	}{
		{release.Region, everything, map[string]string{"region": `"western-europe"`}},
		{release.Country, everything, map[string]string{"region": `"western-europe"`, "country": `"BE"`}},
		{release.Degrees, everything, map[string]string{"region": `"western-europe"`, "country": `"BE"`, "latitude": "51", "longitude": "-5", "precision": "79000"}},
		{release.Degrees, `"latitude":50.1,"country":"BE"`, map[string]string{"country": `"BE"`}},
		{release.Region, `"country":"BE"`, nil},
		{release.Country, `"country":"Sampleland"`, nil},
		{release.Country, `"latitude":50.1,"longitude":4.2`, nil},
	} {
		req := request(t)
		req.Policy.PlaceGrain = c.grain
		req.Policy.Allow["location"] = []string{"region", "country", "latitude", "longitude"}
		report := append(located(t), object(t, location(c.original)))
		_, found := build(t, req, "location", report...)
		if len(found) != min(1, len(c.want)) {
			t.Errorf("%s of %s: %d locations", c.grain, c.original, len(found))
			continue
		}
		for _, name := range []string{"region", "country", "city", "latitude", "longitude", "precision"} {
			if c.want == nil {
				break
			}
			if raw, _ := found[0].Raw(name); string(raw) != c.want[name] {
				t.Errorf("%s of %s: %s is %s, want %s", c.grain, c.original, name, raw, c.want[name])
			}
		}
	}
}

func TestPeopleWhomNothingIsAboutStayBehind(t *testing.T) {
	const source = `{"type":"identity","spec_version":"2.1","id":"identity--0c2f6a5e-1d5d-4a52-9d36-7f1a0b8c0001",
		"created":"2025-02-01T08:00:00.000Z","modified":"2025-02-01T08:00:00.000Z","name":"Orchid Seven","identity_class":"individual","sectors":["hospitality-leisure"]}`
	if _, found := build(t, request(t), "identity", object(t, source)); len(found) != 0 {
		t.Error("an identity that nothing refers to was released: in a report that is the source")
	}
}

func TestWithhold(t *testing.T) {
	req := request(t)
	report := readReport(t)
	for _, o := range report {
		if o.Type() == "campaign" {
			req.Withhold = append(req.Withhold, o.ID())
		}
	}
	tearline, found := build(t, req, "campaign", report...)
	if len(found) != 0 || bytes.Contains(tearline.Bundle, []byte("relationship--")) {
		t.Error("a withheld campaign, or a relationship to it, was released")
	}
}

func TestOnlyTheNewestVersionAndNothingRevoked(t *testing.T) {
	const old = `{"type":"campaign","spec_version":"2.1","id":"campaign--7a6f6a5e-9d5d-4a52-8d36-7f1a0b8c0020",
		"created":"2025-01-01T00:00:00.000Z","modified":"2025-01-01T00:00:00.000Z","name":"x","first_seen":"2024-01-01T00:00:00Z"}`
	newer := strings.NewReplacer(`"modified":"2025-01-01`, `"modified":"2025-02-01`, "2024-01-01", "2024-06-01").Replace(old)
	for _, report := range [][]stix.Object{{object(t, old), object(t, newer)}, {object(t, newer), object(t, old)}} {
		_, found := build(t, request(t), "campaign", report...)
		if len(found) != 1 {
			t.Fatalf("%d campaigns", len(found))
		}
		if seen, _ := found[0].String("first_seen"); seen != "2024-06-01T00:00:00.000Z" {
			t.Errorf("first seen %s: not from the newest version", seen)
		}
	}
	revoked := object(t, strings.Replace(newer, `"name":"x"`, `"name":"x","revoked":true`, 1))
	if _, found := build(t, request(t), "campaign", revoked); len(found) != 0 {
		t.Error("a revoked object was released")
	}
}

func TestOneSelectorIsOneObject(t *testing.T) {
	const number = `{"type":"phone-number","spec_version":"2.1","id":"phone-number--%","value":"+1 202 555 0147"}`
	first := object(t, strings.Replace(number, "%", "5a1d1e5e-5d5d-5a52-9d36-7f1a0b8c0006", 1))
	second := object(t, strings.Replace(number, "%", "5a1d1e5e-5d5d-5a52-9d36-7f1a0b8c0007", 1))
	tearline, found := build(t, request(t), "phone-number", first, second)
	if len(found) != 1 || tearline.Map[first.ID()] != tearline.Map[second.ID()] || tearline.Map[first.ID()] == "" {
		t.Errorf("%d objects for one selector; map %v", len(found), tearline.Map)
	}
}

// TestObservableIDsAreRandom keeps ids from being the value: whoever has an id made from a telephone
// number tries every number against it in minutes.
func TestObservableIDsAreRandom(t *testing.T) {
	req := request(t)
	req.Cleared = cleared(t, "domain:drop.example.org")
	first, found := build(t, req, "domain-name", object(t, `{"type":"domain-name","spec_version":"2.1","id":"domain-name--5a1d1e5e-5d5d-5a52-9d36-7f1a0b8c0006","value":"drop.example.org"}`))
	if len(found) != 1 {
		t.Fatalf("%d domains in %s", len(found), first.Bundle)
	}
	if made, err := stix.SCOID(found[0]); err != nil || made == found[0].ID() {
		t.Errorf("id %s is made from the value (%v)", found[0].ID(), err)
	}
}

func TestTextAloneIsATearline(t *testing.T) {
	req := request(t)
	req.Text, req.Cleared = "A group prepares an attack on a public gathering.", nil
	tearline, _ := build(t, req, "report")
	received, err := release.Verify(tearline.Bundle)
	if err != nil {
		t.Fatal(err)
	}
	if received.Text != req.Text || len(received.Objects) != 3 {
		t.Errorf("%d objects, text %q", len(received.Objects), received.Text)
	}
}

func TestClearedSelectorOfTheTextBecomesAnObservable(t *testing.T) {
	if _, found := build(t, request(t), "phone-number"); len(found) != 1 {
		t.Error("the telephone number of the text has no observable, so no watch list will see it")
	}
	if _, found := build(t, request(t), "user-account"); len(found) != 0 {
		t.Error("a cleared handle that occurs nowhere was written")
	}
}

func TestAuthorIsTheSameForOneCounterpart(t *testing.T) {
	req := request(t)
	req.Author = release.Author{ID: "identity--0c2f6a5e-1d5d-4a52-9d36-7f1a0b8c0099", Since: time.Date(2025, 1, 7, 9, 8, 7, 0, time.UTC)}
	tearline, found := build(t, req, "identity")
	if len(found) != 1 || found[0].Created().String() != "2025-01-07T00:00:00.000Z" {
		t.Fatalf("author %v", found)
	}
	for _, o := range tearline.Objects {
		if o.Type() == "report" && o.CreatedByRef() != req.Author.ID {
			t.Errorf("the report was made by %q", o.CreatedByRef())
		}
	}
	if _, err := release.Verify(tearline.Bundle); err != nil {
		t.Error(err)
	}
}

// TestBadRequests expects a refusal that says what to do, and no tearline.
func TestBadRequests(t *testing.T) {
	for _, c := range []struct {
		name, says string
		change     func(*release.Request)
	}{
		{"no text", "has no text", func(r *release.Request) { r.Text = "" }},
		{"label not allowed", "does not allow TLP label", func(r *release.Request) { r.TLP = release.TLPClear }},
		{"unknown use", "choose one of", func(r *release.Request) { r.PermittedUse = "targeting" }},
		{"unknown grade", "letter A to F", func(r *release.Request) { r.Grade = release.Grade{Source: 'Z', Information: '2'} }},
		{"broken text", "is not UTF-8", func(r *release.Request) { r.Text = "a\xff" }},
		{"long text", "shorten it", func(r *release.Request) { r.Text = strings.Repeat("word ", 3000) }},
		{"selector not in normal form", "cleared selector", func(r *release.Request) {
			r.Cleared = []selector.Selector{{Kind: selector.Phone, Value: "202 555 0147"}}
		}},
		{"author with a made id", "stix.NewID", func(r *release.Request) { r.Author.ID = "identity--0c2f6a5e-1d5d-5a52-9d36-7f1a0b8c0099" }},
		{"unknown type allowed", "no tearline can carry", func(r *release.Request) { r.Policy.Allow["note"] = []string{"content"} }},
		{"unknown property allowed", "no tearline can carry", func(r *release.Request) { r.Policy.Allow["report"] = []string{"x_collector"} }},
		{"unknown grain", "time grain", func(r *release.Request) { r.Policy.TimeGrain = "second" }},
		{"unknown place grain", "place grain", func(r *release.Request) { r.Policy.PlaceGrain = "street" }},
		{"no limit", "max objects", func(r *release.Request) { r.Policy.MaxObjects = 0 }},
		{"too many objects", "release less", func(r *release.Request) { r.Policy.MaxObjects = 3 }},
		{"unknown label in policy", "no TLP 2.0 label", func(r *release.Request) { r.Policy.TLPs = append(r.Policy.TLPs, "white") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := request(t)
			c.change(&req)
			tearline, err := release.Build(readReport(t), req, fixed())
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v does not say %q", err, c.says)
			}
			if tearline.Bundle != nil {
				t.Error("a refused request gave a bundle")
			}
		})
	}
}

func TestNoRandomnessNoTearline(t *testing.T) {
	broken := errors.New("the generator is broken")
	for _, rand := range []io.Reader{iotest.ErrReader(broken), io.LimitReader(fixed().Rand, 100)} {
		if _, err := release.Build(readReport(t), request(t), release.Env{Rand: rand, Now: fixed().Now}); err == nil {
			t.Error("built a tearline without randomness")
		}
	}
}
