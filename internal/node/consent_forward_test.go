package node

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"parley/internal/release"
	"parley/internal/store"
	"parley/stix"
)

// chain is a table at which Uvar waits for North's consent to put out for its consumer what North had from South.
func chain(t *testing.T) (at *table, waits store.Release, ask int64) {
	t.Helper()
	at, _ = consented(t)
	consumes(t, at.Uvar, "Ferry", ConsumerOptions{})
	o := order(stix.ID(letterWithTearline(t, at.Uvar).Tearline.Report), 147)
	o.PassOn = true
	r, err := at.Uvar.DraftRelease(t.Context(), "Ferry", o)
	must(t, err)
	_, found, err := at.Uvar.CheckRelease(t.Context(), r.ID)
	must(t, err)
	if release.Blocked(found) {
		t.Fatalf("the draft leaks: %v", found)
	}
	_, err = second(at.Uvar).ClearRelease(t.Context(), r.ID)
	must(t, err)
	r, err = at.Uvar.AskConsent(t.Context(), r.ID, release.Question{Purpose: "They carry people over at night.", Category: "a carrier"})
	must(t, err)
	at.carry(t, at.Uvar, at.North)
	return at, r, consentAt(t, at.North).Number
}

var onward = release.Question{Purpose: "It may be found there.", Category: "a firm that carries people"}

// TestAnAskTravelsAlongAChain: North cannot consent alone, asks South, and consents then. Each sees its neighbour only.
func TestAnAskTravelsAlongAChain(t *testing.T) {
	at, r, ask := chain(t)
	releaser := second(at.North)
	wants(t, "a yes alone", releaser.AnswerConsent(t.Context(), ask, true, nil, "Yes."), release.ErrThirdParty)
	for name, q := range map[string]release.Question{
		"no purpose":     {Category: "a carrier"},
		"no category":    {Purpose: "To find it."},
		"Uvar's name":    {Purpose: "Uvar asks for it.", Category: "a carrier"},
		"in Uvar's name": {Purpose: "To find it.", Category: "a friend of Uvar"},
	} {
		if err := at.North.ForwardConsent(t.Context(), ask, q); err == nil {
			t.Errorf("%s: it was forwarded", name)
		}
	}
	must(t, at.North.ForwardConsent(t.Context(), ask, onward))
	wants(t, "forwarded twice", at.North.ForwardConsent(t.Context(), ask, onward), release.ErrStep)
	wants(t, "a yes that nobody freed", releaser.AnswerConsent(t.Context(), ask, true, nil, "Yes."), release.ErrThirdParty)

	at.carry(t, at.North, at.South)
	q := consentAt(t, at.South)
	if q.With != "North" || q.Way != release.WayOnward || q.Named || q.Purpose != onward.Purpose || len(q.Of) != 1 || q.Of[0].Release != 1 {
		t.Errorf("South reads %+v", q)
	}
	view(t, at.South, func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.Consent(ctx, q.Number)
		for _, secret := range []string{"Uvar", "Ferry", "They carry people", "a carrier"} {
			if strings.Contains(string(c.Ask), secret) {
				t.Errorf("South reads %q: %s", secret, c.Ask)
			}
		}
		return err
	})
	must(t, second(at.South).AnswerConsent(t.Context(), q.Number, true, nil, "It may."))
	at.carry(t, at.South, at.North)
	asked, err := at.North.Consent(t.Context(), ask)
	must(t, err)
	if asked.State != store.Awaited || len(asked.Onward) != 1 || asked.Onward[0].With != "South" || asked.Onward[0].State != store.Granted {
		t.Errorf("North's people see %+v", asked)
	}
	if got := releaseState(t, at.Uvar, r.ID); got != release.Waiting {
		t.Fatalf("South's yes alone freed it: %s", got)
	}
	wants(t, "a yes for what South did not say", releaser.AnswerConsent(t.Context(), ask, true, []release.Use{release.Detection, release.Background}, "Yes."), release.ErrThirdParty)
	must(t, releaser.AnswerConsent(t.Context(), ask, true, nil, "Yes."))
	at.carry(t, at.North, at.Uvar)
	if got := releaseState(t, at.Uvar, r.ID); got != release.Cleared {
		t.Fatalf("after North's yes it is %s", got)
	}
	_, err = at.Uvar.SendRelease(t.Context(), r.ID)
	must(t, err)
	onwardAt, err := at.North.Consent(t.Context(), asked.Onward[0].Number)
	if err != nil || onwardAt.State != store.Used || onwardAt.For != ask {
		t.Errorf("South's yes is %+v, %v", onwardAt, err)
	}
	for _, e := range []string{"consent.forward", "consent.ask", "consent.answered", "consent.answer"} {
		if len(ledgerOf(t, at.North, e)) == 0 {
			t.Errorf("North's ledger has no %s", e)
		}
	}
	// What South takes back is taken back all the way.
	_, err = at.South.RecallRelease(t.Context(), 1, "It was wrong.")
	must(t, err)
	at.carry(t, at.South, at.North)
	at.carry(t, at.North, at.Uvar)
	if got := releaseState(t, at.Uvar, r.ID); got != release.Recalled {
		t.Errorf("after South's recall, what Uvar put out is %s", got)
	}
}

