package console_test

import (
	"net/http"
	"strings"
	"testing"

	"parley/internal/console"
	"parley/internal/node"
)

// with is ask with headers.
func (p program) with(method, path, body string, header ...string) answer {
	p.Helper()
	r, err := http.NewRequestWithContext(p.Context(), method, p.base+path, strings.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	a := p.do(r)
	judge(p, method, path, a)
	return a
}

// What is asked for twice under one key is done once, and answered as it was; without a
// key, or under another, it is another act. What was refused may be asked for again.
func TestAKeyHasAnActDoneOnce(t *testing.T) {
	n := newNode(t, "North")
	b := browse(t, n, console.Options{})
	amira := withToken(t, n, b.base, node.Analyst)
	const path, body, key = "/api/v1/watches/add", `{"selector":"desk@hall.example"}`, "Idempotency-Key"
	first := amira.with(http.MethodPost, path, body, key, "one")
	again := amira.with(http.MethodPost, path, body, key, "one")
	if first.status != http.StatusOK || again.status != http.StatusOK || first.body != again.body {
		t.Fatalf("it answered %d %s, then %d %s", first.status, first.body, again.status, again.body)
	}
	wantActs := func(want int) {
		t.Helper()
		if got := countActs(t, n, "watch.add"); got != want {
			t.Errorf("it was done %d times, want %d", got, want)
		}
	}
	wantActs(1)
	if a := amira.with(http.MethodPost, path, `{"selector":"other@hall.example"}`, key, "one"); a.status != http.StatusConflict || !strings.Contains(a.body, "draw another") {
		t.Errorf("the key of another request answered %d: %s", a.status, a.body)
	}
	amira.with(http.MethodPost, path, body, key, "two")
	wantActs(2)
	refused := amira.with(http.MethodPost, path, `{"selector":"nothing that is one"}`, key, "three")
	if refused.status != http.StatusUnprocessableEntity {
		t.Errorf("no selector answered %d: %s", refused.status, refused.body)
	}
	if a := amira.with(http.MethodPost, path, body, key, "three"); a.status != http.StatusOK {
		t.Errorf("the key of what was refused answered %d: %s", a.status, a.body)
	}
	if a := amira.with(http.MethodPost, path, body, key, strings.Repeat("k", 201)); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a key without end answered %d: %s", a.status, a.body)
	}
}

// countActs counts the lines of the ledger that tell of an act.
func countActs(t *testing.T, n *node.Node, action string) (count int) {
	t.Helper()
	all, err := n.Ledger(t.Context(), 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if e.Action == action {
			count++
		}
	}
	return count
}

// A node that was stopped between an act and its answer still says that it was done, and
// where it is read.
func TestAKeyHoldsWithoutAnAnswer(t *testing.T) {
	north, _ := pair(t)
	report := string(reportIn(t, north))
	amira := withToken(t, north, browse(t, north, console.Options{}).base, node.Analyst)
	body := `{"report":"` + report + `","to":"South","title":"A number","text":"Please look for it.","use":"detection","tlp":"amber","unchecked":true}`
	made := amira.with(http.MethodPost, "/api/v1/releases/new/draft", body, "Idempotency-Key", "one")
	if fieldOf(t, made, "at") != "/api/v1/releases/R1" {
		t.Fatalf("the draft answered %d: %s", made.status, made.body)
	}
	request := "POST\x00/api/v1/releases/new/draft\x00\x00" + body
	if _, err := north.Before(t.Context(), "one", []byte(request)); err != nil {
		t.Fatal(err)
	}
	if err := north.Answered(t.Context(), "one", []byte{}); err != nil {
		t.Fatal(err)
	}
	again := amira.with(http.MethodPost, "/api/v1/releases/new/draft", body, "Idempotency-Key", "one")
	if fieldOf(t, again, "at") != "/api/v1/releases/R1" || again.status != http.StatusOK {
		t.Errorf("asked again it answered %d: %s", again.status, again.body)
	}
	if got := countActs(t, north, "release.draft"); got != 1 {
		t.Errorf("%d drafts were made", got)
	}
}

// The version stands in If-Match as well as among the fields; "*" is any.
func TestTheVersionIsATag(t *testing.T) {
	north, _ := pair(t)
	report := string(reportIn(t, north))
	amira := withToken(t, north, browse(t, north, console.Options{}).base, node.Analyst)
	amira.ask(http.MethodPost, "/api/v1/releases/new/draft", `{"report":"`+report+`","to":"South","title":"A number","text":"Please look for it.","use":"detection","tlp":"amber","unchecked":true}`)
	tag := amira.ask(http.MethodGet, "/api/v1/releases/R1", "").header.Get("ETag")
	if a := amira.with(http.MethodPost, "/api/v1/releases/R1/check", "", "If-Match", tag); a.status != http.StatusOK {
		t.Errorf("the version that it has answered %d: %s", a.status, a.body)
	}
	if a := amira.with(http.MethodPost, "/api/v1/releases/R1/check", "", "If-Match", tag); a.status != http.StatusConflict {
		t.Errorf("a version that it had answered %d: %s", a.status, a.body)
	}
	if a := amira.with(http.MethodPost, "/api/v1/releases/R1/send", "", "If-Match", "*"); !strings.Contains(a.body, "not at that step") {
		t.Errorf("any version answered %d: %s", a.status, a.body)
	}
}
