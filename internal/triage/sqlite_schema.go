package triage

import (
	"context"
	"slices"
	"strings"

	"github.com/ncruces/go-sqlite3"
)

// table is one table whose rows can be read.
type table struct {
	name    string
	columns []string
	rowid   string // the name the rowid can be asked by; "" for a table without
}

// readSchema lists the tables by name. Views are never read, and of virtual
// tables only the ordinary tables behind them, which hold their text.
func (db *database) readSchema() error {
	var names []string
	const query = `SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND rootpage > 0`
	err := db.rows(context.Background(), query, func(row *sqlite3.Stmt) error {
		if name := row.ColumnText(0); !strings.Contains(name, "\x00") {
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.Sort(names)
	for _, name := range names {
		if strings.HasPrefix(strings.ToLower(name), "sqlite_") {
			continue
		}
		t, err := db.describe(name)
		if err != nil {
			return err
		}
		db.tables = append(db.tables, t)
	}
	return nil
}

// describe lists the stored columns of a table; computed ones (hidden 2 and 3)
// would run what the schema says.
func (db *database) describe(name string) (table, error) {
	t := table{name: name}
	err := db.rows(context.Background(), "PRAGMA table_xinfo("+quote(name)+")", func(row *sqlite3.Stmt) error {
		if column := row.ColumnText(1); row.ColumnInt(6) == 0 && !strings.Contains(column, "\x00") {
			t.columns = append(t.columns, column)
		}
		return nil
	})
	if err != nil {
		return t, err
	}
	for _, alias := range [...]string{"rowid", "_rowid_", "oid"} {
		if t.has(alias) {
			continue
		}
		if statement, _, err := db.conn.Prepare("SELECT " + alias + " FROM " + quote(name)); err == nil {
			statement.Close()
			t.rowid = alias
			break
		}
	}
	return t, nil
}

// has reports whether the table has all these columns.
func (t table) has(columns ...string) bool {
	for _, column := range columns {
		if !slices.ContainsFunc(t.columns, func(c string) bool { return strings.EqualFold(c, column) }) {
			return false
		}
	}
	return true
}

// table gives a table by name if it has all these columns.
func (db *database) table(name string, columns ...string) (table, bool) {
	for _, t := range db.tables {
		if strings.EqualFold(t.name, name) && t.has(columns...) {
			return t, true
		}
	}
	return table{}, false
}

// query reads all columns of the table, the rowid first where there is one.
func (t table) query() string {
	columns := make([]string, 0, len(t.columns)+1)
	if t.rowid != "" {
		columns = append(columns, t.rowid)
	}
	for _, column := range t.columns {
		columns = append(columns, quote(column))
	}
	if len(columns) == 0 {
		columns = []string{"NULL"}
	}
	return "SELECT " + strings.Join(columns, ", ") + " FROM " + quote(t.name) + " NOT INDEXED"
}
