package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"parley/demo"
)

// told is what of the demonstration's account these tests look at.
type told struct {
	Count    int
	Warnings int
	Received int
	Triage   struct{ Distinct int }
}

func play(t *testing.T, args ...string) (s told) {
	t.Helper()
	c := exec.Command(program, append([]string{"demo", "--json"}, args...)...)
	c.Env = []string{"TMPDIR=" + t.TempDir()}
	r, err := finish(c)
	if err != nil || r.code != 0 {
		t.Fatalf("parley demo: exit code %d, %v\n%s", r.code, err, r.err)
	}
	if err := json.Unmarshal([]byte(r.out), &s); err != nil {
		t.Fatalf("parley demo --json: %v\n%s", err, r.out)
	}
	return s
}

// TestDemoFollowsItsFiles runs the demonstration on its own files, and on files
// of which one says something else: South has dropped a number from its list.
// The story has one selector less that both hold, and nothing else is another.
func TestDemoFollowsItsFiles(t *testing.T) {
	t.Parallel()
	overlap, warnings := expected(t)
	before := play(t)
	if before.Count != len(overlap) || before.Received != 1 || before.Warnings != 1 || len(warnings) == 0 {
		t.Errorf("the story is %+v, want %d that both hold, one tearline and one warning", before, len(overlap))
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, demo.Files()); err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, demo.SouthWatchList)
	b, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(b), "+1 212-555-0186", "+1 212-555-0187", 1)
	if err := os.WriteFile(list, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	after, want := play(t, "--data", dir), before
	want.Count--
	if after != want {
		t.Errorf("with one number less at South: %+v, want %+v", after, want)
	}
}

// A folder that is not laid out as the demonstration's is refused, and so is a
// place to play in that holds something.
func TestDemoRefusesOtherFolders(t *testing.T) {
	t.Parallel()
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "letter.txt"), []byte("Hello."), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		flag string
		code int
	}{{"--data", 5}, {"--dir", 2}} {
		cmd := exec.Command(program, "demo", c.flag, full)
		cmd.Env = []string{"TMPDIR=" + t.TempDir()}
		r, err := finish(cmd)
		if _, one := r.sentence(); err != nil || r.code != c.code || !one || r.out != "" {
			t.Errorf("demo %s on a strange folder: %v, exit code %d, %q, %q; want exit code %d and one sentence", c.flag, err, r.code, r.out, r.err, c.code)
		}
	}
}
