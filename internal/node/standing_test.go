package node

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/match"
	"parley/internal/store"
	"parley/selector"
)

// holdsList is a table at which North checks against a standing list of
// South's.
func holdsList(t *testing.T, o match.Offer) (at *table, norths, souths int64) {
	t.Helper()
	at = meet(t)
	reported(t, at.South, 1, 147, 148)
	reported(t, at.North, 2, 147, 150)
	o.Kinds, o.Purpose, o.Mode, o.Learns = []selector.Kind{selector.Phone}, "threat to life", match.ModeStanding, match.LearnProposer
	norths, err := at.North.ProposeMatch(t.Context(), "South", o)
	must(t, err)
	at.carry(t, at.North, at.South)
	all, err := at.South.Matches(t.Context())
	must(t, err)
	souths = all[0].ID
	must(t, at.South.AcceptMatch(t.Context(), souths, 0, false, ""))
	at.carry(t, at.North, at.South)
	return at, norths, souths
}

// checks makes a check and carries its answer.
func (at *table) checks(t *testing.T, id int64) match.Matching {
	t.Helper()
	run, err := at.North.CheckMatch(t.Context(), id)
	must(t, err)
	at.carry(t, at.North, at.South)
	m, err := at.North.Match(t.Context(), run)
	must(t, err)
	return m
}

func secrets(t *testing.T, n *Node, id int64) (secret []byte, values int, filter []byte) {
	t.Helper()
	view(t, n, func(ctx context.Context, tx *store.Tx) error {
		m, err := tx.Matching(ctx, id)
		if err != nil {
			return err
		}
		all, err := tx.StandingValues(ctx, id)
		if err != nil {
			return err
		}
		list, err := tx.Standing(ctx, id)
		secret, values, filter = m.Secret, len(all), list.Filter
		return err
	})
	return secret, values, filter
}

// TestAListIsCheckedForAsLongAsItsTermsStand goes through the life of a
// standing list.
func TestAListIsCheckedForAsLongAsItsTermsStand(t *testing.T) {
	at, norths, souths := holdsList(t, match.Offer{Runs: 20})
	first := at.checks(t, norths)
	if got := overlap(t, at.North, first.ID); first.State != match.Done || !slices.Equal(got, []selector.Selector{phone(147)}) {
		t.Fatalf("the first check is %s and found %v: %s", first.State, got, first.Progress.Reason)
	}
	if p := first.Progress; p.OurSize != 2 || p.TheirSize != 2 {
		t.Errorf("asked about %d of a list of %d, want 2 of 2", p.OurSize, p.TheirSize)
	}
	reported(t, at.South, 3, 151, 152)
	reported(t, at.North, 4, 151, 153, 154)
	second := at.checks(t, norths)
	if got := overlap(t, at.North, second.ID); second.Progress.OurSize != 3 || !slices.Equal(got, []selector.Selector{phone(151)}) {
		t.Errorf("the second check is %s, asked about %d, and found %v: %s", second.State, second.Progress.OurSize, got, second.Progress.Reason)
	}
	if a := allowance(t, at.South, "North", selector.Phone); a.Used != 5 {
		t.Errorf("North is charged with %d questions, want 5", a.Used)
	}
	must(t, at.North.WatchMatch(t.Context(), norths, true))
	must(t, at.South.WithdrawMatch(t.Context(), souths, "the work is done"))
	at.carry(t, at.North, at.South)
	for _, end := range []struct {
		n  *Node
		id int64
	}{{at.North, norths}, {at.South, souths}} {
		m, err := end.n.Match(t.Context(), end.id)
		must(t, err)
		secret, values, filter := secrets(t, end.n, end.id)
		if m.State != match.Done || len(secret) != 0 || values != 0 || filter != nil {
			t.Errorf("%s: %s, with a secret of %d bytes, %d values and a filter of %d bytes", end.n.Settings.Party, m.State, len(secret), values, len(filter))
		}
	}
	_, err := at.North.CheckMatch(t.Context(), norths)
	wants(t, "a check after the end", err, match.ErrTerms)
}

// TestAListEndsWithItsTime: nobody need do anything.
func TestAListEndsWithItsTime(t *testing.T) {
	at, norths, souths := holdsList(t, match.Offer{Runs: 20})
	at.checks(t, norths)
	at.clock.move(31 * 24 * time.Hour)
	at.North.keepLists(t.Context())
	at.South.keepLists(t.Context())
	if secret, values, _ := secrets(t, at.South, souths); len(secret) != 0 || values != 0 {
		t.Errorf("South keeps a secret of %d bytes and %d values", len(secret), values)
	}
	if _, _, filter := secrets(t, at.North, norths); filter != nil {
		t.Error("North keeps the filter")
	}
}

