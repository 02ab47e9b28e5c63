package console_test

import (
	"net/http"
	"strings"
	"testing"

	"parley/internal/console"
	"parley/internal/node"
)

// The page says what needs somebody first, with what to do, and programs read
// the same.
func TestTheHealthPage(t *testing.T) {
	n := newNode(t, "North")
	b := browse(t, n, console.Options{}).signedIn("amira", passphrase)
	page := b.page("/health")
	has(t, page, "2 things need somebody now.", "act | second person | 1 of 1 users can clear", "look | backup | none was made", "make one with 'parley backup'", "act | files |", "ok | schema |")
	if strings.Index(page, "act | second") > strings.Index(page, "look | backup") || strings.Index(page, "look | backup") > strings.Index(page, "ok | schema") {
		t.Errorf("what needs somebody does not stand first:\n%s", page)
	}
	a := withToken(t, n, b.base, node.Analyst).ask(http.MethodGet, "/api/v1/health", "")
	has(t, a.body, `"word":"look"`, `"next":"make one with 'parley backup'`, `"schema":`, `"what":"schema","ok":true`)
}
