package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"parley/demo"
	"parley/internal/node"
	"parley/internal/release"
	"parley/stix/stixtest"
)

// peopleKey is the key file of everybody in a world. A passphrase is made dear to try, and a test that gives
// thousands of commands would do little else; that passphrases open nodes is seen by the program's own tests.
const peopleKey = "the key file of everybody in a world of the tests"

// world is a relay and two parties in a folder of their own.
type world struct {
	t            *testing.T
	dir          string
	address      string // the relay's
	relay        *daemon
	north, south *party
	meddler      *meddler
	console      bool
}

// party is one node, its two people, and the process that serves it.
type party struct {
	*daemon
	w             *world
	name, home    string
	first, second string
	url           string // of its console
}

// worldOptions place the parts of a world elsewhere than in its own folder.
type worldOptions struct {
	northHome, relayDir string
	relayFlags          []string
	meddle              bool // somebody stands between the nodes and the relay
	console             bool // both are served in a browser, and people have passphrases
}

// newWorld starts a relay, and makes two nodes that have been introduced to
// each other. Neither is served yet.
func newWorld(t *testing.T, opt worldOptions) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), console: opt.console}
	if err := os.CopyFS(w.path("demo"), demo.Files()); err != nil {
		t.Fatal(err)
	}
	if opt.relayDir == "" {
		opt.relayDir = w.path("relay")
	}
	if opt.northHome == "" {
		opt.northHome = w.path("north")
	}
	args := append([]string{"relay", "--dir", opt.relayDir, "--listen", "127.0.0.1:0", "--address-file", w.path("relay.address")}, opt.relayFlags...)
	w.relay = &daemon{name: "relay", args: args, log: w.path("relay.log")}
	w.north = w.party("North", opt.northHome, "amira", "bilal")
	w.south = w.party("South", w.path("south"), "chen", "dora")
	t.Cleanup(w.stop)
	w.startRelay()
	if opt.meddle {
		w.meddler = meddleWith(t, w.address)
		w.address = w.meddler.server.URL
	}
	w.introduce()
	return w
}

func (w *world) path(name string) string { return filepath.Join(w.dir, name) }

func (w *world) party(name, home, first, second string) *party {
	w.t.Helper()
	if err := os.WriteFile(w.path("people.key"), []byte(peopleKey), 0o600); err != nil {
		w.t.Fatal(err)
	}
	p := &party{w: w, name: name, home: home, first: first, second: second}
	p.daemon = &daemon{name: name, args: []string{"serve"}, env: p.env(first), log: w.path(name + ".log")}
	return p
}

// stop ends every process, and shows what they said if the test failed.
func (w *world) stop() {
	for _, d := range []*daemon{w.north.daemon, w.south.daemon, w.relay} {
		_ = d.end(syscall.SIGKILL) // killed is how it ends
		if w.t.Failed() {
			b, _ := os.ReadFile(d.log)
			w.t.Logf("%s said:\n%s", d.name, b)
		}
	}
	if w.meddler != nil {
		w.meddler.server.Close()
	}
}

// startRelay starts the relay and notes its address. From then on it listens
// there again, however often it is killed.
func (w *world) startRelay() {
	w.t.Helper()
	if err := w.relay.start(); err != nil {
		w.t.Fatal(err)
	}
	until(w.t, "the relay's address", func() bool {
		b, err := os.ReadFile(w.path("relay.address"))
		w.address = strings.TrimSpace(string(b))
		return err == nil && w.address != ""
	})
	host := strings.TrimPrefix(strings.SplitN(w.address, "#", 2)[0], "https://")
	host = strings.TrimPrefix(host, "http://")
	for i, arg := range w.relay.args {
		if arg == "--listen" {
			w.relay.args[i+1] = host
		}
	}
}

// introduce makes the two nodes and opens the channel between them, as 'init',
// 'user add', 'introduce' and 'counterpart' do.
func (w *world) introduce() {
	w.t.Helper()
	ctx := w.t.Context()
	n, s := w.north.make(ctx), w.south.make(ctx)
	defer n.Close()
	defer s.Close()
	ours, err := n.Introduce(ctx, "South", false)
	if err != nil {
		w.t.Fatal(err)
	}
	theirs, err := s.Introduce(ctx, "North", false)
	if err != nil {
		w.t.Fatal(err)
	}
	at, err := n.AddCounterpart(ctx, theirs)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := s.AddCounterpart(ctx, ours); err != nil {
		w.t.Fatal(err)
	}
	if err := errors.Join(n.VerifyCounterpart(ctx, "South", at.Spoken), s.VerifyCounterpart(ctx, "North", at.Spoken)); err != nil {
		w.t.Fatal(err)
	}
}

