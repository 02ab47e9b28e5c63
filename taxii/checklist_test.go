package taxii_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/stix"
	"parley/taxii"
)

// The tests here are numbered as the points that TAXII servers are known to fail.

func TestChecklist01MediaTypeWithoutVersionMeansNewest(t *testing.T) {
	s := newStation(t)
	s.ask("GET", "/taxii2/", "", "Accept: application/taxii+json").want(200)
	s.ask("POST", openURL+"objects/", envelope(object("indicator", 1, v(1))),
		"Accept: application/taxii+json", "Content-Type: application/taxii+json").want(202)
}

func TestChecklist02AcceptIsParsed(t *testing.T) {
	s := newStation(t)
	for accept, want := range map[string]int{
		`application/taxii+json;version=2.1`:                                     200,
		`application/taxii+json; version=2.1`:                                    200,
		`application/taxii+json ; version="2.1"`:                                 200,
		`APPLICATION/TAXII+JSON;VERSION=2.1`:                                     200,
		`application/taxii+json;version=2.0, application/taxii+json;version=2.1`: 200,
		`text/html, application/taxii+json;q=0.1`:                                200,
		`application/taxii+json;version=2.1,application/stix+json;version=2.1`:   200,
		`application/x;note="a, b", application/taxii+json`:                      200,
		`application/*`:                      200,
		`*/*`:                                200,
		`*/*;q=0.1, text/html`:               200,
		`;;;, */*`:                           200,
		``:                                   200,
		`application/taxii+json;version=2.0`: 406,
		`application/taxii+json;version=3.0`: 406,
		`application/vnd.oasis.taxii+json`:   406,
		`application/json`:                   406,
		`text/html`:                          406,
		`application/taxii+json;q=0`:         406,
		`application/taxii+json;version=2.1;q=0, */*`: 406,
		`application/taxii+json;q=2`:                  406,
		`application/taxii+json;q=NaN`:                406,
		`application/stix+json;version=2.1`:           406,
		`;;;`:                                         406,
	} {
		a := s.get("manifest/", "Accept: "+accept)
		if a.status != want {
			t.Errorf("Accept %q: status %d, want %d", accept, a.status, want)
		}
	}
}

func TestChecklist03EveryAnswerHasTheMediaType(t *testing.T) {
	s := newStation(t)
	s.post(object("indicator", 1, v(1)))
	for _, a := range []answer{
		s.ask("GET", "/taxii2/", ""), s.ask("GET", "/api1/", ""), s.ask("GET", "/api1/collections/", ""),
		s.get(""), s.get("manifest/"), s.get("objects/"), s.get("objects/" + idOf("indicator", 1) + "/"),
		s.get("objects/" + idOf("indicator", 1) + "/versions/"), s.get("objects/?limit=0"), s.get("nothing/"),
		s.ask("GET", "/nowhere/", ""), s.ask("PUT", "/api1/", ""), s.ask("GET", "/api1/", "", "Accept: text/html"),
		s.ask("POST", openURL+"objects/", "no json"), s.ask("POST", openURL+"objects/", "{}", "Content-Type: text/plain"),
		s.ask("DELETE", openURL+"objects/"+idOf("indicator", 1)+"/", ""),
	} {
		if got := a.header.Values("Content-Type"); !slices.Equal(got, []string{"application/taxii+json;version=2.1"}) {
			t.Errorf("status %d has Content-Type %q", a.status, got)
		}
	}
}

