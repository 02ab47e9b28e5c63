package console

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"parley/internal/store"
	"parley/internal/triage"
	"parley/selector"
)

type selectorsBody struct {
	Kind     string
	Evidence string // "E1", or empty
	Kinds    []selector.Kind
	Heads    []heading
	Rows     []store.Tally
	window
}

var tallyColumns = []column[store.Tally]{
	{Key: "number", Name: "Selector", of: func(t store.Tally) any { return serial{"S", t.ID} }},
	{Key: "kind", Name: "Kind", of: func(t store.Tally) any { return string(t.Selector.Kind) }},
	{Key: "value", Name: "Value", of: func(t store.Tally) any { return t.Selector.Value }},
	{Key: "places", Name: "Places", Number: true, of: func(t store.Tally) any { return t.Findings }},
}

// selectors lists what the node holds. An address has a selector's number and
// never the selector: browsers keep addresses.
func (c *console) selectors(r *http.Request) (view, error) {
	q := r.URL.Query()
	b := selectorsBody{Kind: q.Get("kind"), Evidence: q.Get("evidence"), Kinds: selector.Kinds()}
	scope := store.Scope{Ours: writesOut(r)} // what only a counterpart gave us is not written out
	if b.Kind != "" {
		scope.Kinds = []selector.Kind{selector.Kind(b.Kind)}
	}
	if b.Evidence != "" {
		id, err := strconv.ParseInt(strings.TrimPrefix(b.Evidence, "E"), 10, 64)
		if err != nil || id < 1 {
			return view{}, problem{http.StatusBadRequest, "Not evidence", "The address says evidence=, and no number such as E1 after it."}
		}
		scope.Evidence, b.Evidence = id, fmt.Sprintf("E%d", id)
	}
	all, err := c.node.Selectors(r.Context(), scope)
	if err != nil {
		return view{}, err
	}
	if b.Rows, b.Heads, b.window, err = tabled(c, r, all, tallyColumns); err != nil {
		return view{}, err
	}
	return view{Page: "selectors", Title: "Selectors", Body: b}, nil
}

// placesBody is a selector with every place where it was found.
type placesBody struct {
	Selector selector.Selector
	Heads    []heading
	Rows     []store.Finding
	window
}

func (c *console) selector(r *http.Request) (view, error) {
	id, err := numbered(r, "S")
	if err != nil {
		return view{}, err
	}
	sel, err := c.node.SelectorNumbered(r.Context(), id)
	if err != nil {
		return view{}, err
	}
	b := placesBody{Selector: sel}
	err = c.places(r, &b)
	return view{Page: "selector", Under: "selectors", Title: fmt.Sprintf("Selector S%d", id), Body: b}, err
}

func (c *console) places(r *http.Request, b *placesBody) error {
	all, err := c.node.Findings(r.Context(), b.Selector)
	if err != nil {
		return err
	}
	b.Rows, b.Heads, b.window, err = tabled(c, r, all, placeColumns)
	return err
}

var placeColumns = []column[store.Finding]{
	{Key: "finding", Name: "Finding", of: func(f store.Finding) any { return serial{"F", f.ID} }},
	{Key: "source", Name: "Source", of: func(f store.Finding) any {
		if f.Evidence != 0 {
			return serial{"E", f.Evidence}.String()
		}
		return f.List
	}},
	{Key: "written", Name: "As written", of: func(f store.Finding) any { return f.Raw }},
	{Key: "around", Name: "Around it", of: func(f store.Finding) any { return f.Context }},
	{Key: "place", Name: "Place", of: func(f store.Finding) any { return f.Place }},
}

// findingBody is one place of a selector, opened again, and the others.
type findingBody struct {
	placesBody
	Finding store.Finding
	Excerpt triage.Excerpt
	Unread  string // why the place could not be opened, or empty
}

// finding opens the place of a finding in its evidence again, as text.
func (c *console) finding(r *http.Request) (view, error) {
	id, err := numbered(r, "F")
	if err != nil {
		return view{}, err
	}
	f, excerpt, err := c.node.ShowFinding(r.Context(), id)
	if f.ID == 0 {
		return view{}, err
	}
	b := findingBody{Finding: f, Excerpt: excerpt}
	if err != nil && f.Evidence != 0 {
		b.Unread = err.Error()
	}
	b.Selector = f.Selector
	if err := c.places(r, &b.placesBody); err != nil {
		return view{}, err
	}
	return view{Page: "finding", Under: "selectors", Title: fmt.Sprintf("Finding F%d", id), Body: b}, nil
}
