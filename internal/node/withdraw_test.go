package node

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/assess"
	"parley/internal/release"
	"parley/internal/store"
	"parley/stix"
)

// TestARecallFollowsConsent: South takes back what North passed on to Uvar with its
// consent. Both copies are marked, kept, and current no more; each giver hears of it.
func TestARecallFollowsConsent(t *testing.T) {
	at, r := consented(t)
	at.clock.move(90 * time.Hour) // the others are away for days
	_, err := at.South.RecallRelease(t.Context(), 1, "The number belongs to somebody else.")
	must(t, err)
	at.clock.move(90 * time.Hour)
	if w := standing(t, at.South, 1).Withdrawal; w == nil || !w.ConfirmedAt.IsZero() {
		t.Fatalf("before anybody heard of it: %+v", w)
	}
	at.carry(t, at.South, at.North)
	if w := standing(t, at.South, 1).Withdrawal; w == nil || w.ConfirmedAt.IsZero() || w.Told != 1 || w.Confirmed != 0 {
		t.Fatalf("South hears from North: %+v", w)
	}
	at.carry(t, at.North, at.Uvar)
	at.carry(t, at.South, at.North)
	if w := standing(t, at.South, 1).Withdrawal; w == nil || w.Told != 1 || w.Confirmed != 1 {
		t.Errorf("South hears that Uvar confirmed: %+v", w)
	}
	if got := releaseState(t, at.North, r.ID); got != release.Recalled {
		t.Errorf("North's own release is %s", got)
	}
	for n, reason := range map[*Node]string{at.North: "The number belongs to somebody else.", at.Uvar: "It was withdrawn."} {
		l := letterWithTearline(t, n)
		if l.Standing == nil || l.Standing.State != store.Recalled || l.Standing.Reason != reason || l.Tearline == nil {
			t.Errorf("%s's copy: %+v, kept: %v", n.Settings.Party, l.Standing, l.Tearline != nil)
		}
		if knows(t, n, phone(147), false) {
			t.Errorf("%s still lists the number as current", n.Settings.Party)
		}
		for _, c := range claimsFrom(t, n) {
			if !c.Withdrawn {
				t.Errorf("%s still counts the claim", n.Settings.Party)
			}
		}
		found, err := n.Findings(t.Context(), phone(147))
		if err != nil || !slices.ContainsFunc(found, func(f store.Finding) bool { return f.Stale }) {
			t.Errorf("%s no longer shows where the number stood: %v", n.Settings.Party, err)
		}
	}
	if l := letterWithTearline(t, at.Uvar); strings.Contains(l.Standing.Reason, "South") {
		t.Error("Uvar reads who withdrew it")
	}
	for _, n := range []*Node{at.North, at.South, at.Uvar} {
		if _, err := n.VerifyLedger(t.Context(), ""); err != nil {
			t.Error(err)
		}
	}
}

// claimsFrom lists the claims of whoever gave a node its newest tearline.
func claimsFrom(t *testing.T, n *Node) []assess.ClaimView {
	t.Helper()
	all := claimsOf(t, n, letterWithTearline(t, n).From)
	if len(all) == 0 {
		t.Errorf("%s shows no claim any more", n.Settings.Party)
	}
	return all
}

// letterWithTearline is the newest message with a tearline in it.
func letterWithTearline(t *testing.T, n *Node) Letter {
	t.Helper()
	all, err := n.Inbox(t.Context(), 0)
	must(t, err)
	i := slices.IndexFunc(all, func(l Letter) bool { return l.Kind == release.KindBundle })
	if i < 0 {
		t.Fatalf("%s got no tearline", n.Settings.Party)
	}
	return all[i]
}

// TestWhatWasRecalledWarnsNobody: the watch list meets what is current.
func TestWhatWasRecalledWarnsNobody(t *testing.T) {
	at, _ := southTold(t)
	_, err := at.South.RecallRelease(t.Context(), 1, "It was wrong.")
	must(t, err)
	at.carry(t, at.South, at.North)
	raised, err := at.North.Watch(t.Context(), store.Watch{Selector: phone(147), Owner: "desk"})
	must(t, err)
	if len(raised) != 0 {
		t.Errorf("%d warnings rest on what was recalled", len(raised))
	}
	o := order(r2report(t, at), 147)
	o.PassOn = true
	_, err = at.North.DraftRelease(t.Context(), "Uvar", o)
	wants(t, "passing on what was recalled", err, release.ErrStep)
}

