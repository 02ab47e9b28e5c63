package misp_test

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"parley/internal/misp"
)

// folder opens a new folder for a feed.
func folder(t *testing.T) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	return root
}

func fed() misp.Event {
	e := plain(
		misp.Attribute{
			UUID: attributeID, Type: "ip-dst|port", Category: "Network activity", Value: "192.0.2.1|443", ToIDs: true, Distribution: "5",
			Tags:      []misp.Tag{{Name: "tlp:amber"}, {Name: "ours:only", Local: true}},
			Sightings: []misp.Sighting{{UUID: objectID, Type: "0", Date: day.Unix()}},
		},
		misp.Attribute{UUID: northID, Type: "domain", Value: "withdrawn.example", Deleted: true},
	)
	e.Distribution = misp.AllCommunities
	e.Tags = []misp.Tag{{Name: "tlp:green", Colour: "#339900"}, {Name: "ours:secret", Local: true}}
	e.Galaxies = []misp.Galaxy{{Type: "threat-actor", Clusters: []misp.Cluster{{Value: "Group C", TagName: `misp-galaxy:threat-actor="Group C"`}}}}
	e.Objects = []misp.Object{object("domain-ip", field{"domain", "domain", "example.com"})}
	e.Objects[0].Attributes[0].UUID = "f3f0c6d2-98c9-4b8e-9d7d-64e1a7a6c001"
	return e
}

func TestAFeedIsLaidOutAsMISPDoes(t *testing.T) {
	root := folder(t)
	if err := misp.WriteFeed(root, []misp.Event{fed()}); err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		data, err := root.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	var want strings.Builder
	for _, value := range []string{"192.0.2.1", "443", "example.com"} {
		sum := md5.Sum([]byte(value))
		want.WriteString(hex.EncodeToString(sum[:]) + "," + eventID + "\n")
	}
	if got := read("hashes.csv"); got != want.String() {
		t.Errorf("hashes.csv is\n%s and should be\n%s", got, want.String())
	}
	golden(t, "feed_manifest.json", []byte(read("manifest.json")))
	golden(t, "feed_event.json", []byte(read(eventID+".json")))
	for _, file := range []string{"manifest.json", eventID + ".json"} {
		for _, secret := range []string{"ours:", "withdrawn", "distribution", "Sighting"} {
			if strings.Contains(read(file), secret) {
				t.Errorf("%s holds %s", file, secret)
			}
		}
	}
	files, err := fs.ReadDir(root.FS(), ".")
	if err != nil || len(files) != 3 {
		t.Errorf("%v: %v", err, files)
	}
}

func TestAFeedIsReadBack(t *testing.T) {
	root := folder(t)
	other := plain(misp.Attribute{UUID: "f3f0c6d2-98c9-4b8e-9d7d-64e1a7a6c002", Type: "domain", Category: "Network activity", Value: "example.net", Timestamp: 7})
	other.UUID, other.Analysis, other.ThreatLevel = objectID, "1", "2"
	if err := misp.WriteFeed(root, []misp.Event{fed(), other}); err != nil {
		t.Fatal(err)
	}
	events, err := misp.ReadFeed(root.FS(), misp.Limits{})
	if err != nil || len(events) != 2 || events[0].UUID != eventID {
		t.Fatalf("%v: %v", err, events)
	}
	if diff := sameEvent(other, events[1]); diff != "" {
		t.Error(diff)
	}
}

func TestEventsThatAFeedCannotHold(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(*misp.Event)
		why  string
	}{
		{"no info", func(e *misp.Event) { e.Info = "" }, "has no info"},
		{"no date", func(e *misp.Event) { e.Date = "" }, "has no date"},
		{"no creator", func(e *misp.Event) { e.Creator = nil }, "which organisation"},
		{"a uuid that is a path", func(e *misp.Event) { e.UUID = "../manifest" }, "is none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root, bad := folder(t), fed()
			c.edit(&bad)
			err := misp.WriteFeed(root, []misp.Event{fed(), bad})
			if err == nil || !strings.Contains(err.Error(), c.why) {
				t.Errorf("%v", err)
			}
			if files, _ := fs.ReadDir(root.FS(), "."); len(files) != 0 {
				t.Errorf("half a feed was written: %v", files)
			}
		})
	}
	if err := misp.WriteFeed(folder(t), []misp.Event{fed(), fed()}); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("the same event twice: %v", err)
	}
}

// full is a folder that takes so many files.
type full struct {
	*os.Root
	left int
}

var errFull = errors.New("no space left")

func (f *full) WriteFile(name string, data []byte, perm fs.FileMode) error {
	if f.left--; f.left < 0 {
		return errFull
	}
	return f.Root.WriteFile(name, data, perm)
}