func TestChecklist04ErrorsAreErrorResources(t *testing.T) {
	s := newStation(t)
	locked, err := taxii.NewServer(s.memory, taxii.ServerOptions{Authenticator: mustCredentials(t, taxii.CredentialsOptions{})})
	if err != nil {
		t.Fatal(err)
	}
	guarded := &station{t: t, server: locked}
	broken, err := taxii.NewServer(failing{s.memory}, taxii.ServerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		answer answer
		status int
	}{
		"without credentials":  {guarded.ask("GET", "/taxii2/", ""), 401},
		"unknown, unnamed":     {guarded.ask("GET", "/nowhere/at/all/", ""), 401},
		"may not write":        {s.ask("POST", "/api1/collections/"+readID+"/objects/", envelope(objects(1)...)), 403},
		"unknown root":         {s.ask("GET", "/nowhere/", ""), 404},
		"unknown path":         {s.get("things/"), 404},
		"empty segment":        {s.ask("GET", "/api1//collections/", ""), 404},
		"escaped slash":        {s.ask("GET", "/api1/collections/a%2Fb/", ""), 404},
		"unknown collection":   {s.ask("GET", "/api1/collections/nobody/", ""), 404},
		"unknown object":       {s.get("objects/" + idOf("indicator", 9) + "/"), 404},
		"no object id":         {s.get("objects/indicator/"), 404},
		"unknown status":       {s.ask("GET", "/api1/status/"+openID+"/", ""), 404},
		"wrong method":         {s.ask("PUT", openURL+"objects/", "{}"), 405},
		"wrong form":           {s.ask("GET", "/taxii2/", "", "Accept: text/html"), 406},
		"too large":            {s.ask("POST", openURL+"objects/", "{}", "Content-Length: 1"), 422},
		"wrong body type":      {s.ask("POST", openURL+"objects/", "{}", "Content-Type: application/json"), 415},
		"bad JSON":             {s.ask("POST", openURL+"objects/", `{"objects":[`), 422},
		"bad filter":           {s.get("objects/?added_after=yesterday"), 400},
		"bad query":            {s.get("objects/?a;b"), 400},
		"a backend that fails": {(&station{t: t, server: broken}).ask("GET", openURL+"objects/", ""), 500},
	} {
		t.Run(name, func(t *testing.T) {
			c.answer.refused(c.status)
			if strings.Contains(c.answer.body, "<") || strings.Contains(c.answer.body, failure) {
				t.Errorf("the answer says too much: %s", c.answer.body)
			}
		})
	}
}

func TestChecklist05SortedByDateAdded(t *testing.T) {
	s := newStation(t)
	s.post(object("malware", 3, v(9)), object("indicator", 2, v(5)))
	s.post(object("indicator", 1, v(1)), object("indicator", 2, v(4)))
	want := []string{idOf("malware", 3), idOf("indicator", 2), idOf("indicator", 1), idOf("indicator", 2)}
	all := query("match[version]", "all")
	if diff := cmp.Diff(want, s.get("objects/"+all).list().ids()); diff != "" {
		t.Errorf("objects: %s", diff)
	}
	manifest := s.get("manifest/" + all).list()
	if diff := cmp.Diff(want, manifest.ids()); diff != "" {
		t.Errorf("manifest: %s", diff)
	}
	for i := 1; i < len(manifest.Objects); i++ {
		if manifest.Objects[i-1].DateAdded >= manifest.Objects[i].DateAdded {
			t.Errorf("date_added of %d is not before that of %d", i-1, i)
		}
	}
	var box struct {
		Collections []taxii.Collection `json:"collections"`
	}
	s.ask("GET", "/api1/collections/", "").into(&box)
	if !slices.IsSortedFunc(box.Collections, func(a, b taxii.Collection) int { return strings.Compare(a.ID, b.ID) }) || len(box.Collections) != 4 {
		t.Errorf("collections are not sorted by id: %v", box.Collections)
	}
}

