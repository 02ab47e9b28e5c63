package console_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/internal/console"
	"parley/internal/node"
	"parley/internal/store"
)

// shown are addresses of the demonstration's lists; those with nothing in them
// have none.
var shown = strings.NewReplacer("/matches/{number}", "/matches/M1", "/evidence/{number}", "/evidence/E1", "/selectors/{number}", "/selectors/S1", "/search/{number}", "/search/L1")

// Every list is put in order by a link in each of its heads, and written out as
// a whole, in that order, as CSV and as JSON.
func TestEveryListSortsAndIsWrittenOut(t *testing.T) {
	north, south := atNorth(t), atSouth(t)
	north.lookFor("south")
	for pattern := range console.Lists() {
		path, b := shown.Replace(pattern), north
		if pattern == "/releases" {
			b = south
		}
		orders := sorts(t, b.get(path).body)
		if len(orders) == 0 && pattern != "/counts" && pattern != "/consents" {
			t.Errorf("%s has no order", path)
		}
		for _, at := range orders {
			u, err := url.Parse(at)
			if err != nil {
				t.Fatal(err)
			}
			_, _, up := written(t, b, at)
			key := u.Query().Get("sort")
			_, keys, down := written(t, b, u.Path+"?sort=-"+key)
			if i := slices.Index(keys, key); i < 0 {
				t.Errorf("%s is in the order of %s, which is not written out", path, key)
			} else if len(up) > 1 && up[0][i] == down[0][i] && up[0][i] != down[len(down)-1][i] {
				t.Errorf("%s begins with %s in both orders", at, up[0][i])
			}
			if a := b.get(at); a.status != http.StatusOK || !strings.Contains(a.body, "aria-sort") && pattern != "/matches/{number}" {
				t.Errorf("%s answered %d, or says no order", at, a.status)
			}
		}
		rows, _, lines := written(t, b, path)
		if len(rows) != len(lines) && path != "/ledger" { // which has a line more each time
			t.Errorf("%s has %d rows as JSON and %d as CSV", path, len(rows), len(lines))
		}
	}
}

// sorts are the addresses of a page's orders.
func sorts(t *testing.T, body string) (all []string) {
	t.Helper()
	for _, link := range links(t, body) {
		if strings.Contains(link, "sort=") && !slices.Contains(all, link) {
			all = append(all, link)
		}
	}
	return all
}

// written writes a list out in both ways.
func written(t *testing.T, b *browser, at string) (rows []map[string]any, keys []string, lines [][]string) {
	t.Helper()
	path, query, _ := strings.Cut(at, "?")
	a := b.post(path+"/export?"+query, url.Values{"format": {"json"}})
	if err := json.Unmarshal([]byte(a.body), &rows); err != nil || a.status != http.StatusOK {
		t.Fatalf("%s answered %d: %.300s", at, a.status, a.body)
	}
	a = b.post(path+"/export?"+query, url.Values{"format": {"csv"}})
	all, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil || len(all) == 0 || !strings.HasPrefix(a.header.Get("Content-Disposition"), `attachment; filename="`) {
		t.Fatalf("%s answered %d with %q: %.300s", at, a.status, a.header.Get("Content-Disposition"), a.body)
	}
	return rows, all[0], all[1:]
}

// Who may only read writes nothing out; what evidence and matches say is an
// analyst's; and the ledger has who took what, in how many rows.
func TestWhoWritesListsOut(t *testing.T) {
	n := triaged(t)
	importText(t, n, "list.txt", "desk@hall.example\n")
	base := browse(t, n, console.Options{}).base
	for _, role := range node.Roles() {
		if err := n.AddUser(t.Context(), node.User{Name: "the-" + string(role), Roles: []node.Role{role}}, passphrase); err != nil {
			t.Fatal(err)
		}
		b := another(t, base).signedIn("the-"+string(role), passphrase)
		for list, raw := range map[string]bool{"/warnings": false, "/selectors": true} {
			may := role == node.Analyst || !raw && role != node.Reader
			want := map[bool]int{true: http.StatusOK, false: http.StatusForbidden}[may]
			if a := b.post(list+"/export", url.Values{"format": {"csv"}}); a.status != want {
				t.Errorf("%s of a %s answered %d", list, role, a.status)
			}
		}
		if offered := strings.Contains(b.get("/selectors").body, "/selectors/export"); offered == (role == node.Reader) {
			t.Errorf("a %s is offered to write out: %v", role, offered)
		}
	}
	b := another(t, base).signedIn("amira", passphrase)
	if a := b.post("/selectors/export", url.Values{"format": {"pdf"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a format that is none answered %d", a.status)
	}
	if a := another(t, base).post("/selectors/export", url.Values{"format": {"csv"}}); a.status != http.StatusUnauthorized {
		t.Errorf("without a sign-in it answered %d", a.status)
	}
	all, err := n.Ledger(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := slices.IndexFunc(all, func(e store.Entry) bool {
		return e.Actor == "the-analyst" && e.Action == "list.export" && e.Subject == "/selectors" && string(e.Detail) == `{"format":"csv","rows":3,"raw":true}`
	})
	if found < 0 {
		t.Error("the ledger does not say that the analyst wrote out three selectors")
	}
}

var number = regexp.MustCompile(`^\+[0-9]+$`)

// Nothing in a list acts in a spreadsheet.
func TestWrittenListsAreInert(t *testing.T) {
	b := browse(t, hostileNode(t), console.Options{}).signedIn("amira", passphrase)
	for _, list := range []string{"/claims", "/counts", "/watches", "/evidence", "/selectors"} {
		_, _, lines := written(t, b, list)
		for _, cell := range slices.Concat(lines...) {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") && !number.MatchString(cell) || strings.ContainsAny(cell, "\u202e\u200b") {
				t.Errorf("%s has a cell %q", list, cell)
			}
		}
	}
}
