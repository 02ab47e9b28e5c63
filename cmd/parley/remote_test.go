package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/demo"
	"parley/demo/play"
	"parley/internal/console"
	"parley/internal/node"
)

// twoWays is a party that did the whole job, driven both ways: where its store is, and
// through its API.
type twoWays struct {
	play.Party
	dir string
}

// demonstration is played once.
var demonstration = sync.OnceValues(func() (*play.Stage, error) {
	dir, err := os.MkdirTemp("", "parley-remote")
	if err != nil {
		return nil, err
	}
	s, err := play.Set(context.Background(), play.Options{Dir: filepath.Join(dir, "stage"), Files: demo.Files()})
	if err != nil {
		return nil, err
	}
	_, err = s.Play(context.Background())
	return s, err
})

func played(t *testing.T) (north, south twoWays) {
	t.Helper()
	s, err := demonstration()
	if err != nil {
		t.Fatal(err)
	}
	return twoWays{s.North, t.TempDir()}, twoWays{s.South, t.TempDir()}
}

// write makes a file that is nobody else's to read.
func (w twoWays) write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (w twoWays) user(name string) node.User {
	all := w.Node().Users()
	return all[slices.IndexFunc(all, func(u node.User) bool { return u.Name == name })]
}

// here are the flags of a user where the store is.
func (w twoWays) here(t *testing.T, user string) []string {
	t.Helper()
	path := w.Home + "." + user + ".key"
	if _, err := os.Stat(path); err != nil { // a passphrase takes a third of a second, each time
		as, err := w.Node().As(t.Context(), w.user(user))
		if err != nil {
			t.Fatal(err)
		}
		content := []byte(rand.Text() + rand.Text())
		if err := as.AddKeyFile(t.Context(), content); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return []string{"--home", w.Home, "--user", user, "--key-file", path, "--quiet"}
}

// there are those from elsewhere, with a token of the user's.
func (w twoWays) there(t *testing.T, user string) []string {
	t.Helper()
	as, err := w.Node().As(t.Context(), w.user(user))
	if err != nil {
		t.Fatal(err)
	}
	token, err := as.AddToken(t.Context(), "a test", as.User.Roles, time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return []string{"--node", w.Console, "--token-file", w.write(t, user+".token", token+"\n"), "--quiet"}
}

func wordsOf(line string) []string { return strings.Fields(line) }

// What is read from elsewhere is, to the byte, what is read where the store is.
func TestReadingFromElsewhere(t *testing.T) {
	north, south := played(t)
	report := firstReport(t, south)
	for _, c := range []struct {
		who   twoWays
		user  string
		lines []string
	}{
		{north, north.Analyst, []string{
			"inbox", "inbox I1", "inbox --kind release.bundle", "balance", "balance South", "counterpart list", "report list", "report list --theirs", "selectors --kind email",
			"selectors --evidence E1 --confidence high", "evidence list", "evidence artifacts E1 --kind message", "evidence files E1", "watch list", "match list", "match show M1",
			"warning list --json", "warning show W1 --json", "consent list", "rules show", "ledger list --from 3 --limit 250", "ledger list --limit 2",
			"inbox I99", "match show M99", "warning show W99", "balance Nobody", "evidence artifacts E9", "consent show Q9", "evidence show F9999999", "rules proposed",
			"selectors xyz", "selectors nobody@nowhere.example",
		}},
		{south, south.Analyst, []string{"release list", "release show R1", "release show R1 --bundle", "release compare " + report, "release show R9", "release compare report--5c498aa4-8a4b-4a5e-9f3a-2f0c0f6f1d11"}},
	} {
		here, there := c.who.here(t, c.user), c.who.there(t, c.user)
		for _, line := range c.lines {
			a, b := command(append(here, wordsOf(line)...)...), command(append(there, wordsOf(line)...)...)
			if a != b {
				t.Errorf("%s: here it ends with %d and says\n%s%s\nfrom elsewhere with %d and\n%s%s", line, a.code, a.out, a.err, b.code, b.out, b.err)
			}
			if strings.Contains(line, "--json") || strings.Contains(line, "--bundle") || strings.HasPrefix(line, "warning") {
				continue
			}
			a, b = command(append(here, wordsOf("--json "+line)...)...), command(append(there, wordsOf("--json "+line)...)...)
			if a != b {
				t.Errorf("%s --json: here it ends with %d and says\n%.3000s%s\nfrom elsewhere with %d and\n%.3000s%s", line, a.code, a.out, a.err, b.code, b.out, b.err)
			}
		}
	}
}

func firstReport(t *testing.T, w twoWays) string {
	t.Helper()
	all, err := w.Node().Reports(t.Context(), false)
	if err != nil || len(all) == 0 {
		t.Fatalf("no reports: %v", err)
	}
	return string(all[0].ID)
}

// An act does the same either way: it ends alike, says things of one shape, and leaves
// lines of the ledger that differ in the way alone.
func TestActingFromElsewhere(t *testing.T) {
	north, south := played(t)
	rules, bad := north.write(t, "release.rules", string(rulesOf(t, north))+"\n# another\n"), north.write(t, "bad.rules", "allow nothing {")
	draft := "release draft --to North --report " + firstReport(t, south) + " --use detection --title t --text "
	for _, c := range []struct {
		who    twoWays
		user   string
		script []string // NUMBER stands for the number that was printed last
	}{
		{north, north.Analyst, []string{
			"watch add email:desk-WAY@hall.example --note x --imminent", "watch remove email:desk-WAY@hall.example", "watch remove email:desk-WAY@hall.example", "watch add !!",
			"match propose --to South --purpose try-WAY --kind email --use detection --until 2099-01-31 --pad 50 --hold", "match show MNUMBER", "match run MNUMBER --wait 0", "match withdraw MNUMBER --reason no", "match withdraw MNUMBER --reason no",
			"match propose --to Nobody --purpose try", "match accept M99", "match abort M99 --reason x", "match ask M99 --question x",
			"warning screen W99 --reason x", "warning acknowledge W1", "warning send W1 --to Nobody --reason x --text x", "release send R9", "release draft --to South --report report--5c498aa4-8a4b-4a5e-9f3a-2f0c0f6f1d11 --use detection --text x",
			"rules set " + bad, "rules propose " + rules, "rules confirm 00", "rules simulate " + bad, "rules simulate " + rules + " --since 12h", "consent answer Q9 --yes --reason x",
		}},
		{south, south.Analyst, []string{draft + "WAY", "release check RNUMBER", "release clear RNUMBER", "release send RNUMBER", "release recall RNUMBER --reason x", "release ask RNUMBER --purpose x --category y"}},
	} {
		ways := map[string][]string{"here": c.who.here(t, c.user), "there": c.who.there(t, c.user)}
		last := map[string]string{}
		for _, line := range c.script {
			got := map[string]result{}
			for way, flags := range ways {
				said := strings.NewReplacer("WAY", way, "NUMBER", last[way]).Replace(line)
				r := command(append(append(flags, "--json"), wordsOf(said)...)...)
				var v struct{ Number int }
				if json.Unmarshal([]byte(r.out), &v) == nil && v.Number != 0 {
					last[way] = fmt.Sprint(v.Number)
				}
				r.err = strings.NewReplacer(way, "WAY", "M"+last[way], "MNUMBER", "R"+last[way], "RNUMBER").Replace(r.err)
				var printed any
				if json.Unmarshal([]byte(r.out), &printed) == nil {
					r.out = shapeOf(printed)
				}
				got[way] = r
			}
			if a, b := got["here"], got["there"]; a != b {
				t.Errorf("%s: here it ends with %d and says\n%s%s\nfrom elsewhere with %d and\n%s%s", line, a.code, a.out, a.err, b.code, b.out, b.err)
			}
		}
	}
}

func rulesOf(t *testing.T, w twoWays) []byte {
	t.Helper()
	f, err := w.Node().Rules(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return []byte(f.Text)
}

// A node elsewhere is reached over TLS that somebody known signed, with a token that is
// nobody else's to read; what cannot be done from elsewhere says so; what breaks off is
// named.
func TestTheWayToANodeElsewhere(t *testing.T) {
	home := newHome(t)
	t.Setenv("PARLEY_PASSPHRASE", "correct horse battery")
	n, err := node.Open(t.Context(), node.Options{Home: home, User: "amira", Passphrase: "correct horse battery"})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	token, err := n.AddToken(t.Context(), "a test", n.User.Roles, time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good, open, wrong, none := file("token", token, 0o600), file("open", token, 0o644), file("wrong", "parley_x", 0o600), file("none", "\n", 0o600)
	s := httptest.NewTLSServer(console.New(n, console.Options{}))
	defer s.Close()
	ca := file("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})), 0o600)
	other := httptest.NewServer(http.RedirectHandler("https://elsewhere.example/", http.StatusFound))
	defer other.Close()
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte(`{"party":`))
	}))
	defer broken.Close()
	for name, c := range map[string]struct {
		line string
		code int
		says string
	}{
		"a node":            {"status --node " + s.URL + " --ca " + ca + " --token-file " + good, exitOK, ""},
		"nobody known":      {"status --node " + s.URL + " --token-file " + good, exitUnavailable, "name who did with --ca"},
		"no token":          {"status --node " + s.URL, exitUsage, "--token-file"},
		"an open file":      {"status --node " + s.URL + " --token-file " + open, exitUsage, "chmod 600"},
		"an empty file":     {"status --node " + s.URL + " --token-file " + none, exitUsage, "no token on its first line"},
		"no such file":      {"status --node " + s.URL + " --token-file " + dir + "/absent", exitNotFound, "read the token"},
		"a wrong token":     {"status --node " + s.URL + " --ca " + ca + " --token-file " + wrong, exitPassphrase, "does not take the token"},
		"in clear":          {"status --node http://node.example:8440 --token-file " + good, exitUsage, "in clear"},
		"a path":            {"status --node https://node.example/x --token-file " + good, exitUsage, "https://host:port"},
		"a redirect":        {"status --node " + other.URL + " --token-file " + good, exitUnavailable, "leads elsewhere"},
		"half an answer":    {"status --node " + broken.URL + " --token-file " + good, exitUnavailable, "was interrupted"},
		"nobody there":      {"status --node http://127.0.0.1:1 --token-file " + good, exitUnavailable, "connection refused"},
		"import":            {"import x --node " + s.URL, exitUsage, "run it on the machine where the node is"},
		"lock":              {"lock --node " + s.URL, exitUsage, "run it on the machine where the node is"},
		"a list to watch":   {"watch add --file x --node " + s.URL, exitUsage, "run it on the machine where the node is"},
		"selectors written": {"selectors --format csv --node " + s.URL, exitUsage, "run it on the machine where the node is"},
		"version":           {"version --node " + s.URL, exitOK, ""},
	} {
		got := command(wordsOf(c.line)...)
		if got.code != c.code || !strings.Contains(got.err, c.says) || strings.Count(got.err, "\n") > 1 {
			t.Errorf("%s: it ended with %d, want %d: %s", name, got.code, c.code, got.err)
		}
		if strings.Contains(got.err+got.out, token) || strings.Contains(got.err, "parley_x") {
			t.Errorf("%s: it tells the token: %s", name, got.err)
		}
	}
}

// Every command that drives a node is one that there is, and no group.
func TestDrivingCommandsAreCommands(t *testing.T) {
	known := map[string]bool{}
	root := (&app{}).root()
	for _, c := range root.Commands() {
		known[c.Name()] = true
		for _, sub := range c.Commands() {
			known[c.Name()+" "+sub.Name()] = true
		}
	}
	for _, path := range append(driving(), withoutNode()...) {
		if !known[path] && path != "help" && path != "completion" {
			t.Errorf("there is no command %q", path)
		}
	}
}