func TestChecklist06Limit(t *testing.T) {
	s := newStation(t, func(_ *taxii.MemoryOptions, o *taxii.ServerOptions) { o.PageSize = 5 })
	s.post(objects(12)...)
	for _, limit := range []string{"0", "-1", "abc", "", "1.0", "+1", "9007199254740992", "99999999999999999999"} {
		s.get("objects/" + query("limit", limit)).refused(400)
	}
	s.get("objects/?limit=1&limit=1").refused(400)
	for limit, want := range map[string]int{"1": 1, "3": 3, "5": 5, "6": 5, "9007199254740991": 5} {
		if got := len(s.get("objects/" + query("limit", limit)).list().Objects); got != want {
			t.Errorf("limit %s gave %d objects, want %d", limit, got, want)
		}
	}
	// A client may change the limit between pages.
	first := s.get("objects/" + query("limit", "3")).list()
	second := s.get("objects/" + query("limit", "4", "next", first.Next)).list()
	third := s.get("objects/" + query("next", second.Next)).list()
	got := slices.Concat(first.ids(), second.ids(), third.ids())
	if len(got) != 12 || len(slices.Compact(slices.Sorted(slices.Values(got)))) != 12 {
		t.Errorf("with changing limits came %d of 12 objects: %v", len(got), got)
	}
}

func TestChecklist07CursorsAreStatelessRepeatableAndBound(t *testing.T) {
	s := newStation(t)
	s.post(objects(10)...)
	filter := []string{"limit", "4", "match[type]", "indicator,malware"}
	first := s.get("objects/" + query(filter...)).list()
	if !first.More || first.Next == "" {
		t.Fatal("no next after 4 of 10")
	}
	next := append(slices.Clone(filter), "next", first.Next)
	second := s.get("objects/" + query(next...)).list()
	s.clock.Add(int64(1000 * time.Hour))
	if diff := cmp.Diff(second, s.get("objects/"+query(next...)).list()); diff != "" {
		t.Errorf("a cursor used twice, weeks apart: %s", diff)
	}
	again, err := taxii.NewServer(s.memory, taxii.ServerOptions{CursorKey: []byte(strings.Repeat("k", taxii.CursorKeySize))})
	if err != nil {
		t.Fatal(err)
	}
	restarted := &station{t: t, server: again}
	if diff := cmp.Diff(second, restarted.get("objects/"+query(next...)).list()); diff != "" {
		t.Errorf("a cursor used after a restart: %s", diff)
	}
	reordered := query("limit", "4", "match[type]", "malware,indicator", "next", first.Next)
	if diff := cmp.Diff(second, s.get("objects/"+reordered).list()); diff != "" {
		t.Errorf("the same filter in another order: %s", diff)
	}
	s.get("objects/" + query("limit", "4", "match[type]", "indicator", "next", first.Next)).refused(400)
	s.get("objects/" + query("limit", "4", "next", first.Next)).refused(400)
	s.get("manifest/" + query(next...)).refused(400)
	s.ask("GET", "/api1/collections/"+readID+"/objects/"+query(next...), "").refused(400)
	s.get("objects/" + query("next", "1")).refused(400)
	s.get("objects/" + query("next", "")).refused(400)
	for i := range first.Next { // no letter of it can be changed
		forged := []byte(first.Next)
		forged[i] ^= 1
		s.get("objects/" + query(append(slices.Clone(filter), "next", string(forged))...)).refused(400)
	}
}

func TestChecklist08NextInManifestAndVersions(t *testing.T) {
	s := newStation(t)
	for i := range 7 {
		s.post(object("indicator", 1, v(i)), object("indicator", 100+i, v(1)))
	}
	for below, want := range map[string]int{
		"manifest/": 8, "objects/": 8, "objects/" + idOf("indicator", 1) + "/versions/": 7,
	} {
		got, next, last := 0, "", list{More: true}
		for pages := 0; last.More; pages++ {
			params := []string{"limit", "3"}
			if next != "" {
				params = append(params, "next", next)
			}
			last = s.get(below + query(params...)).list()
			got += len(last.Objects) + len(last.Versions)
			if next = last.Next; last.More != (next != "") || pages > want {
				t.Fatalf("%s: page %d has more %v and next %q", below, pages, last.More, next)
			}
		}
		if got != want {
			t.Errorf("%s: %d came, want %d", below, got, want)
		}
	}
}

