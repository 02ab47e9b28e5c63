package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"path"
	"regexp"
	"strings"
	"testing"

	"parley/selector"
	"parley/stix"
)

var american = selector.Options{Region: "US"}

func parse(t *testing.T, kind, value string) selector.Selector {
	t.Helper()
	s, err := selector.Parse(selector.Kind(kind), value, american)
	if err != nil {
		t.Fatalf("%s %q: %v", kind, value, err)
	}
	return s
}

// held on the telephone: every selector that can be found in its texts.
func northSelectors(t *testing.T) map[selector.Selector]bool {
	t.Helper()
	found := map[selector.Selector]bool{}
	for _, text := range everyText(t) {
		for _, hit := range selector.Find(text, american) {
			found[hit.Selector] = true
		}
	}
	return found
}

func southSelectors(t *testing.T) map[selector.Selector]bool {
	t.Helper()
	held := map[selector.Selector]bool{}
	for _, row := range listOf(t, "south/watch.csv")[1:] {
		held[parse(t, row[0], row[1])] = true
	}
	return held
}

func listOf(t *testing.T, path string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(built(t)[path])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// Both spellings of every shared selector have the normal form that the cast
// gives it, and each stands where the cast says.
func TestSharedSelectorsStandWhereTheCastSays(t *testing.T) {
	files := everyText(t)
	for _, o := range overlap() {
		want := selector.Selector{Kind: selector.Kind(o.kind), Value: o.normal}
		spellings := []string{o.watch}
		if o.report != "" {
			spellings = append(spellings, o.report)
		}
		for _, s := range spellings {
			if got := parse(t, o.kind, s); got != want {
				t.Errorf("South writes %q, which is %s and not %s", s, got, want)
			}
		}
		text := files[o.where]
		for name, inner := range files {
			if strings.HasPrefix(name, o.where+"!") {
				text += inner
			}
		}
		found := false
		for _, hit := range selector.Find(text, american) {
			found = found || hit.Selector == want
		}
		if !found {
			t.Errorf("%s is not in %s", want, o.where)
		}
	}
}

// The match finds the nine of the cast, not one more.
func TestOverlapIsExact(t *testing.T) {
	north, south := northSelectors(t), southSelectors(t)
	want := map[selector.Selector]bool{}
	for _, o := range overlap() {
		want[selector.Selector{Kind: selector.Kind(o.kind), Value: o.normal}] = true
	}
	for s := range south {
		if north[s] != want[s] {
			t.Errorf("%s: both hold it %v, the cast says %v", s, north[s], want[s])
		}
	}
	if len(south) < 55 || len(south) != len(listOf(t, "south/watch.csv"))-1 || len(north) < 60 {
		t.Errorf("South holds %d selectors, North %d", len(south), len(north))
	}
	for s := range want {
		if !south[s] {
			t.Errorf("South does not hold %s", s)
		}
	}
}

// The warning comes of what South says: nobody on North's watch list is on
// the telephone or on South's list, and the report names the hall.
func TestHallIsFoundOnlyInTheReport(t *testing.T) {
	north, south := northSelectors(t), southSelectors(t)
	for _, row := range listOf(t, "north/watchlist.csv")[1:] {
		s := parse(t, row[0], row[1])
		if north[s] || south[s] {
			t.Errorf("%s is on a list: telephone %v, South %v", s, north[s], south[s])
		}
		if row[4] == "" || (row[3] != "true" && row[3] != "false") {
			t.Errorf("row %q does not say whom to tell and how soon", row)
		}
	}
	if !bytes.Contains(built(t)["south/report.json"], []byte(hallEmail)) {
		t.Error("the report does not name the hall's mail address")
	}
}

// allStrings gives every text of the report, names of properties left out.
func allStrings(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, e := range v {
			out = append(out, allStrings(e)...)
		}
		return out
	case map[string]any:
		var out []string
		for _, e := range v {
			out = append(out, allStrings(e)...)
		}
		return out
	}
	return nil
}

func reportStrings(t *testing.T) []string {
	t.Helper()
	var v any
	if err := json.Unmarshal(built(t)["south/report.json"], &v); err != nil {
		t.Fatal(err)
	}
	return allStrings(v)
}

// copied gives the longest run of words of the draft that stands in the text.
func copied(draft, text string) int {
	plain := func(s string) []string {
		return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" \n,.;:()", r) })
	}
	words, body := plain(draft), " "+strings.Join(plain(text), " ")+" "
	longest := 0
	for i := range words {
		for j := i + longest + 1; j <= len(words) && strings.Contains(body, " "+strings.Join(words[i:j], " ")+" "); j++ {
			longest = j - i
		}
	}
	return longest
}

