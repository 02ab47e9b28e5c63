package taxii_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"parley/taxii"
)

func TestEndpoints(t *testing.T) {
	s := newStation(t)
	s.post(object("indicator", 1, v(1)))
	one := openURL + "objects/" + idOf("indicator", 1)
	for target, want := range map[string]string{
		"/taxii2/":                               `{"title":"Example exchange","default":"/api1/","api_roots":["/api1/"]}`,
		"/api1/":                                 `{"title":"Trust group","versions":["application/taxii+json;version=2.1"],"max_content_length":104857600}`,
		"/api1/collections/open/":                `{"id":"` + openID + `","title":"Open","alias":"open","can_read":true,"can_write":true,"media_types":["application/stix+json;version=2.0","application/stix+json;version=2.1"]}`,
		openURL + "manifest/":                    `{"more":false,"objects":[{"id":"` + idOf("indicator", 1) + `","date_added":"2026-03-01T12:00:00.000000Z","version":"` + v(1) + `","media_type":"application/stix+json;version=2.1"}]}`,
		openURL + "objects/":                     last(object("indicator", 1, v(1))),
		one + "/":                                last(object("indicator", 1, v(1))),
		one + "/versions/":                       `{"more":false,"versions":["` + v(1) + `"]}`,
		openURL + "objects/?limit=1":             last(object("indicator", 1, v(1))),
		openURL + "objects/?match[type]=malware": `{}`,
	} {
		if diff := cmp.Diff(want, s.ask("GET", target, "").want(200).body); diff != "" {
			t.Errorf("%s: %s", target, diff)
		}
		path, params, _ := strings.Cut(target, "?")
		if got := s.ask("GET", strings.TrimSuffix(path, "/")+"?"+params, "").want(200).body; got != want {
			t.Errorf("%s without its last slash: %s", target, got)
		}
		head := s.ask("HEAD", target, "").want(200)
		if head.body != "" {
			t.Errorf("HEAD %s has a body", target)
		}
	}
}

func TestMethods(t *testing.T) {
	s := newStation(t)
	for target, allowed := range map[string]string{
		"/taxii2/":                      "GET, HEAD",
		"/api1/":                        "GET, HEAD",
		"/api1/collections/":            "GET, HEAD",
		openURL:                         "GET, HEAD",
		openURL + "manifest/":           "GET, HEAD",
		openURL + "objects/":            "GET, HEAD, POST",
		openURL + "objects/x/":          "DELETE, GET, HEAD",
		openURL + "objects/x/versions/": "GET, HEAD",
		"/api1/status/" + openID + "/":  "GET, HEAD",
	} {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NONSENSE"} {
			a := s.ask(method, target, "")
			if slices.Contains(strings.Split(allowed, ", "), method) == (a.status == 405) {
				t.Errorf("%s %s: status %d", method, target, a.status)
			}
			if a.status == 405 && a.refused(405).header.Get("Allow") != allowed {
				t.Errorf("%s %s: Allow %q", method, target, a.header.Get("Allow"))
			}
		}
	}
}

func TestAliasWorksAsID(t *testing.T) {
	s := newStation(t)
	alias := "/api1/collections/open/"
	s.ask("POST", alias+"objects/", envelope(objects(5)...)).want(202)
	byID, byAlias := s.get("objects/?limit=2"), s.ask("GET", alias+"objects/?limit=2", "")
	if byID.body != byAlias.body {
		t.Errorf("by id %s, by alias %s", byID.body, byAlias.body)
	}
	s.ask("GET", alias+"objects/"+query("limit", "2", "next", byID.list().Next), "").want(200)
	s.ask("GET", "/api1/collections/"+strings.ToUpper(openID)+"/", "").want(200)
	s.ask("DELETE", alias+"objects/"+idOf("indicator", 1)+"/", "").want(200)
}

func TestTypes(t *testing.T) {
	s := newStation(t)
	s.clock.Store(noon.Add(1234 * time.Nanosecond).UnixNano())
	status := s.post(objects(1)...)
	id, err := uuid.Parse(status.ID)
	if err != nil || id.Version() != 4 || id.Variant() != uuid.RFC4122 {
		t.Errorf("status id %s is no version 4 UUID", status.ID)
	}
	if got := s.get("manifest/").list().Objects[0].DateAdded; got != "2026-03-01T12:00:00.000001Z" {
		t.Errorf("date_added %s", got)
	}
	if body := s.ask("GET", "/api1/status/"+status.ID+"/", "").body; !strings.Contains(body, `"request_timestamp":"2026-03-01T12:00:00.000001Z"`) {
		t.Errorf("status: %s", body)
	}
	hidden := newStation(t, func(m *taxii.MemoryOptions, _ *taxii.ServerOptions) {
		m.Rights = func(taxii.Requester, string, taxii.Collection) (bool, bool) { return false, false }
	})
	if body := hidden.ask("GET", "/api1/collections/", "").want(200).body; body != "{}" {
		t.Errorf("no collections: %s", body) // lists are never empty
	}
	empty := newStation(t)
	for _, below := range []string{"objects/", "manifest/"} {
		if body := empty.get(below).want(200).body; body != "{}" {
			t.Errorf("%s of an empty collection: %s", below, body)
		}
	}
}