func TestChecklist09EveryObjectHasItsOwnDateAdded(t *testing.T) {
	s := newStation(t)
	s.post(objects(50)...) // one batch, while the clock stands still
	seen, after, added := []string{}, "", map[string]bool{}
	for {
		params := []string{"limit", "7"}
		if after != "" {
			params = append(params, "added_after", after)
		}
		a := s.get("manifest/" + query(params...))
		page := a.list()
		for _, o := range page.Objects {
			added[o.DateAdded] = true
		}
		seen = append(seen, page.ids()...)
		if after = a.header.Get("X-TAXII-Date-Added-Last"); !page.More {
			break
		}
	}
	if len(seen) != 50 || len(added) != 50 {
		t.Errorf("paging by added_after gave %d of 50 objects with %d dates", len(seen), len(added))
	}
}

func TestChecklist10DateAddedHeaders(t *testing.T) {
	s := newStation(t)
	one := "objects/" + idOf("indicator", 1) + "/"
	for _, below := range []string{"objects/", "manifest/"} {
		a := s.get(below).want(200)
		if a.header.Get("X-TAXII-Date-Added-First") != "" || a.header.Get("X-TAXII-Date-Added-Last") != "" {
			t.Errorf("%s of an empty collection has dates", below)
		}
	}
	s.post(objects(3)...)
	dates := s.get("manifest/").list().Objects
	for below, want := range map[string][2]int{
		"objects/": {0, 2}, "manifest/": {0, 2}, "objects/?limit=2": {0, 1}, one: {1, 1}, one + "versions/": {1, 1},
	} {
		a := s.get(below).want(200)
		got := [2]string{a.header.Get("X-TAXII-Date-Added-First"), a.header.Get("X-TAXII-Date-Added-Last")}
		if got != [2]string{dates[want[0]].DateAdded, dates[want[1]].DateAdded} {
			t.Errorf("%s has dates %v", below, got)
		}
	}
}

func TestChecklist15StatusTellsTheTruth(t *testing.T) {
	s := newStation(t)
	known := object("indicator", 1, v(1))
	s.post(known)
	status := s.post(known, strings.ReplaceAll(known, ",", " ,\n"), object("indicator", 2, v(3)), `{"type":"indicator","id":"indicator--1"}`, object("indicator", 2, v(3)))
	if status.Status != "complete" || status.TotalCount != 5 || status.SuccessCount != 4 || status.FailureCount != 1 || status.PendingCount != 0 {
		t.Errorf("counts: %+v", status)
	}
	if len(status.Successes) != 4 || len(status.Failures) != 1 || status.Pendings != nil {
		t.Errorf("lists: %+v", status)
	}
	if d := status.Successes[2]; d.ID != idOf("indicator", 2) || d.Version != v(3) {
		t.Errorf("detail: %+v", d)
	}
	var kept taxii.Status
	s.ask("GET", "/api1/status/"+status.ID+"/", "").want(200).into(&kept)
	if diff := cmp.Diff(status, kept, cmp.Comparer(func(a, b taxii.Timestamp) bool { return a.Time().Equal(b.Time()) })); diff != "" {
		t.Errorf("the status asked for later: %s", diff)
	}
	if n := len(s.get("objects/?match[version]=all").list().Objects); n != 2 {
		t.Errorf("%d objects are there, want 2", n)
	}
}

