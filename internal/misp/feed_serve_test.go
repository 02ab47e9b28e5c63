package misp_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"parley/internal/misp"
)

// shelf is a feed of the given events.
func shelf(t testing.TB, events ...misp.Event) *misp.Shelf {
	t.Helper()
	s := new(misp.Shelf)
	for _, e := range events {
		issue, _, err := misp.Prepare(e, day)
		if err != nil {
			t.Fatal(err)
		}
		s.Put(issue)
	}
	return s
}

// another is an event beside [fed].
func another() misp.Event {
	e := plain(misp.Attribute{UUID: "f3f0c6d2-98c9-4b8e-9d7d-64e1a7a6c002", Type: "domain", Category: "Network activity", Value: "example.net", Timestamp: 7})
	e.UUID, e.Analysis, e.ThreatLevel = objectID, "1", "2"
	return e
}

// ask sends one request to a handler.
func ask(t *testing.T, h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "http://feed.example"+path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestServingAFeed(t *testing.T) {
	h := misp.FeedHandler(shelf(t, fed(), another()))
	for _, c := range []struct {
		method, path string
		status       int
		kind         string
	}{
		{"GET", "/manifest.json", 200, "application/json"},
		{"GET", "//manifest.json", 200, "application/json"}, // what MISP asks for when its URL ends in a slash
		{"HEAD", "/manifest.json", 200, "application/json"},
		{"GET", "/hashes.csv", 200, "text/csv; charset=utf-8"},
		{"HEAD", "/hashes.csv", 200, "text/csv; charset=utf-8"},
		{"GET", "/" + eventID + ".json", 200, "application/json"},
		{"HEAD", "/" + eventID + ".json", 200, "application/json"},
		{"GET", "/", 404, ""},
		{"GET", "/" + eventID, 404, ""},
		{"GET", "/" + eventID + ".json/x", 404, ""},
		{"GET", "/" + northID + ".json", 404, ""},
		{"GET", "/sub/" + eventID + ".json", 404, ""},
		{"GET", "/..%2f" + eventID + ".json", 404, ""},
		{"GET", "/" + strings.ToUpper(eventID) + ".json", 404, ""},
		{"GET", "/manifest.json.new", 404, ""},
		{"PUT", "/manifest.json", 405, ""},
		{"POST", "/hashes.csv", 405, ""},
		{"DELETE", "/" + eventID + ".json", 405, ""},
	} {
		w := ask(t, h, c.method, c.path)
		if w.Code != c.status || c.kind != "" && w.Header().Get("Content-Type") != c.kind {
			t.Errorf("%s %s: %d %s, and should be %d %s", c.method, c.path, w.Code, w.Header().Get("Content-Type"), c.status, c.kind)
		}
		if c.method == "HEAD" && w.Body.Len() > 0 {
			t.Errorf("%s %s has a body", c.method, c.path)
		}
	}
}

// The files served are those that WriteFeed writes.
func TestWhatIsServedIsWhatIsWritten(t *testing.T) {
	root := folder(t)
	if _, err := misp.WriteFeed(root, []misp.Event{fed(), another()}); err != nil {
		t.Fatal(err)
	}
	h := misp.FeedHandler(shelf(t, another(), fed()))
	for _, name := range []string{eventID + ".json", objectID + ".json", "manifest.json", "hashes.csv"} {
		want, err := root.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got := ask(t, h, "GET", "/"+name).Body.Bytes()
		if strings.HasSuffix(name, eventID+".json") && !bytes.Equal(got, want) || len(got) != len(want) {
			t.Errorf("%s: served is\n%s and written\n%s", name, got, want)
		}
	}
}

func TestASubscriberThatHasTheNewestIsToldSo(t *testing.T) {
	s := shelf(t, fed())
	h := misp.FeedHandler(s)
	for _, path := range []string{"/manifest.json", "/hashes.csv", "/" + eventID + ".json"} {
		first := ask(t, h, "GET", path)
		tag, at := first.Header().Get("ETag"), first.Header().Get("Last-Modified")
		zippedTag := ask(t, h, "GET", path, "Accept-Encoding", "gzip").Header().Get("ETag")
		if !strings.HasPrefix(tag, `"`) || at != day.Format(http.TimeFormat) || zippedTag == tag {
			t.Errorf("%s: ETag %s, gzipped %s, at %s", path, tag, zippedTag, at)
		}
		for _, c := range []struct {
			name   string
			header []string
			status int
		}{
			{"its tag", []string{"If-None-Match", tag}, 304},
			{"the tag of the gzipped one", []string{"If-None-Match", zippedTag}, 304},
			{"a weak tag among others", []string{"If-None-Match", `"x", W/` + tag}, 304},
			{"any", []string{"If-None-Match", "*"}, 304},
			{"another tag", []string{"If-None-Match", `"x"`}, 200},
			{"another tag, its time", []string{"If-None-Match", `"x"`, "If-Modified-Since", at}, 200},
			{"its time", []string{"If-Modified-Since", at}, 304},
			{"a later time", []string{"If-Modified-Since", day.Add(time.Hour).Format(http.TimeFormat)}, 304},
			{"an earlier time", []string{"If-Modified-Since", day.Add(-time.Hour).Format(http.TimeFormat)}, 200},
			{"no time", []string{"If-Modified-Since", "yesterday"}, 200},
		} {
			w := ask(t, h, "GET", path, c.header...)
			if w.Code != c.status || c.status == 304 && (w.Body.Len() > 0 || w.Header().Get("ETag") != tag) {
				t.Errorf("%s with %s: %d %s", path, c.name, w.Code, w.Header().Get("ETag"))
			}
		}
	}
	before := ask(t, h, "GET", "/manifest.json").Header().Get("ETag")
	issue, _, err := misp.Prepare(another(), day.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	s.Put(issue)
	if w := ask(t, h, "GET", "/manifest.json", "If-None-Match", before); w.Code != 200 || !strings.Contains(w.Body.String(), objectID) {
		t.Errorf("a feed that changed: %d %s", w.Code, w.Body)
	}
	s.Remove(objectID, day.Add(2*time.Minute))
	if w := ask(t, h, "GET", "/manifest.json"); w.Header().Get("ETag") != before || strings.Contains(w.Body.String(), objectID) {
		t.Errorf("a feed that is as it was: %s %s", w.Header().Get("ETag"), w.Body)
	}
}

func TestGzip(t *testing.T) {
	h := misp.FeedHandler(shelf(t, fed(), another()))
	for _, path := range []string{"/manifest.json", "/hashes.csv", "/" + eventID + ".json"} {
		plain := ask(t, h, "GET", path)
		for accept, zipped := range map[string]bool{"gzip": true, "br, gzip;q=0.5": true, "GZIP": true, "gzip;q=0": false, "": false, "br": false} {
			w := ask(t, h, "GET", path, "Accept-Encoding", accept)
			if (w.Header().Get("Content-Encoding") == "gzip") != zipped || w.Header().Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s for %q: %v", path, accept, w.Header())
				continue
			}
			body := w.Body.Bytes()
			if zipped {
				z, err := gzip.NewReader(w.Body)
				if err != nil {
					t.Fatal(err)
				}
				if body, err = io.ReadAll(z); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(body, plain.Body.Bytes()) {
				t.Errorf("%s for %q: %s", path, accept, body)
			}
		}
	}
}

func TestAnEmptyFeed(t *testing.T) {
	h := misp.FeedHandler(new(misp.Shelf))
	if w := ask(t, h, "GET", "/manifest.json"); w.Code != 200 || strings.Join(strings.Fields(w.Body.String()), "") != "{}" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := ask(t, h, "GET", "/hashes.csv"); w.Code != 200 || w.Body.Len() != 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// broken is a source that fails.
type broken struct {
	misp.Source
	version, issues, issue error
}

func (b broken) Version(ctx context.Context) (misp.Version, error) {
	if b.version != nil {
		return misp.Version{}, b.version
	}
	return b.Source.Version(ctx)
}

func (b broken) Issues(ctx context.Context) iter.Seq2[misp.Issue, error] {
	return func(yield func(misp.Issue, error) bool) {
		for i, err := range b.Source.Issues(ctx) {
			if !yield(i, err) {
				return
			}
		}
		if b.issues != nil {
			yield(misp.Issue{}, b.issues)
		}
	}
}

func (b broken) Issue(ctx context.Context, uuid string) (misp.Issue, error) {
	if b.issue != nil {
		return misp.Issue{}, b.issue
	}
	return b.Source.Issue(ctx, uuid)
}

func TestASourceThatFailsServesNothingHalf(t *testing.T) {
	secret := errors.New("the secret store is locked")
	for _, c := range []struct {
		path   string
		source broken
	}{
		{"/manifest.json", broken{version: secret}},
		{"/manifest.json", broken{issues: secret}},
		{"/hashes.csv", broken{version: secret}},
		{"/" + eventID + ".json", broken{issue: secret}},
	} {
		c.source.Source = shelf(t, fed())
		w := ask(t, misp.FeedHandler(c.source), "GET", c.path)
		if w.Code != 500 || strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), eventID) {
			t.Errorf("%s: %d %s", c.path, w.Code, w.Body)
		}
	}
	server := httptest.NewServer(misp.FeedHandler(broken{Source: shelf(t, fed()), issues: secret}))
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/hashes.csv", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err == nil {
		_, err = io.ReadAll(answer.Body)
		_ = answer.Body.Close()
	}
	if err == nil {
		t.Error("half of hashes.csv looks like all of it")
	}
}

