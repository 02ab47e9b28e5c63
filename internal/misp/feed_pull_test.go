package misp_test

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/go-json-experiment/json"
	gocmp "github.com/google/go-cmp/cmp"

	"parley/internal/misp"
)

// pull reads a feed and gives the UUIDs of what was new.
func pull(t *testing.T, feed misp.Feed, mark misp.Bookmark) (misp.Pulled, []string) {
	t.Helper()
	var taken []string
	got, err := misp.Pull(t.Context(), feed, mark, misp.PullOptions{}, func(e misp.Event, _ misp.Bookmark) error {
		taken = append(taken, e.UUID)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(taken)
	return got, taken
}

func TestAFeedIsReadBack(t *testing.T) {
	root := folder(t)
	if _, err := misp.WriteFeed(root, []misp.Event{fed(), another()}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(misp.FeedHandler(shelf(t, fed(), another())))
	defer server.Close()
	for name, feed := range map[string]misp.Feed{"a folder": misp.FolderFeed(root.FS()), "over HTTP": misp.Remote{URL: server.URL}} {
		t.Run(name, func(t *testing.T) {
			var back misp.Event
			var steps []string
			got, err := misp.Pull(t.Context(), feed, misp.Bookmark{}, misp.PullOptions{
				Progress: func(done, of int) { steps = append(steps, fmt.Sprintf("%d/%d", done, of)) },
			}, func(e misp.Event, mark misp.Bookmark) error {
				if e.UUID == objectID {
					back = e
				}
				if _, in := mark.Events[e.UUID]; !in {
					t.Errorf("the mark of %s does not hold it", e.UUID)
				}
				return nil
			})
			if err != nil || got.Taken != 2 || len(got.Mark.Events) != 2 || strings.Join(steps, " ") != "0/2 1/2 2/2" {
				t.Fatalf("%v: %+v %v", err, got, steps)
			}
			want := another()
			want.Published = false
			if diff := sameEvent(want, back); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOnlyWhatChangedIsAskedForAgain(t *testing.T) {
	s := shelf(t, fed(), another())
	var asked []string
	h := misp.FeedHandler(s)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, strings.TrimPrefix(r.URL.Path, "/"))
		h.ServeHTTP(w, r)
	}))
	defer server.Close()
	feed := misp.Remote{URL: server.URL + "/"}
	got, taken := pull(t, feed, misp.Bookmark{})
	if len(taken) != 2 {
		t.Fatalf("%v", taken)
	}
	kept, err := json.Marshal(got.Mark)
	if err != nil {
		t.Fatal(err)
	}
	mark := misp.Bookmark{}
	if err := json.Unmarshal(kept, &mark); err != nil {
		t.Fatal(err)
	}
	asked = nil
	if got, taken := pull(t, feed, mark); len(taken) != 0 || !got.Same || strings.Join(asked, " ") != "manifest.json" {
		t.Errorf("nothing new: %+v, asked for %v", got, asked)
	}
	later := another()
	later.Timestamp += 60
	issue, _, err := misp.Prepare(later, day)
	if err != nil {
		t.Fatal(err)
	}
	s.Put(issue)
	s.Remove(eventID, day)
	asked = nil
	got, taken = pull(t, feed, mark)
	if diff := gocmp.Diff([]string{objectID}, taken); diff != "" || !slices.Equal(got.Gone, []string{eventID}) || len(got.Mark.Events) != 1 {
		t.Errorf("%s %+v", diff, got)
	}
	if diff := gocmp.Diff([]string{"manifest.json", objectID + ".json"}, asked); diff != "" {
		t.Error(diff)
	}
}

func TestAReaderThatIsInterruptedGoesOn(t *testing.T) {
	server := httptest.NewServer(misp.FeedHandler(shelf(t, fed(), another())))
	defer server.Close()
	feed := misp.Remote{URL: server.URL}
	full := errors.New("the store is full")
	n := 0
	first, err := misp.Pull(t.Context(), feed, misp.Bookmark{}, misp.PullOptions{}, func(misp.Event, misp.Bookmark) error {
		if n++; n == 2 {
			return full
		}
		return nil
	})
	if !errors.Is(err, full) || first.Taken != 1 || len(first.Mark.Events) != 1 || first.Mark.ETag != "" {
		t.Fatalf("%v: %+v", err, first)
	}
	second, taken := pull(t, feed, first.Mark)
	if len(taken) != 1 || len(second.Mark.Events) != 2 || second.Mark.ETag == "" {
		t.Errorf("%v, %+v", taken, second)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancelled, err := misp.Pull(ctx, feed, misp.Bookmark{}, misp.PullOptions{}, func(misp.Event, misp.Bookmark) error {
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) || cancelled.Taken != 1 {
		t.Errorf("%v: %+v", err, cancelled)
	}
}

// shows answers requests for files with what is given, and 404 for others.
type shows map[string]http.HandlerFunc

func (s shows) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h, ok := s[strings.TrimPrefix(r.URL.Path, "/")]; ok {
		h(w, r)
		return
	}
	http.NotFound(w, r)
}

func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }
}

const (
	goodEvent    = `{"Event":{"uuid":"` + eventID + `","info":"x","date":"2026-03-01"}}`
	goodManifest = `{"` + eventID + `":{"info":"x","timestamp":"7"},"` + objectID + `":{"info":"y","timestamp":8}}`
)

// One bad event does not keep the others from being read, and is tried again.
func TestABadEventIsRefusedAlone(t *testing.T) {
	for name, bad := range map[string]string{
		"another event's file": strings.Replace(goodEvent, eventID, northID, 1), "two events": "[" + goodEvent + "," + goodEvent + "]", "half an event": `{"Event":{`,
		"no event": "[]",
	} {
		files := shows{"manifest.json": says(goodManifest), eventID + ".json": says(goodEvent), objectID + ".json": says(bad)}
		server := httptest.NewServer(files)
		var refused []string
		got, err := misp.Pull(t.Context(), misp.Remote{URL: server.URL}, misp.Bookmark{}, misp.PullOptions{
			Refused: func(l misp.Listed, _ error) { refused = append(refused, l.UUID) },
		}, func(misp.Event, misp.Bookmark) error { return nil })
		server.Close()
		if err != nil || got.Taken != 1 || got.Refused != 1 || got.Mark.Events[eventID] != 7 || got.Mark.Events[objectID] != 0 || !slices.Equal(refused, []string{objectID}) {
			t.Errorf("%s: %v, %+v, %v", name, err, got, refused)
		}
	}
}

func TestHostileFeeds(t *testing.T) {
	manifest := `{"` + eventID + `":{"info":"x","timestamp":"7"}}`
	for _, c := range []struct {
		name  string
		files map[string]string
		lim   misp.Limits
		why   string
	}{
		{"no manifest", map[string]string{}, misp.Limits{}, "manifest.json"},
		{"a manifest that is a list", map[string]string{"manifest.json": `[1]`}, misp.Limits{}, "must be an object"},
		{"a path for a name", map[string]string{"manifest.json": `{"../../etc/passwd":{}}`}, misp.Limits{}, "must be named by an event's UUID"},
		{"an event twice", map[string]string{"manifest.json": `{"` + eventID + `":{},"` + strings.ToUpper(eventID) + `":{}}`}, misp.Limits{}, "but for capitals"},
		{"an entry that is a text", map[string]string{"manifest.json": `{"` + eventID + `":"x"}`}, misp.Limits{}, "must be an object"},
		{"too many events", map[string]string{"manifest.json": `{"` + eventID + `":{},"` + objectID + `":{}}`}, misp.Limits{Events: 1}, "over the limit"},
		{"too many tags", map[string]string{"manifest.json": `{"` + eventID + `":{"Tag":[{},{},{}]}}`}, misp.Limits{Parts: 2}, "over the limit"},
		{"a long text", map[string]string{"manifest.json": `{"` + eventID + `":{"info":"xxxxx"}}`}, misp.Limits{Text: 4}, "over the limit"},
		{"too deep", map[string]string{"manifest.json": `{"` + eventID + `":{"a":[[[[1]]]]}}`}, misp.Limits{Depth: 3}, ""},
		{"a manifest that is too long", map[string]string{"manifest.json": manifest, eventID + ".json": goodEvent}, misp.Limits{Bytes: 10}, "over the limit"},
		{"a manifest that takes all bytes", map[string]string{"manifest.json": manifest, eventID + ".json": goodEvent}, misp.Limits{Bytes: int64(len(manifest))}, "taken all it may"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := fstest.MapFS{}
			for name, text := range c.files {
				files[name] = &fstest.MapFile{Data: []byte(text)}
			}
			got, err := misp.Pull(t.Context(), misp.FolderFeed(files), misp.Bookmark{}, misp.PullOptions{Limits: c.lim}, func(misp.Event, misp.Bookmark) error { return nil })
			if c.why == "" { // passed over, since nothing is taken from there
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || got.Taken != 0 {
				t.Fatalf("taken: %+v", got)
			}
			if !strings.Contains(err.Error(), c.why) && !(c.why == "over the limit" && errors.Is(err, misp.ErrLimit)) {
				t.Errorf("%v", err)
			}
		})
	}
}

// What does not fit into one run is read by the next.
func TestARunTakesSoMuch(t *testing.T) {
	s := shelf(t, fed(), another())
	issue, err := s.Issue(t.Context(), eventID)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(misp.FeedHandler(s))
	defer server.Close()
	mark, runs := misp.Bookmark{}, 0
	for ; len(mark.Events) < 2 && runs < 5; runs++ {
		got, err := misp.Pull(t.Context(), misp.Remote{URL: server.URL}, mark, misp.PullOptions{Limits: misp.Limits{Bytes: int64(len(issue.File)) + 1000}}, func(misp.Event, misp.Bookmark) error { return nil })
		if err != nil && !errors.Is(err, misp.ErrLimit) {
			t.Fatal(err)
		}
		mark = got.Mark
	}
	if runs != 2 {
		t.Errorf("it took %d runs: %v", runs, mark)
	}
}

func TestAFeedThatIsNotOurs(t *testing.T) {
	bomb := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, `{"`+eventID+`":{"info":"`)
		for range 8 {
			_, _ = io.WriteString(z, strings.Repeat("x", 1<<20))
		}
		_ = z.Close()
	}
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, goodEvent[:20])
	}
	manifest := says(`{"` + eventID + `":{"timestamp":"7"}}`)
	for _, c := range []struct {
		name  string
		files shows
		why   string
	}{
		{"asks who we are", shows{"manifest.json": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }}, "user and password"},
		{"is out of order", shows{"manifest.json": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }}, "answered 500"},
		{"says that nothing changed, unasked", shows{"manifest.json": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) }}, "answered 304"},
		{"sends a bomb", shows{"manifest.json": bomb}, "bytes allowed"},
		{"sends us to another host", shows{"manifest.json": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://192.0.2.1/manifest.json", http.StatusFound)
		}}, "another host"},
		{"sends us round", shows{"manifest.json": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/manifest.json", http.StatusFound) }}, "more than 5 times"},
		{"is cut off within an event", shows{"manifest.json": manifest, eventID + ".json": cut}, "run again to go on"},
		{"has no room for an event", shows{"manifest.json": manifest, eventID + ".json": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }}, "answered 503"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(c.files)
			defer server.Close()
			got, err := misp.Pull(t.Context(), misp.Remote{URL: server.URL + "?token=hush"}, misp.Bookmark{}, misp.PullOptions{Limits: misp.Limits{Bytes: 1 << 20}}, func(misp.Event, misp.Bookmark) error { return nil })
			if err == nil || got.Taken != 0 || !strings.Contains(err.Error(), c.why) || strings.Contains(err.Error(), "hush") {
				t.Errorf("%v, %+v", err, got)
			}
		})
	}
}

