package node

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"parley/internal/release"
	"parley/internal/store"
	"parley/stix"
)

// TestNothingIsPassedOnBeforeItsOriginatorConsents: South gave it to North, and is
// asked before Uvar gets anything of it.
func TestNothingIsPassedOnBeforeItsOriginatorConsents(t *testing.T) {
	at, r, theirs := asked(t)
	if r.State != release.Waiting {
		t.Fatalf("the release is %s", r.State)
	}
	for name, act := range map[string]func() error{
		"sent":        func() error { _, err := at.North.SendRelease(t.Context(), r.ID); return err },
		"asked again": func() error { _, err := at.North.AskConsent(t.Context(), r.ID, question()); return err },
		"cleared":     func() error { _, err := second(at.North).ClearRelease(t.Context(), r.ID); return err },
		"recalled":    func() error { _, err := at.North.RecallRelease(t.Context(), r.ID, "no"); return err },
	} {
		wants(t, name+" while it waits", act(), release.ErrStep)
	}
	at.carry(t, at.North, at.Uvar)
	if all, err := at.Uvar.Inbox(t.Context(), 0); err != nil || len(all) != 0 {
		t.Fatalf("Uvar has %d messages, %v", len(all), err)
	}

	at.carry(t, at.North, at.South)
	q := consentAt(t, at.South)
	if q.Ours || q.With != "North" || q.State != store.Awaited || q.Named || q.Recipient != "not named: a provider of telephone services" ||
		q.Purpose != question().Purpose || q.Use != release.Detection || len(q.Of) != 1 || q.Of[0].Report != theirs || q.Of[0].Release != 1 {
		t.Errorf("South reads %+v", q)
	}
	wants(t, "an analyst answers", as(at.South, people["South"][2]).AnswerConsent(t.Context(), q.Number, true, nil, "yes"), ErrRole)
	must(t, second(at.South).AnswerConsent(t.Context(), q.Number, true, nil, "They are in danger too."))
	wants(t, "answered twice", second(at.South).AnswerConsent(t.Context(), q.Number, false, nil, "no"), release.ErrStep)
	at.carry(t, at.North, at.South)
	if got := consentAt(t, at.North); got.State != store.Granted || got.Reason != "They are in danger too." || !slices.Equal(got.Uses, []release.Use{release.Detection}) {
		t.Errorf("North reads %+v", got)
	}
	if got := releaseState(t, at.North, r.ID); got != release.Cleared {
		t.Fatalf("after the yes the release is %s", got)
	}
	_, err := at.North.SendRelease(t.Context(), r.ID)
	must(t, err)
	at.carry(t, at.North, at.Uvar)
	if tl := newest(t, at.Uvar).Tearline; tl == nil || len(tl.Selectors) != 1 {
		t.Errorf("Uvar got %+v", tl)
	}
	if got := consentAt(t, at.North).State; got != store.Used {
		t.Errorf("the consent is %s", got)
	}
	for n, want := range map[*Node][]string{
		at.North: {"consent.ask", "consent.answered", "release.free"},
		at.South: {"consent.asked", "consent.answer"},
	} {
		var got []string
		for _, a := range ledger(t, n, 1) {
			if strings.HasPrefix(a, "consent.") || a == "release.free" {
				got = append(got, a)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s's ledger says %v, want %v", n.Settings.Party, got, want)
		}
	}
}

// TestANoEndsTheRelease, and so does a yes for other uses.
func TestANoEndsTheRelease(t *testing.T) {
	for name, answer := range map[string]func(*Node, int64) error{
		"no": func(n *Node, id int64) error { return n.AnswerConsent(t.Context(), id, false, nil, "not yet") },
		"for other uses": func(n *Node, id int64) error {
			return n.AnswerConsent(t.Context(), id, true, []release.Use{release.ProtectLife, release.Background}, "only so")
		},
	} {
		at, r, _ := asked(t)
		at.carry(t, at.North, at.South)
		must(t, answer(second(at.South), consentAt(t, at.South).Number))
		at.carry(t, at.North, at.South)
		if got := releaseState(t, at.North, r.ID); got != release.Void {
			t.Errorf("%s: the release is %s", name, got)
		}
		_, err := at.North.SendRelease(t.Context(), r.ID)
		wants(t, name+": sent all the same", err, release.ErrStep)
	}
}

// TestWhatMayBePassedOnMustBeAsked: without the order's word nothing is drawn on.
func TestWhatMayBePassedOnMustBeAsked(t *testing.T) {
	at, theirs := southTold(t)
	_, err := at.North.DraftRelease(t.Context(), "Uvar", order(theirs, 147))
	wants(t, "without --pass-on", err, release.ErrThirdParty)
	r := passingOn(t, at, order(theirs, 147))
	_, err = at.North.SendRelease(t.Context(), r.ID)
	wants(t, "sent before anybody was asked", err, release.ErrThirdParty)
	o := order(reported(t, at.North, 9, 150), 150)
	o.Text = "Look at this number."
	own := passingOn(t, at, o)
	_, err = at.North.AskConsent(t.Context(), own.ID, question())
	wants(t, "asking for what is our own", err, release.ErrStep)
	for name, q := range map[string]release.Question{
		"neither name nor category": {Purpose: "To find them."},
		"no purpose":                {Category: "a bank"},
		"the recipient in words":    {Purpose: "Uvar needs it.", Category: "a bank"},
		"a long category":           {Purpose: "To find them.", Category: strings.Repeat("x", 501)},
	} {
		if _, err := at.North.AskConsent(t.Context(), r.ID, q); err == nil {
			t.Errorf("%s: it was asked", name)
		}
	}
	if got := releaseState(t, at.North, r.ID); got != release.Cleared {
		t.Errorf("after asks that were refused it is %s", got)
	}
}

// TestWhatCameWithoutAChannelCannotBeAskedFor: a consumer's tools put it there.
func TestWhatCameWithoutAChannelCannotBeAskedFor(t *testing.T) {
	at := meet(t)
	siem := consumes(t, at.South, "Siem", ConsumerOptions{MaySend: true})
	siem.sends(noteObject(9, "What Siem says of "+phone(155).Value))
	takeAll(t, at.South)
	imported(t, at.South, "report.json", reportObject(1, "Two men spoke of a lamp and a door.", numbered("note", 9)))
	o := order(numbered("report", 1))
	o.PassOn = true
	_, err := at.South.DraftRelease(t.Context(), "North", o)
	if !errors.Is(err, release.ErrThirdParty) || !strings.Contains(err.Error(), "cannot be asked") {
		t.Errorf("got %v", err)
	}
}

// forgedAnswer is a yes to North's newest ask.
func forgedAnswer(t *testing.T, at *table, change func(*release.Answer)) []byte {
	t.Helper()
	var body []byte
	view(t, at.North, func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.Consent(ctx, consentAt(t, at.North).Number)
		if err != nil {
			return err
		}
		ask, err := release.ReadAsk(c.Ask)
		if err != nil {
			return err
		}
		a := release.Answer{Version: 1, Ident: ask.Ident, Ask: release.Digest(c.Ask), Consents: true, Uses: []release.Use{ask.Use}, Reason: "yes"}
		change(&a)
		body, err = json.Marshal(a)
		return err
	})
	return body
}

