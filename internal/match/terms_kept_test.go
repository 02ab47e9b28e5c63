package match

import (
	"context"
	"testing"

	"parley/internal/store"
)

// A match that was agreed to in terms of version 1 goes on to its end: its
// bytes are what both sides accepted, and stay.
func TestAMatchUnderOlderTermsRunsToItsEnd(t *testing.T) {
	north, south := agreed(t, plainOffer(), false)
	m := north.match()
	old := []byte(`{"version":1,"run":"` + m.Terms.Run.String() + `","from":"North","to":"South","normal_forms":1,"kinds":["email"],` +
		`"purpose":"threat to life","reveal":"overlap","max_items":100,"proposed":"2026-03-01T12:00:00Z"}`)
	for _, p := range []*party{north, south} {
		p.update(func(ctx context.Context, tx *store.Tx) error {
			return tx.SetMatchingTerms(ctx, 1, store.TermsRound{Round: 2, Terms: old, At: noon})
		})
	}
	start(north)
	exchange(north, south)
	for _, p := range []*party{north, south} {
		if m := ended(t, p, Done); m.Terms.Mode != ModeOverlap || m.Terms.Max != (Sizes{100, 100}) || m.Progress.Overlap != 3 {
			t.Errorf("%s: %+v found %d", p.Self, m.Terms, m.Progress.Overlap)
		}
	}
	if _, err := begin(north, 1); err == nil {
		t.Error("terms of one run were run again")
	}
}
