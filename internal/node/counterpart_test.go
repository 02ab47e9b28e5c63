package node

import (
	"context"
	"errors"
	"testing"

	"parley/internal/release"
	"parley/internal/store"
	"parley/internal/warning"
)

// read lets a node read an introduction, and returns the error.
func read(t *testing.T, n *Node, text []byte) error {
	t.Helper()
	_, err := n.AddCounterpart(t.Context(), text)
	return err
}

func written(t *testing.T, n *Node, to string, anew bool) []byte {
	t.Helper()
	text, err := n.Introduce(t.Context(), to, anew)
	must(t, err)
	return text
}

// TestIntroductions: South and Uvar do not know each other yet.
func TestIntroductions(t *testing.T) {
	at := meet(t)
	fromSouth := written(t, at.South, "Uvar", false)
	wants(t, "Uvar reads it before it wrote its own", read(t, at.Uvar, fromSouth), store.ErrNotFound)
	fromUvar := written(t, at.Uvar, "South", false)
	wants(t, "North reads what is for South", read(t, at.North, fromUvar), ErrOtherParty)
	wants(t, "South reads its own", read(t, at.South, fromSouth), ErrOtherParty)
	for i := 0; i < len(fromUvar); i += 37 {
		torn := append([]byte{}, fromUvar...)
		torn[i] ^= 0x15
		if err := read(t, at.South, torn); err == nil {
			t.Fatalf("an introduction with byte %d changed was read", i)
		}
	}
	if err := read(t, at.South, nil); err == nil {
		t.Error("nothing was read as an introduction")
	}

	must(t, read(t, at.South, fromUvar))
	wants(t, "South reads it twice", read(t, at.South, fromUvar), store.ErrExists)
	must(t, read(t, at.Uvar, fromSouth))
	_, err := at.South.Introduce(t.Context(), "Uvar", false)
	wants(t, "a second introduction for an open channel", err, store.ErrExists)
	_, err = at.South.Introduce(t.Context(), "South", false)
	var refused Invalid
	if !errors.As(err, &refused) {
		t.Errorf("an introduction to ourselves: %v", err)
	}

	spoken := map[string]string{}
	for _, n := range []*Node{at.South, at.Uvar} {
		all, err := n.Counterparts(t.Context())
		must(t, err)
		for _, c := range all {
			if c.Name != "North" {
				spoken[n.Settings.Party] = c.Spoken
				if len(c.Mine) != 0 {
					t.Errorf("%s still holds the secrets that made the channel", n.Settings.Party)
				}
			}
		}
	}
	if spoken["South"] == "" || spoken["South"] != spoken["Uvar"] {
		t.Errorf("the digits are %q", spoken)
	}
	// Before the digits were compared nothing is said.
	report := reported(t, at.South, 1, 147)
	var early NotYet
	if _, err := at.South.DraftRelease(t.Context(), "Uvar", order(report, 147)); !errors.As(err, &early) {
		t.Errorf("a draft to somebody whose digits were not compared: %v", err)
	}
	for _, wrong := range []string{"", "00000", spoken["South"][1:], spoken["South"] + "0"} {
		wants(t, "the digits "+wrong, at.South.VerifyCounterpart(t.Context(), "Uvar", wrong), ErrSpoken)
	}
	must(t, at.South.VerifyCounterpart(t.Context(), "Uvar", " "+spoken["Uvar"]+"\n"))
	if _, err := at.South.DraftRelease(t.Context(), "Uvar", order(report, 147)); err != nil {
		t.Error(err)
	}
	wants(t, "nobody", at.South.VerifyCounterpart(t.Context(), "Vesna", "1"), store.ErrNotFound)
}

func TestNoIntroductionWithoutARelay(t *testing.T) {
	at := meet(t)
	s := at.South.Settings
	s.Relays = nil
	must(t, at.South.SetSettings(t.Context(), s))
	var early NotYet
	if _, err := at.South.Introduce(t.Context(), "Uvar", false); !errors.As(err, &early) {
		t.Errorf("got %v", err)
	}
	written(t, at.Uvar, "South", false)
	if err := at.South.VerifyCounterpart(t.Context(), "North", "1"); !errors.Is(err, ErrSpoken) {
		t.Errorf("got %v", err)
	}
}

