package node

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"parley/internal/permit"
	"parley/internal/release"
	"parley/internal/rules"
	"parley/internal/store"
	"parley/stix"
)

const asksForTreatment = `rules 1

allow to-whom-we-trust
  when    counterpart.assured("treatment")
  because they said how they treat people
`

// ruled sets a node's rules: one person proposes them, another confirms.
func ruled(t testing.TB, n *Node, text string) {
	t.Helper()
	p, err := n.ProposeRules(t.Context(), "own.rules", []byte(text))
	must(t, err)
	_, err = second(n).ConfirmRules(t.Context(), p.SHA256)
	must(t, err)
}

const narrow = "rules 1\n\ndeny north\n  when    counterpart.name == \"North\"\n  because nothing goes there\n"

// TestRulesThatLetMoreGoTakeTwoPeople, and those that let less go take one.
func TestRulesThatLetMoreGoTakeTwoPeople(t *testing.T) {
	at := meet(t)
	n := at.South
	released(t, n, at.North, order(reported(t, n, 1, 147), 147))
	_, err := n.SetRules(t.Context(), "narrow.rules", []byte("rules 1\n"))
	wants(t, "rules that deny no more what was denied", err, release.ErrSamePerson)
	_, err = n.SetRules(t.Context(), "narrow.rules", append(rules.Default(), narrow[len("rules 1\n"):]...))
	must(t, err)
	_, err = n.SetRules(t.Context(), rules.DefaultName, rules.Default())
	wants(t, "the rules from before", err, release.ErrSamePerson)

	_, err = second(n).ConfirmRules(t.Context(), "00000000")
	wants(t, "nothing waits", err, store.ErrNotFound)
	p, err := n.ProposeRules(t.Context(), rules.DefaultName, rules.Default())
	must(t, err)
	if len(p.Differences) != 1 || !p.Differences[0].Widens || p.Differences[0].What != "deny north" || p.Differences[0].How != "gone" || p.Stays != 0 {
		t.Errorf("%+v, and %d would stay", p.Differences, p.Stays)
	}
	if len(p.Goes) == 0 || p.Goes[0].What != "R1" || p.Goes[0].To != "North" {
		t.Errorf("what would have gone: %+v", p.Goes)
	}
	for name, c := range map[string]struct {
		by     *Node
		digest string
		want   error
	}{
		"by whoever proposed it": {n, p.SHA256, release.ErrSamePerson},
		"another file":           {second(n), strings.Repeat("0", 64), release.ErrStep},
		"too little of it":       {second(n), p.SHA256[:7], release.ErrStep},
		"all but a digit of it":  {second(n), p.SHA256[:63], release.ErrStep},
		"by an analyst":          {as(n, people["South"][2]), p.SHA256, ErrRole},
	} {
		_, err := c.by.ConfirmRules(t.Context(), c.digest)
		wants(t, name, err, c.want)
	}
	_, err = n.DraftRelease(t.Context(), "North", order(numbered("report", 1), 147))
	wants(t, "what only the proposed rules allow", err, release.ErrRule)
	f, err := second(n).ConfirmRules(t.Context(), strings.ToUpper(p.SHA256))
	if err != nil || f.SetBy != "chen" || f.ConfirmedBy != second(n).User.Name {
		t.Errorf("%+v, %v", f, err)
	}
	drafted(t, n, at.North, order(numbered("report", 1), 147))
	_, err = second(n).ConfirmRules(t.Context(), p.SHA256)
	wants(t, "confirmed twice", err, store.ErrNotFound)
	if all := ledgerOf(t, n, "rules.confirm"); len(all) != 1 || !strings.Contains(all[0], p.SHA256) || !strings.Contains(all[0], "chen") {
		t.Errorf("the ledger says %v", all)
	}
}

// TestAProposalIsOverTheRulesThatHeld: when others hold since, what the second person read is no longer the difference.
func TestAProposalIsOverTheRulesThatHeld(t *testing.T) {
	n := meet(t).South
	p, err := n.ProposeRules(t.Context(), "own.rules", []byte(asksForTreatment))
	must(t, err)
	_, err = n.SetRules(t.Context(), "narrow.rules", append(rules.Default(), narrow[len("rules 1\n"):]...))
	must(t, err)
	_, err = second(n).ConfirmRules(t.Context(), p.SHA256)
	wants(t, "over other rules", err, release.ErrStep)
}

