package console

import (
	"fmt"
	"net/http"

	"parley/internal/node"
)

type inboxBody struct {
	Rows []node.Letter
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
	return view{Page: "inbox", Title: "Inbox", Body: inboxBody{some, w}}, nil
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
	return view{Page: "letter", Under: "inbox", Title: fmt.Sprintf("Message I%d", id), Body: l}, nil
}
