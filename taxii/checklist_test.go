package taxii_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
	for range 50 {
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
