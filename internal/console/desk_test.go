package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"parley/internal/console"
	"parley/internal/node"
)

// Two people take a tearline from its report to the outbox and back, in two
// browsers, by the forms alone.
func TestTheReleaseDeskInABrowser(t *testing.T) {
	north, _ := pair(t)
	report := reportIn(t, north)
	base := served(t, north)
	amira, bilal := person(t, base, "amira"), person(t, base, "bilal")

	amira.open(base + "/releases")
	amira.press(`a[href="/releases/new"]`, "/releases/new")
	amira.press(`tbody a`, "/releases/new?report="+string(report))
	amira.says("The receiver behind the hill heard two men", "+12025550147")
	amira.fill("#to", "South")
	amira.fill("#title", "A number")
	amira.fill("#text", "Amira asks you to look for +12025550147.")
	amira.fill("#use", "detection")
	amira.fill("#reason", "they must look for it")
	amira.Click("[name=disclose]")
	amira.press("form.act button", "/releases/R1")
	amira.says("Drafted and checked.", "stopped by the leak check", "name", "You drafted it: somebody else may let what was found stand.")

	amira.press(`a[href="/releases/new?from=R1"]`, "/releases/new?from=R1")
	if text := amira.eval(`document.querySelector("#text").value`); text != "Amira asks you to look for +12025550147." {
		t.Errorf("the draft that is mended says %q", text)
	}
	amira.fill("#text", "Please look for +12025550147.")
	amira.press("form.act button", "/releases/R2")
	amira.says("Drafted and checked.", "a second person must clear it", "You drafted it: somebody else clears it.")

	bilal.open(base + "/releases/R1")
	bilal.says("stopped by the leak check")
	bilal.fill(`[name="why.name"]`, "it is a common first name")
	bilal.press(`form[action="/releases/R1/clear"] button`, "/releases/R1")
	bilal.says("Cleared.", "bilal let it stand: it is a common first name")

	bilal.open(base + "/releases/R2")
	bilal.press(`form[action="/releases/R2/clear"] button`, "/releases/R2")
	bilal.says("Cleared. These bytes, and no others, may be sent.")
	amira.open(base + "/releases/R2")
	amira.press(`form[action="/releases/R2/send"] button`, "/releases/R2")
	amira.says("Sent: it is in the outbox")
	amira.open(base + "/releases/R2")
	if text := amira.eval("document.body.innerText"); strings.Contains(text, "in the outbox") {
		t.Error("loading the page again says once more what was done")
	}
	amira.Click(".acts > details summary")
	amira.fill("#recall", "The number belongs to somebody else.")
	amira.press(`form[action="/releases/R2/recall"] button`, "/releases/R2")
	amira.says("Taken back. The counterpart is told.", "Taken back by amira")
	amira.quiet()
	bilal.quiet()
	wantLedger(t, north, "amira release.draft R2 console", "bilal release.overrule R1 console", "bilal release.clear R2 console", "amira release.send R2 console")
}

// wantLedger checks that the ledger has these lines, in this order.
func wantLedger(t *testing.T, n *node.Node, want ...string) {
	t.Helper()
	all, err := n.Ledger(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range all {
		line := strings.Join([]string{e.Actor, e.Action, e.Subject, e.Through}, " ")
		if got = append(got, line); len(want) > 0 && line == want[0] {
			want = want[1:]
		}
	}
	if len(want) > 0 {
		t.Errorf("the ledger has no line %q in its place:\n%s", want[0], strings.Join(got, "\n"))
	}
}

// draftForm is a form of a tearline as a browser sends it.
func draftForm(report, text string) url.Values {
	return url.Values{
		"report": {report}, "to": {"South"}, "title": {"A number"}, "text": {text}, "use": {"detection"}, "tlp": {"amber"},
		"disclose": {"phone:+12025550147"}, "reason": {"they must look for it"}, "others": {""}, "from": {"0"}, "amends": {"0"},
	}
}

var versionField = regexp.MustCompile(`name="version" value="([0-9a-f]+)"`)

// formOf is a page's form, as it was made.
func (b *browser) versionAt(path string) url.Values {
	b.Helper()
	found := versionField.FindStringSubmatch(b.get(path).body)
	if found == nil {
		b.Fatalf("%s has no form", path)
	}
	return url.Values{"version": {found[1]}}
}

func (b *browser) post(path string, form url.Values) answer {
	b.Helper()
	return b.do(b.request(http.MethodPost, path, form))
}

// A form that is sent twice is done once; one that was made before somebody
// else changed things is refused, with what was typed; and nobody does what
// their roles do not let them.
func TestFormsThatComeTooLateOrTwice(t *testing.T) {
	north, _ := pair(t)
	report := string(reportIn(t, north))
	amira := browse(t, north, console.Options{}).signedIn("amira", passphrase)
	bilal := another(t, amira.base).signedIn("bilal", passphrase)
	form := draftForm(report, "Amira asks you to look for +12025550147.")
	for range 2 {
		if a := amira.post("/releases/new/draft", form); a.status != http.StatusSeeOther || a.header.Get("Location") != "/releases/R1" {
			t.Fatalf("the draft answered %d to %q: %s", a.status, a.header.Get("Location"), reads(t, a.body))
		}
	}
	if a := bilal.post("/releases/new/draft", form); a.status != http.StatusForbidden || !strings.Contains(a.body, "Amira asks you") {
		t.Errorf("a draft of a releaser answered %d", a.status)
	}
	if a := amira.post("/releases/new/draft", draftForm(report, " ")); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "they must look for it") {
		t.Errorf("an empty text answered %d", a.status)
	}

	old := bilal.versionAt("/releases/R1")
	old.Set("why.name", "it is a common first name")
	own := amira.versionAt("/releases/R1")
	own.Set("why.name", "it is a common first name")
	if a := amira.post("/releases/R1/clear", own); a.status != http.StatusForbidden {
		t.Errorf("clearing one's own draft answered %d", a.status)
	}
	if a := amira.post("/releases/R1/check", amira.versionAt("/releases/R1")); a.status != http.StatusSeeOther {
		t.Fatalf("checking again answered %d", a.status)
	}
	a := bilal.post("/releases/R1/clear", old)
	if a.status != http.StatusConflict || !strings.Contains(a.body, `value="it is a common first name"`) {
		t.Errorf("a form from before the second check answered %d:\n%s", a.status, reads(t, a.body))
	}
	has(t, reads(t, a.body), "Somebody changed it while you had it open, so nothing was done.")
	now := bilal.versionAt("/releases/R1")
	now.Set("why.name", "it is a common first name")
	if a := bilal.post("/releases/R1/clear", now); a.status != http.StatusSeeOther {
		t.Errorf("the form as it is now answered %d: %s", a.status, reads(t, a.body))
	}
	if a := bilal.get("/releases/R1/clear"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/releases/R1" {
		t.Errorf("the address of a form answered %d to %q", a.status, a.header.Get("Location"))
	}
	cross := amira.request(http.MethodPost, "/releases/R1/send", amira.versionAt("/releases/R1"))
	cross.Header.Set("Sec-Fetch-Site", "cross-site")
	if a := amira.do(cross); a.status != http.StatusForbidden {
		t.Errorf("a form of another site answered %d", a.status)
	}
}

