package release_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/internal/release"
)

// corpus is testdata/corpus: reports as analysts of four fields write them, half of them with one leak
// planted on purpose. In a planted text the leak stands between ⟦ and ⟧, which are taken out.
type corpus struct {
	Field   string   `json:"field"`
	HeldOut bool     `json:"held_out"` // written after the rules, to see what they find of what they do not know
	IDs     []string `json:"ids"`
	Sources []string `json:"sources"`
	Never   []string `json:"never"`
	Raw     []string `json:"raw"`
	Figures []int64  `json:"figures"`
	Cleared []string `json:"cleared"`
	Planted []planted
	Clean   []leakCase
}

type planted struct {
	Kind    string `json:"kind"`
	Picture string `json:"picture"` // one of secretPictures, put into the bundle as it is
	Attach  string `json:"attach"`  // the beginning of a document that goes with the tearline
	leakCase
}

// corpusKinds are the ways in which a tearline says too much, in the order of the table.
var corpusKinds = []string{
	"original id", "id in a URL", "id in base64", "id in hex", "id percent-encoded", "id in a file name", "original hash",
	"source name", "never-list", "shared words", "selector",
	"time in figures", "time in words", "coordinates", "place in words",
	"hidden character", "look-alike letter", "spacing",
	"picture", "document", "custom property", "reference", "order", "count", "size",
}

func readCorpus(t testing.TB) []corpus {
	t.Helper()
	files, err := filepath.Glob("testdata/corpus/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []corpus
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var c corpus
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields()
		if err := d.Decode(&c); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, c)
	}
	for i, c := range all {
		if c.HeldOut {
			all[i] = all[slices.IndexFunc(all, func(of corpus) bool { return of.Field == c.Field && !of.HeldOut })]
			all[i].Planted, all[i].Clean = c.Planted, c.Clean
		}
	}
	return all
}

// blocking returns the findings that stop a case.
func (c corpus) blocking(t testing.TB, lc leakCase) []release.Finding {
	t.Helper()
	lc.Cleared = append(slices.Clone(lc.Cleared), c.Cleared...)
	tearline, s := lc.build(t)
	s.OriginalIDs = append(s.OriginalIDs, c.IDs...)
	s.SourceNames = append(s.SourceNames, c.Sources...)
	s.NeverList = append(s.NeverList, c.Never...)
	s.RawTexts = append(s.RawTexts, c.Raw...)
	s.Figures = append(s.Figures, c.Figures...)
	return slices.DeleteFunc(release.Check(tearline, s), func(f release.Finding) bool { return !f.Blocking })
}

// withLeak returns the case as the analyst wrote it, and without what was planted.
func (p planted) withLeak() (with, without leakCase) {
	with, without = p.leakCase, p.leakCase
	without.Edits = nil
	for _, text := range []func(*leakCase) *string{
		func(c *leakCase) *string { return &c.Title },
		func(c *leakCase) *string { return &c.Text },
		func(c *leakCase) *string { return &c.Descriptor },
	} {
		*text(&with) = strings.NewReplacer("⟦", "", "⟧", "").Replace(*text(&p.leakCase))
		*text(&without) = harmless(*text(&p.leakCase))
	}
	return with, without
}

// harmless puts nothing, or a word, in the place of what was planted.
func harmless(text string) string {
	for {
		before, rest, found := strings.Cut(text, "⟦")
		if !found {
			return text
		}
		_, after, _ := strings.Cut(rest, "⟧")
		word := "something"
		if !strings.HasSuffix(before, " ") && before != "" {
			word = ""
			if strings.HasSuffix(before, ".") && !strings.HasPrefix(after, " ") {
				word = " "
			}
		}
		text = before + word + after
	}
}

// tally counts the cases of one kind, and of them those that were stopped.
type tally struct{ cases, stopped int }