// TestAnAmendmentStandsInThePlaceOfTheOld.
func TestAnAmendmentStandsInThePlaceOfTheOld(t *testing.T) {
	at, _ := southTold(t)
	o := order(reported(t, at.South, 2, 148), 148)
	o.Amends, o.Because, o.Text = 1, "One digit was wrong.", "The number is another one than we said."
	r := released(t, at.South, at.North, o)
	if got := releaseState(t, at.South, 1); got != release.Amended {
		t.Fatalf("the old one is %s", got)
	}
	_, err := at.South.DraftRelease(t.Context(), "North", o)
	wants(t, "replacing it twice", err, release.ErrStep)
	at.carry(t, at.South, at.North)
	all, err := at.North.Inbox(t.Context(), 0)
	must(t, err)
	var states []string
	for _, l := range all {
		if l.Standing != nil {
			states = append(states, l.Standing.State)
		}
	}
	if !slices.Equal(states, []string{store.Current, store.Amended}) {
		t.Errorf("North's copies are %v", states)
	}
	if old := all[len(all)-1].Standing; old.Successor != all[1].Number || old.Reason != "One digit was wrong." {
		t.Errorf("the old one says %+v, and the new one is I%d", old, all[1].Number)
	}
	if knows(t, at.North, phone(147), false) || !knows(t, at.North, phone(148), false) {
		t.Error("the old number is current, or the new one is not")
	}
	if w := standing(t, at.South, 1).Withdrawal; w == nil || w.Successor != r.ID || w.ConfirmedAt.IsZero() {
		t.Errorf("South sees %+v", w)
	}
}

// TestOnlyItsGiverWithdraws: what was never given, or by somebody else, stays.
func TestOnlyItsGiverWithdraws(t *testing.T) {
	at, _ := southTold(t)
	_, err := at.South.RecallRelease(t.Context(), 1, "It was wrong.")
	must(t, err)
	body := at.outbox(t, at.South, at.North)[0].body
	other := strings.Replace(string(body), `"digest":"`, `"digest":"0`, 1)
	for name, c := range map[string]struct {
		from *Node
		body string
	}{
		"by another counterpart": {at.Uvar, string(body)},
		"of what was not given":  {at.South, strings.Replace(other, string(body[len(body)-1:]), "}", 1)},
		"of another digest":      {at.South, swapped(string(body), "digest")},
		"of another report":      {at.South, swapped(string(body), "report")},
		"in other words":         {at.South, string(body) + "\n"},
		"nothing":                {at.South, ""},
	} {
		at.hand(t, c.from, at.North, release.KindWithdrawal, []byte(c.body))
		apply(t, at.North)
		if l := newest(t, at.North); l.State != store.Refused || l.Problem == "" {
			t.Errorf("%s: it is %s", name, l.State)
		}
	}
	if !knows(t, at.North, phone(147), false) {
		t.Fatal("a withdrawal that was refused took the number away")
	}
	// The true one, twice: marked once, confirmed twice.
	for range 2 {
		at.hand(t, at.South, at.North, release.KindWithdrawal, body)
	}
	apply(t, at.North)
	if all := at.outbox(t, at.North, at.South); len(all) != 2 || all[0].kind != release.KindWithdrawalReceipt || string(all[0].body) != string(all[1].body) {
		t.Errorf("%d receipts", len(all))
	}
	at.hand(t, at.South, at.North, release.KindWithdrawal, []byte(swapped(string(body), "ident")))
	apply(t, at.North)
	if l := newest(t, at.North); l.State != store.Refused || !strings.Contains(l.Problem, "already") {
		t.Errorf("another withdrawal of the same: %s, %s", l.State, l.Problem)
	}
}

// swapped changes the last hexadecimal digit of a member's value.
func swapped(body, member string) string {
	at := strings.Index(body, `"`+member+`":"`) + len(member) + 4
	end := at + strings.IndexByte(body[at:], '"') - 1
	digit := byte('0')
	if body[end] == '0' {
		digit = '1'
	}
	return body[:end] + string(digit) + body[end+1:]
}

// TestAReceiptForAnothersWithdrawalIsRefused.
func TestAReceiptForAnothersWithdrawalIsRefused(t *testing.T) {
	at, _ := consented(t)
	_, err := at.South.RecallRelease(t.Context(), 1, "It was wrong.")
	must(t, err)
	m := at.outbox(t, at.South, at.North)[0]
	at.hand(t, at.South, at.North, m.kind, m.body)
	apply(t, at.North)
	receipt := at.outbox(t, at.North, at.South)[0].body
	at.hand(t, at.Uvar, at.North, release.KindWithdrawalReceipt, receipt) // it is South's number
	apply(t, at.North)
	if l := newest(t, at.North); l.State != store.Refused {
		t.Errorf("it is %s", l.State)
	}
	at.hand(t, at.North, at.South, release.KindWithdrawalReceipt, []byte(strings.Replace(string(receipt), `"confirmed":0`, `"confirmed":2`, 1)))
	apply(t, at.South)
	if l := newest(t, at.South); l.State != store.Refused {
		t.Errorf("two of one confirmed: it is %s", l.State)
	}
}