// TestAConsentIsNobodyElsesAndForNothingElse.
func TestAConsentIsNobodyElsesAndForNothingElse(t *testing.T) {
	at, r, _ := asked(t)
	same := func(*release.Answer) {}
	for name, c := range map[string]struct {
		from *Node
		body []byte
	}{
		"by another counterpart": {at.Uvar, forgedAnswer(t, at, same)},
		"to another ask":         {at.South, forgedAnswer(t, at, func(a *release.Answer) { a.Ask = strings.Repeat("0", 64) })},
		"to no ask":              {at.South, forgedAnswer(t, at, func(a *release.Answer) { a.Ident = strings.Repeat("0", 32) })},
		"without a use":          {at.South, forgedAnswer(t, at, func(a *release.Answer) { a.Uses = []release.Use{} })},
		"a no with uses":         {at.South, forgedAnswer(t, at, func(a *release.Answer) { a.Consents = false })},
		"without a reason":       {at.South, forgedAnswer(t, at, func(a *release.Answer) { a.Reason = "" })},
		"written otherwise":      {at.South, append([]byte(" "), forgedAnswer(t, at, same)...)},
		"half of it":             {at.South, forgedAnswer(t, at, same)[:40]},
	} {
		at.hand(t, c.from, at.North, release.KindAnswer, c.body)
		apply(t, at.North)
		if l := newest(t, at.North); l.State != store.Refused || l.Problem == "" {
			t.Errorf("%s: it is %s", name, l.State)
		}
		if got := releaseState(t, at.North, r.ID); got != release.Waiting {
			t.Fatalf("%s: the release is %s", name, got)
		}
	}
	yes := forgedAnswer(t, at, same)
	at.hand(t, at.South, at.North, release.KindAnswer, yes)
	apply(t, at.North)
	if got := releaseState(t, at.North, r.ID); got != release.Cleared {
		t.Fatalf("after South's own yes it is %s", got)
	}

	// The same yes again frees nothing a second time, whatever is asked by then.
	_, err := at.North.SendRelease(t.Context(), r.ID)
	must(t, err)
	o := order(r2report(t, at), 147)
	r2 := passingOn(t, at, o)
	_, err = at.North.AskConsent(t.Context(), r2.ID, question())
	must(t, err)
	at.hand(t, at.South, at.North, release.KindAnswer, yes)
	apply(t, at.North)
	if l := newest(t, at.North); l.State != store.Refused || !strings.Contains(l.Problem, "answered already") {
		t.Errorf("the same yes again is %s: %s", l.State, l.Problem)
	}
	if got := releaseState(t, at.North, r2.ID); got != release.Waiting {
		t.Errorf("the second release is %s", got)
	}
}

