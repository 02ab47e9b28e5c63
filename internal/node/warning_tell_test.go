package node

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/release"
	"parley/internal/store"
	"parley/internal/warning"
	"parley/selector"
)

const (
	warnText  = "People at the side door may be harmed on Friday evening."
	otherText = "Please keep the side door shut on Friday evening."
)

// raised gives a node one warning, for the hall.
func raised(t *testing.T) (*table, *Node) {
	t.Helper()
	at := meet(t)
	watched(t, at.North, "the hall", true, 101)
	imported(t, at.North, "report.json", seen(101))
	return at, at.North
}

// ways is a way to each state that a warning can be in before it is told.
var ways = map[warning.State][]warning.State{
	warning.Candidate:     nil,
	warning.Screened:      {warning.Screened},
	warning.Decided:       {warning.Screened, warning.Decided},
	warning.Cleared:       {warning.Screened, warning.Decided, warning.Cleared},
	warning.Sending:       {warning.Screened, warning.Decided, warning.Cleared, warning.Sending},
	warning.Delivered:     {warning.Screened, warning.Decided, warning.Cleared, warning.Sending, warning.Delivered},
	warning.Acknowledged:  {warning.Screened, warning.Decided, warning.Cleared, warning.Sending, warning.Delivered, warning.Acknowledged},
	warning.Undeliverable: {warning.Screened, warning.Decided, warning.Cleared, warning.Sending, warning.Undeliverable},
	warning.Waived:        {warning.Screened, warning.Waived},
	warning.Duplicate:     {warning.Duplicate},
	warning.NotCredible:   {warning.NotCredible},
	warning.Closed:        {warning.Duplicate, warning.Closed},
	warning.Reopened:      {warning.Duplicate, warning.Reopened},
}

// walk takes a warning to a state by hand.
func walk(t *testing.T, n *Node, id int64, to warning.State) {
	t.Helper()
	for _, state := range ways[to] {
		_, err := n.StepWarning(t.Context(), id, state, func(w *warning.Warning, ev *warning.Event) {
			ev.Reason = "as discussed"
			switch state {
			case warning.Decided:
				ev.Detail.Decision = warning.Warn
			case warning.Cleared:
				w.Text = warnText
			case warning.Sending:
				ev.Detail.Channel = "by telephone"
			case warning.Duplicate:
				ev.Detail.Other = "W7"
			case warning.Waived:
				ev.Reason, ev.Detail.Officer, ev.Detail.Review = string(warning.AlreadyAware), "head of desk", ev.At.Add(time.Hour)
			}
		})
		must(t, err)
	}
}

func TestTellFromEveryState(t *testing.T) {
	may := []warning.State{warning.Candidate, warning.Screened, warning.Decided, warning.Cleared, warning.Undeliverable, warning.Reopened}
	for _, from := range warning.States() {
		t.Run(string(from), func(t *testing.T) {
			at, n := raised(t)
			walk(t, n, 1, from)
			head := entries(t, n)
			a, err := n.Tell(t.Context(), 1, Telling{To: "South", Text: otherText, Reason: "danger to life"})
			all := at.outbox(t, n, at.South)
			if !slices.Contains(may, from) {
				if err == nil || len(all) != 0 || entries(t, n) != head {
					t.Errorf("told from %s: %v, with %d messages", from, err, len(all))
				}
				return
			}
			must(t, err)
			if a.State() != warning.Sending || len(all) != 1 || a.Text != otherText {
				t.Errorf("it is %s with the text %q, and %d messages went", a.State(), a.Text, len(all))
			}
			if err := a.Verify(); err != nil {
				t.Error(err)
			}
			_, got, err := release.ReadNotice(all[0].body)
			if err != nil || got.Text != otherText {
				t.Errorf("South reads %q, %v", got.Text, err)
			}
		})
	}
}

