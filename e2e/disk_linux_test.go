package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
)

const exitUnavailable = 7

// disk is a small file system of its own.
type disk struct {
	t   *testing.T
	dir string
}

// mount makes a disk of so many bytes, or skips the test.
func mount(t *testing.T, size string) disk {
	t.Helper()
	d := disk{t, t.TempDir()}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size+",mode=0700", "tmpfs", d.dir).CombinedOutput(); err != nil {
		t.Skipf("needs a disk of its own, and may not mount one: %v: %s", err, strings.TrimSpace(string(out)))
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", d.dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
	return d
}

func (d disk) path(name string) string { return filepath.Join(d.dir, name) }

// fill leaves so many bytes free.
func (d disk) fill(free int64) {
	d.t.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(d.dir, &s); err != nil {
		d.t.Fatal(err)
	}
	ballast := int64(s.Bavail)*s.Bsize - free
	if ballast <= 0 {
		d.t.Fatalf("only %d bytes were free", int64(s.Bavail)*s.Bsize)
	}
	f, err := os.Create(d.path("ballast"))
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	if err := syscall.Fallocate(int(f.Fd()), 0, 0, ballast); err != nil {
		d.t.Fatal(err)
	}
}

// clear gives the space back.
func (d disk) clear() {
	d.t.Helper()
	if err := os.Remove(d.path("ballast")); err != nil {
		d.t.Fatal(err)
	}
}

// TestFullDiskRefusesWhole fills the disk of a node and tries to bring things
// in. Each command says so in one sentence and leaves the node as it was, a
// triage excepted, which goes on from there; when there is space again, it does
// its work.
func TestFullDiskRefusesWhole(t *testing.T) {
	t.Parallel()
	d := mount(t, "24m")
	w := newWorld(t, worldOptions{northHome: d.path("north")})
	w.north.run("import", w.path("demo/north/phone.zip"))
	n := w.north.open()
	for _, args := range [][]string{
		{"import", w.bundle(1)},
		{"import", w.list(1)},
		{"triage", "E1"},
	} {
		before := state(t, n)
		d.fill(96 << 10)
		said := w.north.refused(exitUnavailable, args...)
		if !strings.Contains(said, "disk is full") {
			t.Errorf("%v: it says %q", args, said)
		}
		if now := state(t, n); args[0] != "triage" && !reflect.DeepEqual(now, before) {
			t.Errorf("%v: half of it was done: before %+v, now %+v", args, before, now)
		}
		d.clear()
		w.north.run(args...)
	}
	went := state(t, n).Counts
	w.north.run("triage", "E1", "--anew")
	if now := state(t, n).Counts; now != went {
		t.Errorf("the triage that went on came to %+v, one from the beginning to %+v", went, now)
	}
	w.north.whole()
}

// A node on a nearly full disk can still be read. One without a byte left says
// what is wrong, whatever is asked of it.
func TestFullDiskIsNamed(t *testing.T) {
	t.Parallel()
	d := mount(t, "24m")
	w := newWorld(t, worldOptions{northHome: d.path("north")})
	d.fill(96 << 10)
	w.north.run("status")
	w.north.run("ledger", "verify")
	d.clear()
	d.fill(0)
	for _, args := range [][]string{
		{"status"},
		{"watch", "add", "desk@hall.example"},
		{"user", "add", "dora"},
		{"init", "--party", "West", "--home", d.path("west")},
	} {
		if said := w.north.refused(exitUnavailable, args...); !strings.Contains(said, "disk is full") && !strings.Contains(said, "no space left") {
			t.Errorf("%v: it says %q", args, said)
		}
	}
	d.clear()
	w.north.run("watch", "add", "desk@hall.example")
	w.north.run("user", "add", "dora")
	w.north.run("init", "--party", "West", "--home", d.path("west"))
	w.north.whole()
}

// TestServeOnAFullDisk fills North's disk while South hands something over.
// North's server stays up and takes it, once, when there is space again.
func TestServeOnAFullDisk(t *testing.T) {
	t.Parallel()
	d := mount(t, "24m")
	w := newWorld(t, worldOptions{northHome: d.path("north")})
	w.south.run("import", w.path("demo/south/report.json"))
	w.south.rules(w.path("demo/south/release.rules"))
	w.serve()
	until(t, "North is served", func() bool { return strings.Contains(w.north.said(t), "serving") })
	w.south.run("release", "draft", "--to", "North", "--report", w.report(), "--text", "Look after the hall on that evening.", "--use", "protect-life-only", "--tlp", "red")
	w.south.run("release", "check", "R1")
	w.south.runAs(w.south.second, "release", "clear", "R1")
	d.fill(0)
	w.south.run("release", "send", "R1")
	until(t, "North says that its disk is full", func() bool { return strings.Contains(w.north.said(t), "the disk is full") })
	if !w.north.running() {
		t.Fatalf("North's server ended:\n%s", w.north.said(t))
	}
	d.clear()
	w.north.run("inbox", "--kind", "release.bundle", "--wait", patience.String())
	if in, acts := w.north.inbox(), w.north.ledger(); in["release.bundle applied"] != 1 || acts["South release.receive"] != 1 {
		t.Errorf("the tearline was applied %v, %v; want once", in, acts)
	}
	w.north.whole()
}

// TestRelayOnAFullDisk fills the relay's disk. Parcels wait at their senders,
// the relay stays up, and everything crosses when there is space again. Started
// on a full disk, a relay says so.
func TestRelayOnAFullDisk(t *testing.T) {
	t.Parallel()
	d := mount(t, "24m")
	w := newWorld(t, worldOptions{relayDir: d.path("relay"), relayFlags: []string{"--min-free", "65536"}})
	w.south.run("import", w.path("demo/south/watch.csv"))
	w.north.run("import", w.path("demo/south/watch.csv"))
	w.serve()
	d.fill(0)
	w.south.run("match", "propose", "--to", "North", "--kind", "phone", "--max-items", "100", "--purpose", "the same people?")
	until(t, "South says why it is held up", func() bool { return strings.Contains(w.south.said(t), "507") })
	if !w.relay.running() {
		t.Fatalf("the relay ended:\n%s", w.relay.said(t))
	}
	if s := state(t, w.south.open()); s.Counterparts[0].Parcels != 1 {
		t.Errorf("South has %d parcels waiting, want 1", s.Counterparts[0].Parcels)
	}
	r, err := finish(w.north.cmd("relay", "--dir", d.path("second"), "--listen", "127.0.0.1:0"))
	if err != nil || r.code != exitUnavailable {
		t.Errorf("a relay on a full disk: %v, exit code %d: %s", err, r.code, r.err)
	}
	d.clear()
	w.sees(w.north, "M1 +South +North +offered", "match", "list")
}