func r2report(t *testing.T, at *table) (id stix.ID) {
	t.Helper()
	all, err := at.North.Reports(t.Context(), true)
	must(t, err)
	for _, r := range all {
		if r.From == "South" {
			return r.ID
		}
	}
	t.Fatal("North holds no report of South's")
	return ""
}

// TestAConsentIsForTheBytesThatWereCleared: not even the store's owner changes them
// behind it.
func TestAConsentIsForTheBytesThatWereCleared(t *testing.T) {
	at, r, _ := asked(t)
	at.hand(t, at.South, at.North, release.KindAnswer, forgedAnswer(t, at, func(*release.Answer) {}))
	apply(t, at.North)
	other := passingOn(t, at, order(r2report(t, at), 147))
	change(t, at.North, func(ctx context.Context, tx *store.Tx) error {
		freed, err := tx.Release(ctx, r.ID)
		if err != nil {
			return err
		}
		freed.Bundle, freed.Digest, freed.Cleared, freed.Map = other.Bundle, other.Digest, other.Cleared, other.Map
		return tx.SetRelease(ctx, freed)
	})
	_, err := at.North.SendRelease(t.Context(), r.ID)
	wants(t, "other bytes under a consent", err, release.ErrThirdParty)
}

// TestAnAskMustBeAboutWhatWasGiven.
func TestAnAskMustBeAboutWhatWasGiven(t *testing.T) {
	at, _, _ := asked(t)
	ask := at.outbox(t, at.North, at.South)[0].body
	changed := func(change func(*release.Ask)) []byte {
		a, err := release.ReadAsk(ask)
		must(t, err)
		change(&a)
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		must(t, enc.Encode(a))
		return bytes.TrimSpace(b.Bytes())
	}
	for name, body := range map[string][]byte{
		"of nothing":               changed(func(a *release.Ask) { a.Of = nil }),
		"of another tearline":      changed(func(a *release.Ask) { a.Of[0].Digest = strings.Repeat("1", 64) }),
		"of another report":        changed(func(a *release.Ask) { a.Of[0].Report = numbered("report", 5) }),
		"of one twice":             changed(func(a *release.Ask) { a.Of = append(a.Of, a.Of[0]) }),
		"to nobody":                changed(func(a *release.Ask) { a.Recipient = release.Recipient{} }),
		"to one with two names":    changed(func(a *release.Ask) { a.Recipient.Name = "Uvar" }),
		"for no use":               changed(func(a *release.Ask) { a.Use = "gossip" }),
		"of a later version":       changed(func(a *release.Ask) { a.Version = 2 }),
		"a purpose that turns":     changed(func(a *release.Ask) { a.Purpose = "harm\u202eless" }),
		"a purpose without end":    changed(func(a *release.Ask) { a.Purpose = strings.Repeat("x", 501) }),
		"with something behind":    append(slices.Clone(ask), '1'),
		"with an unknown member":   []byte(strings.Replace(string(ask), `{"version"`, `{"secret":1,"version"`, 1)),
		"larger than a message":    bytes.Repeat([]byte(" "), 65<<10),
		"with a member said twice": []byte(strings.Replace(string(ask), `"version":1`, `"version":1,"version":1`, 1)),
	} {
		at.hand(t, at.North, at.South, release.KindAsk, body)
		apply(t, at.South)
		if l := newest(t, at.South); l.State != store.Refused {
			t.Errorf("%s: it is %s", name, l.State)
		}
	}
	at.hand(t, at.North, at.South, release.KindAsk, ask)
	at.hand(t, at.North, at.South, release.KindAsk, ask)
	apply(t, at.South)
	if all, err := at.South.Consents(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("the same ask twice came to %d, %v", len(all), err)
	}
	for i := range 120 {
		at.hand(t, at.North, at.South, release.KindAsk, changed(func(a *release.Ask) { a.Ident = fmt.Sprintf("%032x", i) }))
	}
	apply(t, at.South)
	if all, err := at.South.Consents(t.Context()); err != nil || len(all) != 100 {
		t.Errorf("a flood of asks came to %d, %v; want 100", len(all), err)
	}
}