func TestDelete(t *testing.T) {
	one := "objects/" + idOf("indicator", 1) + "/"
	for filter, left := range map[string][]string{
		"":                                     {},
		"?match[version]=all":                  {},
		"?match[version]=last":                 {v(1), v(2)},
		"?match[version]=first":                {v(2), v(3)},
		"?match[version]=first,last":           {v(2)},
		"?match[version]=" + v(2):              {v(1), v(3)},
		"?match[spec_version]=2.1":             {},
		"?match[version]=2026-02-01T00:00:02Z": {v(1), v(3)},
	} {
		s := newStation(t)
		s.post(object("indicator", 1, v(1)), object("indicator", 1, v(2)), object("malware", 2, v(1)), object("indicator", 1, v(3)))
		a := s.ask("DELETE", openURL+one+filter, "").want(200)
		if a.body != "" || a.header.Get("Content-Type") != taxii.MediaType {
			t.Errorf("%q: body %q of type %s", filter, a.body, a.header.Get("Content-Type"))
		}
		got := []string{}
		for _, o := range s.get("manifest/?match[version]=all").list().Objects {
			if o.ID == idOf("indicator", 1) {
				got = append(got, o.Version)
			}
		}
		if diff := cmp.Diff(left, got); diff != "" {
			t.Errorf("%q left %s", filter, diff)
		}
		if len(left) == 0 {
			s.get(one).refused(404)
			s.get(one + "versions/").refused(404)
		}
		if n := len(s.get("objects/").list().Objects); n != min(1, len(left))+1 {
			t.Errorf("%q: %d objects are left", filter, n)
		}
	}
}

func TestDeleteRefusesWhatItDoesNotUnderstand(t *testing.T) {
	s := newStation(t)
	s.post(object("indicator", 1, v(1)))
	one := openURL + "objects/" + idOf("indicator", 1) + "/"
	for _, filter := range []string{"match[id]=x", "match[type]=malware", "added_after=2026-01-01T00:00:00Z", "limit=1", "next=x", "colour=red", "match[version]=newest"} {
		s.ask("DELETE", one+"?"+filter, "").refused(400)
	}
	s.ask("DELETE", one+"?match[spec_version]=2.0", "").refused(404)
	s.ask("DELETE", one+"?match[version]="+v(9), "").refused(404)
	s.get("objects/" + idOf("indicator", 1) + "/").want(200)
}

func TestDeletedVersionIs404AndMayComeBack(t *testing.T) {
	s := newStation(t)
	s.post(object("indicator", 1, v(1)), object("indicator", 1, v(2)))
	one := "objects/" + idOf("indicator", 1) + "/"
	s.ask("DELETE", openURL+one+"?match[version]="+v(2), "").want(200)
	s.get(one + "?match[version]=" + v(2)).refused(404)
	if got := s.get(one).list().Objects[0].Modified; got != v(1) {
		t.Errorf("the last version is %s now", got)
	}
	s.post(object("indicator", 1, v(2)))
	if got := s.get("manifest/?added_after=2026-03-01T12:00:00.000001Z").list().Objects; len(got) != 1 || got[0].Version != v(2) {
		t.Errorf("added again, it is new: %+v", got)
	}
}

func TestPagesHoldWhileObjectsAreDeleted(t *testing.T) {
	s := newStation(t)
	s.post(objects(10)...)
	first := s.get("objects/?limit=4").list()
	for i := range 7 {
		s.ask("DELETE", openURL+"objects/"+idOf("indicator", i)+"/", "").want(200)
	}
	second := s.get("objects/" + query("limit", "4", "next", first.Next)).list()
	if diff := cmp.Diff([]string{idOf("indicator", 7), idOf("indicator", 8), idOf("indicator", 9)}, second.ids()); diff != "" || second.More {
		t.Errorf("more %v: %s", second.More, diff)
	}
}

func TestPageBytes(t *testing.T) {
	s := newStation(t, func(_ *taxii.MemoryOptions, o *taxii.ServerOptions) { o.PageBytes = 300 })
	s.post(objects(5)...) // of some 170 bytes
	page := s.get("objects/").list()
	if len(page.Objects) != 2 || !page.More {
		t.Errorf("%d objects in a page of 300 bytes, more %v", len(page.Objects), page.More)
	}
	if n := len(s.get("manifest/").list().Objects); n != 5 {
		t.Errorf("%d records in a manifest, which has no objects to count", n)
	}
}

