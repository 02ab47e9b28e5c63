package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"parley/internal/node"
)

const (
	bundleHead = `{"type":"bundle","id":"bundle--511cc172-9a29-4b0d-972c-bf561bd1a7ba","objects":[`
	bundleTail = `]}`
	times      = `"created":"2026-09-10T09:00:00.000Z","modified":"2026-09-10T09:00:00.000Z"`
	good       = `{"type":"identity","spec_version":"2.1","id":"identity--cabe9a2f-5a92-4e30-b7a5-57f3abd464dd",` + times + `,"name":"desk@hall.example"}`
	second     = `{"type":"identity","spec_version":"2.1","id":"identity--cabe9a2f-5a92-4e30-b7a5-57f3abd464de",` + times + `,"name":`
)

// badInputs are files that must be refused whole, with their first fault and
// its place. Each bundle begins with an object that has none.
var badInputs = []struct {
	name, file, content, says string
	code                      int
}{
	{"a property of the wrong type", "a.json", bundleHead + good + "," + second + `7}` + bundleTail, "objects[1] at byte 277: name: must be a string", exitBadInput},
	{"an id of another type", "a.json", bundleHead + strings.Replace(good, `"id":"identity`, `"id":"report`, 1) + bundleTail, "objects[0].id: must start with the object's type", exitBadInput},
	{"no id", "a.json", bundleHead + good + `,{"type":"identity","spec_version":"2.1",` + times + `,"name":"B"}` + bundleTail, "objects[1].id: an object must have an id", exitBadInput},
	{"no type", "a.json", bundleHead + strings.Replace(good, `"type":"identity",`, "", 1) + bundleTail, "objects[0].type", exitBadInput},
	{"a key twice", "a.json", bundleHead + good + "," + second + `"B","name":"C"}` + bundleTail, "objects[1].name: is not I-JSON: duplicate object member name", exitBadInput},
	{"bytes that are no UTF-8", "a.json", bundleHead + good + "," + second + "\"\xff\"}" + bundleTail, "objects[1].name: is not I-JSON: invalid UTF-8", exitBadInput},
	{"half a surrogate pair", "a.json", bundleHead + good + "," + second + `"\ud800"}` + bundleTail, "objects[1].name: is not I-JSON: invalid surrogate pair", exitBadInput},
	{"too deep", "a.json", bundleHead + good + "," + second + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "}" + bundleTail, "objects[1]: lists and objects may be nested", exitBadInput},
	{"too deep for its path to be shown", "a.json", `{"type":"bundle","id":"bundle--511cc172-9a29-4b0d-972c-bf561bd1a7ba","objects":` + strings.Repeat("[", 20000), "…: is not I-JSON", exitBadInput},
	{"cut off in an object", "a.json", bundleHead + good + "," + second[:90], "unexpected EOF", exitBadInput},
	{"cut off after an object", "a.json", bundleHead + good + ",", "objects: is not I-JSON: unexpected EOF", exitBadInput},
	{"more after the end", "a.json", bundleHead + good + bundleTail + "{}", "more follows the end of the bundle", exitBadInput},
	{"one version, two contents", "a.json", bundleHead + good + "," + strings.Replace(good, "hall", "mall", 1) + bundleTail, "objects[1] at byte", exitBadInput},
	{"an array", "a.stix", `["bundle--511cc172-9a29-4b0d-972c-bf561bd1a7ba"]`, "must be a JSON object", exitBadInput},
	{"a kind that is none", "l.csv", "kind,value\nphone,+12025550147\nshoe,44\n", `list l.csv: line 3: kind "shoe" is none of a selector`, exitBadInput},
	{"a value that is none", "l.csv", "kind,value\nemail,desk@hall.example\nemail,desk\n", "list l.csv: line 3", exitBadInput},
	{"a quotation mark left open", "l.csv", "value\ndesk@hall.example\n\"desk\n", "list l.csv: line 3: a quotation mark stands alone", exitBadInput},
	{"a line of no kind", "l.txt", "+12025550147\n\nwho knows\n", "list l.txt: line 3", exitBadInput},
	{"a line without end", "l.txt", "+12025550147\n" + strings.Repeat("9", 1<<20), "list l.txt: line 2", exitBadInput},
	{"bytes of a picture", "l.csv", "\xff\xd8\xff\xe0\x00\x10JFIF", "list l.csv: none of its lines is a selector", exitBadInput},
	{"a file that is not there", "l.csv", "", "no such file", exitNotFound},
}

