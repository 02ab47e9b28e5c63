package console_test

import (
	"net/http"
	"testing"

	"parley/internal/console"
	"parley/internal/node"
)

// Who has no valid token may not ask for ever, and whoever has one is not locked out by
// it; nor may one user's programs take the node from everybody.
func TestProgramsKeepAPace(t *testing.T) {
	n, clock := newNode(t, "North"), newClock()
	amira := withToken(t, n, browse(t, n, console.Options{Now: clock.Now}).base, node.Analyst)
	wrong := program{amira.browser, "parley_wrong"}
	for range console.PacesOfGuess {
		if a := wrong.ask(http.MethodGet, "/api/v1/rules", ""); a.status != http.StatusUnauthorized {
			t.Fatalf("a wrong token answered %d", a.status)
		}
	}
	a := wrong.ask(http.MethodGet, "/api/v1/rules", "")
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "60" || fieldOf(t, a, "kind") != "unavailable" {
		t.Errorf("one more answered %d, Retry-After %q: %s", a.status, a.header.Get("Retry-After"), a.body)
	}
	if a := amira.ask(http.MethodGet, "/api/v1/rules", ""); a.status != http.StatusOK {
		t.Errorf("a valid token then answered %d", a.status)
	}
	clock.pass(console.PacesTime)
	if a := wrong.ask(http.MethodGet, "/api/v1/rules", ""); a.status != http.StatusUnauthorized {
		t.Errorf("a minute later it answered %d", a.status)
	}
}
