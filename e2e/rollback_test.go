package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// copyNode copies a node's folder, as an administrator copies it while nothing runs.
func copyNode(t *testing.T, to, from string) {
	t.Helper()
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(to, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chmod(path, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(to, 0o700); err != nil {
		t.Fatal(err)
	}
}

// TestRollbackIsToldAndMended puts North's disk back to yesterday's copy. North learns it from South's next parcel, people
// are told in words what to do, and when they have done it the two go on.
func TestRollbackIsToldAndMended(t *testing.T) {
	t.Parallel()
	w := newWorld(t, worldOptions{relayFlags: []string{"--plain"}})
	w.north.run("import", w.path("demo/north/phone.zip"))
	w.north.run("triage", "E1")
	w.south.run("import", w.path("demo/south/watch.csv"))
	w.serve()
	propose := func(number string) {
		t.Helper()
		w.south.run("match", "propose", "--to", "North", "--kind", "phone", "--max-items", "100", "--purpose", "the same people?")
		w.sees(w.north, `(?m)^`+number+` +South +North +offered`, "match", "list")
	}
	waits := func() int64 {
		return read[struct {
			Counterparts []struct {
				Parcels int64 `json:"parcels_waiting"`
			}
		}](w.south, "status").Counterparts[0].Parcels
	}
	halt := func(p *party) {
		t.Helper()
		if err := p.end(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
	}
	propose("M1")
	until(t, "North has said that it took it", func() bool { return waits() == 0 })
	halt(w.north)
	yesterday := w.path("yesterday")
	copyNode(t, yesterday, w.north.home)
	if err := w.north.start(); err != nil {
		t.Fatal(err)
	}
	propose("M2")
	until(t, "North has said that it took it", func() bool { return waits() == 0 })
	halt(w.north)
	copyNode(t, w.north.home, yesterday)
	if err := w.north.start(); err != nil {
		t.Fatal(err)
	}

	// Nobody is told until South seals something: then North knows.
	w.south.run("match", "propose", "--to", "North", "--kind", "phone", "--max-items", "100", "--purpose", "are you there?")
	w.sees(w.north, `The channel with South cannot go on: .*this node was put back to an old copy`, "status")
	w.sees(w.north, `write introductions anew on both sides: parley introduce --to South --anew`, "status")
	r, err := finish(w.north.cmd("doctor"))
	if err != nil || r.code != 1 || !strings.Contains(r.out, "put back to an old copy") {
		t.Errorf("doctor ends with %d and says %q (%v)", r.code, r.out, err)
	}
	if n := w.north.ledger()["South channel.broken"]; n != 1 {
		t.Errorf("the ledger says so %d times", n)
	}

	// They do as they were told, and the two go on.
	w.north.run("introduce", "--to", "South", "--anew", "--out", w.path("north.intro"))
	w.south.run("introduce", "--to", "North", "--anew", "--out", w.path("south.intro"))
	digits := read[struct{ Fingerprint string }](w.north, "counterpart", "add", w.path("south.intro")).Fingerprint
	if got := read[struct{ Fingerprint string }](w.south, "counterpart", "add", w.path("north.intro")).Fingerprint; got != digits {
		t.Errorf("the digits differ: %s and %s", digits, got)
	}
	w.north.run("counterpart", "verify", "South", digits)
	w.south.run("counterpart", "verify", "North", digits)
	propose("M2") // the second that North, as it is now, has seen
	if out := w.north.run("status"); strings.Contains(out, "cannot go on") {
		t.Errorf("after the introduction status says %q", out)
	}
	for _, p := range []*party{w.north, w.south} {
		p.whole()
	}
}