// TestAnIntroductionNotYetReadIsReplaced by a later one, and the earlier one
// opens nothing any more.
func TestAnIntroductionNotYetReadIsReplaced(t *testing.T) {
	at := meet(t)
	written(t, at.South, "Uvar", false)
	fromUvar := written(t, at.Uvar, "South", false)
	later := written(t, at.South, "Uvar", false)
	must(t, read(t, at.South, fromUvar))
	must(t, read(t, at.Uvar, later))
	a, err := at.South.Counterparts(t.Context())
	must(t, err)
	b, err := at.Uvar.Counterparts(t.Context())
	must(t, err)
	if a[1].Spoken != b[1].Spoken {
		t.Error("the two sides hold different digits")
	}
}

// TestIntroducedAnew: the channel was lost. What had come stays; the numbers of
// its messages are free again; what had not gone is back with its people.
func TestIntroducedAnew(t *testing.T) {
	at := meet(t)
	body := releasedBundle(t, at)
	for range 3 {
		at.hand(t, at.South, at.North, release.KindBundle, body)
	}
	apply(t, at.North)
	waiting := released(t, at.North, at.South, order(reported(t, at.North, 5, 150), 150))
	before, err := at.North.Inbox(t.Context(), 0)
	must(t, err)
	objects := counted(t, at.North).Objects

	must(t, introduced(t.Context(), at.North, at.South, true))
	after, err := at.North.Inbox(t.Context(), 0)
	must(t, err)
	if len(after) != len(before) || counted(t, at.North).Objects != objects {
		t.Errorf("%d messages and %d objects, before %d and %d", len(after), counted(t, at.North).Objects, len(before), objects)
	}
	for i := range after {
		if after[i].Number != before[i].Number || after[i].State != store.Applied {
			t.Errorf("message %d is %s", after[i].Number, after[i].State)
		}
	}
	at.number = 0 // the new channel counts from the beginning
	for range 3 {
		at.hand(t, at.South, at.North, release.KindBundle, body)
	}
	if got := apply(t, at.North); got != 3 {
		t.Errorf("%d messages of the new channel were applied, want 3", got)
	}
	if c := claimsOf(t, at.North, "South"); len(c) != 1 {
		t.Errorf("%d claims of one tearline", len(c))
	}
	if out := at.outbox(t, at.North, at.South); len(out) != 0 {
		t.Errorf("%d messages of the old channel wait for the new one", len(out))
	}
	r, err := at.North.SendRelease(t.Context(), waiting.ID) // it is back on the desk, cleared as it was
	must(t, err)
	at.carry(t, at.North, at.South)
	if l := newest(t, at.South); l.State != store.Applied || r.State != release.Sent {
		t.Errorf("sent again it is %s, and %s at South", r.State, l.State)
	}
	var origins int
	view(t, at.North, func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Counterparts(ctx)
		origins = len(all)
		return err
	})
	if origins != 2 {
		t.Errorf("%d counterparts, want the two that were there", origins)
	}
}

// TestAWarningThatTheOldChannelDidNotBring is nobody's silent loss: it counts
// as not delivered, its clock runs, and it can be sent again.
func TestAWarningThatTheOldChannelDidNotBring(t *testing.T) {
	at, n := raised(t)
	_, err := n.Tell(t.Context(), 1, Telling{To: "South", Text: warnText, Reason: "danger to life"})
	must(t, err)
	must(t, introduced(t.Context(), n, at.South, true))
	a, err := n.Warning(t.Context(), 1)
	must(t, err)
	if a.State() != warning.Undeliverable || len(a.Clock(at.clock.now())) == 0 || a.Verify() != nil {
		t.Errorf("it is %s with the clock %v, %v", a.State(), a.Clock(at.clock.now()), a.Verify())
	}
	_, err = n.Tell(t.Context(), 1, Telling{To: "South", Text: warnText, Reason: "danger to life"})
	must(t, err)
	at.carry(t, n, at.South)
	if a, err := n.Warning(t.Context(), 1); err != nil || a.State() != warning.Delivered {
		t.Errorf("sent again it is %s, %v", a.State(), err)
	}
	// One that had arrived stays delivered.
	must(t, introduced(t.Context(), n, at.South, true))
	if a, err := n.Warning(t.Context(), 1); err != nil || a.State() != warning.Delivered {
		t.Errorf("delivered, and then %s, %v", a.State(), err)
	}
}

// TestHalfAReintroduction leaves the old channel in use.
func TestHalfAReintroduction(t *testing.T) {
	at := meet(t)
	written(t, at.North, "South", true)
	released(t, at.North, at.South, order(reported(t, at.North, 5, 150), 150))
	at.carry(t, at.North, at.South)
	if l := newest(t, at.South); l.State != store.Applied {
		t.Errorf("over the old channel: %s, %s", l.State, l.Problem)
	}
}