// TestAMissingAssuranceStopsARelease, as does one that is over or was ended; and the ledger has every try.
func TestAMissingAssuranceStopsARelease(t *testing.T) {
	at := meet(t)
	n := at.South
	ruled(t, n, asksForTreatment)
	o := order(reported(t, n, 1, 147), 147)
	refused := func(says string) {
		t.Helper()
		head := entries(t, n)
		_, err := n.DraftRelease(t.Context(), "North", o)
		if !errors.Is(err, release.ErrRule) || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %s", err, says)
		}
		if all, err := n.Ledger(t.Context(), head+1, 0); err != nil || len(all) != 1 || all[0].Action != "rules.refuse" || all[0].Counterpart != "North" {
			t.Errorf("the ledger has %+v, %v", all, err)
		}
	}
	refused("North has given none of treatment")
	a, err := n.AddAssurance(t.Context(), "North", AssuranceOptions{Undertaking: "treatment", Evidence: "a letter", Until: noon.Add(48 * time.Hour)})
	must(t, err)
	if a.State != "holds" || a.Number != 1 {
		t.Errorf("%+v", a)
	}
	drafted(t, n, at.North, o)
	at.clock.move(48 * time.Hour)
	refused("that of North of treatment ended on 2026-09-12")
	b, err := n.AddAssurance(t.Context(), "North", AssuranceOptions{Undertaking: "treatment", Evidence: "a new letter"})
	must(t, err)
	drafted(t, n, at.North, o)
	_, err = n.EndAssurance(t.Context(), b.Number, "withdrawn")
	must(t, err)
	refused("ended on 2026-09-12")
	_, err = n.EndAssurance(t.Context(), b.Number, "again")
	wants(t, "ending it twice", err, store.ErrExists)
	all, err := n.Assurances(t.Context(), "North")
	if err != nil || len(all) != 2 || all[0].State != "over" || all[1].State != "ended" || all[1].Reason != "withdrawn" {
		t.Errorf("%+v, %v", all, err)
	}
}

