package e2e

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/node"
)

// trio is a world with a third party, which North knows and South does not.
type trio struct {
	*world
	uvar *party
}

func newTrio(t *testing.T) *trio {
	t.Helper()
	w := newWorld(t, worldOptions{})
	tr := &trio{w, w.party("Uvar", w.path("uvar"), "eva", "farid")}
	t.Cleanup(func() {
		_ = tr.uvar.end(syscall.SIGKILL) // killed is how it ends
		if t.Failed() {
			b, _ := os.ReadFile(tr.uvar.log)
			t.Logf("Uvar said:\n%s", b)
		}
	})
	tr.introduce()
	open := w.path("open.rules")
	if err := os.WriteFile(open, []byte(openRules), 0o600); err != nil {
		t.Fatal(err)
	}
	w.south.rules(open)
	w.north.rules(open)
	for _, p := range []*party{w.north, w.south, tr.uvar} {
		if err := p.start(); err != nil {
			t.Fatal(err)
		}
	}
	return tr
}

// introduce opens the channel between North and Uvar.
func (w *trio) introduce() {
	w.t.Helper()
	ctx := w.t.Context()
	u := w.uvar.make(ctx)
	defer u.Close()
	n, err := node.Open(ctx, w.north.options())
	if err != nil {
		w.t.Fatal(err)
	}
	defer n.Close()
	ours, err := n.Introduce(ctx, "Uvar", false)
	if err != nil {
		w.t.Fatal(err)
	}
	theirs, err := u.Introduce(ctx, "North", false)
	if err != nil {
		w.t.Fatal(err)
	}
	at, err := n.AddCounterpart(ctx, theirs)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := u.AddCounterpart(ctx, ours); err != nil {
		w.t.Fatal(err)
	}
	if err := errors.Join(n.VerifyCounterpart(ctx, "Uvar", at.Spoken), u.VerifyCounterpart(ctx, "North", at.Spoken)); err != nil {
		w.t.Fatal(err)
	}
}

const (
	givenText  = "We judge it likely that somebody means to attack the concert in the hall this week."
	betterText = "It is another hall than the one we spoke of."

	// openRules let everything go to whoever was verified: these tests are about consent.
	openRules = `rules 1

accept marking-definition--7e56ce8c-8ac9-4015-8a95-a3d1a4c98150
  because the desk whose consent it asks for is our own

allow whoever-was-verified
  when    counterpart.verified && !purpose.emergency
  because this is about consent, and not about what may be said
`
)

// release takes a draft of a party's the whole way to cleared.
func (p *party) release(number string, draft ...string) {
	p.w.t.Helper()
	p.run(append([]string{"release"}, draft...)...)
	p.run("release", "check", number)
	p.runAs(p.second, "release", "clear", number)
}

// rules has a file of rules hold: the first person proposes it, the second confirms.
func (p *party) rules(file string) {
	p.w.t.Helper()
	p.run("rules", "propose", file)
	p.runAs(p.second, "rules", "confirm", read[struct{ SHA256 string }](p, "rules", "proposed").SHA256)
}

