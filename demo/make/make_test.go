package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"parley/demo"
)

// What is committed is what the program makes, byte for byte. After a change
// of the story, or of a part whose version SQLite, JPEG or DEFLATE write into
// the files, run the program again and look at the difference.
func TestFilesAreCurrent(t *testing.T) {
	made := maps.Clone(built(t))
	for _, f := range demo.List() {
		committed, err := fs.ReadFile(demo.Files(), f.Path)
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.Equal(committed, made[f.Path]) {
			t.Errorf("%s is not what the program makes: run go run ./demo/make -out demo/files", f.Path)
		}
		delete(made, f.Path)
	}
	for _, path := range slices.Sorted(maps.Keys(made)) {
		t.Errorf("%s is made and not described by demo.List", path)
	}
}

// A second making, through the program's own door, gives the same bytes.
func TestRunWritesTheFiles(t *testing.T) {
	out := t.TempDir()
	if err := run(out); err != nil {
		t.Fatal(err)
	}
	for path, want := range built(t) {
		got, err := os.ReadFile(filepath.Join(out, path))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: written %d bytes, want %d (%v)", path, len(got), len(want), err)
		}
	}
}

func TestRunSaysWhereItFails(t *testing.T) {
	out := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(out, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(out); err == nil {
		t.Error("writing into a file that is no folder went well")
	}
}

// once keeps what build makes: tests read it and never change it.
var once = sync.OnceValues(build)

func built(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := once()
	if err != nil {
		t.Fatal(err)
	}
	return files
}
