package match

import (
	"context"
	"slices"
	"testing"
	"time"

	"parley/internal/store"
	"parley/selector"
)

// checks makes a check and its answer.
func checks(north, south *party) Matching {
	check(north)
	exchange(north, south)
	return north.match()
}

// TestWhatWasAskedBeforeIsFoundWhenItIsListed, without being asked again or
// charged again, and each time that it comes back.
func TestWhatWasAskedBeforeIsFoundWhenItIsListed(t *testing.T) {
	north, south := agreed(t, listOffer(), false)
	north.hold(email(50), email(51))
	checks(north, south)
	before := charged(south)
	for _, step := range []struct {
		come  []selector.Selector
		found []selector.Selector
	}{
		{nil, nil},
		{[]selector.Selector{email(50)}, []selector.Selector{email(50)}},
		{[]selector.Selector{email(51), email(52)}, []selector.Selector{email(51)}},
	} {
		south.hold(step.come...)
		m := checks(north, south)
		if m.State != Done || !slices.Equal(north.overlap(), step.found) || m.Progress.Appeared != len(step.found) || m.Progress.Count != len(step.found) {
			t.Errorf("after %v came: the check is %s and found %v, %d of them asked about before", step.come, m.State, north.overlap(), m.Progress.Appeared)
		}
	}
	if got := charged(south); got != before {
		t.Errorf("%d charged for what was asked before", got-before)
	}
}

// TestAWatchedListIsLookedAtEachDay, also when we have nothing new: what the
// other side adds may be what we asked about before.
func TestAWatchedListIsLookedAtEachDay(t *testing.T) {
	o := listOffer()
	o.Runs, o.Days = 60, 30
	north, south := agreed(t, o, false)
	north.hold(email(50))
	north.update(func(ctx context.Context, tx *store.Tx) error { return north.Watch(ctx, tx, "amira", 1, true) })
	var told []int64
	north.Found = func(_ context.Context, _ *store.Tx, m Matching, _ string) error {
		told = append(told, m.ID)
		return nil
	}
	watched := func(after time.Duration, want int) {
		t.Helper()
		for _, p := range []*party{north, south} {
			p.Now = func() time.Time { return noon.Add(after) }
		}
		runs, err := north.CheckWatched(t.Context())
		if err != nil || len(runs) != want {
			t.Fatalf("after %s %d checks were begun, want %d: %v", after, len(runs), want, err)
		}
		exchange(north, south)
	}
	watched(0, 1) // what is ours and was never asked about
	south.hold(email(50))
	watched(23*time.Hour, 0)
	watched(25*time.Hour, 1)
	watched(26*time.Hour, 0)
	if len(told) != 2 {
		t.Errorf("told of %v, want the first check and the next day's", told)
	}
}