// after is what happens to a tearline once it was given: it is asked for, passed on,
// replaced, and taken back, with what follows.
func (w *trio) after() []step {
	return []step{
		{"give", func(*world) {
			w.south.run("import", w.path("demo/south/report.json"))
			w.south.release("R1", "draft", "--to", "North", "--report", w.report(), "--text", givenText, "--title", "A concert", "--use", "detection", "--tlp", "red")
			w.south.run("release", "send", "R1", "--wait", patience.String())
			w.north.run("inbox", "--kind", "release.bundle", "--wait", patience.String())
		}},
		{"ask", func(*world) {
			given := read[[]struct{ Tearline struct{ Report string } }](w.north, "inbox", "--kind", "release.bundle")[0].Tearline.Report
			w.north.release("R1", "draft", "--to", "Uvar", "--report", given, "--pass-on", "--text", givenText, "--use", "detection", "--tlp", "red")
			w.north.run("release", "ask", "R1", "--purpose", "They may know the hall.", "--category", "a rescue service")
			w.sees(w.south, "Q1 +by North +asked", "consent", "list")
		}},
		{"answer", func(*world) {
			w.south.runAs(w.south.second, "consent", "answer", "Q1", "--yes", "--reason", "They are in danger too.")
			w.sees(w.north, "R1 for Uvar: cleared", "release", "show", "R1")
		}},
		{"pass on", func(*world) {
			w.north.run("release", "send", "R1", "--wait", patience.String())
			w.uvar.run("inbox", "--kind", "release.bundle", "--wait", patience.String())
		}},
		{"replace", func(*world) {
			w.south.release("R2", "amend", "R1", "--report", w.report(), "--text", betterText, "--use", "detection", "--tlp", "red", "--because", "It was the wrong hall.")
			w.south.run("release", "send", "R2", "--wait", patience.String())
			w.sees(w.south, "told 1 other, of whom 1 confirmed", "release", "show", "R1")
		}},
		{"recall", func(*world) {
			w.south.run("release", "recall", "R2", "--reason", "It was no hall at all.")
			w.sees(w.south, "North confirmed it 20", "release", "show", "R2")
		}},
	}
}

// standing is what an exchange came to at one party, as far as it may not depend on
// what happened meanwhile.
type standing struct {
	Inbox, Ledger map[string]int
	Letters       []string // tearlines that came, newest first: their states
	Releases      []string
	Asks          []string
}

func (p *party) standing() (s standing) {
	p.w.t.Helper()
	s.Inbox, s.Ledger = p.inbox(), p.ledger()
	for _, l := range read[[]struct {
		Kind     string
		Standing struct{ State, Reason string }
	}](p, "inbox", "--kind", "release.bundle") {
		s.Letters = append(s.Letters, l.Standing.State+": "+l.Standing.Reason)
	}
	for _, r := range read[[]struct {
		State    string
		Standing struct {
			Withdrawal *struct{ Told, Confirmed int }
		}
	}](p, "release", "list") {
		told := ""
		if w := r.Standing.Withdrawal; w != nil {
			told = fmt.Sprintf(", told %d, %d confirmed", w.Told, w.Confirmed)
		}
		s.Releases = append(s.Releases, r.State+told)
	}
	for _, q := range read[[]struct{ State, Reason string }](p, "consent", "list") {
		s.Asks = append(s.Asks, q.State+": "+q.Reason)
	}
	return s
}

// afterwards runs the steps, killing and starting again processes at moments drawn
// from a seed; 0 kills none.
func afterwards(t *testing.T, seed uint64, kills int) map[string]standing {
	t.Helper()
	w := newTrio(t)
	steps := w.after()
	random := rand.New(rand.NewPCG(seed, 2))
	victims := []*daemon{w.north.daemon, w.south.daemon, w.uvar.daemon, w.relay}
	moments := make([][]moment, len(steps))
	for range kills {
		at := random.IntN(len(steps))
		moments[at] = append(moments[at], moment{time.Duration(random.IntN(1500)) * time.Millisecond, victims[random.IntN(len(victims))]})
	}
	for i, s := range steps {
		var chaos sync.WaitGroup
		for _, m := range moments[i] {
			chaos.Go(func() { m.strike(t, s.name) })
		}
		s.do(w.world)
		chaos.Wait()
	}
	got := map[string]standing{}
	for _, p := range []*party{w.north, w.south, w.uvar} {
		got[p.name] = p.standing()
		p.whole()
	}
	return got
}

// moment is when a process is killed.
type moment struct {
	after  time.Duration
	victim *daemon
}

