package node

import (
	"testing"

	"parley/internal/release"
	"parley/internal/warning"
	"parley/stix"
)

func TestOnlyASentWarningWaitsForAReview(t *testing.T) {
	a := Alert{Warning: warning.Warning{ID: "report--5c498aa4-1b88-41ad-b6d0-590cdd11dbc8", Subject: "somebody", Basis: warning.Basis{
		Objects: []stix.ID{"note--5c498aa4-1b88-41ad-b6d0-590cdd11dbc8"},
	}}}
	if a.Unreviewed() {
		t.Error("a warning that nobody sent waits for a review")
	}
	a.Log = []warning.Event{{Actor: "amira", To: warning.Sending}, {Actor: "South", To: warning.Delivered}}
	if !a.Unreviewed() || a.Sender() != "amira" {
		t.Errorf("sent by %q, unreviewed %v; want amira, and a review due", a.Sender(), a.Unreviewed())
	}
	a.Review = &Review{By: "bilal"}
	if a.Unreviewed() {
		t.Error("a reviewed warning waits for a review")
	}
}

func TestReviewIsASecondPersons(t *testing.T) {
	_, n := raised(t)
	wants(t, "a review before it was sent", n.ReviewWarning(t.Context(), 1, "looked"), release.ErrStep)
	_, err := n.Tell(t.Context(), 1, Telling{To: "South", Text: warnText, Reason: "danger to life"})
	must(t, err)
	wants(t, "the sender's own review", n.ReviewWarning(t.Context(), 1, "looked"), release.ErrSamePerson)

	before, err := n.Status(t.Context())
	must(t, err)
	must(t, second(n).ReviewWarning(t.Context(), 1, "it had to go at once"))
	after, err := n.Status(t.Context())
	must(t, err)
	if before.Waiting.Reviews != 1 || after.Waiting.Reviews != 0 {
		t.Errorf("%d reviews wait before and %d after, want 1 and 0", before.Waiting.Reviews, after.Waiting.Reviews)
	}
	wants(t, "a second review", second(n).ReviewWarning(t.Context(), 1, "again"), release.ErrStep)
}
