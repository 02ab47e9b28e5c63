package assess_test

import (
	"strings"
	"testing"
	"time"

	"parley/internal/assess"
)

const (
	agency  = "Two officials who asked not to be named said on Monday that the movement had handed over what it found on the phones and laptops of the group, and had been given intercepted messages in return."
	outlet  = "Two officials who asked not to be named said on Monday that the movement had handed over what it found on the phones and laptops of the group, and had received intercepted messages, our correspondent writes."
	weather = "The harbour was closed for most of the morning because of fog, and the ferries to the islands left in the afternoon with some delay, the port authority said."
)

func TestSuggest(t *testing.T) {
	at := time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC)
	told := func(n int, text string, hours int) assess.Told {
		return assess.Told{ID: id("note", n), Text: text, At: at.Add(time.Duration(hours) * time.Hour)}
	}
	for _, c := range []struct {
		name  string
		texts []assess.Told
		pairs int
	}{
		{"a rewrite within two days", []assess.Told{told(2, outlet, 20), told(1, agency, 0), told(3, weather, 10)}, 1},
		{"to the hour", []assess.Told{told(1, agency, 0), told(2, outlet, 48)}, 1},
		{"an hour too late", []assess.Told{told(1, agency, 0), told(2, outlet, 49)}, 0},
		{"different stories", []assess.Told{told(1, agency, 0), told(2, weather, 1)}, 0},
		{"too short to have an origin", []assess.Told{told(1, "No comment.", 0), told(2, "No comment.", 1)}, 0},
		{"one text twice", []assess.Told{told(1, agency, 0), told(1, agency, 0)}, 0},
		{"nothing", nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := assess.Suggest(c.texts)
			if len(got) != c.pairs {
				t.Fatalf("%d suggestions: %+v", len(got), got)
			}
			if len(got) == 1 && (got[0].A != id("note", 1) || got[0].B != id("note", 2) || got[0].Similarity < assess.SuggestFrom || got[0].Apart <= 0) {
				t.Errorf("%+v", got[0])
			}
		})
	}
}

func TestSuggestReadsTheBeginningOfALongText(t *testing.T) {
	at := time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC)
	long := strings.Repeat(agency+" ", 6000) + "é"
	got := assess.Suggest([]assess.Told{{ID: id("note", 1), Text: long, At: at}, {ID: id("note", 2), Text: long, At: at}})
	if len(got) != 1 || got[0].Similarity != 1 {
		t.Errorf("%+v", got)
	}
}

// A suggestion becomes a repetition only by an analyst's word.
func TestSuggestionsAreConfirmedByAnalysts(t *testing.T) {
	objects := objectsOf(t, voice{assess.Asserts, "B", 2, no()}, voice{assess.Asserts, "B", 2, no()})
	if a := weigh(t, objects)[0]; a.NMin != 2 || a.Status != assess.Confirmed {
		t.Errorf("before: %s, %s", a.Origins(), a.Status)
	}
	a := weigh(t, objects, assess.Confirmation{A: id("note", 50), B: id("note", 51), Same: true, By: analyst, Why: "one agency"})[0]
	if a.NMax != 1 || a.Repeats != 1 || a.Status != assess.Unconfirmed || a.Claims[1].RepeatOf[0] != id("note", 50) {
		t.Errorf("after: %s, %d repeats, %s", a.Origins(), a.Repeats, a.Status)
	}
}
