package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/internal/console"
	"parley/internal/node"
	"parley/internal/warning"
)

var tickField = regexp.MustCompile(`name="pick" value="([^"]+)"`)

// ticks are the values of a page's ticks.
func (b *browser) ticks(path string) (all []string) {
	b.Helper()
	for _, found := range tickField.FindAllStringSubmatch(b.get(path).body, -1) {
		all = append(all, found[1])
	}
	return all
}

// Many hits are judged in one go: each that somebody changed meanwhile is left as
// it is and named, and the others are done; where none can be done it is refused.
func TestManyHitsAreJudged(t *testing.T) {
	n := triaged(t)
	b := browse(t, n, console.Options{}).signedIn("amira", passphrase)
	const path = "/evidence/E1/review"
	all := b.ticks(path)
	if len(all) != 3 {
		t.Fatalf("the page has %d ticks", len(all))
	}
	first, _, _ := strings.Cut(all[0], " ")
	if err := n.Mark(t.Context(), first, node.Unsure, ""); err != nil {
		t.Fatal(err)
	}
	a := b.post(path+"/marks", url.Values{"pick": append(all, "S99 0", "W1 0", "nothing"), "verdict": {"relevant"}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("it answered %d: %s", a.status, reads(t, a.body))
	}
	has(t, b.page(path+"?all=1"), "2 of 6 done. Not done: "+first+": somebody changed it while you had it open.", "S99: ", "unsure amira", "relevant amira")
	if a := b.post(path+"/marks", url.Values{"pick": all, "verdict": {"relevant"}}); a.status != http.StatusConflict {
		t.Errorf("the same form again answered %d", a.status)
	}
	if a := b.post(path+"/marks", url.Values{"verdict": {"relevant"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("no tick answered %d", a.status)
	}
	b.post(path+"/undo", url.Values{})
	if left := b.ticks(path); len(left) != 1 {
		t.Errorf("after one was taken back %d are to be judged", len(left))
	}
}

// Many warnings take a step, many watches end and many of what both sides hold are
// watched; who may not do one may not do many.
func TestManyAtOnce(t *testing.T) {
	n := triaged(t)
	base := browse(t, n, console.Options{}).base
	b := another(t, base).signedIn("amira", passphrase)
	for _, user := range []string{"desk@hall.example", "+12025550147", "+12025550148"} {
		b.post("/watches/add", url.Values{"selector": {user}})
	}
	warnings := b.ticks("/warnings")
	if len(warnings) != 3 {
		t.Fatalf("%d warnings can be ticked", len(warnings))
	}
	for to, want := range map[string]int{"told": http.StatusUnprocessableEntity, "acknowledged": http.StatusUnprocessableEntity, string(warning.NotCredible): http.StatusSeeOther} {
		if a := b.post("/warnings/steps", url.Values{"pick": warnings[:2], "to": {to}, "reason": {"a test number"}, "from": {"/warnings?sort=-about&skip=x&q=secret"}}); a.status != want ||
			want == http.StatusSeeOther && a.header.Get("Location") != "/warnings?sort=-about" {
			t.Errorf("the step %q answered %d to %q: %s", to, a.status, a.header.Get("Location"), reads(t, a.body))
		}
	}
	has(t, b.page("/warnings"), "2 of 2 done.")
	if err := n.AddUser(t.Context(), node.User{Name: "rana", Roles: []node.Role{node.Reader}}, passphrase); err != nil {
		t.Fatal(err)
	}
	rana := another(t, base).signedIn("rana", passphrase)
	for _, list := range []string{"/warnings", "/watches"} {
		if all := rana.ticks(list); len(all) != 0 {
			t.Errorf("%s offers ticks to somebody who only reads", list)
		}
	}
	watches := b.ticks("/watches")
	for path, form := range map[string]url.Values{
		"/warnings/steps": {"pick": warnings, "to": {"screened"}}, "/watches/ends": {"pick": watches}, "/inbox/marks": {"pick": {"I1"}, "verdict": {"taken"}},
	} {
		if a := rana.post(path, form); a.status != http.StatusForbidden {
			t.Errorf("%s answered %d to somebody who only reads", path, a.status)
		}
	}
	b.post("/watches/ends", url.Values{"pick": append(watches[:2], "V99")})
	has(t, b.page("/watches"), "2 of 3 done. Not done: V99: ")
	if all, err := n.Watches(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("%d are watched still, %v", len(all), err)
	}
}

// What both sides of a match hold is ticked by the numbers of its selectors,
// whatever the order of the page; what it does not hold is watched by no tick.
func TestWhatBothHoldIsTicked(t *testing.T) {
	b := atSouth(t)
	_, south := parties(t)
	shared, err := south.Node().Overlap(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(shared, func(a, b node.Shared) int { return strings.Compare(b.Selector.Value, a.Selector.Value) })
	var want []string
	for _, s := range shared {
		want = append(want, fmt.Sprintf("S%d", s.Number))
	}
	if all := b.ticks("/matches/M1?sort=-value"); len(want) != 9 || !slices.Equal(all, want) {
		t.Errorf("the ticks are %v, not %v", all, want)
	}
	a := b.post("/matches/M1/watch", url.Values{"pick": {"S999999", "P1"}, "recipient": {"the hall"}})
	if a.status != http.StatusNotFound || !strings.Contains(a.body, "0 of 2 done. Not done: S999999: ") || !strings.Contains(a.body, `value="the hall"`) {
		t.Errorf("it answered %d: %s", a.status, reads(t, a.body))
	}
}
