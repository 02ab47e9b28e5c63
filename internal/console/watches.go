package console

import (
	"fmt"
	"net/http"

	"parley/internal/legible"
	"parley/internal/store"
)

// watchActs change the watch list.
func watchActs() []act {
	return []act{
		{"/watches/add", (*console).watches, false, (*console).addWatch},
		{"/watches/end", (*console).watches, false, (*console).endWatch},
	}
}

type watchesBody struct {
	Heads []heading
	Rows  []store.Watch
	window
}

var watchColumns = []column[store.Watch]{
	{Key: "kind", Name: "Kind", of: func(w store.Watch) any { return string(w.Selector.Kind) }},
	{Key: "value", Name: "Value", of: func(w store.Watch) any { return w.Selector.Value }},
	{Key: "life", Name: "Life", of: func(w store.Watch) any { return w.Imminent }},
	{Key: "tell", Name: "Tell", of: func(w store.Watch) any { return w.Recipient }},
	{Key: "note", Name: "Note", of: func(w store.Watch) any { return w.Note }},
	{Key: "by", Name: "By", of: func(w store.Watch) any { return w.Owner }},
	{Key: "since", Name: "Since", of: func(w store.Watch) any { return w.AddedAt }},
}

func (c *console) watches(r *http.Request) (view, error) {
	all, err := c.node.Watches(r.Context())
	if err != nil {
		return view{}, err
	}
	some, heads, w, err := tabled(c, r, all, watchColumns)
	return view{Page: "watches", Under: "warnings", Title: "Watch list", Body: watchesBody{heads, some, w}}, err
}

// addWatch puts a selector on the list; what the node holds already is looked at
// at once.
func (c *console) addWatch(r *http.Request) (done, error) {
	f := r.PostForm
	s, err := c.node.Selector(f.Get("selector"))
	if err != nil {
		return done{}, err
	}
	w := store.Watch{Selector: s, Recipient: f.Get("recipient"), Note: f.Get("note"), Owner: c.node.User.Name, Imminent: f.Get("imminent") != ""}
	raised, err := c.node.Watch(r.Context(), w)
	c.raised = len(raised)
	said := "On the watch list. The node holds nothing of it yet."
	if len(raised) > 0 {
		said = fmt.Sprintf("On the watch list, and seen already: %s raised.", legible.Plural(len(raised), "warning was", "warnings were"))
	}
	return done{"/watches", said}, err
}

func (c *console) endWatch(r *http.Request) (done, error) {
	s, err := c.node.Selector(r.PostForm.Get("selector"))
	if err != nil {
		return done{}, err
	}
	return done{"/watches", "No longer watched."}, c.node.Unwatch(r.Context(), s)
}