func TestWhatTellRefuses(t *testing.T) {
	at, n := raised(t)
	mail := selector.Selector{Kind: selector.Email, Value: "box03@relay.invalid"}
	for _, c := range []struct {
		name string
		t    Telling
		want error
	}{
		{"nobody", Telling{To: "Vesna", Text: warnText, Reason: "x"}, store.ErrNotFound},
		{"our own name", Telling{To: "South", Text: "North says that people may be harmed.", Reason: "x"}, release.ErrLeak},
		{"the name of one of us", Telling{To: "South", Text: "Ask Amira about the side door.", Reason: "x"}, release.ErrLeak},
		{"another counterpart's name", Telling{To: "South", Text: "Uvar says that people may be harmed.", Reason: "x"}, release.ErrLeak},
		{"a selector that nobody gave", Telling{To: "South", Text: "Ask +1 202-555-0101 at once.", Reason: "x"}, release.ErrLeak},
		{"another selector than the one disclosed", Telling{To: "South", Text: "Ask +1 202-555-0101.", Reason: "x", Disclose: []selector.Selector{mail}}, release.ErrLeak},
		{"our words", Telling{To: "South", Text: "They wrote: the blue lamp stands behind the second door on the left.", Reason: "x"}, release.ErrLeak},
	} {
		imported(t, n, "words.json", strings.Replace(reportObject(7, "the blue lamp stands behind the second door on the left", numbered("report", 8)), "what we know", "Words", 1))
		head := entries(t, n)
		_, err := n.Tell(t.Context(), 1, c.t)
		wants(t, c.name, err, c.want)
		if a, err := n.Warning(t.Context(), 1); err != nil || a.State() != warning.Candidate || len(a.Notices) != 0 {
			t.Errorf("%s: it is %s with %d notices, %v", c.name, a.State(), len(a.Notices), err)
		}
		if len(at.outbox(t, n, at.South)) != 0 || entries(t, n) != head {
			t.Errorf("%s: something of it stayed", c.name)
		}
	}
	for name, nothing := range map[string]Telling{
		"no text":   {To: "South", Text: " ", Reason: "x"},
		"no reason": {To: "South", Text: warnText, Reason: " "},
	} {
		if _, err := n.Tell(t.Context(), 1, nothing); err == nil || len(at.outbox(t, n, at.South)) != 0 {
			t.Errorf("it was told with %s", name)
		}
	}
	disclosed := Telling{To: "South", Text: "Ask +1 202-555-0101 at once.", Reason: "x", Disclose: []selector.Selector{phone(101)}}
	if _, err := n.Tell(t.Context(), 1, disclosed); err != nil {
		t.Errorf("a selector that somebody answers for: %v", err)
	}
}

// TestAWarningGoesFirst queues other messages before it.
func TestAWarningGoesFirst(t *testing.T) {
	at, n := raised(t)
	change(t, n, func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.Counterpart(ctx, "South")
		if err != nil {
			return err
		}
		for range 3 {
			if _, err := tx.Enqueue(ctx, store.Outgoing{Counterpart: c.ID, Kind: "match.abort", Body: []byte("x"), QueuedAt: noon}); err != nil {
				return err
			}
		}
		return nil
	})
	_, err := n.Tell(t.Context(), 1, Telling{To: "South", Text: warnText, Reason: "danger to life"})
	must(t, err)
	if all := at.outbox(t, n, at.South); len(all) != 4 || all[0].kind != release.KindWarning {
		t.Errorf("the first of %d messages is %s", len(all), all[0].kind)
	}
}

// TestAWarningAndItsReceipts takes a warning to the other side and back.
func TestAWarningAndItsReceipts(t *testing.T) {
	at, n := raised(t)
	_, err := n.Tell(t.Context(), 1, Telling{To: "South", Text: warnText, Reason: "danger to life"})
	must(t, err)
	at.carry(t, n, at.South)

	ours, err := n.Warning(t.Context(), 1)
	must(t, err)
	theirs, err := at.South.Warning(t.Context(), 1)
	must(t, err)
	if ours.State() != warning.Delivered {
		t.Errorf("ours is %s, want delivered", ours.State())
	}
	if theirs.State() != warning.Candidate || !theirs.Imminent || theirs.Text != warnText || !theirs.Notices[0].Received || theirs.Protocol != "duty to warn" {
		t.Errorf("theirs is %+v", theirs)
	}
	if due := theirs.Clock(at.clock.now()); len(due) == 0 {
		t.Error("no clock runs at South")
	}
	wants(t, "acknowledging our own", n.AcknowledgeWarning(t.Context(), 1), release.ErrStep)
	wants(t, "acknowledging nothing", n.AcknowledgeWarning(t.Context(), 9), store.ErrNotFound)

	must(t, at.South.AcknowledgeWarning(t.Context(), 1))
	all := at.outbox(t, at.South, n)
	if len(all) != 1 || all[0].kind != release.KindWarningReceipt {
		t.Fatalf("South sent %v", all)
	}
	for range 3 { // a receipt that comes again changes nothing
		at.hand(t, at.South, n, all[0].kind, all[0].body)
		apply(t, n)
	}
	ours, err = n.Warning(t.Context(), 1)
	must(t, err)
	if ours.State() != warning.Acknowledged || ours.Verify() != nil {
		t.Errorf("ours is %s, %v", ours.State(), ours.Verify())
	}
	_, err = at.South.Tell(t.Context(), theirs.Number, Telling{To: "North", Text: warnText, Reason: "x"})
	wants(t, "telling a warning back to who gave it", err, release.ErrStep)
	if bytes.Contains(all[0].body, []byte("dilip")) || bytes.Contains(all[0].body, []byte("chen")) {
		t.Error("the receipt names who read it")
	}
}