// TestAWatchedListWarns: a number that came in by itself is checked, and
// raises a warning.
func TestAWatchedListWarns(t *testing.T) {
	at, norths, _ := holdsList(t, match.Offer{Runs: 20})
	must(t, at.North.WatchMatch(t.Context(), norths, true))
	at.North.checkWatched(t.Context())
	at.carry(t, at.North, at.South)
	before, err := at.North.Warnings(t.Context())
	must(t, err)
	if len(before) != 1 {
		t.Fatalf("%d warnings after the first check, want 1", len(before))
	}
	reported(t, at.South, 3, 160)
	_, err = at.North.Import(t.Context(), file(t, "new.txt", []byte("+1 202 555 0160\n+1 202 555 0161\n")), "")
	must(t, err)
	at.carry(t, at.North, at.South)
	after, err := at.North.Warnings(t.Context())
	must(t, err)
	if len(after) != 2 {
		t.Errorf("%d warnings after the import, want 2", len(after))
	}
	must(t, at.North.WatchMatch(t.Context(), norths, false))
	head := entries(t, at.North)
	_, err = at.North.Import(t.Context(), file(t, "more.txt", []byte("+1 202 555 0162\n")), "")
	must(t, err)
	if got := ledger(t, at.North, head+1); slices.Contains(got, "match.check") {
		t.Errorf("a list is checked that is not watched any more: %v", got)
	}
}

// TestWhatSouthGaveIsOnNoList: nor does a check of ours ask about it.
func TestWhatSouthGaveIsOnNoList(t *testing.T) {
	at, _ := southTold(t) // of 147
	reported(t, at.North, 2, 150)
	reported(t, at.Uvar, 3, 147, 150, 151)
	for learns, sizes := range map[string][2]int{match.LearnProposer: {1, 3}, match.LearnResponder: {3, 1}} {
		norths, err := at.North.ProposeMatch(t.Context(), "Uvar", match.Offer{
			Kinds: []selector.Kind{selector.Phone}, Purpose: "threat to life", Mode: match.ModeStanding, Learns: learns, Runs: 5,
		})
		must(t, err)
		at.carry(t, at.North, at.Uvar)
		all, err := at.Uvar.Matches(t.Context())
		must(t, err)
		must(t, at.Uvar.AcceptMatch(t.Context(), all[0].ID, 0, false, ""))
		at.carry(t, at.North, at.Uvar)
		checker, id := at.North, norths
		if learns == match.LearnResponder {
			checker, id = at.Uvar, all[0].ID
		}
		run, err := checker.CheckMatch(t.Context(), id)
		must(t, err)
		at.carry(t, at.North, at.Uvar)
		m, err := checker.Match(t.Context(), run)
		must(t, err)
		if got := overlap(t, checker, run); !slices.Equal(got, []selector.Selector{phone(150)}) {
			t.Errorf("%s checks and finds %v, want what North knows itself: %s", checker.Settings.Party, got, m.Progress.Reason)
		}
		if m.Progress.OurSize != sizes[0] || m.Progress.TheirSize != sizes[1] {
			t.Errorf("%s asks about %d of a list of %d, want %v", checker.Settings.Party, m.Progress.OurSize, m.Progress.TheirSize, sizes)
		}
	}
}

// TestATriageIsEnoughForAWatchedList: what it brought is checked by itself.
func TestATriageIsEnoughForAWatchedList(t *testing.T) {
	at, norths, _ := holdsList(t, match.Offer{Runs: 20})
	at.checks(t, norths)
	must(t, at.North.WatchMatch(t.Context(), norths, true))
	reported(t, at.South, 3, 160)
	got, err := at.North.Import(t.Context(), file(t, "notes.md", []byte("Call +1 202 555 0160 on Friday.\n")), "")
	must(t, err)
	if got.Evidence == 0 {
		t.Fatalf("the notes were not taken for evidence: %+v", got)
	}
	_, err = at.North.Triage(t.Context(), got.Evidence, TriageOptions{})
	must(t, err)
	at.carry(t, at.North, at.South)
	all, err := at.North.Warnings(t.Context())
	must(t, err)
	if len(all) != 1 || !strings.Contains(all[0].Subject, "South's list") {
		t.Errorf("the warnings are %+v, want one of South's list", all)
	}
}