func (p *party) make(ctx context.Context) *node.Node {
	p.w.t.Helper()
	if p.w.console {
		return p.makeWithPassphrases(ctx)
	}
	n, err := node.Init(ctx, p.options(),
		node.Settings{Party: p.name, Region: "US", Relays: []string{p.w.address}})
	if err != nil {
		p.w.t.Fatal(err)
	}
	if err := n.AddUserWithKeyFile(ctx, node.User{Name: p.second, Roles: []node.Role{node.Analyst, node.Releaser}}, []byte(peopleKey)); err != nil {
		p.w.t.Fatal(err)
	}
	return n
}

// open opens a party's node beside its other processes, to look at it.
func (p *party) open() *node.Node {
	p.w.t.Helper()
	n, err := node.Open(p.w.t.Context(), p.options())
	if err != nil {
		p.w.t.Fatal(err)
	}
	p.w.t.Cleanup(func() { n.Close() })
	return n
}

// options open the node in the first person's hands.
func (p *party) options() node.Options {
	return node.Options{Home: p.home, User: p.first, KeyFile: []byte(peopleKey)}
}

// env is a user's environment, and nothing else of the machine's.
func (p *party) env(user string) []string {
	return []string{"PARLEY_HOME=" + p.home, "PARLEY_USER=" + user, "PARLEY_KEY_FILE=" + p.w.path("people.key"), "PARLEY_NEW_PASSPHRASE=correct horse battery", "TMPDIR=" + os.TempDir()}
}

func (p *party) cmd(args ...string) *exec.Cmd { return p.cmdAs(p.first, args...) }

func (p *party) cmdAs(user string, args ...string) *exec.Cmd {
	c := exec.Command(program, args...)
	c.Env, c.Dir = p.env(user), p.w.dir
	return c
}

// run runs a command line that must succeed, and returns what it printed.
func (p *party) run(args ...string) string { return p.runAs(p.first, args...) }

func (p *party) runAs(user string, args ...string) string {
	p.w.t.Helper()
	r, err := finish(p.cmdAs(user, args...))
	if err != nil || r.code != 0 {
		p.w.t.Fatalf("%s: parley %s: exit code %d, %v\n%s%s", p.name, strings.Join(args, " "), r.code, err, r.out, r.err)
	}
	return r.out
}

// refused runs a command line that must end with an exit code and one
// sentence, which it returns.
func (p *party) refused(code int, args ...string) string {
	p.w.t.Helper()
	r, err := finish(p.cmd(args...))
	sentence, one := r.sentence()
	if err != nil || r.code != code || !one {
		p.w.t.Errorf("%s: parley %s: exit code %d, %v, %q; want exit code %d and one sentence", p.name, strings.Join(args, " "), r.code, err, r.err, code)
	}
	return sentence
}

// read runs a command line with --json and decodes what it prints.
func read[T any](p *party, args ...string) (v T) {
	p.w.t.Helper()
	out := p.run(append(args, "--json")...)
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		p.w.t.Fatalf("parley %s --json: %v\n%s", strings.Join(args, " "), err, out)
	}
	return v
}

// whole checks the node's store page by page and its ledger line by line.
func (p *party) whole() {
	p.w.t.Helper()
	ctx := context.Background()
	n, err := node.Open(ctx, p.options())
	if err != nil {
		p.w.t.Fatal(err)
	}
	defer n.Close()
	for _, s := range n.Doctor(ctx, "") {
		if !s.OK && (s.What == "store" || s.What == "ledger") {
			p.w.t.Errorf("%s: %s: %s", p.name, s.What, s.Detail)
		}
	}
	p.valid(n)
}

// valid sees that every bundle of a node's desk is valid STIX, to OASIS's validator too where there is one.
func (p *party) valid(n *node.Node) {
	p.w.t.Helper()
	all, err := n.Releases(context.Background())
	if err != nil {
		p.w.t.Fatal(err)
	}
	for _, r := range all {
		if _, err := release.Verify(r.Bundle); err != nil {
			p.w.t.Errorf("%s: R%d: %v", p.name, r.ID, err)
		}
		faults, err := stixtest.Judge(context.Background(), r.Bundle)
		if errors.Is(err, stixtest.ErrNoValidator) {
			continue
		}
		if err != nil || len(faults) > 0 {
			p.w.t.Errorf("%s: R%d: the validator of OASIS: %v, %v", p.name, r.ID, faults, err)
		}
		p.w.t.Logf("%s: R%d was judged", p.name, r.ID)
	}
}
