package console

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"parley/internal/node"
	"parley/internal/store"
	"parley/internal/warning"
)

// warningRow is a warning with its clock as it stands now.
type warningRow struct {
	node.Alert
	Due     []warning.Deadline // earliest first; none when nothing is due
	Version string             // for the tick of a list
}

func (c *console) warningRows(all []node.Alert) []warningRow {
	rows := make([]warningRow, len(all))
	for i, a := range all {
		rows[i] = warningRow{Alert: a, Due: a.Clock(c.opt.Now())}
	}
	return rows
}

type warningsBody struct {
	Heads []heading
	Rows  []warningRow
	window
}

var warningColumns = []column[warningRow]{
	{Key: "number", Name: "Warning", of: func(w warningRow) any { return serial{"W", w.Number} }},
	{Key: "clock", Name: "Clock", of: func(w warningRow) any { return w.step() }},
	{Key: "due", Name: "Due", of: func(w warningRow) any { return w.due() }},
	{Key: "kind", Name: "Kind", of: func(w warningRow) any {
		if w.Imminent {
			return "life"
		}
		return "routine"
	}},
	{Key: "state", Name: "State", of: func(w warningRow) any { return string(w.State()) }},
	{Key: "tell", Name: "Tell", of: func(w warningRow) any { return w.Recipient }},
	{Key: "about", Name: "About", of: func(w warningRow) any { return w.Subject }},
}

// ManySteps are those that may be taken with many warnings in one go.
func (warningsBody) ManySteps() []step { return manySteps() }

// step is what is due next; nothing where nothing is.
func (w warningRow) step() string {
	if len(w.Due) == 0 {
		return ""
	}
	return clock(w.Due[0])
}

func (w warningRow) due() (at time.Time) {
	if len(w.Due) > 0 {
		at = w.Due[0].Due
	}
	return at
}

func (c *console) warnings(r *http.Request) (view, error) {
	all, err := c.node.Warnings(r.Context())
	if err != nil {
		return view{}, err
	}
	some, heads, w, err := tabled(c, r, c.warningRows(all), warningColumns)
	if err != nil {
		return view{}, err
	}
	err = c.versions(r, len(some), func(i int) string { return fmt.Sprintf("W%d", some[i].Number) }, func(i int, v string) { some[i].Version = v })
	return view{Page: "warnings", Title: "Warnings", Body: warningsBody{heads, some, w}}, err
}

type warningBody struct {
	warningRow
	Broken  string // what is wrong with the chain of its log, or empty
	Parties []store.Counterpart
	Own     bool // sent by whoever reads it
}

func (c *console) warning(r *http.Request) (view, error) {
	id, err := numbered(r, "W")
	if err != nil {
		return view{}, err
	}
	a, err := c.node.Warning(r.Context(), id)
	if err != nil {
		return view{}, err
	}
	b := warningBody{warningRow: warningRow{Alert: a, Due: a.Clock(c.opt.Now())}}
	if b.Parties, err = c.node.Counterparts(r.Context()); err != nil {
		return view{}, err
	}
	b.Own = strings.EqualFold(a.Sender(), c.node.User.Name)
	if err := a.Verify(); err != nil {
		b.Broken = err.Error()
	}
	return view{Page: "warning", Under: "warnings", Title: fmt.Sprintf("Warning W%d", id), Body: b}, nil
}
