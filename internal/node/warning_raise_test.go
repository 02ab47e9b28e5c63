package node

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/internal/store"
	"parley/internal/warning"
	"parley/selector"
)

// watched puts telephones on a node's watch list for one recipient.
func watched(t testing.TB, n *Node, recipient string, imminent bool, last ...int) (raised int) {
	t.Helper()
	for _, l := range last {
		rows, err := n.Watch(t.Context(), store.Watch{Selector: phone(l), Recipient: recipient, Imminent: imminent})
		must(t, err)
		raised += len(rows)
	}
	return raised
}

// alerts are the selectors of a node's warnings, in the order they are shown.
func alerts(t testing.TB, n *Node) (all [][]selector.Selector) {
	t.Helper()
	list, err := n.Warnings(t.Context())
	must(t, err)
	for _, a := range list {
		all = append(all, a.Basis.Selectors)
	}
	return all
}

func seen(i int) string { return noteObject(i, fmt.Sprintf("+1 202-555-%04d", i)) }

func TestOneWarningForEachRecipientAndSource(t *testing.T) {
	at := meet(t)
	n := at.North
	watched(t, n, "the hall", false, 101, 102)
	watched(t, n, "the ferry", false, 103)
	watched(t, n, "", false, 104)
	watched(t, n, "nobody's", false, 105)

	if sum := imported(t, n, "first.json", seen(101), seen(102), seen(103), seen(104)); sum.Raised != 3 {
		t.Errorf("the first source raised %d, want one for the hall, one for the ferry, one for the number of nobody", sum.Raised)
	}
	if sum := imported(t, n, "first.json", seen(106)); sum.Raised != 0 {
		t.Errorf("something else in the same source raised %d", sum.Raised)
	}
	// The same number in another source is news.
	if sum := imported(t, n, "second.json", noteObject(1, "+1 202-555-0101")); sum.Raised != 1 {
		t.Errorf("a second source raised %d, want one", sum.Raised)
	}
	if got := len(alerts(t, n)); got != 4 {
		t.Errorf("%d warnings, want 4", got)
	}
}