// TestCorpus plants every leak of the corpus and reads every clean report. What was found stands as a table
// in docs/analyst/leaks.md; it may not get worse, and no leak passes.
func TestCorpus(t *testing.T) {
	byKind, byField := map[string]*tally{}, map[string]*tally{}
	for _, kind := range corpusKinds {
		byKind[kind] = &tally{}
	}
	clean := tally{}
	for _, c := range readCorpus(t) {
		for _, p := range c.Planted {
			k := byKind[p.Kind]
			if k == nil {
				t.Fatalf("%s: %s is of an unknown kind %q", c.Field, p.Name, p.Kind)
			}
			k.cases++
			if c.plant(t, p) {
				k.stopped++
			}
		}
		if byField[c.Field] == nil {
			byField[c.Field] = &tally{}
		}
		for _, lc := range c.Clean {
			byField[c.Field].cases++
			clean.cases++
			for i, f := range c.blocking(t, lc) {
				t.Logf("%s: clean: %s: stopped by %s: %s", c.Field, lc.Name, f.Rule, f.Excerpt)
				if i == 0 {
					byField[c.Field].stopped++
					clean.stopped++
				}
			}
		}
	}
	all := tally{}
	for _, k := range byKind {
		all.cases += k.cases
	}
	if all.cases < 60 || clean.cases < 60 || clean.stopped > 2 {
		t.Errorf("%d planted, %d clean, of which %d stopped: at least 60 of each and at most 2 stopped", all.cases, clean.cases, clean.stopped)
	}
	inPage(t, "../../docs/analyst/leaks.md", tables(byKind, byField))
}

// plant says whether a planted leak is stopped, and sees that nothing else in the report is.
func (c corpus) plant(t *testing.T, p planted) bool {
	t.Helper()
	with, without := p.withLeak()
	for _, f := range c.blocking(t, without) {
		t.Errorf("%s: %s: %s: stopped without the leak, by %s: %s: %s", c.Field, p.Kind, p.Name, f.Rule, f.Excerpt, without.Text)
	}
	var stopped bool
	switch {
	case p.Picture != "":
		stopped = pictureIsStopped(t, p.Picture)
	case p.Attach != "":
		_, _, err := released(t, []byte(p.Attach))
		stopped = errors.Is(err, release.ErrPicture)
	default:
		stopped = len(c.blocking(t, with)) > 0
	}
	if !stopped {
		t.Errorf("%s: %s: %s: passes: %s", c.Field, p.Kind, p.Name, with.Text)
	}
	return stopped
}

// pictureIsStopped says whether nothing of a file comes along when it is attached, and whether the check stops
// it had it got into the bundle as it is.
func pictureIsStopped(t *testing.T, name string) bool {
	t.Helper()
	file, known := secretPictures(t)[name]
	if !known {
		t.Fatalf("no picture is called %q", name)
	}
	tearline, drawn, err := released(t, file)
	if err != nil {
		t.Fatal(err)
	}
	mime, _, _ := strings.Cut(name, ":")
	tampered := edit{Op: "set", Type: "artifact", Path: "payload_bin", Value: base64.StdEncoding.EncodeToString(file)}.apply(t, tearline.Bundle)
	tampered = edit{Op: "set", Type: "artifact", Path: "mime_type", Value: "image/" + mime}.apply(t, tampered)
	return !bytes.Contains(drawn[0], []byte("Orchid")) && blockedBy(release.Check(release.Tearline{Bundle: tampered}, secrets(t)), "picture")
}

func tables(byKind, byField map[string]*tally) string {
	var b strings.Builder
	row := func(name string, k tally) { fmt.Fprintf(&b, "| %s | %d | %d |\n", name, k.cases, k.stopped) }
	table := func(head string, names []string, of map[string]*tally) {
		b.WriteString("| " + head + " |\n|---|---|---|\n")
		all := tally{}
		for _, name := range names {
			row(name, *of[name])
			all.cases += of[name].cases
			all.stopped += of[name].stopped
		}
		row("**all**", all)
	}
	table("planted kind of leak | reports | stopped", corpusKinds, byKind)
	b.WriteString("\n")
	table("clean reports on | reports | stopped", slices.Sorted(maps.Keys(byField)), byField)
	return b.String()
}

// inPage compares a text with what stands between two marks in a page, or writes it there with -update.
func inPage(t *testing.T, page, text string) {
	t.Helper()
	const begin, end = "<!-- corpus -->\n", "<!-- end of corpus -->"
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(data), begin)
	old, after, ok2 := strings.Cut(rest, end)
	switch {
	case !ok1 || !ok2:
		t.Fatalf("%s: the marks %q and %q are not in it", page, begin, end)
	case *update:
		if err := os.WriteFile(page, []byte(before+begin+text+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	case old != text:
		t.Errorf("%s differs; run with -update and read the difference.\ngot:\n%s", page, text)
	}
}
