package warning_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/internal/warning"
	"parley/selector"
	"parley/stix"
)

var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

const reportID = "report--00000000-0000-4000-8000-000000000001"

func fresh() warning.Warning {
	return warning.Warning{
		ID: reportID, Subject: "A guard at the harbour is threatened",
		Basis: warning.Basis{
			Objects:   []stix.ID{"note--00000000-0000-4000-8000-000000000002"},
			Selectors: []selector.Selector{{Kind: selector.Phone, Value: "+12025550147"}},
		},
		Text: "Do not go to the harbour on Friday.", Recipient: "Harbour office",
	}
}

// to returns an event with everything that its state asks for.
func to(state warning.State, at time.Time) warning.Event {
	ev := warning.Event{At: at, Actor: "Duty officer", To: state, Reason: "as discussed"}
	switch state {
	case warning.Decided:
		ev.Detail.Decision = warning.Warn
	case warning.Waived:
		ev.Reason = string(warning.AlreadyAware)
		ev.Detail.Officer, ev.Detail.Review = "Head of desk", at.Add(48*time.Hour)
	case warning.Sending:
		ev.Detail.Channel = "south"
	case warning.Duplicate:
		ev.Detail.Other = "another"
	}
	return ev
}

// taken returns a fresh warning that went through these states, a minute each from noon.
func taken(t testing.TB, states ...warning.State) warning.Warning {
	t.Helper()
	w := fresh()
	for i, state := range states {
		ev := to(state, noon.Add(time.Duration(i)*time.Minute))
		ev.From = w.State()
		if err := w.Apply(ev); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// ways is one way to each state.
var ways = map[warning.State][]warning.State{
	"":                    {},
	warning.Candidate:     {warning.Candidate},
	warning.Screened:      {warning.Candidate, warning.Screened},
	warning.Decided:       {warning.Candidate, warning.Screened, warning.Decided},
	warning.Cleared:       {warning.Candidate, warning.Screened, warning.Decided, warning.Cleared},
	warning.Sending:       {warning.Candidate, warning.Screened, warning.Decided, warning.Cleared, warning.Sending},
	warning.Delivered:     {warning.Candidate, warning.Screened, warning.Decided, warning.Cleared, warning.Sending, warning.Delivered},
	warning.Acknowledged:  {warning.Candidate, warning.Screened, warning.Decided, warning.Cleared, warning.Sending, warning.Delivered, warning.Acknowledged},
	warning.Closed:        {warning.Candidate, warning.Duplicate, warning.Closed},
	warning.Waived:        {warning.Candidate, warning.Screened, warning.Waived},
	warning.Duplicate:     {warning.Candidate, warning.Duplicate},
	warning.NotCredible:   {warning.Candidate, warning.NotCredible},
	warning.Undeliverable: {warning.Candidate, warning.Screened, warning.Decided, warning.Cleared, warning.Sending, warning.Undeliverable},
	warning.Reopened:      {warning.Candidate, warning.NotCredible, warning.Reopened},
}

// allowed is the whole state machine; what does not stand here is refused.
const allowed = `
             → candidate
candidate    → screened not-credible duplicate
reopened     → screened not-credible duplicate
screened     → decided waived not-credible duplicate
decided      → cleared waived duplicate
cleared      → sending decided waived
sending      → delivered undeliverable
undeliverable→ sending decided waived
delivered    → acknowledged closed
acknowledged → closed
waived       → waived reopened closed
duplicate    → reopened closed
not-credible → reopened closed
closed       → reopened
`

func TestEveryTransition(t *testing.T) {
	may := map[warning.State][]string{}
	for line := range strings.Lines(strings.TrimPrefix(allowed, "\n")) {
		from, next, _ := strings.Cut(line, "→")
		may[warning.State(strings.TrimSpace(from))] = strings.Fields(next)
	}
	for from, way := range ways {
		for _, state := range append(warning.States(), "nonsense", "") {
			w := taken(t, way...)
			ev := to(state, noon.Add(time.Hour))
			ev.From = from
			err := w.Apply(ev)
			if want := slices.Contains(may[from], string(state)); want != (err == nil) {
				t.Errorf("%q to %q: allowed %v, got %v", from, state, want, err)
			}
			var refusal *warning.Refusal
			if err != nil && (!errors.As(err, &refusal) || w.State() != from || len(w.Log) != len(way)) {
				t.Errorf("%q to %q was refused with %v and left %q", from, state, err, w.State())
			}
			if err == nil && w.State() != state {
				t.Errorf("%q to %q came to %q", from, state, w.State())
			}
			if err := w.Verify(); err != nil {
				t.Errorf("%q to %q: %v", from, state, err)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	until := func(s warning.State) []warning.State { return ways[s] }
	long := strings.Repeat("x", 5000)
	for _, c := range []struct {
		name  string
		from  warning.State
		to    warning.State
		spoil func(*warning.Warning, *warning.Event)
		want  string
	}{
		{"no actor", warning.Candidate, warning.Screened, func(_ *warning.Warning, ev *warning.Event) { ev.Actor = " " }, "name the actor"},
		{"no time", warning.Candidate, warning.Screened, func(_ *warning.Warning, ev *warning.Event) { ev.At = time.Time{} }, "say when"},
		{"before the last", warning.Candidate, warning.Screened, func(_ *warning.Warning, ev *warning.Event) { ev.At = noon.Add(-time.Second) }, "dated before"},
		{"seen in another state", warning.Candidate, warning.Screened, func(_ *warning.Warning, ev *warning.Event) { ev.From = warning.Decided }, "look at it again"},
		{"no id", "", warning.Candidate, func(w *warning.Warning, _ *warning.Event) { w.ID = "" }, "an id and a subject"},
		{"no basis", "", warning.Candidate, func(w *warning.Warning, _ *warning.Event) { w.Basis = warning.Basis{} }, "needs a basis"},
		{"much basis", "", warning.Candidate, func(w *warning.Warning, _ *warning.Event) { w.Basis.Where = make([]string, 300) }, "at most"},
		{"long subject", "", warning.Candidate, func(w *warning.Warning, _ *warning.Event) { w.Subject = long }, "at most"},
		{"no decision", warning.Screened, warning.Decided, func(_ *warning.Warning, ev *warning.Event) { ev.Detail.Decision = "" }, "to warn or to refer"},
		{"waived by decision", warning.Screened, warning.Decided, func(_ *warning.Warning, ev *warning.Event) { ev.Detail.Decision = "waive" }, "a state of its own"},
		{"waived without a code", warning.Screened, warning.Waived, func(_ *warning.Warning, ev *warning.Event) { ev.Reason = "too busy" }, "reason codes"},
		{"waived by nobody", warning.Screened, warning.Waived, func(_ *warning.Warning, ev *warning.Event) { ev.Detail.Officer = "" }, "senior officer"},
		{"waived for ever", warning.Screened, warning.Waived, func(_ *warning.Warning, ev *warning.Event) { ev.Detail.Review = time.Time{} }, "review date"},
		{"waived until yesterday", warning.Screened, warning.Waived, func(_ *warning.Warning, ev *warning.Event) { ev.Detail.Review = ev.At }, "still to come"},
		{"no text", warning.Decided, warning.Cleared, func(w *warning.Warning, _ *warning.Event) { w.Text = "\n" }, "no text"},
		{"no recipient", warning.Decided, warning.Cleared, func(w *warning.Warning, _ *warning.Event) { w.Recipient = "" }, "no recipient"},
		{"text not UTF-8", warning.Decided, warning.Cleared, func(w *warning.Warning, _ *warning.Event) { w.Text = "\xff" }, "UTF-8"},
		{"text too long", warning.Decided, warning.Cleared, func(w *warning.Warning, _ *warning.Event) { w.Text = strings.Repeat(long, 20) }, "at most"},
		{"no channel", warning.Cleared, warning.Sending, func(_ *warning.Warning, ev *warning.Event) { ev.Detail.Channel = "" }, "name the channel"},
		{"text changed", warning.Cleared, warning.Sending, func(w *warning.Warning, _ *warning.Event) { w.Text += " Our man says so." }, "not what was cleared"},
		{"recipient changed", warning.Cleared, warning.Sending, func(w *warning.Warning, _ *warning.Event) { w.Recipient = "Press" }, "not what was cleared"},
		{"text changed on the way", warning.Sending, warning.Delivered, func(w *warning.Warning, _ *warning.Event) { w.Text = "Other" }, "not what was cleared"},
		{"duplicate of nothing", warning.Candidate, warning.Duplicate, func(_ *warning.Warning, ev *warning.Event) { ev.Detail.Other = "" }, "name the other"},
		{"duplicate of itself", warning.Candidate, warning.Duplicate, func(w *warning.Warning, ev *warning.Event) { ev.Detail.Other = w.ID }, "name the other"},
		{"not credible without reason", warning.Candidate, warning.NotCredible, func(_ *warning.Warning, ev *warning.Event) { ev.Reason = "" }, "give the reason"},
		{"closed without reason", warning.Delivered, warning.Closed, func(_ *warning.Warning, ev *warning.Event) { ev.Reason = "" }, "give the reason"},
		{"long reason", warning.Delivered, warning.Closed, func(_ *warning.Warning, ev *warning.Event) { ev.Reason = long }, "at most"},
		{"many partners", warning.Delivered, warning.Closed, func(_ *warning.Warning, ev *warning.Event) { ev.Detail.Partners = make([]string, 300) }, "at most"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := taken(t, until(c.from)...)
			ev := to(c.to, noon.Add(time.Hour))
			ev.From = c.from
			c.spoil(&w, &ev)
			err := w.Apply(ev)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if len(w.Log) != len(until(c.from)) {
				t.Error("the refused event is in the log")
			}
		})
	}
}

func TestEveryWaiverIsListed(t *testing.T) {
	for _, reason := range warning.Waivers() {
		w := taken(t, warning.Candidate, warning.Screened)
		ev := to(warning.Waived, noon.Add(time.Hour))
		ev.From, ev.Reason = warning.Screened, string(reason)
		if err := w.Apply(ev); err != nil {
			t.Errorf("%s: %v", reason, err)
		}
	}
}

func TestALogThatIsFull(t *testing.T) {
	w := taken(t, warning.Candidate, warning.Duplicate)
	for i := 0; len(w.Log) < 1024; i++ {
		ev := to([]warning.State{warning.Closed, warning.Reopened, warning.Duplicate}[i%3], noon.Add(time.Hour))
		ev.From = w.State()
		if err := w.Apply(ev); err != nil {
			t.Fatal(err)
		}
	}
	ev := to(w.Next()[0], noon.Add(time.Hour))
	ev.From = w.State()
	if err := w.Apply(ev); err == nil || !strings.Contains(err.Error(), "raise a new warning") {
		t.Errorf("got %v", err)
	}
}

// Whatever is tried in whatever order, nothing is delivered but what was cleared, word for word.
func TestNothingUnclearedIsDelivered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := fresh()
		clearedText := ""
		for i := range rapid.IntRange(1, 40).Draw(t, "steps") {
			if rapid.IntRange(0, 3).Draw(t, "edit") == 0 {
				w.Text = rapid.SampledFrom([]string{"", "one", "two"}).Draw(t, "text")
			}
			state := rapid.SampledFrom(append(warning.States(), w.Next()...)).Draw(t, "to")
			ev := to(state, noon.Add(time.Duration(i)*time.Minute))
			ev.From = w.State()
			if w.Apply(ev) != nil {
				continue
			}
			switch state {
			case warning.Cleared:
				clearedText = w.Text
			case warning.Reopened, warning.Decided:
				clearedText = ""
			case warning.Sending, warning.Delivered:
				if clearedText == "" || w.Text != clearedText {
					t.Fatalf("%s with %q, cleared was %q", state, w.Text, clearedText)
				}
			}
		}
	})
}
