package triage

import (
	"context"
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
		return each(db.record(t, row, count))
	})
}

// find gives the record of a rowid, by one walk down the tree, whatever the
// indexes; an empty one if there is none.
func (db *database) find(ctx context.Context, name string, id int64, columns string) (found record, err error) {
	t, ok := db.table(name)
	if !ok || t.rowid == "" {
		return record{}, nil
	}
	t = t.only(columns)
	query := t.query() + " WHERE " + t.rowid + " = ?"
	statement := db.seeks[query]
	if statement == nil {
		if statement, _, err = db.conn.Prepare(query); err != nil {
			return record{}, err
		}
		db.seeks[query] = statement
	}
	if err := statement.BindInt64(1, id); err != nil {
		return record{}, err
	}
	if statement.Step() {
		found = db.record(t, statement, id)
	}
	if err := ctx.Err(); err != nil {
		return record{}, stop{err}
	}
	return found, statement.Reset()
}

func (db *database) record(t table, row *sqlite3.Stmt, count int64) record {
	r := record{id: count, values: make(map[string]any, len(t.columns))}
	first := row.ColumnCount() - len(t.columns)
	if t.rowid != "" {
		r.id = row.ColumnInt64(0)
	}
	r.place = db.place.row(t.name, r.id)
	for i, column := range t.columns {
		var value any
		switch row.ColumnType(first + i) {
		case sqlite3.INTEGER:
			value = row.ColumnInt64(first + i)
		case sqlite3.FLOAT:
			value = row.ColumnFloat(first + i)
		case sqlite3.TEXT:
			value = row.ColumnText(first + i)
		case sqlite3.BLOB:
			value = row.ColumnBlob(first+i, nil)
		}
		r.values[column] = value
	}
	return r
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

// gathered bounds what a reader collects from one table before it reads another.
const gathered = 1_000_000

var errGathered = fmt.Errorf("it has more than %d rows that belong to others: the rest is not put together", gathered)
