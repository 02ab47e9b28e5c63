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
	// affinities has a letter for each column, as in sqlitefile.Shape.
	affinities []byte
	computed   bool // it has columns that are not stored as they stand here
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
		if lower := strings.ToLower(name); db.byName[lower] == 0 {
			db.byName[lower] = len(db.tables) + 1
		}
		db.tables = append(db.tables, t)
	}
	return nil
}

// describe lists the stored columns of a table; computed ones (hidden 2 and 3)
// would run what the schema says.
func (db *database) describe(name string) (table, error) {
	t := table{name: name}
	keys, key1 := 0, 0 // columns of the primary key, and one of them
	err := db.rows(context.Background(), "PRAGMA table_xinfo("+quote(name)+")", func(row *sqlite3.Stmt) error {
		column := row.ColumnText(1)
		if row.ColumnInt(6) != 0 || strings.Contains(column, "\x00") {
			t.computed = true
			return nil
		}
		t.columns = append(t.columns, column)
		t.affinities = append(t.affinities, affinity(row.ColumnText(2)))
		if key := row.ColumnInt(5); key > 0 {
			keys, key1 = keys+1, len(t.columns)-1
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
	if keys == 1 && t.rowid != "" && t.affinities[key1] == 'i' {
		t.affinities[key1] = 'k'
	}
	return t, nil
}

// affinity reads the type that a column was declared with: sqlite.org/datatype3.html
// section 3.1.
func affinity(declared string) byte {
	declared = strings.ToUpper(declared)
	has := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(declared, part) })
	}
	switch {
	case has("INT"):
		return 'i'
	case has("CHAR", "CLOB", "TEXT"):
		return 't'
	case declared == "" || has("BLOB"):
		return 'b'
	case has("REAL", "FLOA", "DOUB"):
		return 'r'
	}
	return 'n'
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
	i := db.byName[strings.ToLower(name)] - 1
	if i < 0 || !db.tables[i].has(columns...) {
		return table{}, false
	}
	return db.tables[i], true
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
