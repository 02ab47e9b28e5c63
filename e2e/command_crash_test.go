package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/internal/node"
)

// assault is one kind of command that is killed again and again.
type assault struct {
	name string
	// next gives the arguments of the next command. The one before did its
	// work, or left no trace.
	next func(w *world, try int) []string
	who  func(w *world) *party
}

func north(w *world) *party { return w.north }
func south(w *world) *party { return w.south }

func assaults() []assault {
	return []assault{
		{"import a bundle", func(w *world, try int) []string { return []string{"import", w.bundle(try)} }, north},
		{"import a list", func(w *world, try int) []string { return []string{"import", w.list(try)} }, north},
		{"import evidence", func(w *world, try int) []string { return []string{"import", w.evidence(try)} }, north},
		{"propose", func(*world, int) []string {
			return []string{"match", "propose", "--to", "South", "--kind", "phone", "--max-items", "100", "--purpose", "the same people?"}
		}, north},
		{"run a match", func(_ *world, try int) []string {
			return []string{"match", "run", fmt.Sprintf("M%d", try), "--wait", "0"}
		}, north},
		{"send a release", func(_ *world, try int) []string { return []string{"release", "send", fmt.Sprintf("R%d", try)} }, south},
	}
}

// TestKilledCommands kills a command while it works. Afterwards either all of
// its work is done or none of it, to the ledger's line, and the same command
// can do it.
func TestKilledCommands(t *testing.T) {
	t.Parallel()
	tries := number(t, "PARLEY_TRIES", 3)
	seed := uint64(number(t, "PARLEY_SEED", 1))
	t.Logf("PARLEY_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 2))
	w := newWorld(t, worldOptions{})
	w.prepare(tries)
	for _, a := range assaults() {
		t.Run(a.name, func(t *testing.T) { w.assault(t, a, tries, random) })
	}
	t.Run("triage", func(t *testing.T) { w.killTriage(t, tries, random) })
	for _, p := range []*party{w.north, w.south} {
		p.whole()
	}
}

// killTriage kills a triage again and again. Each goes on where the one before
// stood, and the end is that of one that nobody killed.
func (w *world) killTriage(t *testing.T, tries int, random *rand.Rand) {
	n := w.north.open()
	begin := time.Now()
	w.north.run("triage", "E1", "--anew")
	took, want := time.Since(begin), state(t, n).Counts
	for range tries - 1 {
		after := took/4 + time.Duration(random.Int64N(int64(took)))
		if _, err := killed(w.north.cmd("triage", "E1"), after); err != nil {
			t.Fatal(err)
		}
	}
	w.north.run("triage", "E1")
	if now := state(t, n).Counts; now != want {
		t.Errorf("after %d that were killed: %+v, want %+v", tries-1, now, want)
	}
}

// assault kills so many commands, the first one excepted: it shows how long
// one takes and what one does.
func (w *world) assault(t *testing.T, a assault, tries int, random *rand.Rand) {
	p := a.who(w)
	n := p.open()
	before := state(t, n)
	begin := time.Now()
	p.run(a.next(w, 1)...)
	took := time.Since(begin)
	now := state(t, n)
	entries := now.Ledger.Entries - before.Ledger.Entries
	if entries < 1 {
		t.Fatalf("it left %d lines in the ledger", entries)
	}
	finished, cut := 0, 0
	for try := 2; try <= tries; try++ {
		args, before := a.next(w, try), now
		after := took/4 + time.Duration(random.Int64N(int64(took)))
		while, err := killed(p.cmd(args...), after)
		if err != nil {
			t.Fatal(err)
		}
		switch now = state(t, n); now.Ledger.Entries - before.Ledger.Entries {
		case entries:
			finished++
			continue
		case 0:
			cut++
		default:
			t.Errorf("killed after %s of %s: the ledger has %d more lines, one command writes %d", after, took, now.Ledger.Entries-before.Ledger.Entries, entries)
		}
		if !reflect.DeepEqual(now, before) {
			t.Errorf("killed after %s of %s: half of it was done: before %+v, now %+v", after, took, before, now)
		}
		if !while {
			t.Errorf("it ended by itself within %s, and did nothing", after)
		}
		p.run(args...)
		if now = state(t, n); now.Ledger.Entries != before.Ledger.Entries+entries {
			t.Errorf("done again: %d more lines in the ledger, want %d", now.Ledger.Entries-before.Ledger.Entries, entries)
		}
	}
	t.Logf("one takes %s; of %d killed, %d had done their work and %d none of it", took.Round(time.Millisecond), tries-1, finished, cut)
}

func state(t *testing.T, n *node.Node) node.Status {
	t.Helper()
	s, err := n.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// prepare brings the world to where every one of those commands can be given
// so many times: evidence is there, matches are agreed to, releases cleared.
func (w *world) prepare(tries int) {
	w.t.Helper()
	w.serve()
	w.north.run("import", w.path("demo/north/phone.zip"))
	w.north.run("triage", "E1")
	w.south.run("import", w.path("demo/south/report.json"), w.path("demo/south/watch.csv"))
	w.south.rules(w.path("demo/south/release.rules"))
	for i := range tries {
		w.north.run("match", "propose", "--to", "South", "--kind", "phone", "--max-items", "100", "--purpose", fmt.Sprintf("the same people, %d?", i+1))
	}
	w.sees(w.south, fmt.Sprintf("M%d +North +South +offered", tries), "match", "list")
	for i := range tries {
		w.south.run("match", "accept", fmt.Sprintf("M%d", i+1))
		w.south.run("release", "draft", "--to", "North", "--report", w.report(), "--text", "Look after the hall on that evening.", "--use", "protect-life-only", "--tlp", "red")
		w.south.run("release", "check", fmt.Sprintf("R%d", i+1))
		w.south.runAs(w.south.second, "release", "clear", fmt.Sprintf("R%d", i+1))
	}
	w.sees(w.north, fmt.Sprintf("M%d +North +South +accepted", tries), "match", "list")
	for _, d := range w.victims() {
		_ = d.end(syscall.SIGTERM) // only the commands are of interest from here on
	}
}

// bundle writes a bundle of two thousand objects that no other holds.
func (w *world) bundle(number int) string {
	var b strings.Builder
	b.WriteString(`{"type":"bundle","id":"bundle--511cc172-9a29-4b0d-972c-bf561bd1a7ba","objects":[`)
	for i := range 2000 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":"identity","spec_version":"2.1","id":"identity--%08x-9a29-4b0d-972c-%012x",`+
			`"created":"2026-09-10T09:00:00.000Z","modified":"2026-09-10T09:00:00.000Z","name":"desk%d-%d@hall.example"}`, number, i, number, i)
	}
	b.WriteString("]}")
	return w.file(fmt.Sprintf("bundle%d.json", number), b.String())
}

func (w *world) list(number int) string {
	var b strings.Builder
	for i := range 4000 { // what is kept in one transaction
		fmt.Fprintf(&b, "clerk%d-%d@hall.example\n", number, i)
	}
	return w.file(fmt.Sprintf("list%d.txt", number), b.String())
}

func (w *world) evidence(number int) string {
	return w.file(fmt.Sprintf("letter%d.eml", number), fmt.Sprintf("%d", number)+strings.Repeat("Dear desk@hall.example,\n", 1<<20))
}

func (w *world) file(name, content string) string {
	w.t.Helper()
	if err := os.WriteFile(w.path(name), []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return w.path(name)
}
