package taxii_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/stix"
	"parley/taxii"
)

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
