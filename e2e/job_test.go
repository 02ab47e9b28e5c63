package e2e

import (
	"encoding/json"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/demo"
	"parley/selector"
)

// step is one thing that people do, and what they wait for.
type step struct {
	name string
	do   func(w *world)
}

// job is the demonstration's main job, as two people on each side type it. A
// step that waits for the other side waits for what it can see.
func job() []step {
	return []step{
		{"triage", func(w *world) {
			w.north.run("watch", "add", "--file", w.path("demo/north/watchlist.csv"))
			w.north.run("import", w.path("demo/north/phone.zip"))
			w.north.run("triage", "E1")
			w.south.run("import", w.path("demo/south/report.json"), w.path("demo/south/watch.csv"))
		}},
		{"propose", func(w *world) {
			w.north.run("match", "propose", "--to", "South", "--kind", "phone,email,telegram,url", "--purpose", "threat to life")
			w.sees(w.south, "M1 +North +South +offered", "match", "list")
		}},
		{"accept", func(w *world) {
			w.south.run("match", "accept", "M1")
			w.sees(w.north, "M1 +North +South +accepted", "match", "list")
		}},
		{"match", func(w *world) {
			w.north.run("match", "run", "M1", "--wait", patience.String())
			w.sees(w.south, "M1 +North +South +done", "match", "list")
		}},
		{"draft", func(w *world) {
			w.south.rules(w.path("demo/south/release.rules"))
			w.south.run("release", "draft", "--to", "North", "--report", w.report(), "--match", "M1",
				"--text-file", w.path("demo/south/tearline.txt"), "--title", "Threat to a concert", "--use", "protect-life-only", "--tlp", "red", "--grade", "B2",
				"--disclose", "email:security@lindenhalle.example,phone:+16175550171", "--reason", "the target itself")
			w.south.run("release", "check", "R1")
			w.south.runAs(w.south.second, "release", "clear", "R1")
		}},
		{"send", func(w *world) {
			w.south.run("release", "send", "R1", "--wait", patience.String())
			w.north.run("inbox", "--kind", "release.bundle", "--wait", patience.String())
		}},
		{"warn", func(w *world) {
			w.north.run("warning", "send", "W1", "--to", "South", "--text-file", w.path("demo/north/warning.txt"), "--reason", "danger to life", "--wait", patience.String())
		}},
		{"acknowledge", func(w *world) {
			w.south.run("warning", "acknowledge", "W1")
			w.sees(w.north, "W1 is acknowledged", "warning", "show", "W1")
		}},
	}
}

// sees waits until a command prints what a pattern looks for.
func (w *world) sees(p *party, pattern string, args ...string) {
	w.t.Helper()
	re := regexp.MustCompile(pattern)
	until(w.t, p.name+" sees "+pattern, func() bool { return re.MatchString(p.run(args...)) })
}

// report is the id of South's report.
func (w *world) report() string {
	w.t.Helper()
	b, err := fs.ReadFile(demo.Files(), demo.Report)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(regexp.MustCompile(`report--[0-9a-f-]{36}`).Find(b))
}

// serve starts both nodes' processes.
func (w *world) serve() {
	w.t.Helper()
	for _, p := range []*party{w.north, w.south} {
		if err := p.start(); err != nil {
			w.t.Fatal(err)
		}
	}
}

// outcome is what a job came to, as far as it may not depend on what happened
// meanwhile: what is held, what came in and how often, and every act.
type outcome struct {
	North, South side
}

type side struct {
	Counts  map[string]int // of everything the store holds
	Inbox   map[string]int // messages by kind and state
	Ledger  map[string]int // entries by actor and action
	Match   []string       // state, count and what both hold
	Warning []string       // state, subject and steps
}

func (w *world) outcome() outcome {
	w.t.Helper()
	return outcome{w.north.side(), w.south.side()}
}

// inbox counts a node's incoming messages by kind and state.
func (p *party) inbox() map[string]int {
	p.w.t.Helper()
	count := map[string]int{}
	for _, l := range read[[]struct{ Kind, State string }](p, "inbox", "--limit", "0") {
		count[l.Kind+" "+l.State]++
	}
	return count
}

// ledger counts the lines of a node's ledger by actor and action.
func (p *party) ledger() map[string]int {
	p.w.t.Helper()
	count := map[string]int{}
	for _, e := range read[[]struct{ Actor, Action string }](p, "ledger", "list") {
		count[e.Actor+" "+e.Action]++
	}
	return count
}

func (p *party) side() side {
	p.w.t.Helper()
	s := side{Inbox: p.inbox(), Ledger: p.ledger()}
	s.Counts = read[struct{ Counts map[string]int }](p, "status").Counts
	m := read[struct {
		State   string
		Count   json.Number
		Overlap []struct{ Selector selector.Selector }
	}](p, "match", "show", "M1")
	s.Match = []string{m.State, m.Count.String()}
	for _, o := range m.Overlap {
		s.Match = append(s.Match, o.Selector.String())
	}
	for _, wn := range read[[]struct {
		State string
		Log   []struct{ To string }
	}](p, "warning", "list") {
		s.Warning = append(s.Warning, wn.State)
		for _, e := range wn.Log {
			s.Warning = append(s.Warning, e.To)
		}
	}
	return s
}

// expected is what the demonstration must find.
func expected(t *testing.T) (overlap, warnings []string) {
	t.Helper()
	var e struct {
		Overlap  []selector.Selector `json:"overlap"`
		Warnings []string            `json:"warnings"`
	}
	b, err := fs.ReadFile(demo.Files(), demo.Expected)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &e); err != nil {
		t.Fatal(err)
	}
	for _, s := range e.Overlap {
		overlap = append(overlap, s.String())
	}
	return overlap, e.Warnings
}

// TestJob runs the job with nothing in its way, and holds it to the story.
func TestJob(t *testing.T) {
	t.Parallel()
	w := newWorld(t, worldOptions{})
	w.serve()
	for _, s := range job() {
		s.do(w)
	}
	got := w.outcome()
	overlap, _ := expected(t)
	for _, s := range []side{got.North, got.South} {
		if s.Match[0] != "done" || !slices.Equal(slices.Sorted(slices.Values(s.Match[2:])), slices.Sorted(slices.Values(overlap))) {
			t.Errorf("the match came to %q, want %q", s.Match, overlap)
		}
	}
	if got.North.Inbox["release.bundle applied"] != 1 || got.North.Ledger["South release.receive"] != 1 {
		t.Errorf("the tearline was applied %v, %v; want once", got.North.Inbox, got.North.Ledger)
	}
	if strings.Join(got.North.Warning, " ") != "acknowledged candidate screened decided cleared sending delivered acknowledged" {
		t.Errorf("the warning went %q", got.North.Warning)
	}
	for kind := range maps.Keys(got.North.Inbox) {
		if !strings.HasSuffix(kind, " applied") {
			t.Errorf("North has a message that is not applied: %s", kind)
		}
	}
}
