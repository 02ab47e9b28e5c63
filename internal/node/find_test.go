package node

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"parley/internal/store"
)

// answered is what a search finds, in its order.
func answered(t *testing.T, n *Node, query string) (all []string) {
	t.Helper()
	f, err := n.Search(t.Context(), query, 100)
	must(t, err)
	for _, a := range f.Answers {
		all = append(all, a.What+" "+a.Name)
	}
	return all
}

// A selector is found in any spelling by its normal form, and by how that begins;
// whatever has words or a number is found by them; before its words are in the
// index and after.
func TestSearch(t *testing.T) {
	at := meet(t)
	n := at.North
	imported(t, n, "x.json", `{"type":"campaign","spec_version":"2.1","created":"2026-09-01T10:00:00.000Z","modified":"2026-09-01T10:00:00.000Z",`+
		`"id":"campaign--77777777-7777-4777-8777-777777777777","name":"Café نُور","description":"Lamps are carried. Call 202-555-0147."}`)
	_, err := n.Watch(t.Context(), store.Watch{Selector: phone(199), Recipient: "the hall"})
	must(t, err)
	check := func(when string) {
		t.Helper()
		for query, want := range map[string][]string{
			"+1 (202) 555-0147": {"selector S1"},
			"tel:202.555.0147":  {"selector S1"},
			"2025550147":        {"selector S1"},
			"+1 202 5550":       {"selector S1", "watch "},
			"phone:+1202":       {"selector S1", "watch "},
			"+1-202-555-0199":   {"watch "},
			"LAMPS carried":     {"campaign O1"},
			"lamp":              nil,
			"lamp* carried":     {"campaign O1"},
			"lamps stolen":      nil,
			"cafe":              {"campaign O1"},
			"نور":               {"campaign O1"},
			"O1":                {"campaign O1"},
			"O99":               nil,
			"w1":                nil,
			"C1":                {"counterpart C1"},
			"south":             {"counterpart C1"},
			`" OR "`:            nil,
			"campaign--77777777-7777-4777-8777-777777777777": {"campaign O1"},
			"campaign--77777777-7777-4777-8777-777777777778": nil,
		} {
			got := slices.DeleteFunc(answered(t, n, query), func(one string) bool { return strings.HasPrefix(one, "ledger") })
			if !slices.Equal(got, want) {
				t.Errorf("%s, %q finds %q, not %q", when, query, got, want)
			}
		}
	}
	check("before it is in the index")
	behind, err := n.IndexWords(t.Context())
	must(t, err)
	if behind != 0 {
		t.Errorf("%d objects are behind", behind)
	}
	check("afterwards")
	var wrong Invalid
	for _, query := range []string{"", " \n", strings.Repeat("x", 501)} {
		if _, err := n.Search(t.Context(), query, 10); !errors.As(err, &wrong) {
			t.Errorf("%.10q: got %v", query, err)
		}
	}
}

// Lines of the ledger are found by those alone who may read it.
func TestSearchInTheLedger(t *testing.T) {
	at := meet(t)
	for _, role := range Roles() {
		as, err := at.North.As(t.Context(), User{"basma", []Role{role}})
		must(t, err)
		found := answered(t, as, "counterpart.verify")
		if got := len(found) > 0 && strings.HasPrefix(found[0], "ledger "); got != MayAudit(as.User) {
			t.Errorf("a %s finds %q", role, found)
		}
	}
}

// A search is its maker's until it is shared; who only reads shares nothing; the
// last ones without a name give way; and the ledger says what is shared, and not
// what it looks for.
func TestFilters(t *testing.T) {
	at := meet(t)
	n := at.North
	other, err := n.As(t.Context(), User{"basma", []Role{Reader}})
	must(t, err)
	id, err := n.KeepSearch(t.Context(), "  a secret lamp ")
	must(t, err)
	again, err := n.KeepSearch(t.Context(), "a secret lamp")
	must(t, err)
	if again != id {
		t.Errorf("the same search is L%d and L%d", id, again)
	}
	_, err = other.Filter(t.Context(), id)
	wants(t, "another's search", err, store.ErrNotFound)
	wants(t, "naming another's", other.NameFilter(t.Context(), id, "mine", false), store.ErrNotFound)
	must(t, n.NameFilter(t.Context(), id, "Lamps", true))
	f, err := other.Filter(t.Context(), id)
	must(t, err)
	if f.Query != "a secret lamp" || f.Name != "Lamps" {
		t.Errorf("shared, it is %+v", f)
	}
	wants(t, "naming what is shared", other.NameFilter(t.Context(), id, "mine", false), ErrRole)
	wants(t, "removing what is shared", other.RemoveFilter(t.Context(), id), ErrRole)
	_, err = other.KeepList(t.Context(), "/matches", "all", true)
	wants(t, "a reader who shares", err, ErrRole)
	_, err = other.KeepList(t.Context(), "/matches", "all", false)
	must(t, err)
	for i := range 40 {
		_, err := n.KeepSearch(t.Context(), "word"+string(rune('a'+i)))
		must(t, err)
	}
	all, err := n.Filters(t.Context())
	must(t, err)
	if len(all.Named) != 1 || len(all.Last) != lastSearches {
		t.Errorf("%d are kept and %d are the last", len(all.Named), len(all.Last))
	}
	must(t, n.RemoveFilter(t.Context(), id))
	lines, err := n.Ledger(t.Context(), 0, 0)
	must(t, err)
	var told []string
	for _, e := range lines {
		if strings.HasPrefix(e.Action, "filter.") {
			told = append(told, e.Action+" "+e.Subject+" "+string(e.Detail))
		}
	}
	if want := []string{"filter.share L1 {}", "filter.unshare L1 {}"}; !slices.Equal(told, want) {
		t.Errorf("the ledger says %q", told)
	}
}
