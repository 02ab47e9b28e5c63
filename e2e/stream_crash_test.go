package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// flow is what 'parley match show --json' says of a match under way.
type flow struct {
	State    string `json:"state"`
	Ours     int    `json:"ours"`
	Count    int    `json:"count"`
	Alarm    string `json:"alarm"`
	Progress struct {
		Stage string `json:"stage"`
		Done  int    `json:"done"`
		Total int    `json:"total"`
	} `json:"progress"`
	Overlap []struct{} `json:"overlap"`
}

func (p *party) flow() (f flow) {
	p.w.t.Helper()
	if err := json.Unmarshal([]byte(p.run("match", "show", "M1", "--json")), &f); err != nil {
		p.w.t.Fatal(err)
	}
	return f
}

// list writes and takes in a list of e-mail addresses.
func (p *party) list(from, to int) {
	p.w.t.Helper()
	var lines strings.Builder
	for i := range to - from {
		fmt.Fprintf(&lines, "user%d@example.org\n", from+i)
	}
	file := p.w.path(p.name + ".txt")
	if err := os.WriteFile(file, []byte(lines.String()), 0o600); err != nil {
		p.w.t.Fatal(err)
	}
	p.run("import", file)
}

// TestAnOverlapUnderWaySurvivesKillAfterKill kills the two nodes in turn, a
// moment after the last one was served again, for as long as the overlap goes on.
func TestAnOverlapUnderWaySurvivesKillAfterKill(t *testing.T) {
	t.Parallel()
	w := newWorld(t, worldOptions{})
	w.north.list(0, 1500)
	w.south.list(500, 1800)
	for _, p := range []*party{w.north, w.south} {
		if err := p.start(); err != nil {
			t.Fatal(err)
		}
	}
	w.north.run("match", "propose", "--to", "South", "--kind", "email", "--purpose", "threat to life", "--max-items", "1500")
	until(t, "the proposal", func() bool { return strings.Contains(w.south.run("match", "list"), "offered") })
	w.south.run("match", "accept", "M1")
	until(t, "the acceptance", func() bool { return w.north.flow().State == "accepted" })
	w.north.run("match", "run", "M1", "--wait", "0")
	kills, at, moved := 0, "", 0
	for both := []*party{w.north, w.south}; ; kills++ {
		victim := both[kills%2]
		time.Sleep(150 * time.Millisecond)
		_ = victim.end(syscall.SIGKILL) // killed is how it ends
		f := victim.flow()
		if f.State == "done" || kills == 12 {
			break
		}
		if now := fmt.Sprint(f.Progress); f.Progress.Stage != "" && now != at {
			at, moved = now, moved+1
		}
		t.Logf("killed %s: %s, %d of %d", victim.name, f.Progress.Stage, f.Progress.Done, f.Progress.Total)
		served := strings.Count(victim.said(t), "msg=serving")
		if err := victim.start(); err != nil {
			t.Fatal(err)
		}
		until(t, "it is served again", func() bool { return strings.Count(victim.said(t), "msg=serving") > served })
	}
	t.Logf("%d kills; %d times the overlap had come further and was not done", kills, moved)
	if moved < 3 {
		t.Errorf("the overlap was killed under way %d times only", moved)
	}
	for _, p := range []*party{w.north, w.south} {
		if !p.running() {
			if err := p.start(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, p := range []*party{w.north, w.south} {
		var f flow
		until(t, p.name+" to be done", func() bool { f = p.flow(); return f.State == "done" })
		if f.Count != 1000 || len(f.Overlap) != 1000 || f.Alarm != "" || f.Progress.Done != f.Ours {
			t.Errorf("%s: count %d, overlap %d, alarm %q, %d of %d done", p.name, f.Count, len(f.Overlap), f.Alarm, f.Progress.Done, f.Ours)
		}
		p.whole()
	}
}