// TestAReceivedWarningGoesToNobodyElse: the third-party rule.
func TestAReceivedWarningGoesToNobodyElse(t *testing.T) {
	at := meet(t)
	watched(t, at.South, "the hall", true, 101)
	imported(t, at.South, "report.json", seen(101))
	_, err := at.South.Tell(t.Context(), 1, Telling{To: "North", Text: warnText, Reason: "danger to life"})
	must(t, err)
	at.carry(t, at.South, at.North)
	_, err = at.North.Tell(t.Context(), 1, Telling{To: "Uvar", Text: otherText, Reason: "danger to life"})
	wants(t, "South's warning to Uvar", err, release.ErrThirdParty)
	if got := at.outbox(t, at.North, at.Uvar); len(got) != 0 {
		t.Errorf("Uvar was sent %d messages", len(got))
	}
}

// TestReceiptsThatAreNotOurs: forged ones, and ones for what others told.
func TestReceiptsThatAreNotOurs(t *testing.T) {
	at, n := raised(t)
	a, err := n.Tell(t.Context(), 1, Telling{To: "South", Text: warnText, Reason: "danger to life"})
	must(t, err)
	receipt := func(ident string) []byte {
		b, err := json.Marshal(release.Receipt{Version: 1, Ident: ident, Acknowledged: true})
		must(t, err)
		return b
	}
	real := a.Notices[0].Ident
	for name, c := range map[string]struct {
		from *Node
		body []byte
	}{
		"an ident that nobody drew": {at.South, receipt(strings.Repeat("ab", 16))},
		"by another counterpart":    {at.Uvar, receipt(real)},
		"no ident":                  {at.South, receipt("")},
		"another version":           {at.South, bytes.Replace(receipt(real), []byte(`:1`), []byte(`:2`), 1)},
		"a property more":           {at.South, bytes.Replace(receipt(real), []byte(`{`), []byte(`{"a":1,`), 1)},
		"something behind it":       {at.South, append(receipt(real), receipt(real)...)},
		"no JSON":                   {at.South, []byte("delivered")},
	} {
		at.hand(t, c.from, n, release.KindWarningReceipt, c.body)
		apply(t, n)
		if l := newest(t, n); l.State != store.Refused || l.Problem == "" {
			t.Errorf("%s: the message is %s (%s)", name, l.State, l.Problem)
		}
		if a, err := n.Warning(t.Context(), 1); err != nil || a.State() != warning.Sending {
			t.Errorf("%s: the warning is %s, %v", name, a.State(), err)
		}
	}
}

// newest is the last message that came.
func newest(t *testing.T, n *Node) Letter {
	t.Helper()
	all, err := n.Inbox(t.Context(), 1)
	must(t, err)
	if len(all) != 1 {
		t.Fatal("nothing came")
	}
	l, err := n.Letter(t.Context(), all[0].Number)
	must(t, err)
	return l
}

// TestALateReceiptSaysNothingOfWhatWasToldSince: South did not answer in time,
// so Uvar was told. What South says then is not Uvar's answer.
func TestALateReceiptSaysNothingOfWhatWasToldSince(t *testing.T) {
	at, n := raised(t)
	_, err := n.Tell(t.Context(), 1, Telling{To: "South", Text: warnText, Reason: "danger to life"})
	must(t, err)
	_, err = n.StepWarning(t.Context(), 1, warning.Undeliverable, func(_ *warning.Warning, ev *warning.Event) { ev.Reason = "no answer" })
	must(t, err)
	_, err = n.Tell(t.Context(), 1, Telling{To: "Uvar", Text: otherText, Reason: "danger to life"})
	must(t, err)
	at.carry(t, n, at.South)
	if a, err := n.Warning(t.Context(), 1); err != nil || a.State() != warning.Sending {
		t.Errorf("after South's receipt it is %s, %v; Uvar has not answered", a.State(), err)
	}
	at.carry(t, n, at.Uvar)
	if a, err := n.Warning(t.Context(), 1); err != nil || a.State() != warning.Delivered {
		t.Errorf("after Uvar's receipt it is %s, %v", a.State(), err)
	}
}

