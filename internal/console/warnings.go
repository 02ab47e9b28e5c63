package console

import (
	"fmt"
	"net/http"
	"strings"

	"parley/internal/node"
	"parley/internal/store"
	"parley/internal/warning"
)

// warningRow is a warning with its clock as it stands now.
type warningRow struct {
	node.Alert
	Due []warning.Deadline // earliest first; none when nothing is due
}

func (c *console) warningRows(all []node.Alert) []warningRow {
	rows := make([]warningRow, len(all))
	for i, a := range all {
		rows[i] = warningRow{a, a.Clock(c.opt.Now())}
	}
	return rows
}

type warningsBody struct {
	Rows []warningRow
	window
}

func (c *console) warnings(r *http.Request) (view, error) {
	all, err := c.node.Warnings(r.Context())
	if err != nil {
		return view{}, err
	}
	some, w, err := windowed(r, all)
	if err != nil {
		return view{}, err
	}
	return view{Page: "warnings", Title: "Warnings", Body: warningsBody{c.warningRows(some), w}}, nil
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
	b := warningBody{warningRow: warningRow{a, a.Clock(c.opt.Now())}}
	if b.Parties, err = c.node.Counterparts(r.Context()); err != nil {
		return view{}, err
	}
	b.Own = strings.EqualFold(a.Sender(), c.node.User.Name)
	if err := a.Verify(); err != nil {
		b.Broken = err.Error()
	}
	return view{Page: "warning", Under: "warnings", Title: fmt.Sprintf("Warning W%d", id), Body: b}, nil
}
