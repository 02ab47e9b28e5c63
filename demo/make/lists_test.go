package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"parley/selector"
)

// The terms and the release's form are filled in with what the program knows.
func TestFormsAreFilledIn(t *testing.T) {
	var terms struct {
		Kinds    []selector.Kind `json:"kinds"`
		Purpose  string          `json:"purpose"`
		MaxItems int             `json:"max_items"`
	}
	if err := json.Unmarshal(built(t)["terms.json"], &terms); err != nil {
		t.Fatal(err)
	}
	for _, o := range overlap() {
		if !slices.Contains(terms.Kinds, selector.Kind(o.kind)) {
			t.Errorf("the terms leave out %s, which both sides hold", o.kind)
		}
	}
	if terms.Purpose == "" || terms.MaxItems < len(southSelectors(t)) {
		t.Errorf("purpose %q, at most %d items", terms.Purpose, terms.MaxItems)
	}

	var form struct {
		TLP     string `json:"tlp"`
		Use     string `json:"permitted_use"`
		Grade   string `json:"grade"`
		Cleared []struct {
			Selector selector.Selector `json:"selector"`
			Reason   string            `json:"reason"`
		} `json:"cleared_in_addition"`
	}
	if err := json.Unmarshal(built(t)["south/release.json"], &form); err != nil {
		t.Fatal(err)
	}
	if form.TLP != "red" || form.Use != "protect-life-only" || !regexp.MustCompile(`^[A-F][1-6]$`).MatchString(form.Grade) {
		t.Errorf("form %+v", form)
	}
	for _, c := range form.Cleared {
		if c.Selector.Validate() != nil || c.Reason == "" {
			t.Errorf("%+v is not in normal form, or without a reason", c)
		}
	}
}

// North's list has the columns that a watch list needs, South's its own three.
func TestListsHaveTheirHeaders(t *testing.T) {
	for path, want := range map[string][]string{
		"north/watchlist.csv": {"kind", "value", "note", "imminent", "recipient"},
		"south/watch.csv":     {"kind", "value", "note"},
	} {
		if got := listOf(t, path)[0]; !slices.Equal(got, want) {
			t.Errorf("%s begins with %q, want %q", path, got, want)
		}
	}
}
