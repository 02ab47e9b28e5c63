package console_test

import (
	"net/http"
	"net/url"
	"testing"

	"parley/internal/console"
	"parley/internal/store"
	"parley/selector"
)

// One person sends a warning at once, another looks at it afterwards, in two
// browsers.
func TestAWarningInABrowser(t *testing.T) {
	north, _ := pair(t)
	if _, err := north.Watch(t.Context(), store.Watch{Selector: selector.Selector{Kind: selector.Phone, Value: "+12025550147"}, Recipient: "The hall", Imminent: true}); err != nil {
		t.Fatal(err)
	}
	reportIn(t, north)
	base := served(t, north)
	amira, bilal := person(t, base, "amira"), person(t, base, "bilal")
	amira.open(base + "/warnings/W1")
	amira.fill("#to", "South")
	amira.fill("#text", "Amira says that the hall is in danger tonight.")
	amira.fill("#why", "it is tonight")
	amira.press(`form[action="/warnings/W1/tell"] button`, "/warnings/W1/tell")
	amira.says("the leak check stops this release")
	if text := amira.eval(`document.querySelector("#text").value`); text != "Amira says that the hall is in danger tonight." {
		t.Errorf("after the refusal the form says %q", text)
	}
	amira.Complaints() // the browser notes the refusal
	amira.fill("#text", "The hall is in danger tonight.")
	amira.press(`form[action="/warnings/W1/tell"] button`, "/warnings/W1")
	amira.says("On its way, ahead of everything else.", "sending", "amira sent it alone.")
	bilal.open(base + "/warnings/W1")
	bilal.fill("#note", "it had to go at once")
	bilal.press(`form[action="/warnings/W1/review"] button`, "/warnings/W1")
	bilal.says("Your review is noted.", "bilal looked at it", "it had to go at once")
	amira.quiet()
	bilal.quiet()
	wantLedger(t, north, "amira warning.screened W1 console", "amira warning.sending W1 console", "bilal warning.review W1 console")
}

// The steps go one by one too, and what is left out of one is asked for.
func TestStepsOfAWarning(t *testing.T) {
	n := newNode(t, "North")
	if _, err := n.Watch(t.Context(), store.Watch{Selector: selector.Selector{Kind: selector.Phone, Value: "+12025550147"}, Recipient: "The hall"}); err != nil {
		t.Fatal(err)
	}
	reportIn(t, n)
	b := browse(t, n, console.Options{}).signedIn("amira", passphrase)
	step := func(act string, want int, fields ...string) answer {
		t.Helper()
		form := b.versionAt("/warnings/W1")
		for i := 0; i < len(fields); i += 2 {
			form.Set(fields[i], fields[i+1])
		}
		a := b.post("/warnings/W1/"+act, form)
		if a.status != want {
			t.Errorf("%s %v answered %d: %s", act, fields, a.status, reads(t, a.body))
		}
		return a
	}
	step("step", http.StatusUnprocessableEntity, "to", "")
	step("step", http.StatusConflict, "to", "closed", "reason", "no")
	step("waive", http.StatusUnprocessableEntity, "waiver", "already-aware", "officer", "Amal", "hours", "never")
	step("step", http.StatusSeeOther, "to", "screened", "reason", "it names the hall")
	step("waive", http.StatusConflict, "waiver", "because", "officer", "Amal", "hours", "24")
	step("waive", http.StatusSeeOther, "waiver", "already-aware", "officer", "Amal", "hours", "24")
	step("step", http.StatusSeeOther, "to", "closed", "reason", "the concert was called off")
	has(t, b.page("/warnings/W1"), "already-aware", "Officer: Amal.", "the concert was called off")
	if a := b.post("/warnings/W1/step", url.Values{"to": {"reopened"}, "version": {"0"}}); a.status != http.StatusConflict {
		t.Errorf("a form of no version answered %d", a.status)
	}
}
