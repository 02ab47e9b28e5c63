package console_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/internal/console"
	"parley/internal/node"
)

// program is a program with a token.
type program struct {
	*browser
	token string
}

func (p program) ask(method, path, body string) answer {
	p.Helper()
	r, err := http.NewRequestWithContext(p.Context(), method, p.base+path, strings.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	return p.do(r)
}

func withToken(t *testing.T, n *node.Node, base string, roles ...node.Role) program {
	t.Helper()
	text, err := n.AddToken(t.Context(), "a program", roles, time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return program{another(t, base), text}
}

// fieldOf reads one field of an answer.
func fieldOf(t *testing.T, a answer, name string) string {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
	text, _ := v[name].(string)
	return text
}

// A program does what people do by forms, with the rights of its token.
func TestAProgramAtTheDesk(t *testing.T) {
	north, _ := pair(t)
	report := string(reportIn(t, north))
	b := browse(t, north, console.Options{})
	amira := withToken(t, north, b.base, node.Analyst)
	made := amira.ask(http.MethodPost, "/api/v1/releases/new/draft", `{"report":"`+report+`","to":"South","title":"A number","text":"Please look for +12025550147.",`+
		`"use":"detection","tlp":"amber","disclose":["phone:+12025550147"],"reason":"they must look for it"}`)
	if made.status != http.StatusOK || fieldOf(t, made, "at") != "/api/v1/releases/R1" {
		t.Fatalf("the draft answered %d: %s", made.status, made.body)
	}
	read := amira.ask(http.MethodGet, "/api/v1/releases/R1", "")
	has(t, read.body, `"state":"checked"`, `"author":"amira"`)
	if strings.Contains(read.body, `"map"`) {
		t.Error("a program reads what never leaves the desk")
	}
	clearing := `{"version":"` + fieldOf(t, read, "version") + `"}`
	if a := amira.ask(http.MethodPost, "/api/v1/releases/R1/clear", clearing); a.status != http.StatusForbidden || a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("a token of an analyst who clears answered %d %s", a.status, a.body)
	}
	releaser := withToken(t, asUser(t, north, "bilal", node.Releaser), b.base, node.Releaser)
	if a := releaser.ask(http.MethodPost, "/api/v1/releases/R1/clear", clearing); a.status != http.StatusOK {
		t.Errorf("clearing answered %d: %s", a.status, a.body)
	}
	if a := releaser.ask(http.MethodPost, "/api/v1/releases/R1/send", clearing); a.status != http.StatusConflict {
		t.Errorf("an old version answered %d: %s", a.status, a.body)
	}
	for name, c := range map[string]struct {
		body string
		want int
	}{
		"another field": {`{"version":"x","why":"no"}`, http.StatusUnprocessableEntity},
		"a wrong kind":  {`{"version":true}`, http.StatusUnprocessableEntity},
		"no object":     {`[]`, http.StatusUnprocessableEntity},
		"no version":    {``, http.StatusConflict},
	} {
		if a := releaser.ask(http.MethodPost, "/api/v1/releases/R1/send", c.body); a.status != c.want {
			t.Errorf("%s answered %d: %s", name, a.status, a.body)
		}
	}
	wantLedger(t, north, "amira release.draft R1 api", "bilal release.clear R1 api")
}

func asUser(t *testing.T, n *node.Node, name string, roles ...node.Role) *node.Node {
	t.Helper()
	as, err := n.As(t.Context(), node.User{Name: name, Roles: roles})
	if err != nil {
		t.Fatal(err)
	}
	return as
}

// Every address needs a token or a session, and answers as JSON whatever comes.
func TestEveryAddressForPrograms(t *testing.T) {
	north, _ := pair(t)
	reportIn(t, north)
	b := browse(t, north, console.Options{})
	amira, nobody := withToken(t, north, b.base, node.Analyst), program{another(t, b.base), ""}
	made := program{nobody.browser, "parley_" + strings.Repeat("A", 43)}
	for path, methods := range document(t, amira) {
		path := strings.NewReplacer("{number}", "1", "{id}", "1").Replace(path)
		for method := range methods {
			if strings.HasSuffix(path, "/events") {
				continue
			}
			method = strings.ToUpper(method)
			for _, who := range []program{nobody, made} {
				if a := who.ask(method, path, "{}"); a.status != http.StatusUnauthorized {
					t.Errorf("%s %s answered %d without a token", method, path, a.status)
				}
			}
			a := amira.ask(method, path, "{}")
			if !json.Valid([]byte(a.body)) || a.status >= 500 {
				t.Errorf("%s %s answered %d: %s", method, path, a.status, a.body)
			}
			if method == http.MethodGet && !strings.Contains(path, "/1") && a.status != http.StatusOK {
				t.Errorf("%s answered %d: %s", path, a.status, a.body)
			}
		}
	}
	reader := withToken(t, asUser(t, north, "bilal", node.Reader), b.base, node.Reader)
	for _, path := range []string{"/api/v1/ledger", "/api/v1/events"} {
		if a := reader.ask(http.MethodGet, path, ""); a.status != http.StatusForbidden {
			t.Errorf("%s answered %d to somebody who only reads", path, a.status)
		}
	}
	if a := amira.ask(http.MethodGet, "/api/v1/nothing", ""); a.status != http.StatusNotFound || !json.Valid([]byte(a.body)) {
		t.Errorf("no address answered %d: %s", a.status, a.body)
	}
}

// document reads what the node says of itself.
func document(t *testing.T, p program) map[string]map[string]any {
	t.Helper()
	var d struct {
		OpenAPI string                    `json:"openapi"`
		Paths   map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal([]byte(p.ask(http.MethodGet, "/api/v1/openapi.json", "").body), &d); err != nil {
		t.Fatal(err)
	}
	if d.OpenAPI != "3.1.0" {
		t.Errorf("the document is of OpenAPI %q", d.OpenAPI)
	}
	return d.Paths
}

// The document has every route for programs and no other, and programs can do
// whatever people can but for how people themselves come in.
func TestTheDocumentIsTheRoutes(t *testing.T) {
	n := newNode(t, "North")
	p := withToken(t, n, browse(t, n, console.Options{}).base, node.Analyst)
	told := document(t, p)
	if want := console.ProgramRoutes(); len(want) != len(told) {
		t.Errorf("%d routes and %d in the document", len(want), len(told))
	} else {
		for _, route := range want {
			if told[route] == nil {
				t.Errorf("the document lacks %s", route)
			}
		}
	}
	for _, form := range console.Forms() {
		ours := strings.HasPrefix(form, "/account") || strings.HasPrefix(form, "/evidence/{number}/review") || form == "/rules/try"
		ours = ours || form == "/users/add" || form == "/users/{number}/renew" || form == "/users/{number}/session-end"
		if _, is := told["/api/v1"+form]["post"]; is == ours {
			t.Errorf("%s is told to programs: %v", form, is)
		}
	}
}

// Entries of the ledger are streamed as they are written, and from where a
// reader was.
func TestEvents(t *testing.T) {
	n := newNode(t, "North")
	p := withToken(t, n, browse(t, n, console.Options{}).base, node.Analyst)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.base+"/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Last-Event-ID", "0")
	res, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	next := func(prefix string) string {
		t.Helper()
		for lines.Scan() {
			if rest, is := strings.CutPrefix(lines.Text(), prefix); is {
				return rest
			}
		}
		t.Fatalf("the stream ends: %v", lines.Err())
		return ""
	}
	if got := next("id: "); got != "1" {
		t.Errorf("it begins with entry %s", got)
	}
	has(t, next("data: "), `"action":"init"`)
	next("id: 2") // the token
	if a := p.ask(http.MethodPost, "/api/v1/watches/add", `{"selector":"desk@hall.example","imminent":true}`); a.status != http.StatusOK {
		t.Fatalf("it answered %d: %s", a.status, a.body)
	}
	next("id: 3")
	has(t, next("data: "), `"action":"watch.add"`, `"through":"api"`, `"actor":"amira"`)
}