func TestWhatARemoteIsSent(t *testing.T) {
	var seen http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old/manifest.json" {
			http.Redirect(w, r, "/new/manifest.json", http.StatusMovedPermanently)
			return
		}
		seen = r.Header
		_, _ = io.WriteString(w, `{}`)
	}))
	defer server.Close()
	feed := misp.Remote{URL: server.URL + "/old", Header: http.Header{"X-Token": {"abc"}}, User: "south", Password: "hush"}
	if _, taken := pull(t, feed, misp.Bookmark{ETag: `"t"`}); len(taken) != 0 {
		t.Errorf("%v", taken)
	}
	user, password, _ := (&http.Request{Header: seen}).BasicAuth()
	if seen.Get("X-Token") != "abc" || user != "south" || password != "hush" || seen.Get("If-None-Match") != `"t"` || seen.Get("Accept") != "application/json" {
		t.Errorf("%v", seen)
	}
	for _, bad := range []string{"", "ftp://feed.example/", "file:///etc", "//feed.example", "https://a:b@feed.example/", "https://"} {
		if _, err := misp.Pull(t.Context(), misp.Remote{URL: bad}, misp.Bookmark{}, misp.PullOptions{}, nil); err == nil {
			t.Errorf("%q is taken for a feed", bad)
		}
	}
}