// packed compresses a text.
func packed(t testing.TB, text string) string {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	io.WriteString(z, text)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestGzip(t *testing.T) {
	const most = 100_000
	s := newStation(t, func(m *taxii.MemoryOptions, _ *taxii.ServerOptions) { m.Roots[0].MaxContentLength = most })
	body := envelope(objects(100)...)
	url := openURL + "objects/"
	s.ask("POST", url, packed(t, body), "Content-Encoding: gzip").want(202)
	plain := s.get("objects/")
	if plain.header.Get("Content-Encoding") != "" || plain.body != last(objects(100)...) {
		t.Error("a client that did not ask for gzip got something else")
	}
	for header, want := range map[string]bool{"gzip": true, "deflate, GZIP;q=0.5": true, "gzip;q=0": false, "br": false, "gzip;q=x": false, "": false} {
		a := s.get("objects/", "Accept-Encoding: "+header)
		if got := a.header.Get("Content-Encoding") == "gzip"; got != want {
			t.Errorf("Accept-Encoding %q: gzip %v", header, got)
		}
		if a.header.Get("Content-Encoding") == "gzip" && unpacked(t, a.body) != plain.body {
			t.Errorf("Accept-Encoding %q: the body is another one", header)
		}
	}
	if small := s.ask("GET", "/taxii2/", "", "Accept-Encoding: gzip"); small.header.Get("Content-Encoding") != "" {
		t.Error("a small answer was compressed")
	}
	bomb := `{"objects":[` + strings.Repeat(" ", 2*most) + objects(1)[0] + `]}`
	s.ask("POST", url, packed(t, bomb), "Content-Encoding: gzip").refused(413)
	s.ask("POST", url, body, "Content-Encoding: gzip").refused(422)
	s.ask("POST", url, packed(t, body)[:300], "Content-Encoding: gzip").refused(422)
	if a := s.ask("POST", url, body, "Content-Encoding: br").refused(415); a.header.Get("Accept-Encoding") != "gzip" {
		t.Error("415 for an encoding does not say which one is taken")
	}
}

func unpacked(t testing.TB, text string) string {
	t.Helper()
	z, err := gzip.NewReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

func TestObjectsAreKeptByteForByte(t *testing.T) {
	s := newStation(t)
	odd := "{ \"x_b\" : 1.0e2,\n\t\"type\":\"x-thing\", \"id\":\"" + idOf("x-thing", 1) + "\", \"x_a\":\"\\u00e9\\/\", \"extensions\":{}, \"x_\U0001F600\":null}"
	s.post(odd)
	if got := s.get("objects/").body; got != last(odd) {
		t.Errorf("came back as %s", got)
	}
}

func TestRootAtTheTop(t *testing.T) {
	s := newStation(t, func(m *taxii.MemoryOptions, _ *taxii.ServerOptions) {
		m.Roots = append(m.Roots, taxii.MemoryRoot{Title: "Top", Collections: m.Roots[0].Collections},
			taxii.MemoryRoot{Path: "trust/group 1", Title: "Deep"})
	})
	s.ask("GET", "/", "").want(200)
	s.ask("GET", "/collections/open/", "").want(200)
	s.ask("GET", "/trust/group%201/collections/", "").want(200)
	s.ask("GET", "/trust/", "").refused(404)
	s.ask("POST", "/collections/open/objects/", envelope(objects(1)...)).want(202)
	if body := s.get("objects/").body; body != "{}" {
		t.Errorf("two roots share a collection: %s", body)
	}
}

func TestCollectionTakesTheVersionsOfSTIXThatItNames(t *testing.T) {
	s := newStation(t, func(m *taxii.MemoryOptions, _ *taxii.ServerOptions) {
		m.Roots[0].Collections[0].MediaTypes = []string{`application/stix+json; version="2.1"`}
		m.Roots[0].Collections[1].MediaTypes = []string{"application/stix+json"}
		m.Roots[0].Collections[1].CanWrite = true
	})
	old := strings.Replace(object("indicator", 1, v(1)), "2.1", "2.0", 1)
	if status := s.post(old, object("indicator", 2, v(1))); status.SuccessCount != 1 || !strings.Contains(status.Failures[0].Message, "2.1") {
		t.Errorf("%+v", status)
	}
	var status taxii.Status
	s.ask("POST", "/api1/collections/"+readID+"/objects/", envelope(old)).want(202).into(&status)
	if status.SuccessCount != 1 {
		t.Errorf("%+v", status)
	}
	if body := s.ask("GET", "/api1/collections/"+readID+"/manifest/", "").body; !strings.Contains(body, `"media_type":"application/stix+json;version=2.0"`) {
		t.Errorf("the manifest of an object of STIX 2.0: %s", body)
	}
}
