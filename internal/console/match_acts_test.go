package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/internal/console"
	"parley/internal/match"
)

// Terms are proposed and taken back in a browser; what they cannot say comes back.
func TestAMatchInABrowser(t *testing.T) {
	north, _ := pair(t)
	reportIn(t, north)
	base := served(t, north)
	b := person(t, base, "amira")
	b.open(base + "/matches")
	b.press(`a[href="/matches/new"]`, "/matches/new")
	b.fill("#to", "South")
	b.fill("#purpose", "Amira asks")
	b.Click("[name=kind][value=phone]")
	b.Click("form.act details summary")
	b.fill("#runs", "2")
	b.press("form.act button", "/matches/new/propose")
	b.says("the leak check stops this release")
	if kept := b.eval(`document.querySelector("#purpose").value + document.querySelector("#runs").value + document.querySelector("[value=phone]").checked`); kept != "Amira asks2true" {
		t.Errorf("after the refusal the form says %s", kept)
	}
	b.Complaints() // the browser notes the refusal
	b.fill("#purpose", "threat to a concert")
	b.press("form.act button", "/matches/M1")
	b.says("Proposed. Nothing moves before they accept.", "threat to a concert", "phone")
	b.Click(".acts > details summary")
	b.fill("#withdrawn", "it is settled")
	b.press(`form[action="/matches/M1/withdraw"] button`, "/matches/M1")
	b.says("Taken back. The counterpart is told.", "withdrawn")
	b.quiet()
	wantLedger(t, north, "amira match.propose M1 console", "amira match.withdraw M1 console")
}

// A form of terms that is sent twice proposes once, and numbers are numbers.
func TestProposals(t *testing.T) {
	north, _ := pair(t)
	b := browse(t, north, console.Options{}).signedIn("amira", passphrase)
	form := url.Values{"to": {"South"}, "purpose": {"threat to a concert"}, "mode": {match.ModeCount}, "learns": {match.LearnBoth}, "pad-ours": {"500"}}
	for range 2 {
		if a := b.post("/matches/new/propose", form); a.header.Get("Location") != "/matches/M1" {
			t.Fatalf("it answered %d: %s", a.status, reads(t, a.body))
		}
	}
	has(t, b.page("/matches/M1"), "already", "only how many both hold", "North fills its set up to 500")
	for name, value := range map[string]string{"runs": "many", "pad-ours": "-1", "days": "0", "until": "tomorrow", "evidence": "E", "use": "anything"} {
		wrong := url.Values{"to": {"South"}, "purpose": {"another purpose"}, name: {value}}
		if a := b.post("/matches/new/propose", wrong); name != "evidence" && a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s=%s answered %d", name, value, a.status)
		}
	}
	for _, act := range []string{"accept", "counter", "decline", "run"} { // it is ours: they answer it
		form := b.versionAt("/matches/M1")
		form.Set("reason", "no")
		if a := b.post("/matches/M1/"+act, form); a.status != http.StatusConflict {
			t.Errorf("%s answered %d: %s", act, a.status, reads(t, a.body))
		}
	}
}

// A counterpart's room has the balance, and keeps and ends assurances.
func TestARoom(t *testing.T) {
	north, _ := pair(t)
	b := browse(t, north, console.Options{}).signedIn("amira", passphrase)
	if a := b.post("/counterparts/C1/assure", url.Values{"undertaking": {"treatment"}, "evidence": {"letter <12>"}, "until": {"soon"}}); a.status != http.StatusUnprocessableEntity ||
		!strings.Contains(a.body, "letter &lt;12&gt;") {
		t.Errorf("no day answered %d", a.status)
	}
	b.post("/counterparts/C1/assure", url.Values{"undertaking": {"treatment"}, "evidence": {"letter <12>"}, "until": {"2099-01-31"}})
	has(t, b.page("/counterparts/C1"), "The assurance is kept.", "A1 | holds | treatment", "We | 0 | 0")
	b.post("/counterparts/C1/end", url.Values{"number": {"1"}, "reason": {"it was void"}})
	has(t, b.page("/counterparts/C1"), "The assurance is ended.", "amira: it was void")
	if a := b.get("/counterparts/C9"); a.status != http.StatusNotFound {
		t.Errorf("a room of nobody answered %d", a.status)
	}
}

// Rules are tried without changing anything, and set by an administrator, of
// whom the second is told.
func TestRulesAreTriedAndSet(t *testing.T) {
	north, _ := pair(t)
	reportIn(t, north)
	b := browse(t, north, console.Options{}).signedIn("amira", passphrase)
	before, err := north.Rules(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a := b.post("/rules/try", url.Values{"text": {before.Text}, "days": {"30"}})
	has(t, reads(t, a.body), "would go.")
	a = b.post("/rules/try", url.Values{"text": {"nothing of the kind"}, "days": {"30"}})
	if a.status != http.StatusOK || !strings.Contains(a.body, "nothing of the kind") {
		t.Errorf("what are no rules answered %d", a.status)
	}
	has(t, reads(t, a.body), "default.rules:1:1: the file begins with the form that it has")
	version := between(b.get("/rules").body, `name="version" value="`, `"`)
	form := url.Values{"text": {before.Text + "\r\n"}, "version": {version}}
	if a := b.post("/rules/set", form); a.status != http.StatusSeeOther {
		t.Errorf("setting them answered %d: %s", a.status, reads(t, a.body))
	}
	if a := b.post("/rules/set", form); a.status != http.StatusConflict {
		t.Errorf("the second answered %d", a.status)
	}
	bilal := another(t, b.base).signedIn("bilal", passphrase)
	form.Set("version", between(b.get("/rules").body, `name="version" value="`, `"`))
	if a := bilal.post("/rules/set", form); a.status != http.StatusForbidden {
		t.Errorf("a releaser who sets them answered %d", a.status)
	}
}
