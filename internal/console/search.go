package console

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"parley/internal/legible"
	"parley/internal/node"
	"parley/internal/store"
	"parley/selector"
)

// searchActs look for something, and keep searches and lists. What is looked for
// goes in a form's body and gets a number: it stands in no address.
func searchActs() []act {
	return []act{
		{"/search/look", (*console).search, false, (*console).lookFor},
		{"/search/list", (*console).search, false, (*console).keepList},
		{"/search/{number}/keep", (*console).found, false, on("L", (*console).keepFilter)},
		{"/search/{number}/remove", (*console).found, false, on("L", (*console).removeFilter)},
	}
}

func searchPage(id int64) string { return fmt.Sprintf("/search/L%d", id) }

// search offers to look for something, and shows what is kept.
func (c *console) search(r *http.Request) (view, error) {
	f, err := c.node.Filters(r.Context())
	return view{Page: "search", Title: "Search", Body: f}, err
}

func (c *console) lookFor(r *http.Request) (done, error) {
	id, err := c.node.KeepSearch(r.Context(), r.PostForm.Get("query"))
	return done{searchPage(id), ""}, err
}

// foundBody is what a search found.
type foundBody struct {
	Filter store.Filter
	Mine   bool
	Found  node.Found
	Heads  []heading
	Rows   []node.Answer
	window
}

var answerColumns = []column[node.Answer]{
	{Key: "what", Name: "What", of: func(a node.Answer) any { return a.What }},
	{Key: "number", Name: "Number", of: func(a node.Answer) any { return a.Name }},
	{Key: "text", Name: "Says", of: func(a node.Answer) any { return a.Text }},
	{Key: "where", Name: "Where", of: func(a node.Answer) any { return a.Where }},
	{Key: "time", Name: "Time", of: func(a node.Answer) any { return a.At }},
}

// mostAnswers is how many are read to be put in order or written out.
const mostAnswers = 5_000

// found shows what a search finds now.
func (c *console) found(r *http.Request) (view, error) {
	f, found, err := c.searched(r, r.URL.Query().Has("sort") || writesOut(r))
	if err != nil {
		return view{}, err
	}
	b := foundBody{Filter: f, Mine: f.Owner == c.node.User.Name, Found: found}
	b.Rows, b.Heads, b.window, err = tabled(c, r, found.Answers, answerColumns)
	b.Of = 0
	return view{Page: "found", Under: "search", Title: fmt.Sprintf("Search L%d", f.ID), Body: b}, err
}

// searched looks for what a filter is, up to the end of what the address shows
// and one more.
func (c *console) searched(r *http.Request, all bool) (f store.Filter, found node.Found, err error) {
	id, err := numbered(r, "L")
	if err != nil {
		return f, found, err
	}
	if f, err = c.node.Filter(r.Context(), id); err != nil || f.Query == "" {
		return f, found, err
	}
	skip, err := skipped(r)
	if err != nil {
		return f, found, err
	}
	limit := min(skip+pageRows+1, mostAnswers)
	if all {
		limit = mostAnswers
	}
	found, err = c.node.Search(r.Context(), f.Query, limit)
	return f, found, err
}

// answerPage is where what was found is read.
func answerPage(a node.Answer) string {
	switch {
	case a.Of != "":
		return "/claims/" + a.Of
	case a.What == "ledger":
		n, err := strconv.ParseInt(a.Name, 10, 64)
		if err != nil {
			return "/ledger"
		}
		return fmt.Sprintf("/ledger?before=%d", n+1)
	case a.Name == "":
		return "/watches"
	}
	pages := map[byte]string{
		'W': "warnings", 'M': "matches", 'R': "releases", 'E': "evidence", 'I': "inbox", 'S': "selectors", 'F': "findings", 'C': "counterparts", 'O': "objects",
	}
	return "/" + pages[a.Name[0]] + "/" + a.Name
}

// heldObject shows one version of a STIX object. Its number is in the address,
// since ids of observables are made from what they hold.
func (c *console) heldObject(r *http.Request) (view, error) {
	id, err := numbered(r, "O")
	if err != nil {
		return view{}, err
	}
	h, err := c.node.HeldObject(r.Context(), id)
	return view{Page: "object", Under: "search", Title: fmt.Sprintf("Object O%d", id), Body: h}, err
}

// searchResources are what programs read of searches.
func searchResources() []resource {
	return []resource{
		told("/search", "Searches and addresses of lists that are kept", func(c *console, r *http.Request) (apiFilters, error) {
			f, err := c.node.Filters(r.Context())
			return apiFilters{each(f.Named, apiFilterOf), each(f.Last, apiFilterOf)}, err
		}),
		told("/search/{number}", "What a search finds now", func(c *console, r *http.Request) (v apiFound, err error) {
			f, found, err := c.searched(r, false)
			if err != nil {
				return v, err
			}
			some, w, err := windowed(r, found.Answers)
			return apiFound{apiFilterOf(f), found.ReadAs, found.Behind, w.First, w.Next, append([]node.Answer{}, some...)}, err
		}),
		numberedOne("/objects/{number}", "One version of a STIX object", "O", func(c *console, ctx context.Context, id int64) (node.HeldObject, error) {
			return c.node.HeldObject(ctx, id)
		}),
	}
}

// apiFilters are the searches and lists that somebody kept, and the last ones.
type apiFilters struct {
	Named []apiFilter `json:"named"`
	Last  []apiFilter `json:"last"`
}

// apiFilter is a search or the address of a list.
type apiFilter struct {
	Number  int64  `json:"number"`
	Name    string `json:"name,omitempty"`
	Owner   string `json:"owner"`
	Shared  bool   `json:"shared"`
	Address string `json:"address,omitempty"`
	Query   string `json:"query,omitempty"`
}

func apiFilterOf(f store.Filter) apiFilter {
	return apiFilter{f.ID, f.Name, f.Owner, f.Shared, f.Address, f.Query}
}

// apiFound is what a search finds now, a part of it.
type apiFound struct {
	Search apiFilter           `json:"search"`
	ReadAs []selector.Selector `json:"read_as"`
	Behind int64               `json:"behind"`
	First  int                 `json:"first"`
	Next   string              `json:"next,omitempty"`
	Items  []node.Answer       `json:"items"`
}

// behind says how many objects were not looked at.
func behind(n int64) string { return legible.Plural(n, "object is", "objects are") }
