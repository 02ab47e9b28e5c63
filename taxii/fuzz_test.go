package taxii_test

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"parley/taxii"
)

// sound checks what holds for every answer: a status of those that the standard names, the media
// type, and JSON, with a title if it is an error.
func sound(t *testing.T, a answer, statuses ...int) {
	t.Helper()
	known := false
	for _, status := range statuses {
		known = known || a.status == status
	}
	if !known {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	if a.header.Get("Content-Type") != taxii.MediaType || !jsontext.Value(a.body).IsValid() {
		t.Fatalf("%s: %q", a.header.Get("Content-Type"), a.body)
	}
	if a.status >= 400 {
		a.refused(a.status)
	}
}

func FuzzQuery(f *testing.F) {
	for _, seed := range []string{
		"", "limit=3&added_after=2026-03-01T12:00:00Z", "match[type]=indicator,malware&match[version]=first,last",
		"match%5Bid%5D=indicator--00000001-0000-4000-8000-000000000000", "match[spec_version]=2.0,2.1", "next=AQAGC", "a;b", "%", "limit=1&limit=2",
		"match[version]=2026-02-01T00:00:01.000Z", "match[version]=all,all", "=&=&[]=",
	} {
		f.Add(seed)
	}
	s := newStation(f)
	s.post(objects(5)...)
	f.Fuzz(func(t *testing.T, raw string) {
		for _, below := range []string{"objects/", "manifest/", "objects/" + idOf("indicator", 1) + "/", "objects/" + idOf("indicator", 1) + "/versions/"} {
			r := httptest.NewRequest("GET", openURL+below, nil)
			r.URL.RawQuery = raw
			a := s.in(t).send(r)
			sound(t, a, 200, 400, 404)
			if a.status == 200 && len(a.list().Objects) > 5 {
				t.Fatal("more came than there is")
			}
		}
	})
}

func FuzzAccept(f *testing.F) {
	for _, seed := range []string{taxii.MediaType, "*/*", `application/taxii+json;version="2.1";q=0.5`, `a/b;c="\",`, ",,;q=", "text/html, */*;q=0"} {
		f.Add(seed)
	}
	s := newStation(f)
	f.Fuzz(func(t *testing.T, accept string) {
		r := httptest.NewRequest("GET", "/taxii2/", nil)
		r.Header["Accept"] = []string{accept}
		r.Header["Accept-Encoding"] = []string{accept}
		a := s.in(t).send(r)
		sound(t, a, 200, 406)
		r.Header["Accept"] = []string{accept + ", " + taxii.MediaType}
		if strings.Count(accept, `"`) == 0 && strings.Count(accept, ",") < 60 && !strings.Contains(strings.ToLower(accept), "taxii") && s.in(t).send(r).status != 200 {
			t.Fatalf("%q beside the right type is refused", accept)
		}
	})
}

func FuzzPath(f *testing.F) {
	for _, seed := range []string{"/taxii2/", openURL + "objects/x/versions/", "//", "/a/../b/", "/%2e%2e/%2F/", "/api1/status/%00/", "/collections/collections/collections"} {
		f.Add(seed)
	}
	s := newStation(f)
	f.Fuzz(func(t *testing.T, path string) {
		u, err := url.Parse("http://taxii.example.com" + "/" + strings.TrimPrefix(path, "/"))
		if err != nil || u.RawQuery != "" {
			return
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.URL = u
		a := s.in(t).send(r)
		sound(t, a, 200, 403, 404)
	})
}

func FuzzCursor(f *testing.F) {
	s := newStation(f)
	s.post(objects(5)...)
	good := s.get("objects/?limit=2").list().Next
	for _, seed := range []string{good, good + "=", good[1:], "AQ", "", strings.Repeat("A", 34)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, next string) {
		a := s.in(t).get("objects/" + query("limit", "2", "next", next))
		sound(t, a, 200, 400)
		if a.status == 200 && next != good {
			t.Fatalf("%q was taken and was never given", next)
		}
	})
}

func FuzzEnvelope(f *testing.F) {
	for _, seed := range []string{
		envelope(objects(2)...), "{}", `{"objects":[]}`, `{"objects":[1,null,{}]}`, `{"objects":[{"type":"x","id":"x--1","modified":7}]}`,
		`{"type":"bundle","objects":[` + object("tool", 1, v(1)) + `]}`, object("tool", 1, v(1)), `[`, "\xff", `{"objects":[{"type":"\ud800"}]}`,
		`{"objects":[{"id":"` + idOf("tool", 1) + `"},` + object("tool", 1, "") + `]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		s := newStation(t, func(_ *taxii.MemoryOptions, o *taxii.ServerOptions) { o.MaxObjects = 100 })
		a := s.ask("POST", openURL+"objects/", string(body))
		sound(t, a, 202, 422)
		there := s.get("manifest/?match[version]=all&match[spec_version]=2.0,2.1").list()
		if a.status == 422 {
			if len(there.Objects) != 0 {
				t.Fatal("a refused envelope left something behind")
			}
			return
		}
		var status taxii.Status
		a.into(&status)
		if err := status.Check(); err != nil {
			t.Fatal(err)
		}
		if len(there.Objects) > status.SuccessCount || status.SuccessCount > 0 && len(there.Objects) == 0 {
			t.Fatalf("%d successes and %d objects", status.SuccessCount, len(there.Objects))
		}
		again := s.ask("POST", openURL+"objects/", string(body))
		again.into(&status)
		if after := s.get("manifest/?match[version]=all&match[spec_version]=2.0,2.1"); after.list().ids() == nil || fmt.Sprint(after.list()) != fmt.Sprint(there) {
			t.Fatalf("posting the same again changed something: %s", after.body)
		}
	})
}

func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		`{"more":true,"next":"1","objects":[` + object("tool", 1, v(1)) + `]}`, `{"versions":["x"]}`, `{"title":"x"}`, `{"objects":[{}]}`, "[]", "",
	} {
		f.Add([]byte(seed), "2026-03-01T12:00:00.000000Z")
	}
	f.Fuzz(func(t *testing.T, body []byte, last string) {
		client := replay(t, body, last)
		feed := client.Feed("/api1/", openID)
		if n, err := drain(feed); err == nil && n > len(body) {
			t.Fatalf("%d objects in %d bytes", n, len(body))
		}
		if d, err := client.Discover(background); err == nil && d.Check() != nil {
			t.Fatal("a discovery was taken that does not pass")
		}
		if root, err := client.Root(background, "/api1/"); err == nil && root.Check() != nil {
			t.Fatal("an API root was taken that does not pass")
		}
		for part, err := range feed.Manifest(background, taxii.Filter{}, taxii.Bookmark{}) {
			if err != nil && len(part.Items) > 0 {
				t.Fatal("items beside an error")
			}
		}
		if versions, err := feed.Versions(background, "tool--00000001-0000-4000-8000-000000000000", taxii.Filter{}); err != nil && versions != nil {
			t.Fatal("versions beside an error")
		}
	})
}
