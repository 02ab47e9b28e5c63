package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
)

func csvText(records [][]string) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	if err := w.WriteAll(records); err != nil {
		return nil, fmt.Errorf("write a list: %w", err)
	}
	return out.Bytes(), nil
}

// northWatchList is who North must warn if a selector of theirs turns up:
// imminent says that there is no time to lose if it does. None of them is on
// the telephone: the warning comes of what South says, and of nothing else.
func northWatchList() ([]byte, error) {
	return csvText([][]string{
		{"kind", "value", "note", "imminent", "recipient"},
		{kindEmail, hallEmail, "security desk of the concert hall", "true", hallName + ", security desk"},
		{kindPhone, "+1 617-555-0171", "the same desk, day and night", "true", hallName + ", security desk"},
		{kindURL, "https://lindenhalle.example/contact", "the hall's public contact page", "false", hallName + ", security desk"},
		{kindTelegram, "@mirela_notes_demo_08", "a journalist who has been threatened", "true", "Mirela Notes, Gazette"},
		{kindEmail, "mirela@gazette.example.net", "the same journalist", "true", "Mirela Notes, Gazette"},
		{kindEmail, "desk@museum.example.org", "the city museum's duty desk", "false", "City museum, duty desk"},
		{kindPhone, "+1 617-555-0172", "the river ferry's duty officer", "false", "River ferry, duty officer"},
		{kindTelegram, "@choir_linden_demo_31", "a choir that sings on the same evening", "false", "Linden choir"},
	})
}

// southWatchList is every selector that South looks for, in no telling order:
// what North holds too stands among what it does not.
func southWatchList() ([]byte, error) {
	rows := southOnly()
	for i, o := range overlap() {
		at := (5 + 7*i) % len(rows)
		rows = append(rows[:at], append([]selectorRow{{o.kind, o.watch, "group C, close"}}, rows[at:]...)...)
	}
	records := [][]string{{"kind", "value", "note"}}
	for _, r := range rows {
		records = append(records, []string{r.kind, r.value, r.note})
	}
	return csvText(records)
}

// terms is what North proposes for the match.
func terms() ([]byte, error) {
	return jsonText(struct {
		Kinds    []string `json:"kinds"`
		Purpose  string   `json:"purpose"`
		MaxItems int      `json:"max_items"`
	}{
		Kinds:    []string{kindPhone, kindEmail, kindTelegram, kindURL},
		Purpose:  "Threat to life: find out whether the people around Group C on the seized telephone are those South is watching.",
		MaxItems: 1000,
	}, "  ")
}
