package node

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/demo"
	"parley/internal/store"
	"parley/selector"
	"parley/stix/stixtest"
)

// results writes out what the triage of evidence found.
func results(t testing.TB, n *Node, e ResultExport) (string, ExportedResults) {
	t.Helper()
	var text bytes.Buffer
	e.To = "a file"
	out, err := n.ExportResults(t.Context(), e, &text)
	must(t, err)
	return text.String(), out
}

// copies is a folder in which the same bytes lie in three places, and a like text in
// a fourth.
func copies(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.txt": "call +1 202-555-0147 now", "b/a.txt": "call +1 202-555-0147 now", "c.txt": "call +1 202-555-0147 now",
		"d.txt": "or +1 (202) 555-0147, or @lamp_lighter",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		must(t, os.MkdirAll(filepath.Dir(path), 0o700))
		must(t, os.WriteFile(path, []byte(text), 0o600))
	}
	return dir
}

func TestResultsAreFolded(t *testing.T) {
	n := meet(t).North
	id := evidence(t, n, copies(t))
	_, err := n.Results(t.Context(), id, "")
	wants(t, "before a triage", err, store.ErrNotFound)
	_, err = n.Triage(t.Context(), id, TriageOptions{})
	must(t, err)
	got, err := n.Results(t.Context(), id, "")
	must(t, err)
	if len(got.Files) != 2 || len(got.Files[0].Places) != 3 || got.Summary.Files != 4 {
		t.Errorf("files: %+v", got.Files)
	}
	if len(got.Selectors) != 2 || got.Selectors[0].Selector != phone(147) {
		t.Fatalf("selectors: %+v", got.Selectors)
	}
	s := got.Selectors[0]
	if s.Findings != 4 || len(s.Contexts) != 2 || len(s.Contexts[0].Places) != 3 || s.Contexts[0].Places[0].SHA256 != got.Files[0].SHA256 || s.Confidence != selector.High {
		t.Errorf("%+v", s)
	}
	sure, err := n.Results(t.Context(), id, selector.High)
	must(t, err)
	if len(sure.Selectors) != 1 || got.Selectors[1].Confidence != selector.Low {
		t.Errorf("at least high: %+v; all: %+v", sure.Selectors, got.Selectors)
	}
	for scope, want := range map[selector.Confidence]int{"": 2, selector.Low: 2, selector.Moderate: 1, selector.High: 1} {
		if all, err := n.Selectors(t.Context(), store.Scope{Confidence: scope}); err != nil || len(all) != want {
			t.Errorf("at least %q: %+v, %v", scope, all, err)
		}
	}
}

func TestResultsAsSTIX(t *testing.T) {
	n := meet(t).North
	id := evidence(t, n, prop(t, demo.Phone))
	_, err := n.Triage(t.Context(), id, TriageOptions{})
	must(t, err)
	text, out := results(t, n, ResultExport{Evidence: id, Format: STIX})
	var bundle struct {
		Objects []struct {
			Type     string
			ID       string
			Observed []string `json:"object_refs"`
			Contains []string `json:"contains_refs"`
			Number   int      `json:"number_observed"`
		}
	}
	must(t, json.Unmarshal([]byte(text), &bundle))
	observed, files, inFiles, ids := 0, 0, 0, map[string]bool{}
	for _, o := range bundle.Objects {
		ids[o.ID] = true
	}
	for _, o := range bundle.Objects {
		for _, ref := range append(o.Observed, o.Contains...) {
			if !ids[ref] {
				t.Errorf("%s refers to %s, which is not in the bundle", o.ID, ref)
			}
		}
		switch o.Type {
		case "observed-data":
			observed += o.Number
		case "file":
			files, inFiles = files+1, inFiles+len(o.Contains)
		}
	}
	if observed != out.Findings || out.Findings == 0 || files == 0 || inFiles < out.Selectors {
		t.Errorf("%+v: %d seen, %d files with %d selectors", out, observed, files, inFiles)
	}
	stixtest.Validate(t, []byte(text))
	if got := ledgerOf(t, n, "evidence.export"); len(got) != 1 || !strings.Contains(got[0], "a file") {
		t.Errorf("the ledger says %q", got)
	}
	other := meet(t).South
	if _, err := other.Import(t.Context(), file(t, "phone.stix", []byte(text)), ""); err != nil {
		t.Errorf("it does not come in at another node: %v", err)
	}
}

func TestResultsAsTableAndJSON(t *testing.T) {
	n := meet(t).North
	dir := copies(t)
	must(t, os.WriteFile(filepath.Join(dir, "=run().txt"), []byte("=cmd|' /C x'!A0 write to lamp@hall.example"), 0o600))
	id := evidence(t, n, dir)
	_, err := n.Triage(t.Context(), id, TriageOptions{})
	must(t, err)
	table, out := results(t, n, ResultExport{Evidence: id, Format: CSV})
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	must(t, err)
	if len(rows) != 1+out.Findings || len(rows[0]) != 8 {
		t.Errorf("%d rows of %d findings: %s", len(rows), out.Findings, table)
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
		if len(row[7]) != 64 || row[3] == "" {
			t.Errorf("%q has no hash of the file, or no confidence", row)
		}
	}
	text, _ := results(t, n, ResultExport{Evidence: id, Format: JSON})
	var got resultsJSON
	must(t, json.Unmarshal([]byte(text), &got))
	r, err := n.Results(t.Context(), id, "")
	must(t, err)
	if d := cmp.Diff(r.Selectors, got.Selectors); d != "" || len(got.Custody) < 3 || len(got.Files) != 3 {
		t.Errorf("%d links, %d files, %s", len(got.Custody), len(got.Files), d)
	}
	if again, _ := results(t, n, ResultExport{Evidence: id, Format: CSV}); again != table {
		t.Error("a second time it is another table")
	}
	if _, err := n.ExportResults(t.Context(), ResultExport{Evidence: id, Format: MISP}, nil); err == nil {
		t.Error("it was written as an event")
	}
}