func TestAFeedCutShortNamesNothingThatIsNotThere(t *testing.T) {
	for left := range 3 {
		root := folder(t)
		if err := misp.WriteFeed(&full{root, left}, []misp.Event{fed()}); !errors.Is(err, errFull) {
			t.Fatalf("with room for %d files: %v", left, err)
		}
		if _, err := root.Stat("manifest.json"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("with room for %d files there is a manifest: %v", left, err)
		}
	}
}

func TestHostileFeeds(t *testing.T) {
	good := `{"Event":{"uuid":"` + eventID + `","info":"x","date":"2026-03-01"}}`
	manifest := `{"` + eventID + `":{"info":"x"}}`
	for _, c := range []struct {
		name  string
		files map[string]string
		lim   misp.Limits
		why   string
	}{
		{"no manifest", map[string]string{}, misp.Limits{}, "manifest.json"},
		{"a manifest that is a list", map[string]string{"manifest.json": `[1]`}, misp.Limits{}, "must be an object"},
		{"a path for a name", map[string]string{"manifest.json": `{"../../etc/passwd":{}}`}, misp.Limits{}, "must be named by an event's UUID"},
		{"an event that is not there", map[string]string{"manifest.json": manifest}, misp.Limits{}, "not exist"},
		{"another event's file", map[string]string{"manifest.json": `{"` + objectID + `":{}}`, objectID + ".json": good}, misp.Limits{}, "it holds event"},
		{"two events in a file", map[string]string{"manifest.json": manifest, eventID + ".json": "[" + good + "," + good + "]"}, misp.Limits{}, "must hold one"},
		{"a broken event", map[string]string{"manifest.json": manifest, eventID + ".json": "{"}, misp.Limits{}, "is not JSON"},
		{"too many events", map[string]string{"manifest.json": `{"` + eventID + `":{},"` + objectID + `":{}}`}, misp.Limits{Events: 1}, "over the limit"},
		{"too many bytes", map[string]string{"manifest.json": manifest, eventID + ".json": good}, misp.Limits{Bytes: int64(len(manifest) + 10)}, "bytes allowed"},
		{"a manifest that takes all bytes", map[string]string{"manifest.json": manifest, eventID + ".json": good}, misp.Limits{Bytes: int64(len(manifest))}, "more bytes than allowed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := fstest.MapFS{}
			for name, text := range c.files {
				files[name] = &fstest.MapFile{Data: []byte(text)}
			}
			events, err := misp.ReadFeed(files, c.lim)
			if err == nil || events != nil {
				t.Fatalf("taken: %v", events)
			}
			if !strings.Contains(err.Error(), c.why) && !(c.why == "over the limit" && errors.Is(err, misp.ErrLimit)) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestServingAFeed(t *testing.T) {
	files := fstest.MapFS{
		"manifest.json":            {Data: []byte(`{}`)},
		"hashes.csv":               {Data: []byte("aa,bb\n")},
		eventID + ".json":          {Data: []byte(`{"Event":{}}`)},
		"manifest.json.new":        {Data: []byte(`{`)},
		"key.pem":                  {Data: []byte(`secret`)},
		objectID + ".json/x":       {Data: []byte(`a folder`)},
		"sub/" + eventID + ".json": {Data: []byte(`elsewhere`)},
	}
	server := httptest.NewServer(misp.FeedHandler(files))
	defer server.Close()
	for _, c := range []struct {
		method, path string
		status       int
		kind         string
	}{
		{"GET", "/manifest.json", 200, "application/json"},
		{"HEAD", "/manifest.json", 200, "application/json"},
		{"GET", "/hashes.csv", 200, "text/csv; charset=utf-8"},
		{"GET", "/" + eventID + ".json", 200, "application/json"},
		{"GET", "/", 404, ""},
		{"GET", "/key.pem", 404, ""},
		{"GET", "/manifest.json.new", 404, ""},
		{"GET", "/" + objectID + ".json", 404, ""},
		{"GET", "/" + northID + ".json", 404, ""},
		{"GET", "/sub/" + eventID + ".json", 404, ""},
		{"GET", "/..%2f" + eventID + ".json", 404, ""},
		{"GET", "/" + strings.ToUpper(eventID) + ".json", 404, ""},
		{"PUT", "/manifest.json", 405, ""},
		{"DELETE", "/" + eventID + ".json", 405, ""},
	} {
		request, err := http.NewRequestWithContext(t.Context(), c.method, server.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != c.status || c.kind != "" && answer.Header.Get("Content-Type") != c.kind {
			t.Errorf("%s %s: %d %s, and should be %d %s", c.method, c.path, answer.StatusCode, answer.Header.Get("Content-Type"), c.status, c.kind)
		}
	}
}