// TestBadInputIsRefusedWhole gives the program one bad file after the other.
// Each gets one sentence with the fault's place and its exit code, and leaves
// the node as it was, to the ledger's head.
func TestBadInputIsRefusedWhole(t *testing.T) {
	n := newNode(t)
	before := stateOf(t, n)
	for _, c := range badInputs {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), c.file)
			if c.content != "" {
				write(t, path, c.content)
			}
			got := command("import", path)
			got.refused(t, c.code)
			if !strings.Contains(got.err, c.says) {
				t.Errorf("it says %q, want %q", got.err, c.says)
			}
			if after := stateOf(t, n); !reflect.DeepEqual(after, before) {
				t.Errorf("it was half-applied: before %+v, now %+v", before, after)
			}
		})
	}
}

// The good part of those bundles is taken when it stands alone: what was
// refused was the fault.
func TestTheRestOfABadBundleIsGood(t *testing.T) {
	newNode(t)
	path := filepath.Join(t.TempDir(), "good.json")
	write(t, path, bundleHead+good+bundleTail)
	if got := command("import", path); got.code != exitOK || !strings.Contains(got.out, "1 objects with 1 selectors kept") {
		t.Errorf("exit code %d: %s%s", got.code, got.out, got.err)
	}
}

// An introduction that differs by one byte from what was written is refused,
// whichever byte it is.
func TestAlteredIntroductionsAreRefused(t *testing.T) {
	n := newNode(t)
	if got := command("introduce", "--to", "South"); got.code != exitOK {
		t.Fatal(got)
	}
	text := introductionOf(t, "South", "North")
	before := stateOf(t, n)
	for _, at := range []int{5, 40, 60, 80, 120, len(text) / 2, len(text) - 60, len(text) - 40} {
		altered := bytes.Clone(text)
		altered[at] ^= 1
		path := filepath.Join(t.TempDir(), "south.intro")
		write(t, path, string(altered))
		command("counterpart", "add", path).refused(t, exitBadInput)
		if after := stateOf(t, n); !reflect.DeepEqual(after, before) {
			t.Errorf("byte %d altered: something was applied", at)
		}
	}
}

// introductionOf makes another party's introduction, in a node of its own.
func introductionOf(t *testing.T, from, to string) []byte {
	t.Helper()
	n, err := node.Init(t.Context(), node.Options{Home: t.TempDir() + "/" + from, User: "chen", Passphrase: passphrase},
		node.Settings{Party: from, Relays: []string{relayAddress}})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	text, err := n.Introduce(t.Context(), to, false)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

const (
	passphrase   = "correct horse battery"
	relayAddress = "https://relay.example:7443"
)

// newNode makes a node that commands work in, and opens it beside them.
func newNode(t *testing.T) *node.Node {
	t.Helper()
	home := filepath.Join(t.TempDir(), "north")
	n, err := node.Init(t.Context(), node.Options{Home: home, User: "amira", Passphrase: passphrase}, node.Settings{Party: "North", Region: "US", Relays: []string{relayAddress}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	t.Setenv("PARLEY_HOME", home)
	t.Setenv("PARLEY_USER", "amira")
	t.Setenv("PARLEY_PASSPHRASE", passphrase)
	return n
}

func stateOf(t *testing.T, n *node.Node) node.Status {
	t.Helper()
	s, err := n.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// result is what a command line came to.
type result struct {
	code     int
	out, err string
}

func (r result) String() string { return fmt.Sprintf("exit code %d, %q, %q", r.code, r.out, r.err) }

// refused demands an exit code, silence on standard output and one sentence on
// standard error.
func (r result) refused(t *testing.T, code int) {
	t.Helper()
	sentence, ends := strings.CutSuffix(r.err, "\n")
	if r.code != code || r.out != "" || !ends || !strings.HasPrefix(sentence, "parley: ") || strings.ContainsAny(sentence, "\n\r\t") {
		t.Errorf("%s; want exit code %d and one sentence", r, code)
	}
}