// TestANoAlongAChain: South says no, or says yes to another use; North can only say no.
func TestANoAlongAChain(t *testing.T) {
	for name, uses := range map[string][]release.Use{"no": nil, "for other uses": {release.ProtectLife}} {
		at, r, ask := chain(t)
		must(t, at.North.ForwardConsent(t.Context(), ask, onward))
		at.carry(t, at.North, at.South)
		must(t, second(at.South).AnswerConsent(t.Context(), consentAt(t, at.South).Number, uses != nil, uses, "Not that."))
		at.carry(t, at.South, at.North)
		wants(t, name+": North says yes", second(at.North).AnswerConsent(t.Context(), ask, true, nil, "Yes."), release.ErrThirdParty)
		must(t, at.North.ForwardConsent(t.Context(), ask, release.Question{Purpose: "It is needed at once.", Category: "a firm"}))
		must(t, second(at.North).AnswerConsent(t.Context(), ask, false, nil, "No."))
		at.carry(t, at.North, at.Uvar)
		if got := releaseState(t, at.Uvar, r.ID); got != release.Void {
			t.Errorf("%s: Uvar's release is %s", name, got)
		}
		if q, err := at.North.Consent(t.Context(), ask); err != nil || q.Onward[len(q.Onward)-1].State != store.Ended {
			t.Errorf("%s: what went on and is not answered is %+v, %v", name, q.Onward, err)
		}
	}
}

// TestAChainEndsWithWhatItIsAbout: South withdraws while North waits for it.
func TestAChainEndsWithWhatItIsAbout(t *testing.T) {
	at, r, ask := chain(t)
	must(t, at.North.ForwardConsent(t.Context(), ask, onward))
	_, err := at.South.RecallRelease(t.Context(), 1, "It was wrong.")
	must(t, err)
	at.carry(t, at.South, at.North)
	q, err := at.North.Consent(t.Context(), ask)
	if err != nil || q.State != store.Ended || q.Onward[0].State != store.Ended {
		t.Errorf("North's ask is %s, %+v, %v", q.State, q.Onward, err)
	}
	wants(t, "a yes after it", second(at.North).AnswerConsent(t.Context(), ask, true, nil, "Yes."), release.ErrStep)
	at.carry(t, at.North, at.Uvar)
	if got := releaseState(t, at.Uvar, r.ID); got != release.Void {
		t.Errorf("Uvar's release is %s", got)
	}
}

// TestWhoForgesAChain: nobody else's yes frees North's, and South's frees nothing but this.
func TestWhoForgesAChain(t *testing.T) {
	at, r, ask := chain(t)
	must(t, at.North.ForwardConsent(t.Context(), ask, onward))
	yes := forgedAnswer(t, at, func(*release.Answer) {}) // to North's newest ask, which is that to South
	at.hand(t, at.Uvar, at.North, release.KindAnswer, yes)
	apply(t, at.North)
	if l := newest(t, at.North); l.State != store.Refused {
		t.Errorf("Uvar's own yes in South's place is %s", l.State)
	}
	wants(t, "on Uvar's yes", second(at.North).AnswerConsent(t.Context(), ask, true, nil, "Yes."), release.ErrThirdParty)
	at.hand(t, at.South, at.North, release.KindAnswer, yes)
	apply(t, at.North)

	letter := letterWithTearline(t, at.North).Number
	_, err := at.North.ExportObjects(t.Context(), ObjectExport{Letter: letter, Format: STIX, PassOn: true, Use: release.Detection}, io.Discard)
	wants(t, "South's yes frees a file", err, release.ErrThirdParty)
	wants(t, "and another release of North's", sendsAnother(t, at), release.ErrThirdParty)
	must(t, second(at.North).AnswerConsent(t.Context(), ask, true, nil, "Yes."))
	at.carry(t, at.North, at.Uvar)
	if got := releaseState(t, at.Uvar, r.ID); got != release.Cleared {
		t.Errorf("Uvar's release is %s", got)
	}

	// The same ask with another number: South's yes was used up.
	var again []byte
	view(t, at.North, func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.Consent(ctx, ask)
		if err != nil {
			return err
		}
		a, err := release.ReadAsk(c.Ask)
		if err != nil {
			return err
		}
		a.Ident = strings.Repeat("ab", 16)
		again, err = json.Marshal(a)
		return err
	})
	at.hand(t, at.Uvar, at.North, release.KindAsk, again)
	apply(t, at.North)
	wants(t, "one yes of South's for two asks", second(at.North).AnswerConsent(t.Context(), consentAt(t, at.North).Number, true, nil, "Yes."), release.ErrThirdParty)
}

// sendsAnother tries to send another release of North's that draws on what South gave.
func sendsAnother(t *testing.T, at *table) error {
	t.Helper()
	o := order(r2report(t, at), 147)
	o.Text = "Look for this number, please."
	r := passingOn(t, at, o)
	_, err := at.North.SendRelease(t.Context(), r.ID)
	return err
}

// TestWhatIsOursAloneIsNotForwarded.
func TestWhatIsOursAloneIsNotForwarded(t *testing.T) {
	at, _, _ := asked(t)
	at.carry(t, at.North, at.South)
	wants(t, "forwarding what is our own", at.South.ForwardConsent(t.Context(), consentAt(t, at.South).Number, onward), release.ErrStep)
	wants(t, "forwarding an ask of ours", at.North.ForwardConsent(t.Context(), consentAt(t, at.North).Number, onward), release.ErrStep)
}
