package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"parley/demo"
	"parley/internal/views"
	"parley/selector"
)

// expected is what the demonstration must find, as its file says.
type expected struct {
	Overlap []struct {
		selector.Selector
		North string `json:"north"`
		File  string `json:"file"`
		South string `json:"south"`
	} `json:"overlap"`
	Warnings []string   `json:"warnings"`
	Stories  [][]string `json:"stories_alike"`
	Never    []string   `json:"never_leave_south"`
}

func story(ts *testscript.TestScript) (e expected) {
	b, err := fs.ReadFile(demo.Files(), demo.Expected)
	ts.Check(err)
	ts.Check(json.Unmarshal(b, &e))
	return e
}

// overlap compares a match with the story: the same selectors, each with a
// finding as it is spelt on that side, and for North in the file it stands in.
func overlap(ts *testscript.TestScript, args []string) {
	want(ts, args, 1, "overlap north|south")
	var got views.Match
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &got))
	e := story(ts)
	if len(got.Overlap) != len(e.Overlap) {
		ts.Fatalf("both hold %d, want %d", len(got.Overlap), len(e.Overlap))
	}
	for _, w := range e.Overlap {
		file, spelt := "", w.South
		if args[0] == "north" {
			// Two runs of a document, or a vCard's quoted-printable, are read as one.
			file, spelt = w.File, strings.NewReplacer("|", "", "=40", "@").Replace(w.North)
		}
		if !stands(got.Overlap, w.Selector, spelt, file) {
			ts.Fatalf("%s, spelt %q in %q, is not in what both hold", w.Selector, spelt, file)
		}
	}
}

func stands(all []views.Shared, sel selector.Selector, spelt, file string) bool {
	for _, s := range all {
		for _, f := range s.Findings {
			if s.Selector == sel && f.Raw == spelt && strings.Contains(f.Place, file) {
				return true
			}
		}
	}
	return false
}

// report finds the one report of a bundle.
func report(ts *testscript.TestScript, args []string) {
	want(ts, args, 2, "report VARIABLE FILE")
	id := regexp.MustCompile(`"id": *"(report--[^"]*)"`).FindStringSubmatch(ts.ReadFile(args[1]))
	if id == nil {
		ts.Fatalf("no report in %s", args[1])
	}
	ts.Setenv(args[0], id[1])
}

// warned compares the selectors of 'warning list' with the story.
func warned(ts *testscript.TestScript, _ []string) {
	var got []views.Warning
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &got))
	var about []string
	for _, w := range got {
		for _, s := range w.Selectors {
			_, value, _ := strings.Cut(s, ":")
			about = append(about, value)
		}
	}
	if wanted := story(ts).Warnings; !slices.Equal(slices.Sorted(slices.Values(about)), slices.Sorted(slices.Values(wanted))) {
		ts.Fatalf("the warnings are about %q, want %q", about, wanted)
	}
}

// alike compares the suggestions of 'claim list' with the story.
func alike(ts *testscript.TestScript, _ []string) {
	var got struct {
		Suggestions []struct{ A, B string } `json:"suggestions"`
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &got))
	var pairs [][]string
	for _, s := range got.Suggestions {
		pairs = append(pairs, []string{s.A, s.B})
	}
	if have, wanted := sorted(pairs), sorted(story(ts).Stories); !slices.Equal(have, wanted) {
		ts.Fatalf("alike are %q, want %q", have, wanted)
	}
}

func sorted(pairs [][]string) []string {
	var all []string
	for _, p := range pairs {
		all = append(all, strings.Join(slices.Sorted(slices.Values(p)), " "))
	}
	slices.Sort(all)
	return all
}

// stamps are times of the run itself, which may well hold "03:12".
var stamps = regexp.MustCompile(`\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?`)

// never looks for what must not leave South in files, and in every file of a
// folder.
func never(ts *testscript.TestScript, args []string) {
	want(ts, args, 1, "never PATH…")
	words := story(ts).Never
	looked := 0
	for _, name := range args {
		err := filepath.WalkDir(ts.MkAbs(name), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			b = stamps.ReplaceAll(b, nil)
			looked++
			for _, w := range words {
				if bytes.Contains(bytes.ToLower(b), bytes.ToLower([]byte(w))) {
					ts.Fatalf("%q stands in %s", w, path)
				}
			}
			return nil
		})
		ts.Check(err)
	}
	if looked == 0 || len(words) == 0 {
		ts.Fatalf("nothing was looked at")
	}
}
