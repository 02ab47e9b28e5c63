package console

import (
	"fmt"
	"net/http"

	"parley/internal/node"
	"parley/internal/store"
)

type inboxBody struct {
	Heads []heading
	Rows  []letterRow
	window
}

// letterRow is a message with what was said of it, if anything was.
type letterRow struct {
	node.Letter
	Mark    store.Mark
	Version string // of what was said of it
}

var letterColumns = []column[letterRow]{
	{Key: "number", Name: "Message", of: func(l letterRow) any { return serial{"I", l.Number} }},
	{Key: "received", Name: "Received", of: func(l letterRow) any { return l.ReceivedAt }},
	{Key: "from", Name: "From", of: func(l letterRow) any { return l.From }},
	{Key: "what", Name: "What", of: func(l letterRow) any { return l.Kind }},
	{Key: "state", Name: "State", of: func(l letterRow) any { return l.State }},
	{Key: "said", Name: "Said of it", of: func(l letterRow) any { return l.Mark.Verdict }},
	{Key: "size", Name: "Size", Number: true, of: func(l letterRow) any { return l.Bytes }},
	{Key: "marking", Name: "Marking", of: inLetter(func(t *node.Tearline) string { return string(t.TLP) })},
	{Key: "use", Name: "Permitted use", of: inLetter(func(t *node.Tearline) string { return string(t.Use) })},
	{Key: "grade", Name: "Their grade", of: inLetter(func(t *node.Tearline) string { return t.Grade })},
	{Key: "title", Name: "Title, or why it was refused", of: func(l letterRow) any {
		if l.Tearline != nil {
			return l.Tearline.Title
		}
		return l.Problem
	}},
}

// inLetter is what a message's tearline says; nothing where it has none.
func inLetter(of func(*node.Tearline) string) func(letterRow) any {
	return func(l letterRow) any {
		if l.Tearline == nil {
			return ""
		}
		return of(l.Tearline)
	}
}

func (c *console) inbox(r *http.Request) (view, error) {
	skip, err := skipped(r)
	if err != nil {
		return view{}, err
	}
	most := skip + pageRows + 1 // one more, to see whether there is a next page
	if r.URL.Query().Has("sort") || writesOut(r) {
		most = 0
	}
	all, err := c.node.Inbox(r.Context(), most)
	if err != nil {
		return view{}, err
	}
	marks, err := c.node.Marks(r.Context(), 'I')
	if err != nil {
		return view{}, err
	}
	rows := make([]letterRow, len(all))
	for i, l := range all {
		rows[i] = letterRow{Letter: l, Mark: marks[fmt.Sprintf("I%d", l.Number)]}
	}
	some, heads, w, err := tabled(c, r, rows, letterColumns)
	if most != 0 {
		w.Of = 0
	}
	if err != nil {
		return view{}, err
	}
	err = c.versions(r, len(some), func(i int) string { return fmt.Sprintf("I%d", some[i].Number) }, func(i int, v string) { some[i].Version = v })
	return view{Page: "inbox", Title: "Inbox", Body: inboxBody{heads, some, w}}, err
}

// letterBody is a message, and what somebody said of it.
type letterBody struct {
	node.Letter
	Mark *store.Mark
}

func (c *console) letter(r *http.Request) (view, error) {
	id, err := numbered(r, "I")
	if err != nil {
		return view{}, err
	}
	l, err := c.node.Letter(r.Context(), id)
	if err != nil {
		return view{}, err
	}
	b := letterBody{Letter: l}
	m, marked, err := c.node.MarkOf(r.Context(), fmt.Sprintf("I%d", id))
	if marked {
		b.Mark = &m
	}
	return view{Page: "letter", Under: "inbox", Title: fmt.Sprintf("Message I%d", id), Body: b}, err
}
