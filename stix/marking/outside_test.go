package marking_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/stix"
	"parley/stix/marking"
)

// TestPublishedExamplesAreUnderstood reads the marking definitions in the examples that OASIS publishes beside the
// definitions of the extensions.
func TestPublishedExamplesAreUnderstood(t *testing.T) {
	checkout := os.Getenv("PARLEY_STIX_COMMON_OBJECTS")
	if checkout == "" {
		t.Skip("set PARLEY_STIX_COMMON_OBJECTS to a checkout of oasis-open/cti-stix-common-objects")
	}
	read := map[string]int{}
	err := filepath.WalkDir(filepath.Join(checkout, "extension-definition-specifications"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Base(filepath.Dir(path)) != "examples" || filepath.Ext(path) != ".json" {
			return err
		}
		kind := kindOf(filepath.Base(filepath.Dir(filepath.Dir(path))))
		if kind == "" {
			return nil
		}
		for _, o := range objectsIn(t, path) {
			if o.Type() != "marking-definition" {
				continue
			}
			if m := marking.Parse(o); m.Unknown != "" {
				t.Errorf("%s: %s %s", path, o.ID(), m.Unknown)
			}
			read[kind]++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("read %v", read)
	for _, kind := range []string{"acs", "iep", "pap"} {
		if read[kind] == 0 {
			t.Errorf("there are no examples of %s", kind)
		}
	}
}

// kindOf tells which extension a folder is about, or "" for another than those read here.
func kindOf(folder string) string {
	for _, kind := range []string{"acs", "iep", "pap", "tlp"} {
		if strings.HasPrefix(folder, kind+"-") {
			return kind
		}
	}
	return ""
}

// objectsIn reads a bundle, or one object.
func objectsIn(t *testing.T, path string) (all []stix.Object) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if o, err := stix.ParseObject(text); err == nil {
		return []stix.Object{o}
	}
	_, err = stix.ReadBundle(bytes.NewReader(text), stix.Limits{}, func(o stix.Object) error {
		all = append(all, o)
		return nil
	})
	if err != nil {
		t.Logf("%s is passed over: %v", path, err)
	}
	return all
}
