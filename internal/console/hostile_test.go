package console_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/console"
	"parley/internal/node"
	"parley/internal/store"
	"parley/selector"
)

// What enemies write where they are asked for a name.
const (
	script  = `<script>alert(1)</script>`
	breakup = `"'><img src=x onerror=alert(1)>{{.}}<!--`
	turned  = "invoice\u202egpj.exe\u200b"
	zalgo   = "a\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309"
)

func importText(t testing.TB, n *node.Node, name, text string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Import(t.Context(), path, turned+script); err != nil {
		t.Fatal(err)
	}
}

// bundle wraps STIX objects, each given as JSON.
func bundle(t testing.TB, objects ...string) string {
	t.Helper()
	return `{"type":"bundle","id":"bundle--22222222-2222-4222-8222-222222222222","objects":[` + strings.Join(objects, ",") + `]}`
}

// claimNotes are a proposition, a denial and a claim with a count, in notes
// with the extension of that id.
func claimNotes(t testing.TB, extension string) []string {
	t.Helper()
	const head = `"spec_version":"2.1","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z"`
	const who, proposition = "33333333-3333-4333-8333-333333333333", "44444444-4444-4444-8444-444444444444"
	object := func(typ, id, rest string) string {
		return `{"type":"` + typ + `",` + head + `,"id":"` + typ + `--` + id + `",` + rest + `}`
	}
	note := func(id, content, properties string) string {
		return object("note", id, `"content":`+jsonText(content)+`,"object_refs":["identity--`+who+`"],"extensions":{"`+extension+
			`":{"extension_type":"property-extension",`+properties+`}}`)
	}
	said := func(stance string) string {
		return `"role":"claim","proposition_ref":"note--` + proposition + `","stance":"` + stance + `","claimant_ref":"identity--` + who + `",` +
			`"grade":{"reliability":"C","credibility":3,"why":` + jsonText(breakup) + `},"chain":[{"how":` + jsonText(script) + `}],` +
			`"quantity":{"what":` + jsonText(script) + `,"definition":` + jsonText(turned) + `,"best":3,"method":` + jsonText(breakup) + `}`
	}
	return []string{
		object("identity", who, `"name":`+jsonText(breakup+turned)),
		note(proposition, script+turned, `"role":"proposition"`),
		note("55555555-5555-4555-8555-555555555555", strings.Repeat(script+" "+zalgo, 4000), said("denies")),
		note("66666666-6666-4666-8666-666666666666", breakup, said("asserts")),
	}
}

func jsonText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// hostileNode is a node in which everything that others may write is an
// attack.
func hostileNode(t testing.TB) *node.Node {
	t.Helper()
	n := newNode(t, script+turned)
	north, _ := parties(t)
	importText(t, n, "claims.json", bundle(t, claimNotes(t, extensionOf(t, north.Node()))...))
	desk := selector.Selector{Kind: selector.Email, Value: "desk@hall.example"}
	if _, err := n.Watch(t.Context(), store.Watch{Selector: desk, Recipient: breakup, Note: script}); err != nil {
		t.Fatal(err)
	}
	importText(t, n, turned+"<b>evil.txt.dat", script+" call +1 202-555-0147 or desk@hall.example \u202e now "+breakup)
	importText(t, n, "list.csv", "kind,value,note\nurl,\"https://files.example/'><script>alert(1)</script>\","+script+"\n")
	if _, err := n.Triage(t.Context(), 1, node.TriageOptions{}); err != nil {
		t.Fatal(err)
	}
	return n
}

// extensionOf is the id of the claim extension, as the demonstration's claims
// carry it.
func extensionOf(t testing.TB, n *node.Node) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(filepath.Dir(n.Home()), "files", "north", "claims.json"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "extension-definition--")
	for rest != "" {
		id := "extension-definition--" + rest[:36]
		if body := rest[:min(len(rest), 200)]; strings.Contains(body, `"role"`) {
			return id
		}
		_, rest, _ = strings.Cut(rest, "extension-definition--")
	}
	t.Fatal("the demonstration's claims carry no extension")
	return ""
}

// Whatever was written, a page has the console's own elements alone, and a
// reader sees the attack as text.
func TestHostileContentIsText(t *testing.T) {
	b := browse(t, hostileNode(t), console.Options{}).signedIn("amira", passphrase)
	pages := crawl(b)
	for path, a := range pages {
		if a.status != http.StatusOK {
			t.Errorf("%s answered %d:\n%s", path, a.status, reads(t, a.body))
		}
		soundness(t, path, a.body)
		if len(a.body) > 1<<20 {
			t.Errorf("%s is %d bytes", path, len(a.body))
		}
		if strings.Contains(a.body[:strings.Index(a.body, "</title>")], "alert") {
			t.Errorf("%s has content in its title", path)
		}
	}
	for path, words := range map[string][]string{
		"/":            {"<script>alert(1)</script>invoiceU+202Egpj.exeU+200B"},
		"/claims":      {script, "invoiceU+202Egpj.exeU+200B", breakup},
		"/counts":      {script, "invoiceU+202Egpj.exeU+200B", breakup},
		"/evidence/E1": {"invoiceU+202Egpj.exeU+200B<b>evil.txt.dat"},
		"/warnings":    {breakup},
		"/claims/note--44444444-4444-4444-8444-444444444444": {script, breakup, "a\u0301\u0302\u0303\u03045 accents", " more"},
	} {
		has(t, strings.ReplaceAll(b.page(path), "\n", " "), words...)
	}
}
