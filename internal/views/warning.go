package views

import (
	"time"

	"parley/internal/node"
	"parley/internal/warning"
)

// Warning is a duty to tell somebody, with its clock.
type Warning struct {
	Number    int64            `json:"number"`
	State     warning.State    `json:"state"`
	Imminent  bool             `json:"imminent"`
	Subject   string           `json:"subject"`
	Recipient string           `json:"recipient,omitempty"`
	Text      string           `json:"text,omitempty"`
	Selectors []string         `json:"selectors"`
	Where     []string         `json:"where,omitempty"`
	Deadlines []Deadline       `json:"deadlines"`
	Log       []warning.Event  `json:"log"`
	Notices   []node.NoticeRef `json:"notices,omitempty"`
	Review    *node.Review     `json:"review,omitempty"`

	Withdrawn     []node.Withdrawn  `json:"withdrawn,omitempty"`      // of what it rests on
	CorrectionDue []string          `json:"correction_due,omitempty"` // who was told, and has not heard of that
	Corrections   []node.Correction `json:"corrections,omitempty"`
}

// Deadline is when a step of a warning is due.
type Deadline struct {
	Step    string    `json:"step"`
	Due     time.Time `json:"due"`
	Overdue bool      `json:"overdue"`
}

// WarningOf is a warning as it stands at a moment.
func WarningOf(w node.Alert, now time.Time) Warning {
	v := Warning{
		Number: w.Number, State: w.State(), Imminent: w.Imminent, Subject: w.Subject, Recipient: w.Recipient, Text: w.Text,
		Selectors: []string{}, Where: w.Basis.Where, Deadlines: []Deadline{}, Log: w.Log, Notices: w.Notices, Review: w.Review,
		Withdrawn: w.Withdrawn, CorrectionDue: w.CorrectionDue, Corrections: w.Corrections,
	}
	for _, s := range w.Basis.Selectors {
		v.Selectors = append(v.Selectors, s.String())
	}
	for _, d := range w.Clock(now) {
		v.Deadlines = append(v.Deadlines, Deadline{string(d.Step), d.Due, d.Overdue})
	}
	return v
}