// TestAnExportForSomebodyElseIsAskedFor: into our own tools it goes without.
func TestAnExportForSomebodyElseIsAskedFor(t *testing.T) {
	at, theirs := southTold(t)
	letter := newest(t, at.North).Number
	imported(t, at.North, "own.json", reportObject(7, "They told us of a lamp.", theirs))
	q := release.Question{Purpose: "The court asks for it.", Category: "a court"}
	for name, e := range map[string]ObjectExport{
		"the letter":                {Letter: letter, Format: STIX, PassOn: true, Use: release.InvestigationLead},
		"a report that draws on it": {Report: numbered("report", 7), Theirs: true, Format: STIX, PassOn: true, Use: release.InvestigationLead},
	} {
		_, err := at.North.ExportObjects(t.Context(), e, io.Discard)
		wants(t, name+", unasked", err, release.ErrThirdParty)
		must(t, at.North.AskExport(t.Context(), letter, q, release.InvestigationLead))
		_, err = at.North.ExportObjects(t.Context(), e, io.Discard)
		wants(t, name+", unanswered", err, release.ErrThirdParty)
		at.carry(t, at.North, at.South)
		must(t, second(at.South).AnswerConsent(t.Context(), consentAt(t, at.South).Number, true, nil, "The court may have it."))
		at.carry(t, at.North, at.South)
		out, err := at.North.ExportObjects(t.Context(), e, io.Discard)
		if err != nil || len(out.Consents) != 1 {
			t.Errorf("%s, with consent: %v, under %v", name, err, out.Consents)
		}
		_, err = at.North.ExportObjects(t.Context(), e, io.Discard)
		wants(t, name+", with a consent that is used up", err, release.ErrThirdParty)
	}
	_, err := at.North.ExportObjects(t.Context(), ObjectExport{Letter: letter, Format: STIX, Use: release.Detection}, io.Discard)
	must(t, err)
}
