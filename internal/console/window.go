package console

import (
	"net/http"
	"net/url"
	"strconv"
)

// pageRows is how many rows one page shows.
const pageRows = 200

// window is the part of a list that one page shows, with the addresses of the
// parts before and after. The address is the whole of its state.
type window struct {
	First, Last, Of int // as people count, from 1
	More            bool
	Previous, Next  string       // addresses, or empty
	Out             string       // where the list is sent to be written out as a whole, or empty
	From            string       // the page's own address
	Whole           func() sheet // the list, to be written out
}

// skipped reads how many rows an address leaves out.
func skipped(r *http.Request) (int, error) {
	text := r.URL.Query().Get("skip")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 1<<30 {
		return 0, problem{http.StatusBadRequest, "Not a place in the list", "The address says skip=, and no number of rows after it."}
	}
	return n, nil
}

// windowed gives the rows that the address asks for.
func windowed[T any](r *http.Request, all []T) ([]T, window, error) {
	return windowedBy(r, all, pageRows)
}

// windowedBy is windowed for pages that show fewer rows than most.
func windowedBy[T any](r *http.Request, all []T, pageRows int) ([]T, window, error) {
	skip, err := skipped(r)
	if err != nil {
		return nil, window{}, err
	}
	skip = min(skip, len(all))
	rows := all[skip:min(skip+pageRows, len(all))]
	w := window{First: skip + 1, Last: skip + len(rows), Of: len(all)}
	if skip > 0 {
		w.Previous = at(r, "skip", max(0, skip-pageRows))
	}
	if w.Last < len(all) {
		w.Next = at(r, "skip", skip+pageRows)
	}
	w.More = w.Previous != "" || w.Next != ""
	return rows, w, nil
}

// at is the page's own address with one value set; 0 takes it out.
func at(r *http.Request, name string, value int) string {
	return addressWith(r, func(q url.Values) {
		q.Del(name)
		if value != 0 {
			q.Set(name, strconv.Itoa(value))
		}
	})
}

// addressWith is the page's own address with some values set.
func addressWith(r *http.Request, set func(url.Values)) string {
	q := r.URL.Query() // made anew by each call
	set(q)
	if len(q) == 0 {
		return r.URL.EscapedPath()
	}
	return r.URL.EscapedPath() + "?" + q.Encode()
}
