package node

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"parley/demo"
	"parley/internal/store"
	"parley/internal/triage"
)

// evidence imports a file or a folder as evidence.
func evidence(t testing.TB, n *Node, path string) int64 {
	t.Helper()
	sum, err := n.Import(t.Context(), path, "seized")
	must(t, err)
	return sum.Evidence
}

func TestTheSameEvidenceTwice(t *testing.T) {
	at := meet(t)
	phone := prop(t, demo.Phone)
	evidence(t, at.North, phone)
	b, err := os.ReadFile(phone)
	must(t, err)
	head := entries(t, at.North)
	for name, path := range map[string]string{"the file": phone, "a copy of another name": file(t, "copy.bin", b)} {
		_, err := at.North.Import(t.Context(), path, "")
		wants(t, name, err, store.ErrExists)
		if err == nil || !strings.Contains(err.Error(), "E1") {
			t.Errorf("%s: %v does not say which it is", name, err)
		}
	}
	if all, err := at.North.Evidence(t.Context()); err != nil || len(all) != 1 || all[0].Operator != "amira" || all[0].Note != "seized" {
		t.Errorf("%+v, %v", all, err)
	}
	if entries(t, at.North) != head {
		t.Error("the ledger has a line of evidence that was there already")
	}
}

func TestTriage(t *testing.T) {
	at := meet(t)
	n := at.North
	id := evidence(t, n, prop(t, demo.Phone))
	first, err := n.Triage(t.Context(), id, TriageOptions{})
	must(t, err)
	if first.Distinct == 0 || first.Summary.Files == 0 || len(first.Artifacts) == 0 {
		t.Fatalf("it found %+v", first)
	}
	all, err := n.Selectors(t.Context(), store.Scope{Evidence: id})
	must(t, err)
	if len(all) != first.Distinct {
		t.Errorf("the store lists %d selectors, the triage %d", len(all), first.Distinct)
	}
	for _, s := range all {
		found, err := n.Findings(t.Context(), s.Selector)
		must(t, err)
		f, excerpt, err := n.ShowFinding(t.Context(), found[0].ID)
		if err != nil || f.Raw == "" || reflect.ValueOf(excerpt).IsZero() {
			t.Errorf("%s at %s cannot be shown: %v", s.Selector, f.Place, err)
		}
	}
	files, err := n.Files(t.Context(), id, false)
	must(t, err)
	artifacts, err := n.Artifacts(t.Context(), id, "")
	must(t, err)

	second, err := n.Triage(t.Context(), id, TriageOptions{Workers: 1})
	must(t, err)
	second.Summary = first.Summary // how long it took differs
	if !reflect.DeepEqual(first, second) {
		t.Errorf("the second triage: %+v, the first: %+v", second, first)
	}
	again, err := n.Selectors(t.Context(), store.Scope{Evidence: id})
	must(t, err)
	if len(again) != len(all) || counted(t, n).Selectors != int64(len(all)) {
		t.Errorf("%d selectors after the second, %d after the first", len(again), len(all))
	}
	for i := range all {
		if all[i].Selector != again[i].Selector || all[i].Findings != again[i].Findings {
			t.Errorf("%s stands in %d places, and %d before", again[i].Selector, again[i].Findings, all[i].Findings)
		}
	}
	filesAgain, err := n.Files(t.Context(), id, false)
	must(t, err)
	artifactsAgain, err := n.Artifacts(t.Context(), id, "")
	must(t, err)
	if len(filesAgain) != len(files) || len(artifactsAgain) != len(artifacts) {
		t.Errorf("%d files and %d artifacts, before %d and %d", len(filesAgain), len(artifactsAgain), len(files), len(artifacts))
	}
}