// table is how a store would keep what was released to one counterpart: rows of a table.
type table struct {
	version int
	rows    []misp.Issue // in the order of their UUIDs
}

func (s *table) Version(context.Context) (misp.Version, error) {
	return misp.Version{Tag: fmt.Sprint(s.version), At: day}, nil
}

func (s *table) Issues(context.Context) iter.Seq2[misp.Issue, error] {
	return func(yield func(misp.Issue, error) bool) {
		for _, row := range s.rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

func (s *table) Issue(_ context.Context, uuid string) (misp.Issue, error) {
	for _, row := range s.rows {
		if row.UUID == uuid {
			return row, nil
		}
	}
	return misp.Issue{}, fs.ErrNotExist
}

// A node prepares an event when it is released to a counterpart, keeps what came of it, and serves that
// and nothing else to whoever holds the counterpart's token.
func ExampleFeedHandler() {
	released := misp.Event{
		UUID: eventID, Info: "A caller", Date: "2026-03-01", Timestamp: day.Unix(),
		Creator:    &misp.Organisation{UUID: northID, Name: "North Desk"},
		Attributes: []misp.Attribute{{UUID: attributeID, Type: "phone-number", Category: "Person", Value: "+12025550147", Timestamp: day.Unix()}},
	}
	issue, left, err := misp.Prepare(released, day)
	if err != nil || len(left) > 0 {
		fmt.Println(err, left)
		return
	}
	forSouth := &table{version: 1, rows: []misp.Issue{issue}}

	mux := http.NewServeMux()
	mux.Handle("/feeds/south/", http.StripPrefix("/feeds/south", misp.FeedHandler(forSouth)))

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/feeds/south/manifest.json", nil))
	var manifest map[string]struct {
		Info string `json:"info"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &manifest); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(w.Code, manifest[eventID].Info)

	w = httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/feeds/south/hashes.csv", nil))
	fmt.Print(w.Body)
	// Output:
	// 200 A caller
	// d05f95d0edb3ca65bec359c874173742,6f1c64ad-3e19-4b8c-9c57-8a6de0f0a0c1
}
