package triage

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ncruces/go-sqlite3"
)

// record is one row of a table, as the readers of artifacts see it: values by the
// names of their columns. A column that the table has not is empty.
type record struct {
	place   Place
	id      int64 // rowid, or the row's number in a table without
	deleted bool  // carved from freed space
	values  map[string]any
}

// text gives a text as it is, a number as it is written, and a blob if it holds
// text.
func (r record) text(column string) string {
	switch v := r.values[column].(type) {
	case string:
		return v
	case []byte:
		if isPlain(v) {
			return string(v)
		}
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

func (r record) int(column string) int64 {
	switch v := r.values[column].(type) {
	case int64:
		return v
	case float64:
		if v > -1<<62 && v < 1<<62 {
			return int64(v)
		}
	case string:
		n, _ := strconv.ParseInt(v, 10, 64)
		return n
	}
	return 0
}

func (r record) real(column string) float64 {
	switch v := r.values[column].(type) {
	case int64:
		return float64(v)
	case float64:
		return v
	case string:
		n, _ := strconv.ParseFloat(v, 64)
		return n
	}
	return 0
}

// blob gives a blob's bytes, or a text's.
func (r record) blob(column string) []byte {
	switch v := r.values[column].(type) {
	case []byte:
		return v
	case string:
		return []byte(v)
	}
	return nil
}

// isPlain reports whether bytes are text that a person may have written.
func isPlain(b []byte) bool {
	if len(b) == 0 || !utf8.Valid(b) {
		return false
	}
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
	}
	return true
}

// each gives the records of a table with the columns named, separated by spaces.
// In a database of carved records it gives those of the table.
func (db *database) each(ctx context.Context, name, columns string, each func(record) error) error {
	t, ok := db.table(name)
	if !ok {
		return nil
	}
	if db.carved != nil {
		for _, r := range db.carved[strings.ToLower(t.name)] {
			if err := each(r); err != nil {
				return err
			}
		}
		return nil
	}
	t = t.only(columns)
	count := int64(0)
	return db.rows(ctx, t.query(), func(row *sqlite3.Stmt) error {
		count++
		r, err := db.record(t, row, count)
		if err != nil {
			return err
		}
		return each(r)
	})
}

// seek finds rows of a table by their number.
type seek struct {
	table     table
	statement *sqlite3.Stmt
}

// seek prepares to find rows of a table; without a statement if it has none.
func (db *database) seek(name, columns string) (seek, error) {
	key := name + " " + columns
	if known, ok := db.seeks[key]; ok {
		return known, nil
	}
	t, ok := db.table(name)
	if !ok || t.rowid == "" {
		return seek{}, nil
	}
	t = t.only(columns)
	statement, _, err := db.conn.Prepare(t.query() + " WHERE " + t.rowid + " = ?")
	if err == nil {
		db.seeks[key] = seek{t, statement}
	}
	return seek{t, statement}, err
}

// findCost is what finding a row counts besides its bytes.
const findCost = 32

// find gives the record of a rowid, by one walk down the tree, whatever the
// indexes; an empty one if there is none.
func (db *database) find(ctx context.Context, name string, id int64, columns string) (found record, err error) {
	s, err := db.seek(name, columns)
	if err != nil || s.statement == nil {
		return record{}, err
	}
	if err := db.took(findCost); err != nil {
		return record{}, err
	}
	if err := s.statement.BindInt64(1, id); err != nil {
		return record{}, err
	}
	if s.statement.Step() {
		found, err = db.record(s.table, s.statement, id)
	}
	if err := ctx.Err(); err != nil {
		return record{}, stop{err}
	}
	return found, errors.Join(err, s.statement.Reset())
}

func (db *database) record(t table, row *sqlite3.Stmt, count int64) (record, error) {
	r := record{id: count, values: make(map[string]any, len(t.columns))}
	first := row.ColumnCount() - len(t.columns)
	if t.rowid != "" {
		r.id = row.ColumnInt64(0)
	}
	r.place = db.place.row(t.name, r.id)
	bytes := 0
	for i, column := range t.columns {
		var value any
		switch row.ColumnType(first + i) {
		case sqlite3.INTEGER:
			value = row.ColumnInt64(first + i)
		case sqlite3.FLOAT:
			value = row.ColumnFloat(first + i)
		case sqlite3.TEXT:
			text := row.ColumnText(first + i)
			value, bytes = text, bytes+len(text)
		case sqlite3.BLOB:
			blob := row.ColumnBlob(first+i, nil)
			value, bytes = blob, bytes+len(blob)
		}
		r.values[column] = value
	}
	return r, db.took(bytes)
}

// only leaves the columns named, under the names they were asked by; all for "*".
func (t table) only(columns string) table {
	if columns == "*" {
		return t
	}
	var asked []string
	for _, column := range strings.Fields(columns) {
		if t.has(column) {
			asked = append(asked, column)
		}
	}
	t.columns = asked
	return t
}

// What a reader collects before it reads what that belongs to.
const (
	gatheredThings = 1_000_000
	gatheredBytes  = 256 << 20
)

var errGathered = fmt.Errorf("it has more than %d rows that belong to others, or %d bytes in them: the rest of these is not put together", gatheredThings, gatheredBytes)

// gathering counts what a reader collects.
type gathering struct{ things, bytes int }

// take counts one thing more, that belongs to others, and its bytes.
func (g *gathering) take(bytes int) error {
	if g.things++; g.things > gatheredThings {
		return errGathered
	}
	if g.bytes += bytes; g.bytes > gatheredBytes {
		return errGathered
	}
	return nil
}

// gathered goes on with what was gathered where there was too much of it.
func gathered(err error, then func() error) error {
	if err != nil && !errors.Is(err, errGathered) {
		return err
	}
	if err := then(); err != nil {
		return err
	}
	return err
}