func TestHTTPSStaysHTTPS(t *testing.T) {
	plain := httptest.NewServer(says(`{}`))
	defer plain.Close()
	var to string
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }))
	defer secure.Close()
	host, err := url.Parse(secure.URL)
	if err != nil {
		t.Fatal(err)
	}
	to = "http://" + host.Host + "/manifest.json"
	_, err = misp.Pull(t.Context(), misp.Remote{URL: secure.URL, Client: secure.Client()}, misp.Bookmark{}, misp.PullOptions{}, nil)
	if err == nil || !strings.Contains(err.Error(), "from https to http") {
		t.Error(err)
	}
}

func TestAFeedIsReadByChoice(t *testing.T) {
	got, err := misp.Pull(t.Context(), misp.FolderFeed(fstest.MapFS{
		"manifest.json":   {Data: []byte(`{"` + eventID + `":{"timestamp":"7","Orgc":{"uuid":"` + northID + `","name":"North Desk"},"Tag":[{"name":"tlp:green"}]},"` + objectID + `":{"timestamp":7}}`)},
		eventID + ".json": {Data: []byte(goodEvent)},
	}), misp.Bookmark{}, misp.PullOptions{Want: func(l misp.Listed) bool { return l.Creator != nil && l.Tags[0].Name == "tlp:green" }},
		func(misp.Event, misp.Bookmark) error { return nil })
	if err != nil || got.Taken != 1 || got.Refused != 0 || len(got.Mark.Events) != 1 {
		t.Errorf("%v, %+v", err, got)
	}
}

func TestAFolderWithoutTheFile(t *testing.T) {
	got, err := misp.Pull(t.Context(), misp.FolderFeed(fstest.MapFS{"manifest.json": {Data: []byte(goodManifest)}}), misp.Bookmark{}, misp.PullOptions{
		Refused: func(_ misp.Listed, err error) {
			if !errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
		},
	}, nil)
	if err != nil || got.Refused != 2 {
		t.Errorf("%v, %+v", err, got)
	}
}
