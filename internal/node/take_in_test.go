package node

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/store"
)

// A file that comes as a stream is what it is: a list is read and gone, evidence
// stays in the node's folder under its name, once.
func TestTakeIn(t *testing.T) {
	n := meet(t).North
	got, err := n.TakeIn(t.Context(), `C:\desk\watch.csv`, strings.NewReader("value\n+1 202-555-0147\n"), ImportOptions{})
	if err != nil || got.Kind != "list" || got.Source != "watch.csv" || got.Selectors != 1 {
		t.Fatalf("a list came to %+v, %v", got, err)
	}
	if _, err := os.Stat(filepath.Join(n.home, evidenceFolder)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("of a list something stayed: %v", err)
	}
	for _, again := range []bool{false, true} {
		got, err = n.TakeIn(t.Context(), "../../phone\u202e.bin", strings.NewReader("\x00\x01 call +1 202-555-0148"), ImportOptions{Note: "from the hall"})
		if again != errors.Is(err, store.ErrExists) {
			t.Fatalf("again %v: %+v, %v", again, got, err)
		}
	}
	all, err := n.Evidence(t.Context())
	if err != nil || len(all) != 1 || all[0].Name != "phone_.bin" || all[0].Note != "from the hall" || !strings.HasPrefix(all[0].Path, n.home) {
		t.Fatalf("the evidence is %+v, %v", all, err)
	}
	if _, err := n.Triage(t.Context(), 1, TriageOptions{}); err != nil {
		t.Error(err)
	}
	kept, err := filepath.Glob(filepath.Join(n.home, evidenceFolder, "*"))
	if err != nil || len(kept) != 1 {
		t.Errorf("the folder holds %q, %v: the second copy stayed", kept, err)
	}
}

// What was not whole when the node was killed is gone when it is served again,
// and a stream that breaks off leaves nothing.
func TestUnfinishedStreams(t *testing.T) {
	n := meet(t).North
	left := filepath.Join(n.home, evidenceFolder, unfinished+"1")
	if err := os.MkdirAll(left, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := n.forgetUnfinished(); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("it broke off")
	first := strings.NewReader(strings.Repeat("\x00", 1<<20))
	if _, err := n.TakeIn(t.Context(), "disk.img", reader(func(p []byte) (int, error) {
		if n, err := first.Read(p); err == nil {
			return n, nil
		}
		return 0, broken
	}), ImportOptions{}); !errors.Is(err, broken) {
		t.Errorf("a stream that breaks off: %v", err)
	}
	if _, err := n.TakeIn(t.Context(), "nothing", strings.NewReader(""), ImportOptions{}); err == nil {
		t.Error("nothing was taken in")
	}
	if kept, err := filepath.Glob(filepath.Join(n.home, evidenceFolder, "*")); err != nil || len(kept) > 0 {
		t.Errorf("the folder holds %q, %v", kept, err)
	}
}

func TestFileNames(t *testing.T) {
	for name, want := range map[string]string{
		"": "file", "..": "file", "/etc/passwd": "passwd", "a\x00b\n.db": "a_b_.db", ".profile": "profile",
		strings.Repeat("é", 200) + ".zip": strings.Repeat("é", 98) + ".zip", "\xff.x": "_.x", "خبر.txt": "خبر.txt",
	} {
		if got := fileName(name); got != want {
			t.Errorf("%q is called %q, want %q", name, got, want)
		}
	}
}
