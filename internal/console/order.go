package console

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// column is a column of a list: what the list is put in order by, and what is
// written out of it.
type column[T any] struct {
	Key, Name string
	Number    bool
	// of is what stands in it: a text, a whole number, a time, a [serial] or a
	// tick; a time or serial that is zero is none.
	of func(T) any
	// unsorted: the list has no order by it.
	unsorted bool
}

// serial is the number of a thing, with the letter before it: W3.
type serial struct {
	letter string
	n      int64
}

func (s serial) String() string { return fmt.Sprintf("%s%d", s.letter, s.n) }

// between is a number of which only bounds are known.
type between struct{ least, most int }

func (b between) String() string {
	if b.least == b.most {
		return fmt.Sprint(b.least)
	}
	return fmt.Sprintf("%d–%d", b.least, b.most)
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
		if !c.unsorted && key == c.Key {
			found = true
			rows = by(rows, c.of, down)
			h.Sorted = "ascending"
			if down {
				h.Sorted = "descending"
			} else {
				next = "-" + c.Key
			}
		}
		if !c.unsorted {
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

// by gives rows in the order of what one column has of each.
func by[T any](rows []T, of func(T) any, down bool) []T {
	type keyed struct {
		key any
		row T
	}
	all := make([]keyed, len(rows))
	for i, row := range rows {
		all[i] = keyed{of(row), row}
	}
	slices.SortStableFunc(all, func(a, b keyed) int {
		if down {
			a, b = b, a
		}
		return byCell(a.key, b.key)
	})
	sorted := make([]T, len(all))
	for i, one := range all {
		sorted[i] = one.row
	}
	return sorted
}

// byCell compares what one column has of two rows.
func byCell(a, b any) int {
	switch a := a.(type) {
	case int:
		return cmp.Compare(a, b.(int))
	case int64:
		return cmp.Compare(a, b.(int64))
	case time.Time:
		return a.Compare(b.(time.Time))
	case serial:
		return cmp.Compare(a.n, b.(serial).n)
	case between:
		b := b.(between)
		return cmp.Or(cmp.Compare(a.least, b.least), cmp.Compare(a.most, b.most))
	case bool:
		return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
	}
	return byText(cell(a), cell(b))
}

// byText compares names as people look them up: by letters, small or large.
func byText(a, b string) int {
	if c := strings.Compare(strings.ToLower(a), strings.ToLower(b)); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}

// cell is what a column has of a row, as text.
func cell(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case time.Time:
		return iso(v)
	case serial:
		if v.n == 0 {
			return ""
		}
	}
	return fmt.Sprint(v)
}
