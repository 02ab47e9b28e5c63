package console_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"parley/internal/console"
)

func TestHealthSaysOnlyOK(t *testing.T) {
	north, _ := parties(t)
	if a := browse(t, north.Node(), console.Options{}).get("/healthz"); a.status != http.StatusOK || a.body != "ok\n" {
		t.Errorf("answered %d: %q", a.status, a.body)
	}
}

func TestMetricsAreCountsWithoutNames(t *testing.T) {
	_, south := parties(t)
	a := browse(t, south.Node(), console.Options{}).get("/metrics")
	has(t, a.body,
		"\nparley_warnings_due 1\n", "\nparley_warnings_overdue 0\n", "\nparley_releases_waiting 1\n", "\nparley_proposals_waiting ",
		"\nparley_messages_waiting ", "\nparley_messages_received_total ", "\nparley_messages_refused_total 0\n",
		"\nparley_ledger_entries ", "\nparley_parcels_waiting ", "\nparley_messages_sent_total ", "\nparley_bytes_sent_total ")
	for line := range strings.Lines(a.body) {
		if !strings.HasPrefix(line, "#") && !regexp.MustCompile(`^parley_[a-z_]+ [0-9.e+]+\n$`).MatchString(line) {
			t.Errorf("the line %q has more than a name and a number", line)
		}
	}
	if strings.Contains(a.body, "North") || strings.Contains(a.body, "South") {
		t.Errorf("the metrics name a party:\n%s", a.body)
	}
}

// Away from the machine itself, the metrics need a sign-in.
func TestMetricsFromElsewhere(t *testing.T) {
	n := newNode(t, "North")
	h := console.New(n, console.Options{Named: func(string) bool { return true }})
	for from, want := range map[string]int{
		"127.0.0.1:50000": http.StatusOK, "[::1]:50000": http.StatusOK, "[::ffff:127.0.0.1]:50000": http.StatusOK,
		"192.0.2.7:50000": http.StatusUnauthorized, "[2001:db8::7]:50000": http.StatusUnauthorized, "": http.StatusUnauthorized,
	} {
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1/metrics", nil)
		r.RemoteAddr = from
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("from %q: answered %d, not %d", from, w.Code, want)
		}
	}
}