func leaks(draft string) []string {
	var found []string
	for _, secret := range []string{sourceCodename, collectionSystem, interceptTime, "48.21653", "16.39841", hallName, "North", "South"} {
		if strings.Contains(strings.ToLower(draft), strings.ToLower(secret)) {
			found = append(found, secret)
		}
	}
	return append(found, regexp.MustCompile(`\b\d\d:\d\d\b`).FindAllString(draft, -1)...)
}

// The tearline is clean: no source, no name, no minute, no stretch of the report's
// words, and only selectors that are matched or cleared by hand.
func TestTearlineLeaksNothing(t *testing.T) {
	if found := leaks(tearlineText); len(found) > 0 {
		t.Errorf("the tearline holds %q", found)
	}
	for _, text := range reportStrings(t) {
		if n := copied(tearlineText, text); n >= 8 {
			t.Errorf("the tearline shares %d words in a row with %q", n, text)
		}
	}
	allowed := map[selector.Selector]bool{parse(t, kindEmail, hallEmail): true, parse(t, kindPhone, hallPhone): true}
	for _, o := range overlap() {
		allowed[parse(t, o.kind, o.watch)] = true
	}
	named := 0
	for _, hit := range selector.Find(tearlineText, american) {
		switch {
		case allowed[hit.Selector]:
			named++
		case hit.Selector.Kind != selector.Domain:
			t.Errorf("the tearline names %s, which nobody cleared", hit.Selector)
		}
	}
	if named < 5 {
		t.Errorf("the tearline names %d selectors", named)
	}
}

// The first draft has one leak of every sort, or it would show nothing.
func TestLeakyDraftLeaks(t *testing.T) {
	if found := leaks(leakyText); len(found) < 5 {
		t.Errorf("the draft leaks only %q", found)
	}
	if n := copied(leakyText, interceptText); n < 9 {
		t.Errorf("the draft copies %d words of the intercept; the check begins at eight", n)
	}
	if n := len(strings.Fields(interceptText)); n < 60 {
		t.Errorf("the intercept has %d words", n)
	}
}

// The report is valid STIX, whole: every reference resolves inside it.
func TestReportIsWholeAndValid(t *testing.T) {
	checkBundle(t, built(t)["south/report.json"])
}

func checkBundle(t *testing.T, data []byte) map[stix.ID]stix.Object {
	t.Helper()
	objects := map[stix.ID]stix.Object{}
	_, err := stix.ReadBundle(bytes.NewReader(data), stix.Limits{}, func(o stix.Object) error {
		if _, twice := objects[o.ID()]; twice {
			t.Errorf("%s stands in the bundle twice", o.ID())
		}
		objects[o.ID()] = o
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	reference := regexp.MustCompile(`"[a-z-]+--[0-9a-f-]{36}"`)
	for id, o := range objects {
		for _, fault := range o.Validate(stix.Strict) {
			t.Errorf("%s: %v", id, fault)
		}
		for _, ref := range reference.FindAllString(string(o.Bytes()), -1) {
			ref = strings.Trim(ref, `"`)
			if _, there := objects[stix.ID(ref)]; !there && !strings.HasPrefix(ref, "extension-definition--") {
				t.Errorf("%s refers to %s, which is not in the bundle", id, ref)
			}
		}
		if stix.FamilyOf(o.Type()) == stix.Observable {
			if want, err := stix.SCOID(o); err != nil || want != id {
				t.Errorf("%s should be %s (%v)", id, want, err)
			}
		}
	}
	return objects
}

// Identifiers come only from what is kept for examples.
func TestEveryIdentifierIsReserved(t *testing.T) {
	texts := everyText(t)
	for name, data := range built(t) {
		if path.Ext(name) != ".zip" {
			texts[name] = string(data)
		}
	}
	fiction := regexp.MustCompile(`^\+1\d{3}55501\d\d$`)
	reserved := regexp.MustCompile(`(^|\.)(example(\.(com|org|net))?|invalid|test)$`)
	for name, text := range texts {
		for _, hit := range selector.Find(text, american) {
			switch s := hit.Selector; s.Kind {
			case selector.Phone:
				if !fiction.MatchString(s.Value) {
					t.Errorf("%s: %s is not kept for fiction", name, s)
				}
			case selector.Domain:
				// "item1.EMAIL" is how a vCard groups a property, and has the look of a domain.
				if !reserved.MatchString(s.Value) && s.Value != "t.me" && s.Value != "item1.email" {
					t.Errorf("%s: %s is not kept for examples", name, s)
				}
			case selector.Telegram:
				if !strings.Contains(s.Value, "demo") {
					t.Errorf("%s: %s does not say that it is invented", name, s)
				}
			}
		}
	}
}