// The node is restarted while somebody writes: they sign in again and what was
// typed is still there, and it is done only when they say so.
func TestAFormSurvivesARestart(t *testing.T) {
	north, _ := pair(t)
	report := string(reportIn(t, north))
	before := browse(t, north, console.Options{}).signedIn("amira", passphrase)
	form := draftForm(report, "Please look for +12025550147.\r\nIt is \"urgent\" & <new>.")
	after := browse(t, north, console.Options{}) // another console over the same node, as after a restart
	after.client.Jar = before.client.Jar
	a := after.post("/releases/new/draft", form)
	if a.status != http.StatusUnauthorized {
		t.Fatalf("without a sign-in it answered %d", a.status)
	}
	has(t, reads(t, a.body), "You are signed out, so nothing was done. What you typed is kept: sign in to send it.")
	again := fields(t, a.body)
	again.Set("user", "amira")
	again.Set("passphrase", "wrong")
	a = after.post("/sign-in", again)
	again = fields(t, a.body)
	again.Set("user", "amira")
	again.Set("passphrase", passphrase)
	a = after.post("/sign-in", again)
	if a.status != http.StatusOK {
		t.Fatalf("the sign-in answered %d", a.status)
	}
	has(t, reads(t, a.body), "Not done yet")
	if all, err := north.Releases(t.Context()); err != nil || len(all) != 0 {
		t.Fatalf("before anybody said so there are %d releases, %v", len(all), err)
	}
	kept := fields(t, a.body)
	for name, values := range form {
		if kept.Get(name) != strings.ReplaceAll(values[0], "\r\n", "\n") {
			t.Errorf("%s was %q and is %q", name, values[0], kept.Get(name))
		}
	}
	if a := after.post("/releases/new/draft", kept); a.status != http.StatusSeeOther {
		t.Errorf("sent again it answered %d: %s", a.status, reads(t, a.body))
	}
}

// A report with more than a page has room for is cut, and the page says so.
func TestALargeReport(t *testing.T) {
	n := newNode(t, "North")
	const head = `"spec_version":"2.1","created":"2026-09-01T10:00:00.000Z","modified":"2026-09-01T10:00:00.000Z"`
	var objects, refs []string
	for i := range 600 {
		id := fmt.Sprintf("email-addr--88888888-8888-4888-8888-%012d", i)
		objects = append(objects, fmt.Sprintf(`{"type":"email-addr","spec_version":"2.1","id":"%s","value":"user%d@%s.example"}`, id, i, strings.Repeat("long", 12)))
		refs = append(refs, `"`+id+`"`)
	}
	const report = "report--77777777-7777-4777-8777-777777777777"
	importText(t, n, "report.json", bundle(t, append(objects, `{"type":"report",`+head+`,"id":"`+report+`","name":"Large","published":"2026-09-01T10:00:00.000Z",`+
		`"object_refs":[`+strings.Join(refs, ",")+`]}`)...))
	a := browse(t, n, console.Options{}).signedIn("amira", passphrase).get("/releases/new?report=" + report)
	has(t, reads(t, a.body), "This page has no room for 800 more objects and selectors of the report.")
	if len(a.body) > 200_000 {
		t.Errorf("the page has %d bytes", len(a.body))
	}
}

// fields are the fields of a page's form.
func fields(t *testing.T, body string) url.Values {
	t.Helper()
	form := url.Values{}
	for n := range nodes(t, body) {
		var name, value string
		for _, a := range n.Attr {
			switch a.Key {
			case "name":
				name = a.Val
			case "value":
				value = a.Val
			}
		}
		if n.Data == "input" && name != "" {
			form.Add(name, value)
		}
	}
	return form
}
