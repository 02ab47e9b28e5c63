package node

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/internal/match"
	"parley/internal/release"
	"parley/internal/store"
	"parley/selector"
	"parley/stix"
)

// southTold is a table at which South has given North a tearline with one
// telephone, 147, which North did not know.
func southTold(t *testing.T) (at *table, theirs stix.ID) {
	t.Helper()
	at = meet(t)
	released(t, at.South, at.North, order(reported(t, at.South, 1, 147), 147))
	at.carry(t, at.South, at.North)
	return at, stix.ID(newest(t, at.North).Tearline.Report)
}

func matched(t testing.TB, at *table, from, to *Node) (ours, theirs int64) {
	t.Helper()
	ours, err := from.ProposeMatch(t.Context(), to.Settings.Party, match.Offer{
		Kinds: []selector.Kind{selector.Phone}, Purpose: "threat to life", MaxItems: 1000, Mode: match.ModeOverlap,
	})
	must(t, err)
	at.carry(t, from, to)
	all, err := to.Matches(t.Context())
	must(t, err)
	theirs = all[0].ID
	must(t, to.AcceptMatch(t.Context(), theirs, 0, false, ""))
	at.carry(t, from, to)
	must(t, from.RunMatch(t.Context(), ours))
	at.carry(t, from, to)
	for _, end := range []struct {
		n  *Node
		id int64
	}{{from, ours}, {to, theirs}} {
		m, err := end.n.Match(t.Context(), end.id)
		must(t, err)
		if m.State != match.Done {
			t.Fatalf("%s's match is %s: %s", end.n.Settings.Party, m.State, m.Progress.Reason)
		}
	}
	return ours, theirs
}

func overlap(t testing.TB, n *Node, id int64) (all []selector.Selector) {
	t.Helper()
	shared, err := n.Overlap(t.Context(), id)
	must(t, err)
	for _, s := range shared {
		all = append(all, s.Selector)
	}
	return all
}

// TestWhatSouthGaveEntersNoMatch: with nobody, South itself included. Both
// others hold the number.
func TestWhatSouthGaveEntersNoMatch(t *testing.T) {
	at, _ := southTold(t)
	reported(t, at.Uvar, 9, 147, 150)
	reported(t, at.South, 8, 150)
	reported(t, at.North, 7, 150)
	for _, to := range []*Node{at.Uvar, at.South} {
		ours, theirs := matched(t, at, at.North, to)
		for _, got := range [][]selector.Selector{overlap(t, at.North, ours), overlap(t, to, theirs)} {
			if !slices.Equal(got, []selector.Selector{phone(150)}) {
				t.Errorf("with %s: the overlap is %v, want what North knows itself", to.Settings.Party, got)
			}
		}
		m, err := at.North.Match(t.Context(), ours)
		must(t, err)
		if m.Progress.OurSize != 1 {
			t.Errorf("with %s: %d of ours took part, want 1", to.Settings.Party, m.Progress.OurSize)
		}
	}
}

// TestWhatSouthGaveIsReleasedToNobodyElse, and may be discussed with South.
func TestWhatSouthGaveIsReleasedToNobodyElse(t *testing.T) {
	at, theirs := southTold(t)
	claim := claimsOf(t, at.North, "South")[0].ID
	must(t, at.North.GradeClaim(t.Context(), claim, release.Grade{Source: 'C', Information: '3'}, "we know them"))
	ownAbout := func(i int, refs ...stix.ID) stix.ID {
		imported(t, at.North, "own.json", reportObject(i, "our own view of this matter", refs...))
		return numbered("report", i)
	}
	for name, c := range map[string]struct {
		report stix.ID
		added  []int
	}{
		"their report":                                 {theirs, nil},
		"a report of ours about theirs":                {ownAbout(30, theirs), nil},
		"a report of ours about their claim":           {ownAbout(31, claim), nil},
		"a report about a report of ours about theirs": {ownAbout(33, ownAbout(32, theirs)), nil},
		"their selector, added by hand":                {ownAbout(34), []int{147}},
	} {
		head := entries(t, at.North)
		_, err := at.North.DraftRelease(t.Context(), "Uvar", order(c.report, c.added...))
		wants(t, name+", to Uvar", err, release.ErrThirdParty)
		if entries(t, at.North) != head {
			t.Errorf("%s: a draft that was refused is in the ledger", name)
		}
		r, err := at.North.DraftRelease(t.Context(), "South", order(c.report, c.added...))
		if err != nil {
			t.Errorf("%s, back to South: %v", name, err)
			continue
		}
		if _, _, err := at.North.CheckRelease(t.Context(), r.ID); err != nil {
			t.Errorf("%s, back to South: %v", name, err)
		}
	}
	if all, err := at.North.Releases(t.Context()); err != nil || len(all) != 5 {
		t.Errorf("%d drafts, %v; want the five to South", len(all), err)
	}
}

// TestWhatSouthWroteIsNotRetold: its words and its number in a tearline about
// something of our own.
func TestWhatSouthWroteIsNotRetold(t *testing.T) {
	at, _ := southTold(t)
	report := reported(t, at.North, 40, 150)
	for name, text := range map[string]string{
		"its words":  "We hear: " + tearlineText,
		"its number": "Look for +1 202-555-0147 on Friday.",
		"its name":   "South says that the audience is in danger.",
	} {
		o := order(report, 150)
		o.Text = text
		r := drafted(t, at.North, at.Uvar, o)
		r, found, err := at.North.CheckRelease(t.Context(), r.ID)
		if err != nil || r.State != release.Stopped || !release.Blocked(found) {
			t.Errorf("%s: the draft is %s, %v", name, r.State, err)
		}
	}
}

