package release_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/internal/release"
)

func TestGrains(t *testing.T) {
	at := time.Date(2025, 3, 12, 3, 12, 9, 482, time.FixedZone("", -7*3600)) // 10:12 in UTC, a Wednesday
	for _, c := range []struct {
		grain        release.TimeGrain
		floor, after string
	}{
		{release.Hour, "2025-03-12T10:00:00Z", "2025-03-12T11:00:00Z"},
		{release.Day, "2025-03-12T00:00:00Z", "2025-03-13T00:00:00Z"},
		{release.Week, "2025-03-10T00:00:00Z", "2025-03-17T00:00:00Z"},
		{release.Month, "2025-03-01T00:00:00Z", "2025-04-01T00:00:00Z"},
		{"unknown", "2025-03-01T00:00:00Z", "2025-04-01T00:00:00Z"},
	} {
		if got := c.grain.Floor(at).Format(time.RFC3339); got != c.floor {
			t.Errorf("%s: floor %s, want %s", c.grain, got, c.floor)
		}
		if got := c.grain.After(at).Format(time.RFC3339); got != c.after {
			t.Errorf("%s: after %s, want %s", c.grain, got, c.after)
		}
	}
}

func TestGrainsKeepOrderAndHold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		grain := rapid.SampledFrom([]release.TimeGrain{release.Hour, release.Day, release.Week, release.Month}).Draw(rt, "grain")
		first := time.Unix(rapid.Int64Range(-1e9, 4e9).Draw(rt, "first"), 0)
		second := first.Add(time.Duration(rapid.Int64Range(0, 1e15).Draw(rt, "later")))
		floor := grain.Floor(first)
		switch {
		case floor.After(first) || !grain.After(first).After(first):
			rt.Fatalf("%s does not lie in its own step", first)
		case floor.After(grain.Floor(second)):
			rt.Fatalf("%s and %s change their order", first, second)
		case !grain.Holds(floor) || !grain.Holds(grain.After(first)):
			rt.Fatalf("the step of %s is finer than its grain", first)
		}
	})
}
