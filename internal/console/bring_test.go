package console_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/internal/console"
	"parley/internal/node"
)

// sent is a form with a file, as a browser sends it.
func (b *browser) sent(path string, fields map[string]string, field, name string, content []byte) answer {
	b.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			b.Fatal(err)
		}
	}
	part, err := form.CreateFormFile(field, name)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		b.Fatal(err)
	}
	if err := form.Close(); err != nil {
		b.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, b.base+path, &body)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// A file is brought in by what it is; evidence is triaged, once; whoever is no
// analyst brings nothing in, and neither does somebody who is not signed in.
func TestFilesAreBroughtIn(t *testing.T) {
	n := newNode(t, "North")
	if err := n.AddUser(t.Context(), node.User{Name: "bilal", Roles: []node.Role{node.Releaser}}, passphrase); err != nil {
		t.Fatal(err)
	}
	b := browse(t, n, console.Options{})
	const path = "/evidence/new/bring"
	if a := b.sent(path, nil, "file", "watch.csv", []byte("value\n+1 202-555-0147\n")); a.status != http.StatusUnauthorized {
		t.Errorf("without a sign-in it answered %d", a.status)
	}
	b.signedIn("amira", passphrase)
	if a := b.sent(path, nil, "file", "watch.csv", []byte("value\n+1 202-555-0147\n")); a.header.Get("Location") != "/evidence/new" {
		t.Fatalf("a list answered %d: %s", a.status, reads(t, a.body))
	}
	has(t, b.page("/evidence/new"), "Brought in: 1 selector of a list.")
	disk := []byte("\x00\x01 call +1 202-555-0148 at once")
	a := b.sent(path, map[string]string{"note": "from the <hall>", "triage": "yes"}, "file", "disk.img", disk)
	if a.header.Get("Location") != "/evidence/E1" {
		t.Fatalf("evidence answered %d: %s", a.status, reads(t, a.body))
	}
	for end := time.Now().Add(time.Minute); !strings.Contains(b.page("/evidence/E1"), "Review what was found"); {
		if time.Now().After(end) {
			t.Fatal("it is not triaged")
		}
	}
	a = b.sent(path, map[string]string{"note": "from the <hall>"}, "file", "disk.img", disk)
	if a.status != http.StatusConflict || !strings.Contains(a.body, `value="from the &lt;hall&gt;"`) {
		t.Errorf("the same again answered %d: %s", a.status, reads(t, a.body))
	}
	if a := b.sent(path, map[string]string{"as": "anything"}, "file", "x", disk); a.status != http.StatusUnprocessableEntity {
		t.Errorf("as nothing that there is it answered %d", a.status)
	}
	if a := b.sent(path, nil, "other", "x", disk); a.status != http.StatusUnprocessableEntity {
		t.Errorf("without a file it answered %d", a.status)
	}
	bilal := another(t, b.base).signedIn("bilal", passphrase)
	if a := bilal.sent(path, nil, "file", "disk2.img", append(disk, 1)); a.status != http.StatusForbidden {
		t.Errorf("a releaser was answered %d", a.status)
	}
	form := b.versionAt("/evidence/E1")
	if a := b.post("/evidence/E1/triage", form); a.status != http.StatusSeeOther {
		t.Errorf("a second triage answered %d: %s", a.status, reads(t, a.body))
	}
	wantLedger(t, n, "amira import.list watch.csv console", "amira import.evidence E1 console", "amira triage E1 console")
}

// A script that asks for a page again and again keeps nobody signed in.
func TestAScriptKeepsNobodySignedIn(t *testing.T) {
	clock := newClock()
	b := browse(t, newNode(t, "North"), console.Options{Now: clock.Now}).signedIn("amira", passphrase)
	for range 2 {
		clock.pass(console.IdleTime/2 + time.Second)
		r := b.request(http.MethodGet, "/evidence", nil)
		r.Header.Set("Sec-Fetch-Dest", "empty")
		b.do(r)
	}
	if a := b.get("/evidence"); a.status != http.StatusUnauthorized {
		t.Errorf("after so long without anybody it answered %d", a.status)
	}
}

// Pictures come with the form of a draft, from those alone who are signed in.
func TestPicturesComeWithADraft(t *testing.T) {
	north, _ := pair(t)
	report := string(reportIn(t, north))
	amira := browse(t, north, console.Options{}).signedIn("amira", passphrase)
	fields := map[string]string{"report": report, "to": "South", "title": "A number", "text": "Please look.", "use": "detection", "tlp": "amber"}
	if a := amira.sent("/releases/new/draft", fields, "picture", "x.png", []byte("no picture")); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Choose them again") {
		t.Errorf("what is no picture answered %d: %s", a.status, reads(t, a.body))
	}
	if a := amira.sent("/releases/new/draft", fields, "picture", "", nil); a.header.Get("Location") != "/releases/R1" {
		t.Errorf("no picture answered %d: %s", a.status, reads(t, a.body))
	}
	large := bytes.Repeat([]byte{0}, console.MaxBody+1)
	if a := another(t, amira.base).sent("/releases/new/draft", fields, "picture", "x.png", large); a.status != http.StatusBadRequest {
		t.Errorf("a large form of nobody answered %d", a.status)
	}
}