func TestChecklist16OneBadObjectIsOneFailure(t *testing.T) {
	s := newStation(t)
	good := object("indicator", 1, v(1))
	for name, c := range map[string]struct{ bad, id, version string }{
		"no id":            {`{"type":"indicator"}`, "objects[1]", ""},
		"no type":          {`{"id":"` + idOf("indicator", 7) + `","modified":"` + v(2) + `"}`, idOf("indicator", 7), v(2)},
		"bad id":           {`{"type":"indicator","id":"indicator--7","created":"x"}`, "indicator--7", "x"},
		"id of other type": {`{"type":"malware","id":"` + idOf("indicator", 7) + `"}`, idOf("indicator", 7), ""},
		"bad time":         {object("indicator", 7, "yesterday"), idOf("indicator", 7), "yesterday"},
		"unknown STIX":     {strings.Replace(object("indicator", 7, v(4)), "2.1", "3.0", 1), idOf("indicator", 7), v(4)},
		"a bundle":         {`{"type":"bundle","id":"` + idOf("bundle", 1) + `"}`, idOf("bundle", 1), ""},
		"number":           {`7`, "objects[1]", ""},
		"null":             {`null`, "objects[1]", ""},
		"list":             {`[]`, "objects[1]", ""},
		"id is a number":   {`{"type":"indicator","id":7}`, "objects[1]", ""},
		"endless id":       {`{"type":"indicator","id":"` + strings.Repeat("x", 9999) + `"}`, "objects[1]", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStation(t)
			status := s.post(good, c.bad, object("indicator", 2, v(1)))
			if status.SuccessCount != 2 || status.FailureCount != 1 {
				t.Fatalf("%+v", status)
			}
			version := c.version
			if version == "" {
				version = "2026-03-01T12:00:00.000000Z"
			}
			if d := status.Failures[0]; d.ID != c.id || d.Version != version || d.Message == "" {
				t.Errorf("failure %+v, want %s at %s", d, c.id, version)
			}
			if n := len(s.get("objects/").list().Objects); n != 2 {
				t.Errorf("%d objects were kept, want 2", n)
			}
		})
	}
	for name, body := range map[string]string{
		"objects is no list": `{"objects":{}}`,
		"no objects":         `{}`,
		"empty list":         `{"objects":[]}`,
		"one object alone":   good,
		"a list":             `[` + good + `]`,
		"nothing":            ``,
		"cut off":            `{"objects":[` + good + `,`,
		"more behind":        envelope(good) + envelope(good),
		"a name twice":       `{"objects":[` + good + `,{"type":"indicator","type":"malware"}]}`,
		"invalid UTF-8":      `{"objects":[` + good + ",{\"type\":\"\xff\"}]}",
		"a lone surrogate":   `{"objects":[` + good + `,{"type":"\ud800"}]}`,
		"too deep":           `{"objects":[` + good + `,` + strings.Repeat("[", 99) + strings.Repeat("]", 99) + `]}`,
	} {
		t.Run(name, func(t *testing.T) {
			s.ask("POST", openURL+"objects/", body).refused(422)
			if body := s.get("objects/").body; body != "{}" {
				t.Errorf("something of a refused envelope was kept: %s", body)
			}
		})
	}
}

func TestChecklist17StatusIsKeptForADay(t *testing.T) {
	s := newStation(t)
	status := s.post(objects(3)...)
	path := "/api1/status/" + status.ID + "/"
	s.clock.Add(int64(24 * time.Hour))
	s.ask("GET", path, "").want(200)
	s.clock.Add(1)
	s.ask("GET", path, "").refused(404)
	s.post(object("indicator", 50, v(1))) // when old ones are dropped
	s.ask("GET", path, "").refused(404)
}