// TestNoticesThatAreRefused: each leaves nothing but a line in the ledger.
func TestNoticesThatAreRefused(t *testing.T) {
	at, n := raised(t)
	_, err := n.Tell(t.Context(), 1, Telling{To: "South", Text: warnText, Reason: "danger to life"})
	must(t, err)
	whole := at.outbox(t, n, at.South)[0].body
	altered := func(change func(*release.Notice)) []byte {
		var notice release.Notice
		must(t, json.Unmarshal(whole, &notice))
		change(&notice)
		b, err := json.Marshal(notice)
		must(t, err)
		return b
	}
	tearline := releasedBundle(t, at)
	for name, body := range map[string][]byte{
		"another version":       altered(func(o *release.Notice) { o.Version = 2 }),
		"no ident":              altered(func(o *release.Notice) { o.Ident = "" }),
		"an ident of words":     altered(func(o *release.Notice) { o.Ident = strings.Repeat("zz", 16) }),
		"no bundle":             altered(func(o *release.Notice) { o.Bundle = nil }),
		"a byte changed":        altered(func(o *release.Notice) { o.Bundle = bytes.Replace(o.Bundle, []byte("Friday"), []byte("fr\"day"), 1) }),
		"a tearline's bundle":   altered(func(o *release.Notice) { o.Bundle = tearline }),
		"a protocol of its own": altered(func(o *release.Notice) { o.Protocol = strings.Repeat("x", 5000) }),
		"half of it":            whole[:len(whole)/2],
		"over a megabyte":       append(bytes.Repeat([]byte(" "), 1<<20), whole...),
		"a list":                []byte("[]"),
		"nothing":               nil,
	} {
		before := counted(t, at.South)
		at.hand(t, n, at.South, release.KindWarning, body)
		apply(t, at.South)
		if l := newest(t, at.South); l.State != store.Refused || l.Problem == "" || l.Tearline != nil {
			t.Errorf("%s: it is %s (%s)", name, l.State, l.Problem)
		}
		after := counted(t, at.South)
		if after.Objects != before.Objects || len(alerts(t, at.South)) != 0 || len(at.outbox(t, at.South, n)) != 0 {
			t.Errorf("%s: something of it was kept", name)
		}
	}
	got := ledger(t, at.South, 1)
	if last := got[len(got)-1]; last != "message.refused" {
		t.Errorf("the ledger's last line is %s", last)
	}
	// The same notice twice is one warning.
	for range 2 {
		at.hand(t, n, at.South, release.KindWarning, whole)
	}
	apply(t, at.South)
	if got := alerts(t, at.South); len(got) != 1 {
		t.Errorf("the same notice twice made %d warnings", len(got))
	}
	if got := at.outbox(t, at.South, n); len(got) != 1 {
		t.Errorf("and %d receipts", len(got))
	}
}

// TestALongTitleIsNoReasonToRefuseAWarning: another program may write one.
func TestALongTitleIsNoReasonToRefuseAWarning(t *testing.T) {
	at := meet(t)
	var body []byte
	change(t, at.North, func(ctx context.Context, tx *store.Tx) error {
		to, err := tx.Counterpart(ctx, "South")
		if err != nil {
			return err
		}
		_, outbox, err := at.North.desk().Warn(ctx, tx, "amira", to, release.WarnOrder{
			Title: "A" + strings.Repeat(" very long", 900) + " title", Text: warnText, Protocol: "duty to warn",
		})
		if err != nil {
			return err
		}
		o, err := tx.Outgoing(ctx, outbox)
		body = o.Body
		return err
	})
	at.hand(t, at.North, at.South, release.KindWarning, body)
	apply(t, at.South)
	a, err := at.South.Warning(t.Context(), 1)
	if err != nil || a.Text != warnText {
		t.Errorf("%q, %v: %s", a.Text, err, newest(t, at.South).Problem)
	}
}

// TestAWarningThatNamesWhomWeWatch is news to the watch list at once, not when
// something else comes in.
func TestAWarningThatNamesWhomWeWatch(t *testing.T) {
	at, n := raised(t)
	watched(t, at.South, "the ferry", true, 101)
	_, err := n.Tell(t.Context(), 1, Telling{
		To: "South", Text: "Ask +1 202-555-0101 at once.", Reason: "danger to life", Disclose: []selector.Selector{phone(101)},
	})
	must(t, err)
	at.carry(t, n, at.South)
	all, err := at.South.Warnings(t.Context())
	must(t, err)
	if !slices.ContainsFunc(all, func(a Alert) bool { return a.Recipient == "the ferry" }) {
		t.Errorf("%d warnings, none for the ferry", len(all))
	}
	var refused *warning.Refusal
	if _, err := at.South.StepWarning(t.Context(), 1, warning.Closed, nil); !errors.As(err, &refused) {
		t.Errorf("a warning was closed in silence: %v", err)
	}
}
