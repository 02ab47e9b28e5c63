package node

import (
	"testing"
	"time"

	"parley/internal/release"
	"parley/selector"
)

// TestWhoeverWeWatchCanBeWarned: South's tearline names a number of a hall
// that is in Uvar. North may name it to Uvar where it watched it before South
// spoke, and not where it put it on the list afterwards.
func TestWhoeverWeWatchCanBeWarned(t *testing.T) {
	for name, c := range map[string]struct {
		before bool
		want   error
	}{"watched before": {true, nil}, "watched afterwards": {false, release.ErrThirdParty}} {
		t.Run(name, func(t *testing.T) {
			at := meet(t)
			if c.before {
				watched(t, at.North, "the hall", true, 147)
			}
			at.clock.move(time.Minute)
			released(t, at.South, at.North, order(reported(t, at.South, 1, 147), 147))
			at.carry(t, at.South, at.North)
			at.clock.move(time.Minute)
			if !c.before {
				watched(t, at.North, "the hall", true, 147)
			}
			if len(alerts(t, at.North)) != 1 {
				t.Fatal("no warning was raised")
			}
			tell := Telling{To: "Uvar", Text: "Ask +1 202-555-0147 to shut the side door.", Reason: "danger to life", Disclose: []selector.Selector{phone(147)}}
			_, err := at.North.Tell(t.Context(), 1, tell)
			wants(t, "to Uvar", err, c.want)
			if c.want != nil {
				tell.To, tell.Disclose = "South", nil
				if _, err := at.North.Tell(t.Context(), 1, tell); err != nil {
					t.Errorf("back to South, which gave the number: %v", err)
				}
			}
		})
	}
}

// TestAWarningDoesNotRetellWhatAnotherWrote.
func TestAWarningDoesNotRetellWhatAnotherWrote(t *testing.T) {
	at := meet(t)
	watched(t, at.North, "the hall", true, 147)
	at.clock.move(time.Minute)
	released(t, at.South, at.North, order(reported(t, at.South, 1, 147), 147))
	at.carry(t, at.South, at.North)
	for _, text := range []string{tearlineText, "South says that people may be harmed."} {
		_, err := at.North.Tell(t.Context(), 1, Telling{To: "Uvar", Text: text, Reason: "danger to life"})
		wants(t, text, err, release.ErrLeak)
	}
	if _, err := at.North.Tell(t.Context(), 1, Telling{To: "Uvar", Text: warnText, Reason: "danger to life"}); err != nil {
		t.Errorf("in our own words: %v", err)
	}
}
