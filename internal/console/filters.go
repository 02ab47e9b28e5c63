package console

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"parley/internal/store"
)

// aids stand on every page of whoever is signed in: what they keep, and the way
// back to the list that they came from.
type aids struct {
	Kept []store.Filter // that the palette offers
	List []store.Filter // of the list that is shown
	Here string         // the address of the list that is shown, without its window; else empty
	Back placeBefore
	Go   []entry
}

// placeBefore is the list that somebody looked at last.
type placeBefore struct{ Title, Address string }

// kept by the address of a list: which of it, in which order. No other part of an
// address is kept, and none of these holds content.
var (
	listKeys  = []string{"all", "evidence", "faulty", "kind", "sort"}
	listValue = regexp.MustCompile(`^-?[A-Za-z0-9-]{1,40}$`)
)

// listAddress is the address of a list by what is kept of it; false where it is
// none.
func listAddress(address string) (string, bool) {
	u, err := url.Parse(local(address))
	if err != nil || !isList(u.Path) {
		return "", false
	}
	q := url.Values{}
	for key, values := range u.Query() {
		if slices.Contains(listKeys, key) && listValue.MatchString(values[0]) {
			q.Set(key, values[0])
		}
	}
	if len(q) == 0 {
		return u.Path, true
	}
	return u.Path + "?" + q.Encode(), true
}

// isList tells whether a path is that of a list.
func isList(at string) bool {
	words := strings.Split(at, "/") // the first is empty: it begins with one
	return slices.ContainsFunc(lists(), func(l writable) bool {
		return words[1] != "search" && slices.EqualFunc(strings.Split(l.pattern, "/"), words, func(p, word string) bool {
			return p == word || p == "{number}" && listNumber.MatchString(word)
		})
	})
}

var listNumber = regexp.MustCompile(`^[A-Z][1-9][0-9]{0,17}$`)

// aidsOf gathers them, and notes which list is shown, so that what is opened from
// it leads back.
func (c *console) aidsOf(r *http.Request, v view) (a aids, err error) {
	f, err := c.node.Filters(r.Context())
	a.Kept, a.Go = f.Named, goTo(c.node.User)
	if r.Method == http.MethodGet && v.Page != "found" {
		a.Here, _ = listAddress(r.URL.RequestURI())
	}
	path, _, _ := strings.Cut(a.Here, "?")
	for _, one := range f.Named {
		if at, _, _ := strings.Cut(one.Address, "?"); a.Here != "" && at == path {
			a.List = append(a.List, one)
		}
	}
	things := []string{"match", "selector"} // which have a list in them
	shown := (a.Here != "" || v.Page == "found") && r.Method == http.MethodGet && !slices.Contains(things, v.Page)
	c.sessions.change(c.who, func(one *session) {
		switch {
		case shown:
			one.list = placeBefore{v.Title, r.URL.RequestURI()}
		case v.Under != "" && one.list.Address != r.URL.RequestURI():
			a.Back = one.list
		}
	})
	return a, err
}

// keepList keeps the address of a list under a name.
func (c *console) keepList(r *http.Request) (done, error) {
	address, is := listAddress(r.PostForm.Get("address"))
	if !is {
		return done{}, problem{http.StatusUnprocessableEntity, "No list", "Only the address of a list of this console can be kept."}
	}
	_, err := c.node.KeepList(r.Context(), address, r.PostForm.Get("name"), r.PostForm.Get("shared") != "")
	return done{address, "Kept."}, err
}

func (c *console) keepFilter(r *http.Request, id int64) (done, error) {
	err := c.node.NameFilter(r.Context(), id, r.PostForm.Get("name"), r.PostForm.Get("shared") != "")
	return done{searchPage(id), "Kept."}, err
}

func (c *console) removeFilter(r *http.Request, id int64) (done, error) {
	return done{"/search", "Removed."}, c.node.RemoveFilter(r.Context(), id)
}
