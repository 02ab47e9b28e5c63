package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/internal/console"
	"parley/internal/node"
)

// key presses a key that leads to a page.
func (b *tab) key(key, to string) {
	b.Helper()
	b.Follow(to, func() { b.Keys(key) })
}

// triaged is a node with evidence in which a few numbers were found.
func triaged(t *testing.T) *node.Node {
	t.Helper()
	n := newNode(t, "North")
	importText(t, n, "notes.txt.dat", "call +1 202-555-0147, or +1 202-555-0148, or write to desk@hall.example")
	if _, err := n.Triage(t.Context(), 1, node.TriageOptions{}); err != nil {
		t.Fatal(err)
	}
	return n
}

// What was found is judged by keys alone, and taken back.
func TestHitsAreJudgedByKeys(t *testing.T) {
	n := triaged(t)
	base := served(t, n)
	b := person(t, base, "amira")
	const page = "/evidence/E1/review"
	b.open(base + page)
	first := b.eval(`document.querySelector("[data-row]").dataset.row`)
	b.key("y", page)
	b.says(first+": relevant.", "2 of 3 selectors are to be judged.")
	b.Keys("j")
	second := b.eval(`document.activeElement.closest("[data-row]").dataset.row`)
	b.key("n", page)
	b.says(second + ": irrelevant.")
	b.key("z", page)
	b.says(second+": taken back.", "2 of 3 selectors are to be judged.")
	for subject, want := range map[string]string{first: node.Relevant, second: node.Unmarked} {
		if m, _, err := n.MarkOf(t.Context(), subject); err != nil || m.Verdict != want {
			t.Errorf("%s is marked %q, %v", subject, m.Verdict, err)
		}
	}
	b.quiet()
}

// The buttons do the same without a script; of two who judge the same hit the
// second is told.
func TestHitsAreJudgedWithoutAScript(t *testing.T) {
	b := browse(t, triaged(t), console.Options{}).signedIn("amira", passphrase)
	const path = "/evidence/E1/review"
	body := b.get(path).body
	form := func(verdict string) url.Values {
		return url.Values{"subject": {"S1"}, "version": {between(body, `value="S1"><input type="hidden" name="version" value="`, `"`)}, "verdict": {verdict}}
	}
	if a := b.post(path+"/mark", form("relevant")); a.status != http.StatusSeeOther || a.header.Get("Location") != path {
		t.Fatalf("it answered %d to %q: %s", a.status, a.header.Get("Location"), reads(t, a.body))
	}
	if a := b.post(path+"/mark", form("irrelevant")); a.status != http.StatusConflict {
		t.Errorf("the second answered %d", a.status)
	}
	has(t, b.page(path+"?all=1"), "relevant amira")
	for range 2 {
		b.post(path+"/undo", url.Values{})
	}
	if a := b.post(path+"/undo", url.Values{}); a.status != http.StatusConflict {
		t.Errorf("with nothing to take back it answered %d", a.status)
	}
}

func between(text, before, after string) string {
	_, rest, _ := strings.Cut(text, before)
	found, _, _ := strings.Cut(rest, after)
	return found
}

// The watch list is kept in the console too.
func TestWatchList(t *testing.T) {
	n := triaged(t)
	b := browse(t, n, console.Options{}).signedIn("amira", passphrase)
	if a := b.post("/watches/add", url.Values{"selector": {"nothing at all"}, "note": {"from <the> hall"}}); a.status != http.StatusUnprocessableEntity ||
		!strings.Contains(a.body, `value="from &lt;the&gt; hall"`) {
		t.Errorf("what is no selector answered %d", a.status)
	}
	if a := b.post("/watches/add", url.Values{"selector": {"desk@hall.example"}, "recipient": {"The hall"}, "imminent": {"yes"}}); a.status != http.StatusSeeOther {
		t.Fatalf("it answered %d: %s", a.status, reads(t, a.body))
	}
	has(t, b.page("/watches"), "On the watch list, and seen already: 1 warning was raised.", "desk@hall.example", "The hall")
	b.post("/watches/end", url.Values{"selector": {"email:desk@hall.example"}})
	has(t, b.page("/watches"), "No longer watched.", "Nothing is watched.")
}
