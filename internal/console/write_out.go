package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"

	"parley/internal/list"
	"parley/internal/node"
)

// outward is the last word of the address at which a list is written out.
const outward = "/export"

// writable is a list that can be written out as a whole: its page, and whether
// its rows are what evidence and matches say, which analysts alone take out.
type writable struct {
	pattern string
	page    page
	raw     bool
}

// lists are the lists that can be written out.
func lists() []writable {
	return []writable{
		{"/warnings", (*console).warnings, false},
		{"/watches", (*console).watches, true},
		{"/matches", (*console).matches, false},
		{"/matches/{number}", (*console).match, true},
		{"/counterparts", (*console).counterparts, false},
		{"/releases", (*console).releases, false},
		{"/consents", (*console).consents, false},
		{"/inbox", (*console).inbox, false},
		{"/claims", (*console).claims, false},
		{"/counts", (*console).counts, false},
		{"/evidence", (*console).evidence, false},
		{"/evidence/{number}/artifacts", (*console).artifacts, true},
		{"/evidence/{number}/files", (*console).files, true},
		{"/selectors", (*console).selectors, true},
		{"/selectors/{number}", (*console).selector, true},
		{"/ledger", (*console).ledger, false},
		{"/search/{number}", (*console).found, true},
	}
}

// sheet is a list as a whole: the keys of its columns, and what each has of
// every row.
type sheet struct {
	keys []string
	rows [][]any
}

// sheetOf is a list as its columns have it.
func sheetOf[T any](rows []T, columns []column[T]) (s sheet) {
	for _, c := range columns {
		s.keys = append(s.keys, c.Key)
	}
	for _, row := range rows {
		cells := make([]any, len(columns))
		for i, c := range columns {
			cells[i] = c.of(row)
		}
		s.rows = append(s.rows, cells)
	}
	return s
}

// tabled gives the part of a list that the address asks for, in the order that
// it asks for, with the heads of its columns.
func tabled[T any](c *console, r *http.Request, all []T, columns []column[T]) ([]T, []heading, window, error) {
	all, heads, err := ordered(r, all, columns)
	if err != nil {
		return nil, nil, window{}, err
	}
	some, w, err := windowed(r, all)
	w.out(c, r, func() sheet { return sheetOf(all, columns) })
	return some, heads, w, err
}

// out lets the list be written out.
func (w *window) out(c *console, r *http.Request, whole func() sheet) {
	w.Whole, w.From = whole, r.URL.RequestURI()
	if node.MayWriteOut(c.node.User) {
		w.Out = r.URL.EscapedPath() + outward
		if r.URL.RawQuery != "" {
			w.Out += "?" + r.URL.RawQuery
		}
	}
}

// sheet is the list as a whole; false where it cannot be written out.
func (w window) sheet() (sheet, bool) {
	if w.Whole == nil {
		return sheet{}, false
	}
	return w.Whole(), true
}

// writesOut tells whether a list is read to be written out.
func writesOut(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, outward) }

// writeOut answers with a whole list as a file, in the order and with the
// filter of the address. The ledger says who took how many rows before the first
// of them leaves.
func (c *console) writeOut(l writable) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			c.refuse(w, r, problem{http.StatusBadRequest, "Not a form", "The form could not be read, so nothing was written out."})
			return
		}
		mine, r, ok := c.inHand(w, r, signInForm{To: local(path.Dir(r.URL.EscapedPath()))})
		if !ok {
			return
		}
		file, kind, err := mine.written(l, r)
		if err != nil {
			mine.show(w, r, func(*console, *http.Request) (view, error) { return view{}, asProblem(err) }, tried{})
			return
		}
		name := strings.ReplaceAll(strings.Trim(path.Dir(r.URL.Path), "/"), "/", "-") + "." + r.PostForm.Get("format")
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
		w.Header().Set("Content-Length", strconv.Itoa(len(file)))
		_, _ = w.Write(file) // a browser that has gone is no fault of ours
	})
}

// asProblem has a page say why something typed was not taken.
func asProblem(err error) error {
	if status := refusal(err); status == http.StatusUnprocessableEntity {
		return problem{status, "Not written out", err.Error()}
	}
	return err
}

// written makes the file, once the ledger says so.
func (c *console) written(l writable, r *http.Request) (file []byte, kind string, err error) {
	write, kind := writeCSV, "text/csv; charset=utf-8"
	format := node.Format(r.PostForm.Get("format"))
	if format == node.JSON {
		write, kind = writeJSON, "application/json"
	}
	v, err := l.page(c, r)
	if err != nil {
		return nil, "", err
	}
	body, is := v.Body.(interface{ sheet() (sheet, bool) })
	if !is {
		return nil, "", fmt.Errorf("write out %s: it is no list", l.pattern)
	}
	all, _ := body.sheet()
	out := node.WrittenList{List: strings.TrimSuffix(r.URL.Path, outward), Format: format, Rows: len(all.rows), Raw: l.raw}
	if err := c.node.WriteOut(r.Context(), out); err != nil {
		return nil, "", err
	}
	var b bytes.Buffer
	err = write(&b, all)
	return b.Bytes(), kind, err
}

func writeCSV(w io.Writer, s sheet) error {
	rows := [][]string{s.keys}
	for _, cells := range s.rows {
		line := make([]string, len(cells))
		for i, v := range cells {
			line[i] = cell(v)
		}
		rows = append(rows, line)
	}
	return list.WriteCells(w, rows)
}

// writeJSON writes an object a row, with its fields in the order of the columns.
func writeJSON(w io.Writer, s sheet) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('[')
	for i, cells := range s.rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n{")
		for j, v := range cells {
			if j > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, "%q:", s.keys[j])
			switch v.(type) {
			case int, int64, bool:
			default:
				v = cell(v)
			}
			if err := e.Encode(v); err != nil {
				return fmt.Errorf("write list: %w", err)
			}
			b.Truncate(b.Len() - 1) // the encoder ends a line
		}
		b.WriteByte('}')
	}
	b.WriteString("\n]\n")
	_, err := w.Write(b.Bytes())
	return err
}
