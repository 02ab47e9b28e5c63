package demo_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"parley/demo"
)

// Every file is described, and every description has its file.
func TestListIsComplete(t *testing.T) {
	var there []string
	err := fs.WalkDir(demo.Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			there = append(there, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, f := range demo.List() {
		listed = append(listed, f.Path)
		if f.Party == "" || f.Format == "" || !strings.HasSuffix(f.What, ".") {
			t.Errorf("%s: party, format or sentence missing", f.Path)
		}
	}
	slices.Sort(there)
	slices.Sort(listed)
	if !slices.Equal(there, listed) {
		t.Errorf("files %q, described %q", there, listed)
	}
}

// The demonstration is part of every copy of the program.
func TestFilesStaySmall(t *testing.T) {
	const most = 1_500_000
	var total int64
	for _, f := range demo.List() {
		info, err := fs.Stat(demo.Files(), f.Path)
		if err != nil {
			t.Error(err)
			continue
		}
		total += info.Size()
	}
	if total > most {
		t.Errorf("the files take %d bytes; keep them under %d", total, most)
	}
}
