package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"parley/internal/assess"
	"parley/stix"
)

func dossierObjects(t *testing.T) []stix.Object {
	t.Helper()
	var objects []stix.Object
	for _, o := range checkBundle(t, built(t)["north/claims.json"]) {
		objects = append(objects, o)
	}
	return objects
}

// Every claim decodes with the types of package assess and has no fault.
func TestClaimsAreReadWhole(t *testing.T) {
	claims, judgements, sources := 0, 0, 0
	for _, o := range dossierObjects(t) {
		for _, read := range []func(stix.Object) (bool, error){
			func(o stix.Object) (bool, error) {
				_, ok, err := assess.ReadClaim(o)
				claims += one(ok)
				return ok, err
			},
			func(o stix.Object) (bool, error) {
				_, ok, err := assess.ReadJudgement(o)
				judgements += one(ok)
				return ok, err
			},
			func(o stix.Object) (bool, error) {
				_, ok, err := assess.ReadSource(o)
				sources += one(ok)
				return ok, err
			},
		} {
			if _, err := read(o); err != nil {
				t.Error(err)
			}
		}
	}
	if claims < 30 || judgements != 2 || sources != 16 {
		t.Errorf("%d claims, %d judgements, %d sources", claims, judgements, sources)
	}
}

func one(ok bool) int {
	if ok {
		return 1
	}
	return 0
}

func assessments(t *testing.T) map[string]assess.Assessment {
	t.Helper()
	all, faults := assess.Weigh(dossierObjects(t), assess.Options{})
	for _, f := range faults {
		t.Error(f)
	}
	byText := map[string]assess.Assessment{}
	for _, a := range all {
		byText[a.Text] = a
	}
	return byText
}

// The exchange is told by one to two origins, repeated once, denied, and
// stays unconfirmed: plausible is not probable.
func TestExchangeStaysUnconfirmedAndDenied(t *testing.T) {
	all := assessments(t)
	for text, repeats := range map[string]int{
		"State A gave Movement B what it had intercepted of Group C.":                     1,
		"Movement B gave State A what it had found on telephones and laptops of Group C.": 0,
	} {
		a, there := all[text]
		if !there {
			t.Errorf("no assessment of %q", text)
			continue
		}
		if a.Status != assess.Unconfirmed || !strings.HasPrefix(a.Origins(), "1–2 ") || a.Repeats != repeats || len(a.Denied) != 1 || len(a.NoComment) != 1 {
			t.Errorf("%s: %s, %s, %d repeats, %d denials, %d without comment", text, a.Status, a.Origins(), a.Repeats, len(a.Denied), len(a.NoComment))
		}
	}
}

// Seven hundred attacks and a thousand members share no axis.
func TestCountsStayApart(t *testing.T) {
	views := assess.Counts(dossierObjects(t))
	var words []string
	for _, v := range views {
		if len(v.Missing) > 0 {
			t.Errorf("%s, %s: missing %q", v.What, v.Area, v.Missing)
		}
		for _, r := range v.Rows {
			words = append(words, r.Words)
		}
	}
	if len(views) != 6 {
		t.Errorf("%d axes, want one for each of three tolls, the arrests, the attacks and the members", len(views))
	}
	slices.Sort(words)
	if want := []string{"130", "130", "14", "14", "140", "3", "about 700", "little more than 1,000"}; !slices.Equal(words, want) {
		t.Errorf("counts %q, want %q", words, want)
	}
}

// Two pairs of stories look like one origin, as expected.json says: the
// Magazine's and its rewrite, and the two newspapers' on the concert.
func TestNearDuplicatesAreSuggested(t *testing.T) {
	var told []assess.Told
	for _, o := range dossierObjects(t) {
		c, found, err := assess.ReadClaim(o)
		if err != nil {
			t.Fatal(err)
		}
		if found && c.Role == assess.Claimed {
			told = append(told, assess.Told{ID: c.ID, Text: c.Text, At: c.SaidAt.Time()})
		}
	}
	var want struct {
		Alike [][2]stix.ID `json:"stories_alike"`
	}
	if err := json.Unmarshal(built(t)["expected.json"], &want); err != nil {
		t.Fatal(err)
	}
	suggested := assess.Suggest(told)
	for _, s := range suggested {
		if !slices.Contains(want.Alike, [2]stix.ID{s.A, s.B}) {
			t.Errorf("suggested %s and %s, %.2f alike", s.A, s.B, s.Similarity)
		}
	}
	if len(suggested) != len(want.Alike) {
		t.Errorf("%d pairs suggested, want %d", len(suggested), len(want.Alike))
	}
}
