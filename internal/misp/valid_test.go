package misp_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"parley/internal/misp"
	"parley/stix"
	"parley/stix/stixtest"
)

// TestOASISFindsEventsValid has OASIS's own validator judge the objects that this package's own events
// become.
func TestOASISFindsEventsValid(t *testing.T) {
	files, err := filepath.Glob("testdata/*event*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no events to judge", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			events, err := misp.Read(bytes.NewReader(text), misp.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				objects, _, err := misp.ToSTIX(e, misp.Options{})
				if err != nil {
					t.Fatal(err)
				}
				var b bytes.Buffer
				if err := stix.WriteBundle(&b, "bundle--2f1cf3a2-6dd7-4c0a-9a0e-0d4b6f1f5b10", objects); err != nil {
					t.Fatal(err)
				}
				stixtest.Validate(t, b.Bytes())
			}
		})
	}
}