// strike waits for the moment, kills and starts again.
func (m moment) strike(t *testing.T, during string) {
	time.Sleep(m.after)
	m.victim.turn.Lock() // two kills of one process come one after the other
	defer m.victim.turn.Unlock()
	_ = m.victim.end(syscall.SIGKILL) // killed is how it ends
	t.Logf("killed %s %s after step %q began", m.victim.name, m.after, during)
	for end := time.Now().Add(patience); ; {
		if err := m.victim.start(); err != nil {
			t.Error(err)
			return
		}
		time.Sleep(100 * time.Millisecond) // a relay may find its port still held by the one that was killed
		if m.victim.running() || time.Now().After(end) {
			return
		}
	}
}

// TestConsentAndRecallSurviveKills: whatever is killed, each message has its effect
// once at all three parties, and every act is in their ledgers once.
func TestConsentAndRecallSurviveKills(t *testing.T) {
	t.Parallel()
	want := afterwards(t, 0, 0)
	if s := want["Uvar"].Letters; !cmp.Equal(s, []string{"recalled: It was withdrawn."}) {
		t.Errorf("Uvar's copy is %q", s)
	}
	if s := want["South"].Releases; !cmp.Equal(s, []string{"recalled, told 0, 0 confirmed", "amended, told 1, 1 confirmed"}) {
		t.Errorf("South's releases are %q", s)
	}
	runs, kills := number(t, "PARLEY_RUNS", 1), 6
	for seed := range uint64(runs) {
		if diff := cmp.Diff(want, afterwards(t, seed+1, kills)); diff != "" {
			t.Errorf("seed %d: not the result of a run without kills (-calm +killed):\n%s", seed+1, diff)
		}
	}
}

// TestACommandKilledInTheMiddleLeavesNothingOrAll: each of the commands that change a
// state and queue a message, killed again and again until one did its work.
func TestACommandKilledInTheMiddleLeavesNothingOrAll(t *testing.T) {
	t.Parallel()
	w := newTrio(t)
	steps := w.after()
	steps[0].do(w.world)
	given := read[[]struct{ Tearline struct{ Report string } }](w.north, "inbox", "--kind", "release.bundle")[0].Tearline.Report
	w.north.release("R1", "draft", "--to", "Uvar", "--report", given, "--pass-on", "--text", givenText, "--use", "detection", "--tlp", "red")
	random := rand.New(rand.NewPCG(7, 7))
	for _, a := range []struct {
		p      *party
		user   string
		action string
		sent   func() bool // the other side has it
		args   []string
	}{
		{
			w.north, w.north.first, "amira consent.ask", func() bool { return w.south.ledger()["North consent.asked"] == 1 },
			[]string{"release", "ask", "R1", "--purpose", "They may know the hall.", "--category", "a rescue service"},
		},
		{
			w.south, w.south.second, "dora consent.answer", func() bool { return w.north.ledger()["South consent.answered"] == 1 },
			[]string{"consent", "answer", "Q1", "--yes", "--reason", "They are in danger too."},
		},
		{
			w.south, w.south.first, "chen release.recall", func() bool { return w.north.ledger()["South release.withdrawn"] == 1 },
			[]string{"release", "recall", "R1", "--reason", "It was the wrong hall."},
		},
	} {
		for try := 0; a.p.ledger()[a.action] == 0; try++ {
			if try == 40 {
				t.Fatalf("%s: never done in %d tries", a.action, try)
			}
			after := time.Duration(50+random.IntN(50+40*try)) * time.Millisecond
			if _, err := killed(a.p.cmdAs(a.user, a.args...), after); err != nil {
				t.Fatal(err)
			}
		}
		until(t, a.action+" arrives", a.sent)
		if n := a.p.ledger()[a.action]; n != 1 {
			t.Errorf("%s is in the ledger %d times", a.action, n)
		}
	}
	for _, p := range []*party{w.north, w.south} {
		p.whole()
	}
	if r := read[struct{ State string }](w.north, "release", "show", "R1"); r.State != "void" {
		t.Errorf("what waited for what was recalled is %s", r.State)
	}
}
