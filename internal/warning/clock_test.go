package warning_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/internal/warning"
)

// due writes a clock as "screen +15m0s, decide +1h0m0s!", from noon; overdue ones are marked.
func due(deadlines []warning.Deadline) string {
	var parts []string
	for _, d := range deadlines {
		part := fmt.Sprintf("%s +%s", d.Step, d.Due.Sub(noon))
		if d.Overdue {
			part += "!"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

func TestClock(t *testing.T) {
	for _, c := range []struct {
		state    warning.State
		imminent bool
		after    time.Duration
		want     string
	}{
		{warning.Candidate, true, 0, "screen +15m0s, decide +1h0m0s, deliver +2h0m0s"},
		{warning.Candidate, true, 15 * time.Minute, "screen +15m0s, decide +1h0m0s, deliver +2h0m0s"},
		{warning.Candidate, true, 16 * time.Minute, "screen +15m0s!, decide +1h0m0s, deliver +2h0m0s"},
		{warning.Candidate, false, 0, "screen +24h0m0s, decide +24h0m0s, deliver +24h0m0s"},
		{warning.Screened, true, time.Hour, "decide +1h0m0s, deliver +2h0m0s"},
		{warning.Decided, true, 3 * time.Hour, "deliver +2h0m0s!"},
		{warning.Cleared, true, 0, "deliver +2h0m0s"},
		{warning.Sending, true, 0, "deliver +2h0m0s"},
		{warning.Undeliverable, true, 1000 * time.Hour, "deliver +2h0m0s!"},
		{warning.Delivered, true, 1000 * time.Hour, ""},
		{warning.Acknowledged, true, 0, ""},
		{warning.Closed, true, 0, ""},
		{warning.Duplicate, true, 0, ""},
		{warning.NotCredible, true, 0, ""},
		{warning.Waived, true, 0, "review +48h2m0s"},
		{warning.Waived, true, 49 * time.Hour, "review +48h2m0s!"},
		{warning.Reopened, true, 0, "screen +17m0s, decide +1h2m0s, deliver +2h2m0s"},
	} {
		t.Run(fmt.Sprint(c.state, c.imminent, c.after), func(t *testing.T) {
			w := taken(t, ways[c.state]...)
			w.Imminent = c.imminent
			if got := due(w.Clock(noon.Add(c.after))); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
	if got := fresh().Clock(noon); len(got) != 0 {
		t.Errorf("a warning that was not raised has a clock: %v", got)
	}
}

func TestClocksCanBeSet(t *testing.T) {
	p := warning.Policy{Routine: warning.Clocks{Screen: time.Hour, Decide: 30 * time.Minute, Deliver: 2 * time.Hour}}
	if got := due(p.Clock(taken(t, warning.Candidate), noon)); got != "decide +30m0s, screen +1h0m0s, deliver +2h0m0s" {
		t.Error(got)
	}
}

func TestAStepMayMakeItImminent(t *testing.T) {
	w := taken(t, warning.Candidate)
	ev := to(warning.Screened, noon.Add(time.Hour))
	yes := true
	ev.From, ev.Detail.Imminent = warning.Candidate, &yes
	if err := w.Apply(ev); err != nil {
		t.Fatal(err)
	}
	if got := due(w.Clock(noon)); got != "decide +1h0m0s, deliver +2h0m0s" {
		t.Error(got)
	}
	if err := w.Verify(); err != nil {
		t.Error(err)
	}
}

// However long nobody acts, an open duty stays open and overdue, and the warning keeps its state.
func TestSilenceIsNeverAWaiver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		open := rapid.SampledFrom([]warning.State{
			warning.Candidate, warning.Screened, warning.Decided, warning.Cleared, warning.Sending, warning.Undeliverable, warning.Reopened,
		}).Draw(t, "state")
		w := fresh()
		for i, state := range ways[open] {
			ev := to(state, noon.Add(time.Duration(i)*time.Minute))
			ev.From = w.State()
			if err := w.Apply(ev); err != nil {
				t.Fatal(err)
			}
		}
		years := time.Duration(rapid.IntRange(1, 100).Draw(t, "years")) * 365 * 24 * time.Hour
		deadlines := w.Clock(noon.Add(years))
		if len(deadlines) == 0 || !deadlines[0].Overdue || deadlines[0].Left >= 0 || w.State() != open {
			t.Errorf("%s after %s: %v", open, years, deadlines)
		}
	})
}

func TestSortPutsLifeFirst(t *testing.T) {
	make := func(id string, imminent bool, hours int, states ...warning.State) warning.Warning {
		w := fresh()
		w.ID, w.Imminent = id, imminent
		for _, state := range states {
			ev := to(state, noon.Add(time.Duration(hours)*time.Hour))
			ev.From = w.State()
			if err := w.Apply(ev); err != nil {
				t.Fatal(err)
			}
		}
		return w
	}
	all := []warning.Warning{
		make("closed", true, 0, ways[warning.Closed]...),
		make("routine, long overdue", false, -500, warning.Candidate),
		make("waived though imminent", true, 0, ways[warning.Waived]...),
		make("imminent, later", true, 5, warning.Candidate),
		make("imminent", true, 4, warning.Candidate),
		make("also imminent", true, 4, warning.Candidate),
	}
	warning.Sort(all)
	var got []string
	for _, w := range all {
		got = append(got, w.ID)
	}
	want := "also imminent; imminent; imminent, later; routine, long overdue; waived though imminent; closed"
	if strings.Join(got, "; ") != want {
		t.Errorf("%s\nwant %s", strings.Join(got, "; "), want)
	}
}
