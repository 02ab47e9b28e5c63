package triage_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/triage"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Each file of testdata/artifacts is evidence of its own: one of a real format
// with invented content. One that ends in .sql is the statements that make the
// database. What a run tells of it, but for hashes, stands in the file of the same
// name and .golden.
func TestArtifactsAreTold(t *testing.T) {
	names, err := filepath.Glob("testdata/artifacts/*")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, ".golden") {
			continue
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			as := filepath.Base(name)
			if base, ok := strings.CutSuffix(as, ".sql"); ok {
				as, raw = base+".db", databaseOf(t, string(raw))
			}
			r, path := runBytes(t, as, raw, us)
			golden(t, name+".golden", told(t, r))
			checkPlaces(t, path, r, us)
			checkArtifacts(t, path, r, us)
		})
	}
}

// told writes what was told in lines for a golden file.
func told(t *testing.T, r *record) string {
	t.Helper()
	var lines []string
	for _, f := range r.files {
		lines = append(lines, "file "+f.Place.String()+" "+f.Type)
	}
	for _, a := range r.artifacts {
		place := a.Place.String()
		a.Place = triage.Place{}
		raw, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		body := strings.Replace(string(raw), `"place":{"chain":null,"offset":0,"length":0},`, "", 1)
		lines = append(lines, "artifact "+place+"\n  "+body)
	}
	for _, f := range r.findings {
		lines = append(lines, "finding "+f.Place.String()+" "+f.Selector.String())
	}
	for _, f := range r.faults {
		lines = append(lines, "fault "+f.Place.String()+" "+f.Problem)
	}
	return strings.Join(lines, "\n") + "\n"
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v: run the test with -update, and read what it writes", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// checkArtifacts opens the place of each artifact again.
func checkArtifacts(t testing.TB, path string, r *record, opt triage.Options) {
	t.Helper()
	for _, a := range r.artifacts {
		if !slices.Contains(triage.ArtifactKinds(), a.Kind) {
			t.Errorf("%s is of no kind there is: %q", a.Place, a.Kind)
		}
		back, err := triage.ParsePlace(a.Place.String())
		if err != nil || !back.Equal(a.Place) {
			t.Errorf("%s reads back as %s, %v", a.Place, back, err)
			continue
		}
		if e, err := triage.Show(t.Context(), path, back, opt); err != nil || len(e.Raw) == 0 && len(e.Row) == 0 {
			t.Errorf("%s shows %+v, %v", a.Place, e, err)
		}
	}
}

// The guide shows a parser that is one: the file it is, and its line in the table.
func TestTheGuideShowsAParser(t *testing.T) {
	guide, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, ends := range map[string]string{"android_accounts.go": "package triage\n", "registry.go": "{\"accounts\", []string{\"accounts _id"} {
		code, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, shown, found := strings.Cut(string(guide), "```go\n"+ends)
		shown, _, _ = strings.Cut(shown, "\n```")
		if !found || !strings.Contains(string(code), strings.TrimSpace(ends+shown)) {
			t.Errorf("CONTRIBUTING.md does not show %s as it is: %q", name, ends+shown)
		}
	}
}

// Excel keeps the texts of cells in a part of their own, where the golden file's
// program does not; a number split over two runs is one.
func TestSharedStrings(t *testing.T) {
	raw := zipOf(t, entry{name: "[Content_Types].xml", content: "<Types/>"},
		entry{name: "xl/sharedStrings.xml", content: `<sst><si><r><t>+1 202-555</t></r><r><t>-0147</t></r></si><si><t>desk@example.org</t></si></sst>`},
		entry{name: "xl/worksheets/sheet1.xml", content: `<worksheet><c t="s"><v>12025550148</v></c><c><v>12025550149</v></c><c t="inlineStr"><is><t>t.me/lamp_light</t></is></c></worksheet>`})
	r, path := runBytes(t, "people.xlsx", raw, us)
	var found []string
	for _, f := range r.findings {
		found = append(found, f.Selector.String())
	}
	want := []string{"phone:+12025550147", "email:desk@example.org", "phone:+12025550149", "telegram:lamp_light"}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	checkPlaces(t, path, r, us)
}