// TestAWithdrawalEndsWhatWaits: South recalls while it is asked.
func TestAWithdrawalEndsWhatWaits(t *testing.T) {
	at, r, _ := asked(t)
	at.carry(t, at.North, at.South)
	_, err := at.South.RecallRelease(t.Context(), 1, "It was wrong.")
	must(t, err)
	if got := consentAt(t, at.South).State; got != store.Ended {
		t.Errorf("at South the ask is %s", got)
	}
	wants(t, "South consents all the same", second(at.South).AnswerConsent(t.Context(), 1, true, nil, "yes"), release.ErrStep)
	at.carry(t, at.South, at.North)
	if got := releaseState(t, at.North, r.ID); got != release.Void {
		t.Errorf("North's release is %s", got)
	}
	if got := consentAt(t, at.North).State; got != store.Ended {
		t.Errorf("at North the ask is %s", got)
	}
}

// TestWhatCrossedAReplacedChannelCrossesAgain: the ask, and the recall, went with
// the old channel's keys.
func TestWhatCrossedAReplacedChannelCrossesAgain(t *testing.T) {
	at, r, _ := asked(t)
	acknowledged(t, at.South, at.North) // the tearline itself
	at.outbox(t, at.North, at.South)    // sealed, and lost
	must(t, introduced(t.Context(), at.North, at.South, true))
	at.carry(t, at.North, at.South)
	must(t, second(at.South).AnswerConsent(t.Context(), consentAt(t, at.South).Number, true, nil, "yes"))
	at.outbox(t, at.South, at.North)
	must(t, introduced(t.Context(), at.North, at.South, true))
	at.carry(t, at.North, at.South)
	if got := releaseState(t, at.North, r.ID); got != release.Cleared {
		t.Fatalf("the answer did not arrive: the release is %s", got)
	}
	_, err := at.South.RecallRelease(t.Context(), 1, "It was wrong.")
	must(t, err)
	at.outbox(t, at.South, at.North)
	must(t, introduced(t.Context(), at.North, at.South, true))
	at.carry(t, at.North, at.South)
	if w := standing(t, at.South, 1).Withdrawal; w == nil || w.ConfirmedAt.IsZero() {
		t.Errorf("the recall was not confirmed: %+v", w)
	}
}

// acknowledged notes that a counterpart has applied everything that was sealed for it.
func acknowledged(t *testing.T, from, to *Node) {
	t.Helper()
	change(t, from, func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.Counterpart(ctx, to.Settings.Party)
		if err != nil {
			return err
		}
		return tx.Acknowledge(ctx, c.ID, 1<<40, noon)
	})
}

// TestConsumersSeeThatItIsRevoked, over TAXII and in their feed.
func TestConsumersSeeThatItIsRevoked(t *testing.T) {
	at := meet(t)
	rescue := consumes(t, at.South, "Rescue", ConsumerOptions{})
	r, err := at.South.DraftRelease(t.Context(), "Rescue", order(reported(t, at.South, 1, 147), 147))
	must(t, err)
	_, _, err = at.South.CheckRelease(t.Context(), r.ID)
	must(t, err)
	_, err = second(at.South).ClearRelease(t.Context(), r.ID)
	must(t, err)
	_, err = at.South.SendRelease(t.Context(), r.ID)
	must(t, err)
	_, err = at.South.RecallRelease(t.Context(), r.ID, "It was wrong.")
	must(t, err)
	revoked, current := 0, map[stix.ID]stix.Object{}
	for _, o := range rescue.reads("released") {
		if faults := o.Validate(stix.Strict); len(faults) > 0 {
			t.Errorf("%s: %v", o.ID(), faults)
		}
		if was, held := current[o.ID()]; held {
			if !o.Revoked() || was.Revoked() || stix.Newer(o, was) <= 0 {
				t.Errorf("%s: its second version is no newer one that is revoked", o.ID())
			}
			revoked++
		}
		current[o.ID()] = o
	}
	var event string
	view(t, at.South, func(ctx context.Context, tx *store.Tx) error {
		sent, err := tx.Release(ctx, r.ID)
		if err != nil {
			return err
		}
		i, _, err := issueOf(ctx, tx, sent)
		if err == nil {
			err = tx.ReadIssue(ctx, &i)
			event = string(i.File)
		}
		return err
	})
	if revoked != 1 { // the report; a telephone number has no versions, the pseudonym is in every tearline
		t.Errorf("%d objects were revoked: %v", revoked, current)
	}
	if strings.Contains(event, phone(147).Value) || !strings.Contains(event, `"deleted": true`) {
		t.Errorf("the feed's event still says it:\n%s", event)
	}
	if w := standing(t, at.South, r.ID).Withdrawal; w == nil || !w.Put {
		t.Errorf("South sees %+v", w)
	}
}