// TestWhoIsWatchedLaterIsNotLeftOut: the recipient has a warning of this
// source already, of somebody else.
func TestWhoIsWatchedLaterIsNotLeftOut(t *testing.T) {
	at := meet(t)
	n := at.North
	watched(t, n, "the hall", false, 101)
	imported(t, n, "report.json", seen(101), seen(102), seen(103))
	if got := watched(t, n, "the hall", true, 102); got != 1 {
		t.Errorf("watching a number that is in the store raised %d warnings, want one", got)
	}
	if got := watched(t, n, "the hall", true, 102); got != 0 {
		t.Errorf("watching it again raised %d more", got)
	}
	at.clock.move(time.Minute)
	if got := watched(t, n, "the hall", false, 103); got != 1 {
		t.Errorf("a third number raised %d, want one", got)
	}
	want := [][]selector.Selector{{phone(102)}, {phone(101)}, {phone(103)}} // what is imminent first
	if got := alerts(t, n); !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestNoWarningHasTooMuchToSay: a watch list of hundreds for one recipient,
// all seen at once, is no reason to refuse what brought them.
func TestNoWarningHasTooMuchToSay(t *testing.T) {
	at := meet(t)
	n := at.North
	var objects []string
	change(t, n, func(ctx context.Context, tx *store.Tx) error {
		for i := range maxSelectors + 44 {
			objects = append(objects, noteObject(i, fmt.Sprintf("watch%d@hall.example", i)))
			sel := selector.Selector{Kind: selector.Email, Value: fmt.Sprintf("watch%d@hall.example", i)}
			if _, err := tx.AddWatch(ctx, store.Watch{Selector: sel, Recipient: "the hall", Owner: "amira"}); err != nil {
				return err
			}
		}
		return nil
	})
	if sum := imported(t, n, "many.json", objects...); sum.Raised != 2 || sum.Objects != len(objects) {
		t.Errorf("%+v, want everything and two warnings", sum)
	}
	all := slices.Concat(alerts(t, n)...)
	named := map[selector.Selector]bool{}
	for _, sel := range all {
		named[sel] = true
	}
	if len(all) != len(objects) || len(named) != len(objects) {
		t.Errorf("the warnings name %d selectors, %d different ones; want each of %d once", len(all), len(named), len(objects))
	}
}

// TestEveryWatchedSelectorIsWarnedOfOnce brings numbers in and puts them on the
// watch list in any order: in the end each stands in just one warning for each
// source.
func TestEveryWatchedSelectorIsWarnedOfOnce(t *testing.T) {
	at := meet(t)
	n := at.North
	base := 0
	rapid.Check(t, func(r *rapid.T) {
		base += 10 // numbers of this run alone
		watchedNow, in := map[int]bool{}, map[[2]int]bool{}
		for range rapid.IntRange(1, 8).Draw(r, "steps") {
			i := base + rapid.IntRange(0, 4).Draw(r, "number")
			if rapid.Bool().Draw(r, "watch") {
				watchedNow[i] = true
				watched(t, n, fmt.Sprint("recipient ", base+i%2), false, i)
				continue
			}
			source := rapid.IntRange(1, 2).Draw(r, "source")
			in[[2]int{i, source}] = true
			imported(t, n, fmt.Sprintf("%d-%d.json", base, source), noteObject(i*10+source, fmt.Sprintf("+1 202-555-%04d", i)))
		}
		count := map[selector.Selector]int{}
		for _, sel := range slices.Concat(alerts(t, n)...) {
			count[sel]++
		}
		for i := base; i < base+5; i++ {
			want := 0
			for source := 1; source <= 2 && watchedNow[i]; source++ {
				if in[[2]int{i, source}] {
					want++
				}
			}
			if count[phone(i)] != want {
				r.Fatalf("%s stands in %d warnings, want %d", phone(i), count[phone(i)], want)
			}
		}
	})
}

func TestImminentFirst(t *testing.T) {
	at := meet(t)
	n := at.North
	for i, c := range []struct {
		recipient string
		imminent  bool
	}{{"the ferry", false}, {"the hall", true}, {"the choir", false}, {"the museum", true}} {
		at.clock.move(time.Hour)
		watched(t, n, c.recipient, c.imminent, 101+i)
		imported(t, n, fmt.Sprintf("%d.json", i), seen(101+i))
	}
	all, err := n.Warnings(t.Context())
	must(t, err)
	var got []bool
	for _, a := range all {
		got = append(got, a.Imminent)
	}
	if !slices.Equal(got, []bool{true, true, false, false}) {
		t.Errorf("imminent: %v, want those first", got)
	}
	s, err := n.Status(t.Context())
	must(t, err)
	if s.Waiting.Warnings != 4 || s.Waiting.Overdue == 0 {
		t.Errorf("waiting: %+v, want four and the oldest imminent one overdue", s.Waiting)
	}
}

func TestWatchListEnds(t *testing.T) {
	at := meet(t)
	n := at.North
	watched(t, n, "the hall", false, 101)
	must(t, n.Unwatch(t.Context(), phone(101)))
	wants(t, "a watch that is not there", n.Unwatch(t.Context(), phone(101)), store.ErrNotFound)
	if sum := imported(t, n, "report.json", seen(101)); sum.Raised != 0 {
		t.Errorf("raised %d for a watch that ended", sum.Raised)
	}
}

// TestAClockSetBackHoldsUpNoWarning moves the clock to before the warning was
// raised; people can still act on it.
func TestAClockSetBackHoldsUpNoWarning(t *testing.T) {
	at := meet(t)
	n := at.North
	watched(t, n, "the hall", true, 101)
	imported(t, n, "report.json", seen(101))
	at.clock.move(-48 * time.Hour)
	a, err := n.StepWarning(t.Context(), 1, warning.Screened, nil)
	must(t, err)
	if a.State() != warning.Screened || a.Verify() != nil {
		t.Errorf("it is %s, %v", a.State(), a.Verify())
	}
}