func TestChecklist17Refusals(t *testing.T) {
	const most = 1000
	s := newStation(t, func(m *taxii.MemoryOptions, o *taxii.ServerOptions) {
		m.Roots[0].MaxContentLength = most
		o.MaxObjects = 5
	})
	url := openURL + "objects/"
	fill := func(n int) string {
		text := envelope(object("indicator", 1, v(1), `"x_fill":""`))
		return strings.Replace(text, `"x_fill":"`, `"x_fill":"`+strings.Repeat("x", n-len(text)), 1)
	}
	s.ask("POST", url, fill(most)).want(202)
	s.ask("POST", url, fill(most+1)).refused(413)
	for n, want := range map[int]int{most: 202, most + 1: 413} {
		r := httptest.NewRequest("POST", url, unread{strings.NewReader(fill(n))}) // its length is not said
		r.Header.Set("Content-Type", taxii.MediaType)
		if a := s.send(r); a.status != want || r.ContentLength != -1 {
			t.Errorf("chunked body of %d bytes: status %d, want %d", n, a.status, want)
		}
	}
	for contentType, want := range map[string]int{
		`application/taxii+json;version=2.1`:               202,
		`application/taxii+json; version="2.1"`:            202,
		`application/taxii+json;charset=utf-8;version=2.1`: 202,
		`application/taxii+json;version=2.0`:               415,
		`application/taxii+json;charset=latin1`:            415,
		`application/stix+json;version=2.1`:                415,
		`application/json`:                                 415,
		`*/*`:                                              415,
		``:                                                 415,
	} {
		if a := s.ask("POST", url, fill(most), "Content-Type:"+contentType); a.status != want {
			t.Errorf("Content-Type %q: status %d, want %d", contentType, a.status, want)
		}
	}
	s.ask("POST", url, envelope("1", "2", "3", "4", "5")).want(202)
	s.ask("POST", url, envelope("1", "2", "3", "4", "5", "6")).refused(422) // too many, and not too large
}

func TestChecklist18SameVersionOtherContent(t *testing.T) {
	var alarms []string
	s := newStation(t, func(m *taxii.MemoryOptions, _ *taxii.ServerOptions) {
		m.Conflict = func(_ context.Context, at taxii.Place, kept, refused stix.Object) {
			name, _ := refused.String("name")
			alarms = append(alarms, fmt.Sprint(at.Collection, " ", kept.ID(), " ", name))
		}
	})
	s.post(object("indicator", 1, v(1), `"name":"first"`))
	status := s.post(object("indicator", 1, v(1), `"name":"second"`), object("indicator", 2, v(1)))
	if status.SuccessCount != 1 || status.FailureCount != 1 || status.Failures[0].ID != idOf("indicator", 1) || status.Failures[0].Version != v(1) {
		t.Errorf("%+v", status)
	}
	if body := s.get("objects/").body; !strings.Contains(body, "first") || strings.Contains(body, "second") {
		t.Errorf("the first was not kept: %s", body)
	}
	if diff := cmp.Diff([]string{openID + " " + idOf("indicator", 1) + " second"}, alarms); diff != "" {
		t.Errorf("alarms: %s", diff)
	}
}

func TestChecklist19VersionOfObjectsWithoutTimes(t *testing.T) {
	s := newStation(t)
	address := object("ipv4-addr", 1, "", `"value":"198.51.100.3"`)
	status := s.post(object("indicator", 5, v(1)), address, `{"type":"marking-definition","spec_version":"2.1","id":"`+
		idOf("marking-definition", 1)+`","created":"2026-01-05T00:00:00.000Z"}`)
	manifest := s.get("manifest/").list().Objects
	if m := manifest[1]; m.Version != m.DateAdded || m.Version != "2026-03-01T12:00:00.000001Z" || status.Successes[1].Version != m.Version {
		t.Errorf("the address has version %s and was added at %s", m.Version, m.DateAdded)
	}
	if m := manifest[2]; m.Version != "2026-01-05T00:00:00.000Z" {
		t.Errorf("without a modified time, created counts: %+v", m)
	}
	again := s.post(strings.Replace(address, ",", ", ", 1))
	if again.SuccessCount != 1 || again.Successes[0].Version != manifest[1].Version {
		t.Errorf("the same content is no new version: %+v", again)
	}
	s.post(object("ipv4-addr", 1, "", `"value":"198.51.100.3"`, `"x_seen":true`))
	if n := len(s.get("objects/" + idOf("ipv4-addr", 1) + "/versions/").list().Versions); n != 2 {
		t.Errorf("other content is another version; there are %d", n)
	}
}
