package misp_test

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

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
		misp.Attribute{UUID: northID, Type: "domain", Value: "taken-back.example", Deleted: true},
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
	if left, err := misp.WriteFeed(root, []misp.Event{fed()}); err != nil || len(left) != 0 {
		t.Fatal(err, left)
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
		for _, secret := range []string{"ours:", "taken-back", "distribution", "Sighting"} {
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
		{"a uuid that MISP refuses", func(e *misp.Event) { e.UUID = "0199b7a4-6f0c-7f7e-8f5e-3f1d3b9f6a01" }, "version 7"},
		{"its own organisation only", func(e *misp.Event) { e.Distribution = misp.OwnOrganisation }, misp.ErrAudience.Error()},
		{"one community", func(e *misp.Event) { e.Distribution = misp.ThisCommunity }, misp.ErrAudience.Error()},
		{"connected communities", func(e *misp.Event) { e.Distribution = misp.ConnectedCommunities }, misp.ErrAudience.Error()},
		{"a sharing group", func(e *misp.Event) { e.Distribution = misp.SharingGroup }, misp.ErrAudience.Error()},
	} {
		t.Run(c.name, func(t *testing.T) {
			root, bad := folder(t), fed()
			c.edit(&bad)
			_, err := misp.WriteFeed(root, []misp.Event{fed(), bad})
			if err == nil || !strings.Contains(err.Error(), c.why) {
				t.Errorf("%v", err)
			}
			if files, _ := fs.ReadDir(root.FS(), "."); len(files) != 0 {
				t.Errorf("half a feed was written: %v", files)
			}
		})
	}
	if _, err := misp.WriteFeed(folder(t), []misp.Event{fed(), fed()}); err == nil || !strings.Contains(err.Error(), "twice") {
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
		if _, err := misp.WriteFeed(&full{root, left}, []misp.Event{fed()}); !errors.Is(err, errFull) {
			t.Fatalf("with room for %d files: %v", left, err)
		}
		if _, err := root.Stat("manifest.json"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("with room for %d files there is a manifest: %v", left, err)
		}
	}
}

// What MISP keeps to fewer does not get into a feed, and is listed.
func TestAPartForFewerIsLeftOut(t *testing.T) {
	for _, narrow := range []misp.Distribution{misp.OwnOrganisation, misp.ThisCommunity, misp.ConnectedCommunities, misp.SharingGroup} {
		e := fed()
		e.Attributes = []misp.Attribute{
			{UUID: attributeID, Type: "domain", Category: "Network activity", Value: "for-few.example", Distribution: narrow},
			{UUID: northID, Type: "domain", Category: "Network activity", Value: "for-all.example", Distribution: misp.InheritEvent},
		}
		few := object("domain-ip", field{"domain", "domain", "in-few.example"})
		few.Distribution = narrow
		inside := object("domain-ip", field{"domain", "domain", "inside-few.example"}, field{"hostname", "hostname", "inside-all.example"})
		inside.Attributes[0].Distribution = narrow
		e.Objects = []misp.Object{few, inside}
		e.Reports = []misp.Report{{UUID: objectID, Name: "x", Content: "report-few", Distribution: narrow}}
		issue, left, err := misp.Prepare(e, day)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(issue.File), "few") || strings.Count(string(issue.File), "-all.example") != 2 || strings.Count(string(issue.Hashes), "\n") != 2 {
			t.Errorf("%q: %s", narrow, issue.File)
		}
		var paths []string
		for _, u := range left {
			paths = append(paths, u.Path)
		}
		if got := strings.Join(paths, " "); got != "Attribute[0] Object[0] Object[1].Attribute[0] EventReport[0]" {
			t.Errorf("%q: listed are %s", narrow, got)
		}
	}
}

// MISP passes over a part of what is no newer than what it has.
func TestTimestampsGrowUpwards(t *testing.T) {
	e := fed()
	e.Timestamp = 10
	e.Objects[0].Timestamp, e.Objects[0].Attributes[0].Timestamp = 20, 30
	issue, _, err := misp.Prepare(e, day)
	if err != nil || issue.Timestamp != 30 || strings.Count(string(issue.File), `"timestamp": "30"`) != 3 || !strings.Contains(string(issue.Entry), `"timestamp":30`) {
		t.Errorf("%v, %d: %s", err, issue.Timestamp, issue.File)
	}
}

// Subscribers keep what a feed no longer says. They forget what it says is deleted.
func TestWithdrawing(t *testing.T) {
	e := fed()
	e.Reports = []misp.Report{{UUID: "f3f0c6d2-98c9-4b8e-9d7d-64e1a7a6c003", Name: "secret name", Content: "secret text"}}
	e.Objects[0].Comment = "secret comment"
	e.Objects[0].References = []misp.Reference{{UUID: "f3f0c6d2-98c9-4b8e-9d7d-64e1a7a6c004", Object: objectID, Referenced: attributeID, Type: "uses", Comment: "secret"}}
	later := day.Add(24 * time.Hour).Unix()
	issue, left, err := misp.Prepare(misp.Withdraw(e, later), day)
	if err != nil || len(left) != 0 {
		t.Fatal(err, left)
	}
	for _, secret := range []string{"192.0.2.1", "example.com", "secret", "bag", "Group C", "tlp:"} {
		if strings.Contains(string(issue.File)+string(issue.Entry), secret) {
			t.Errorf("%s is still in it: %s", secret, issue.File)
		}
	}
	events, err := misp.Read(strings.NewReader(string(issue.File)), misp.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	back := events[0]
	if issue.Timestamp != later || len(issue.Hashes) != 0 || len(back.Attributes) != 2 || len(back.Objects) != 1 {
		t.Fatalf("%+v", back)
	}
	for _, a := range append(back.Attributes, back.Objects[0].Attributes...) {
		if !a.Deleted || a.Timestamp != later || a.Value != "withdrawn" || a.ToIDs {
			t.Errorf("%+v", a)
		}
	}
	if !back.Objects[0].Deleted || !back.Objects[0].References[0].Deleted || !back.Reports[0].Deleted {
		t.Errorf("%+v", back)
	}
}
