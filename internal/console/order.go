package console

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// column is a column that a table can be put in order by.
type column[T any] struct {
	Key, Name string
	compare   func(a, b T) int // nil: not by this one
	Number    bool
}

// heading is the head of a column, with the address of the same page in the
// order by it.
type heading struct {
	Name   string
	Link   string // "" where the table has no order by it
	Sorted string // "ascending" or "descending", as aria-sort has it; or ""
	Number bool
}

// ordered puts rows in the order that the address asks for: sort=name, or
// sort=-name for the greatest first. Rows that are equal stay as they were.
func ordered[T any](r *http.Request, rows []T, columns []column[T]) ([]T, []heading, error) {
	asked := r.URL.Query().Get("sort")
	key, down := strings.CutPrefix(asked, "-")
	found := asked == ""
	var heads []heading
	for _, c := range columns {
		h := heading{Name: c.Name, Number: c.Number}
		next := c.Key
		if c.compare != nil && key == c.Key {
			found = true
			rows = slices.Clone(rows)
			slices.SortStableFunc(rows, func(a, b T) int {
				if down {
					return c.compare(b, a)
				}
				return c.compare(a, b)
			})
			h.Sorted = "ascending"
			if down {
				h.Sorted = "descending"
			} else {
				next = "-" + c.Key
			}
		}
		if c.compare != nil {
			h.Link = addressWith(r, func(q url.Values) {
				q.Del("skip")
				q.Set("sort", next)
			})
		}
		heads = append(heads, h)
	}
	if !found {
		return rows, heads, problem{http.StatusBadRequest, "Not an order", fmt.Sprintf("The address says sort=%.40s, and the table has no such column.", asked)}
	}
	return rows, heads, nil
}

// byText compares names as people look them up: by letters, small or large.
func byText(a, b string) int {
	if c := strings.Compare(strings.ToLower(a), strings.ToLower(b)); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}
