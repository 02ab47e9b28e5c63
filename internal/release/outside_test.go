package release_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/release"
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