// TestRulesHoldOnlyWithTheirCases: a file with a case that comes out otherwise changes nothing, nor does one that cannot be read.
func TestRulesHoldOnlyWithTheirCases(t *testing.T) {
	n := meet(t).South
	for text, want := range map[string]string{
		asksForTreatment + "\ncase it should go\n  object.type report\n  purpose.use detection\n  expect allowed\n": "refused by no rule, and not allowed",
		"rules 1\nallow x\n": "own.rules:2:1",
	} {
		if _, err := n.SetRules(t.Context(), "own.rules", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	f, err := n.Rules(t.Context())
	if err != nil || f.Name != rules.DefaultName || f.SetBy != "" {
		t.Errorf("%+v, %v", f, err)
	}
	ruled(t, n, asksForTreatment)
	if f, err := n.Rules(t.Context()); err != nil || f.Text != asksForTreatment || f.SetBy != "chen" {
		t.Errorf("%+v, %v", f, err)
	}
}

// TestSimulationShowsWhatWouldHaveGone, and lets nothing go.
func TestSimulationShowsWhatWouldHaveGone(t *testing.T) {
	at := meet(t)
	n := at.South
	released(t, n, at.North, order(reported(t, n, 1, 147), 147))
	at.clock.move(10 * 24 * time.Hour)
	report := reported(t, n, 2, 148)
	head := entries(t, n)
	stricter, err := rules.Parse("new.rules", []byte("rules 1\n\nallow leads\n  when    purpose.use == \"investigation-lead\"\n  because they may look\n"))
	must(t, err)
	all, err := n.Simulate(t.Context(), stricter, noon.Add(-time.Hour))
	must(t, err)
	found := map[string]Simulated{}
	for _, s := range all {
		found[s.What+" "+string(s.Use)] = s
	}
	if s := found["R1 detection"]; s.Allowed || s.State != release.Sent || s.To != "North" || !s.At.Equal(noon) || !strings.Contains(s.Reason, "no rule in new.rules allows it") {
		t.Errorf("the release: %+v", s)
	}
	if s := found[string(report)+" investigation-lead"]; !s.Allowed || s.By[0] != "leads" {
		t.Errorf("the report as a lead: %+v", s)
	}
	if s := found[string(report)+" detection"]; s.Allowed {
		t.Errorf("the report for detection: %+v", s)
	}
	later, err := n.Simulate(t.Context(), stricter, noon.Add(time.Hour))
	must(t, err)
	for _, s := range later {
		if s.What == "R1" {
			t.Errorf("what was before is in it: %+v", s)
		}
	}
	if now, err := n.Releases(t.Context()); err != nil || len(now) != 1 || entries(t, n) != head {
		t.Errorf("the simulation did something: %+v, %v", now, err)
	}
	if waiting := at.outbox(t, n, at.North); len(waiting) != 1 {
		t.Errorf("%d messages wait, want the one that was sent", len(waiting))
	}
}

// TestWhatWasGivenForAUseIsWrittenOutForThatUseAlone: a tearline, its report, what refers to it, and its selectors.
func TestWhatWasGivenForAUseIsWrittenOutForThatUseAlone(t *testing.T) {
	at := meet(t)
	n := at.North
	at.hand(t, at.South, n, release.KindBundle, releasedBundle(t, at))
	apply(t, n)
	letters, err := n.Inbox(t.Context(), 0)
	must(t, err)
	theirs := stix.ID(letters[0].Tearline.Report)
	imported(t, n, "own.json", reportObject(7, "They told us of a lamp.", theirs))
	for use, want := range map[permit.Use]error{"": ErrUse, permit.Moderation: ErrUse, permit.Detection: nil} {
		for what, e := range map[string]ObjectExport{
			"the message": {Letter: letters[0].Number}, "the report": {Report: theirs, Theirs: true},
		} {
			e.Format, e.Use = STIX, use
			_, err := n.ExportObjects(t.Context(), e, io.Discard)
			wants(t, what+" for "+string(use), err, want)
		}
		_, out := writtenOut(t, n, ObjectExport{Report: numbered("report", 7), Theirs: true, Format: STIX, Use: use})
		text, list := exported(t, n, Export{Format: Lines, Theirs: true, Use: use})
		if goes := want == nil; (out.OtherUse == 0) != goes || strings.Contains(text, phone(147).Value) != goes || (list.OtherUse == 0) != goes {
			t.Errorf("for %q: %+v; %q, %+v", use, out, text, list)
		}
	}
}

// TestWhatWasGivenIsReleasedForItsUseAlone, even where the third-party rule lets it go: back to who gave it, it may.
func TestWhatWasGivenIsReleasedForItsUseAlone(t *testing.T) {
	at := meet(t)
	o, err := stix.ParseObject([]byte(reportObject(3, "What South says of a lamp.")))
	must(t, err)
	n := at.North
	change(t, n, func(ctx context.Context, tx *store.Tx) error {
		from, err := tx.Counterpart(ctx, "South")
		if err != nil {
			return err
		}
		_, _, err = n.putObject(ctx, tx, o, store.Object{Origin: from.ID, PermittedUse: string(permit.Background)}, "theirs")
		return err
	})
	if _, err := n.DraftRelease(t.Context(), "South", order(o.ID())); err != nil {
		t.Errorf("back to South: %v", err)
	}
	_, err = n.DraftRelease(t.Context(), "Uvar", order(o.ID()))
	wants(t, "to Uvar", err, release.ErrThirdParty)
}

// TestALateReviewShows: a warning that one person sent is to be looked at within a day.
func TestALateReviewShows(t *testing.T) {
	at, n := raised(t)
	_, err := n.Tell(t.Context(), 1, Telling{To: "South", Text: warnText, Reason: "danger to life"})
	must(t, err)
	must(t, n.checkReviews(t.Context()))
	at.clock.move(24*time.Hour + time.Second)
	if err := n.checkReviews(t.Context()); err == nil || !strings.Contains(err.Error(), "amira sent warning W1 alone") {
		t.Errorf("a day later: %v", err)
	}
	must(t, second(n).ReviewWarning(t.Context(), 1, "it had to go at once"))
	must(t, n.checkReviews(t.Context()))
}