// TestWhatWeFoundOurselvesIsOurs, whoever else told us of it.
func TestWhatWeFoundOurselvesIsOurs(t *testing.T) {
	at, _ := southTold(t)
	report := reported(t, at.North, 50, 147)
	if !knows(t, at.North, phone(147), true) {
		t.Error("a number in our own report is not ours")
	}
	if _, err := at.North.DraftRelease(t.Context(), "Uvar", order(report, 147)); err != nil {
		t.Errorf("our own number, to Uvar: %v", err)
	}
}

// TestAnOverlapClearsForItsOwnCounterpartAlone.
func TestAnOverlapClearsForItsOwnCounterpartAlone(t *testing.T) {
	at := meet(t)
	report := reported(t, at.North, 7, 150)
	reported(t, at.South, 8, 150)
	ours, _ := matched(t, at, at.North, at.South)
	o := order(report)
	o.Match = ours
	if _, err := at.North.DraftRelease(t.Context(), "Uvar", o); err == nil || !strings.Contains(err.Error(), "another counterpart") {
		t.Errorf("South's overlap cleared for Uvar: %v", err)
	}
	r := drafted(t, at.North, at.South, o)
	got, err := release.Verify(r.Bundle)
	must(t, err)
	if tl := at.North.tearline(got); !slices.Equal(tl.Selectors, []selector.Selector{phone(150)}) {
		t.Errorf("to South: %v", tl.Selectors)
	}
	o.Match = 99
	_, err = at.North.DraftRelease(t.Context(), "South", o)
	wants(t, "a match that never was", err, store.ErrNotFound)
}

// TestNothingOfSouthsIsEverOurs gives North numbers from South and of its own
// in any order, and holds what takes part in a match, and what may be disclosed
// to Uvar, against a plain list.
func TestNothingOfSouthsIsEverOurs(t *testing.T) {
	at := meet(t)
	next := 0
	rapid.Check(t, func(r *rapid.T) {
		next++
		given := rapid.SliceOfNDistinct(rapid.IntRange(100, 119), 1, 4, rapid.ID[int]).Draw(r, "given")
		own := rapid.SliceOfNDistinct(rapid.IntRange(100, 119), 0, 4, rapid.ID[int]).Draw(r, "own")
		ownFirst := rapid.Bool().Draw(r, "own first")
		number := func(l int) selector.Selector { // of this run alone
			return selector.Selector{Kind: selector.Email, Value: fmt.Sprintf("box%d@run%d.example", l, next)}
		}
		bring := func() {
			for _, l := range own {
				imported(t, at.North, "own.json", noteObject(next*1000+l, number(l).Value))
			}
		}
		if ownFirst {
			bring()
		}
		change(t, at.North, func(ctx context.Context, tx *store.Tx) error {
			from, err := tx.Counterpart(ctx, "South")
			if err != nil {
				return err
			}
			for _, l := range given {
				o, err := stix.ParseObject([]byte(noteObject(next*1000+500+l, number(l).Value)))
				if err != nil {
					return err
				}
				if _, _, err := at.North.putObject(ctx, tx, o, store.Object{Origin: from.ID, PermittedUse: string(release.Detection)}, "theirs"); err != nil {
					return err
				}
			}
			return nil
		})
		if !ownFirst {
			bring()
		}
		for _, l := range slices.Concat(given, own) {
			ours := slices.Contains(own, l)
			if knows(t, at.North, number(l), true) != ours {
				r.Fatalf("%s counts as ours: %v, want %v", number(l), !ours, ours)
			}
			o := order(reportOnce(t, at))
			o.Added = []release.Disclosed{{Selector: number(l), Reason: "x"}}
			if _, err := at.North.DraftRelease(t.Context(), "Uvar", o); (err == nil) != ours {
				r.Fatalf("%s, which is ours: %v, to Uvar: %v", number(l), ours, err)
			}
		}
	})
}

// reportOnce is a report of North's own that says nothing.
func reportOnce(t *testing.T, at *table) stix.ID {
	t.Helper()
	imported(t, at.North, "plain.json", reportObject(60, "our own view of this matter"))
	return numbered("report", 60)
}

// TestWhatWasGivenLaterStopsNothing: our report names an object that we do not
// hold. A consumer that gives us something under that id afterwards cannot keep us
// from releasing the report; what it gave does not go out with it.
func TestWhatWasGivenLaterStopsNothing(t *testing.T) {
	for name, c := range map[string]struct {
		before bool
		want   error
	}{"given later": {false, nil}, "given before": {true, release.ErrThirdParty}} {
		at := meet(t)
		siem := consumes(t, at.South, "Siem", ConsumerOptions{MaySend: true})
		give := func() {
			at.clock.move(time.Hour)
			siem.sends(noteObject(9, "What Siem says of "+phone(155).Value))
			takeAll(t, at.South)
			at.clock.move(time.Hour)
		}
		if c.before {
			give()
		}
		imported(t, at.South, "report.json", reportObject(1, "Two men spoke of a lamp and a door.", numbered("note", 9)))
		if !c.before {
			give()
		}
		r, err := at.South.DraftRelease(t.Context(), "North", order(numbered("report", 1)))
		wants(t, name, err, c.want)
		if err == nil && strings.Contains(string(r.Bundle), phone(155).Value) {
			t.Errorf("%s: it goes out", name)
		}
	}
}
