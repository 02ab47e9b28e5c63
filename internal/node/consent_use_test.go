package node

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"parley/internal/release"
	"parley/internal/store"
)

// TestAConsentForAnotherUseSendsNothing, though the store says that it was granted: the answer's own words count.
func TestAConsentForAnotherUseSendsNothing(t *testing.T) {
	at, r, _ := asked(t)
	at.hand(t, at.South, at.North, release.KindAnswer, forgedAnswer(t, at, func(*release.Answer) {}))
	apply(t, at.North)
	change(t, at.North, func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.Consent(ctx, consentAt(t, at.North).Number)
		if err != nil {
			return err
		}
		var a release.Answer
		if err := json.Unmarshal(c.Answer, &a); err != nil {
			return err
		}
		a.Uses = []release.Use{release.ProtectLife, release.Background}
		if c.Answer, err = json.Marshal(a); err != nil {
			return err
		}
		return tx.SetConsent(ctx, c)
	})
	if got := releaseState(t, at.North, r.ID); got != release.Cleared {
		t.Fatalf("it is %s", got)
	}
	_, err := at.North.SendRelease(t.Context(), r.ID)
	wants(t, "sent for a use that nobody consented to", err, release.ErrThirdParty)
	if !strings.Contains(err.Error(), "consented to other uses than detection") {
		t.Errorf("it says %v", err)
	}
	at.carry(t, at.North, at.Uvar)
	if all, err := at.Uvar.Inbox(t.Context(), 0); err != nil || len(all) != 0 {
		t.Errorf("Uvar has %d messages, %v", len(all), err)
	}
	if got := consentAt(t, at.North).State; got != store.Granted {
		t.Errorf("the consent is %s", got)
	}
}

// TestACollectionForAConsumerIsAskedFor: what South gave reaches a consumer's tools with South's consent alone.
func TestACollectionForAConsumerIsAskedFor(t *testing.T) {
	at, theirs := southTold(t)
	rescue := consumes(t, at.North, "Rescue", ConsumerOptions{})
	o := order(theirs, 147)
	_, err := at.North.DraftRelease(t.Context(), "Rescue", o)
	wants(t, "without --pass-on", err, release.ErrThirdParty)
	o.PassOn = true
	r, err := at.North.DraftRelease(t.Context(), "Rescue", o)
	must(t, err)
	_, _, err = at.North.CheckRelease(t.Context(), r.ID)
	must(t, err)
	_, err = second(at.North).ClearRelease(t.Context(), r.ID)
	must(t, err)
	_, err = at.North.SendRelease(t.Context(), r.ID)
	wants(t, "unasked", err, release.ErrThirdParty)
	_, err = at.North.AskConsent(t.Context(), r.ID, release.Question{Purpose: "They watch the hall.", Category: "a fire brigade"})
	must(t, err)
	_, err = at.North.SendRelease(t.Context(), r.ID)
	wants(t, "unanswered", err, release.ErrStep)
	if got := rescue.reads("released"); len(got) != 0 {
		t.Fatalf("Rescue reads %d objects", len(got))
	}
	at.carry(t, at.North, at.South)
	q := consentAt(t, at.South)
	if q.Way != release.WayCollection {
		t.Errorf("South reads that it goes over %s", q.Way)
	}
	must(t, second(at.South).AnswerConsent(t.Context(), q.Number, true, nil, "They may have it."))
	at.carry(t, at.North, at.South)
	_, err = at.North.SendRelease(t.Context(), r.ID)
	must(t, err)
	if got := rescue.reads("released"); len(got) == 0 {
		t.Error("Rescue reads nothing, with consent")
	}
}

// TestAReleaseThatWasPassedOnIsNoFileForOthers: the consent was for its receiver alone.
func TestAReleaseThatWasPassedOnIsNoFileForOthers(t *testing.T) {
	at, r := consented(t)
	for _, use := range []release.Use{release.Detection, release.InvestigationLead, ""} {
		_, err := at.North.ExportObjects(t.Context(), ObjectExport{Release: r.ID, Format: STIX, PassOn: true, Use: use}, io.Discard)
		wants(t, "for the use "+string(use), err, release.ErrThirdParty)
	}
	letter := letterWithTearline(t, at.North).Number
	must(t, at.North.AskExport(t.Context(), letter, release.Question{Purpose: "The court asks for it.", Category: "a court"}, release.InvestigationLead))
	at.carry(t, at.North, at.South)
	must(t, second(at.South).AnswerConsent(t.Context(), consentAt(t, at.South).Number, true, nil, "The court may have it."))
	at.carry(t, at.North, at.South)
	_, err := at.North.ExportObjects(t.Context(), ObjectExport{Release: r.ID, Format: STIX, PassOn: true, Use: release.Detection}, io.Discard)
	wants(t, "for another use than was consented to", err, release.ErrThirdParty)
	out, err := at.North.ExportObjects(t.Context(), ObjectExport{Release: r.ID, Format: STIX, PassOn: true, Use: release.InvestigationLead}, io.Discard)
	if err != nil || len(out.Consents) != 1 {
		t.Errorf("with consent: %v, under %v", err, out.Consents)
	}
}