func TestAFolderIsEvidence(t *testing.T) {
	at := meet(t)
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, "sub"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "sub", "note.txt"), []byte("call +1 202-555-0147"), 0o600))
	id := evidence(t, at.North, dir)
	got, err := at.North.Triage(t.Context(), id, TriageOptions{})
	must(t, err)
	found, err := at.North.Findings(t.Context(), phone(147))
	must(t, err)
	if got.Distinct != 1 || len(found) != 1 || !strings.Contains(found[0].Place, "note.txt") {
		t.Errorf("%+v, at %v", got, found)
	}
	must(t, os.WriteFile(filepath.Join(dir, "sub", "more.txt"), []byte("x"), 0o600))
	_, err = at.North.Triage(t.Context(), id, TriageOptions{})
	wants(t, "a folder with a file more", err, ErrChanged)
}

// TestEvidenceThatChanged is not read: neither anew nor to show a place.
func TestEvidenceThatChanged(t *testing.T) {
	at := meet(t)
	path := file(t, "note.md", []byte("call +1 202-555-0147"))
	id := evidence(t, at.North, path)
	_, err := at.North.Triage(t.Context(), id, TriageOptions{})
	must(t, err)
	found, err := at.North.Findings(t.Context(), phone(147))
	must(t, err)
	must(t, os.WriteFile(path, []byte("call +1 202-555-0148"), 0o600))
	_, err = at.North.Triage(t.Context(), id, TriageOptions{})
	wants(t, "triage", err, ErrChanged)
	_, _, err = at.North.ShowFinding(t.Context(), found[0].ID)
	wants(t, "showing a place", err, ErrChanged)
	if knows(t, at.North, phone(148), false) || !knows(t, at.North, phone(147), true) {
		t.Error("what was found before must stay, and nothing else come")
	}
	must(t, os.Remove(path))
	if _, err := at.North.Triage(t.Context(), id, TriageOptions{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("evidence that is gone: %v", err)
	}
	_, err = at.North.Triage(t.Context(), 99, TriageOptions{})
	wants(t, "evidence that never was", err, store.ErrNotFound)
}

// crowd is an archive with more selectors than one batch holds.
func crowd(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := range 4 {
		f, err := w.Create(fmt.Sprintf("list%d.txt", i))
		must(t, err)
		for k := range batchSize {
			_, err := fmt.Fprintf(f, "write to box%d@run%d.example today\n", k, i)
			must(t, err)
		}
	}
	must(t, w.Close())
	return file(t, "crowd.zip", b.Bytes())
}

// TestATriageThatIsStopped after its first batches leaves nothing that counts:
// no selector in a list or a match, no warning.
func TestATriageThatIsStopped(t *testing.T) {
	at := meet(t)
	n := at.North
	id := evidence(t, n, crowd(t))
	watchedMail, err := n.Selector("box7@run0.example")
	must(t, err)
	_, err = n.Watch(t.Context(), store.Watch{Selector: watchedMail, Recipient: "the hall", Imminent: true})
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	files := 0
	_, err = n.Triage(ctx, id, TriageOptions{Workers: 1, Progress: func(triage.Progress) {
		if files++; files == 3 {
			stop()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("it was not stopped: %v", err)
	}
	kept := 0
	view(t, n, func(ctx context.Context, tx *store.Tx) error {
		found, err := tx.Findings(ctx, watchedMail)
		kept = len(found)
		return err
	})
	if kept == 0 {
		t.Fatal("it was stopped before its first batch was written")
	}
	if all, err := n.Selectors(t.Context(), store.Scope{}); err != nil || len(all) != 0 {
		t.Errorf("%d selectors of a triage that was stopped, %v", len(all), err)
	}
	if sum := imported(t, n, "other.json", seen(101)); sum.Raised != 0 {
		t.Errorf("it raised %d warnings", sum.Raised)
	}
	got, err := n.Triage(t.Context(), id, TriageOptions{})
	must(t, err)
	if got.Distinct != 4*batchSize || got.Raised != 1 {
		t.Errorf("run to its end it found %d selectors and raised %d", got.Distinct, got.Raised)
	}
}
