package console

import (
	"fmt"
	"net/http"

	"parley/internal/node"
	"parley/internal/store"
)

type inboxBody struct {
	Rows  []node.Letter
	Marks map[string]store.Mark // what people said of them, by number
	window
}

func (c *console) inbox(r *http.Request) (view, error) {
	skip, err := skipped(r)
	if err != nil {
		return view{}, err
	}
	all, err := c.node.Inbox(r.Context(), skip+pageRows+1) // one more, to see whether there is a next page
	if err != nil {
		return view{}, err
	}
	some, w, err := windowed(r, all)
	if err != nil {
		return view{}, err
	}
	w.Of = 0
	marks, err := c.node.Marks(r.Context(), 'I')
	return view{Page: "inbox", Title: "Inbox", Body: inboxBody{some, marks, w}}, err
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
