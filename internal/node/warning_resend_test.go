package node

import (
	"errors"
	"testing"

	"parley/internal/warning"
)

// TestAReviewIsOfWhatWasSent: where other words go to somebody else, a second
// person looks again.
func TestAReviewIsOfWhatWasSent(t *testing.T) {
	at, n := raised(t)
	waits := func(want int) {
		t.Helper()
		s, err := n.Status(t.Context())
		must(t, err)
		if s.Waiting.Reviews != want {
			t.Errorf("%d reviews are due, want %d", s.Waiting.Reviews, want)
		}
	}
	_, err := n.Tell(t.Context(), 1, Telling{To: "South", Text: warnText, Reason: "danger to life"})
	must(t, err)
	var refused Invalid
	if err := second(n).ReviewWarning(t.Context(), 1, " "); !errors.As(err, &refused) {
		t.Errorf("a review that says nothing: %v", err)
	}
	waits(1)
	must(t, second(n).ReviewWarning(t.Context(), 1, "right"))
	waits(0)
	_, err = n.StepWarning(t.Context(), 1, warning.Undeliverable, func(_ *warning.Warning, ev *warning.Event) { ev.Reason = "no answer" })
	must(t, err)
	_, err = n.Tell(t.Context(), 1, Telling{To: "Uvar", Text: otherText, Reason: "danger to life"})
	must(t, err)
	waits(1)
	at.carry(t, n, at.Uvar)
	waits(1) // that it arrived says nothing of whether it should have gone
}
