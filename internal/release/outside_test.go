package release_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/release"
	"parley/stix"
	"parley/stix/stixtest"
)

// sharedData returns a file of the test data that lies beside the repository, or skips.
func sharedData(t *testing.T, file string) []byte {
	t.Helper()
	root := os.Getenv("PARLEY_SHARED_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	data, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Skipf("%s is not here; set PARLEY_SHARED_DATA to the folder of shared test data", file)
	}
	return data
}

// TestPublishedBundle releases a large bundle that others made: none of its texts and ids are in the
// tearline, and the receiver accepts it.
func TestPublishedBundle(t *testing.T) {
	report := readObjects(t, sharedData(t, "stix/ics-attack-18.1.json"))
	req := request(t)
	req.Policy.MaxObjects = release.MaxObjects
	tearline, err := release.Build(report, req, fixed())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := release.Verify(tearline.Bundle); err != nil {
		t.Error(err)
	}
	for _, o := range report {
		if _, uuid, _ := strings.Cut(string(o.ID()), "--"); bytes.Contains(tearline.Bundle, []byte(uuid)) && o.Type() != "marking-definition" {
			t.Errorf("%s is in the tearline", o.ID())
		}
		if text, _ := o.String("description"); len(text) > 40 && bytes.Contains(tearline.Bundle, []byte(text[:40])) {
			t.Errorf("the description of %s is in the tearline", o.ID())
		}
	}
	if len(tearline.Map) == 0 {
		t.Error("nothing was released")
	}
}

// TestOASISFindsTearlinesValid has OASIS's own validator judge tearlines: the demonstration's kind, one
// of a large published bundle, one of words alone, and each of random reports.
func TestOASISFindsTearlinesValid(t *testing.T) {
	reports := map[string][]stix.Object{"words": nil, "the report": readReport(t)}
	if data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "stix", "ics-attack-18.1.json")); err == nil {
		reports["a published bundle"] = readObjects(t, data)
	}
	for name, report := range reports {
		for _, author := range []release.Author{{}, {ID: "identity--2a77dc5a-01e4-44f2-9365-86214695ea56", Since: fixed().Now}} {
			req := request(t)
			req.Policy.MaxObjects, req.Author = release.MaxObjects, author
			req.Pictures = []release.Picture{{File: asPNG(t, view(40, 30))}, {File: asJPEG(t, view(40, 30))}}
			tearline, err := release.Build(report, req, fixed())
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			stixtest.Validate(t, tearline.Bundle)
		}
	}
}
