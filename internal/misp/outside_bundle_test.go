package misp_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/misp"
	"parley/stix"
)

func TestBundlesOfMISPsConverter(t *testing.T) {
	root, path := outside(t, "PARLEY_MISP_STIX", "a checkout of MISP/misp-stix"), pymisp(t)
	dir := t.TempDir()
	wrong, n := python(t, "", "bundles", root, dir)
	complain(t, wrong, n)
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(filepath.Join(root, "tests", "*stix21.json"))
	if err != nil || len(more) == 0 {
		t.Fatal(err, more)
	}
	events, empty := map[string]misp.Event{}, 0
	for _, name := range append(files, more...) {
		e, listed := bundled(t, name)
		if len(e.Attributes)+len(e.Objects)+len(e.Galaxies)+len(e.Reports) == 0 {
			if empty++; len(listed) == 0 {
				t.Errorf("%s: nothing came of it, and nothing is listed", filepath.Base(name))
			}
		}
		events[strings.TrimSuffix(filepath.Base(name), ".json")] = e
	}
	t.Logf("%d bundles, %d of them empty", len(events), empty)
	wrong, checked := python(t, path, "events", inFolder(t, events))
	complain(t, wrong, checked)
}

// bundled reads a bundle and makes an event of it.
func bundled(t *testing.T, name string) (misp.Event, []misp.Unmapped) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var objects []stix.Object
	if _, err := stix.ReadBundle(bytes.NewReader(data), stix.Limits{}, func(o stix.Object) error {
		objects = append(objects, o)
		return nil
	}); err != nil {
		t.Errorf("%s: %v", filepath.Base(name), err)
	}
	heading := plain()
	e, listed, err := misp.FromSTIX(objects, misp.Options{Key: []byte("a key of the test's own"), Heading: &heading})
	if err != nil {
		t.Errorf("%s: %v", filepath.Base(name), err)
	}
	return e, listed
}

// template is a definition of MISP/misp-objects.
type template struct {
	Name         string `json:"name"`
	UUID         string `json:"uuid"`
	Version      int    `json:"version"`
	MetaCategory string `json:"meta-category"`
	Description  string `json:"description"`
	Attributes   map[string]struct {
		Type string `json:"misp-attribute"`
	} `json:"attributes"`
}

// likely are values that fit some types; the others take any text.
var likely = map[string]string{
	"float": "12.5", "datetime": "2026-02-01T08:00:00.000000+00:00", "counter": "7", "integer": "7", "size-in-bytes": "1024", "boolean": "1", "port": "443",
	"first-name": "Tobin", "last-name": "Marr", "middle-name": "X", "date-of-birth": "1999-09-09", "hex": "0a", "mime-type": "text/plain", "uuid": attributeID,
}
