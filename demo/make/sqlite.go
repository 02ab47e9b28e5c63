package main

import (
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/ext/serdes"
)

// row is one row for a table: the values of its named columns, in order.
// Values are int64, string or nil.
type row struct {
	insert string // INSERT INTO … VALUES (?, …)
	values []any
}

// database makes a SQLite file in memory and gives its bytes. Page size,
// journal and layout are fixed, and VACUUM lays the pages out anew, so the
// same rows give the same bytes.
func database(version int, schema string, rows []row) (data []byte, err error) {
	db, err := sqlite3.Open(":memory:")
	if err != nil {
		return nil, fmt.Errorf("open a database in memory: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	setup := fmt.Sprintf(`PRAGMA page_size=4096; PRAGMA journal_mode=off; PRAGMA encoding='UTF-8'; PRAGMA foreign_keys=off; PRAGMA user_version=%d;`, version)
	if err := db.Exec(setup + schema); err != nil {
		return nil, fmt.Errorf("lay out the tables: %w", err)
	}
	for _, r := range rows {
		if err := insert(db, r); err != nil {
			return nil, fmt.Errorf("run %q: %w", r.insert, err)
		}
	}
	if err := db.Exec(`VACUUM`); err != nil {
		return nil, fmt.Errorf("vacuum: %w", err)
	}
	return serdes.Serialize(db, "main")
}

func insert(db *sqlite3.Conn, r row) (err error) {
	stmt, _, err := db.Prepare(r.insert)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stmt.Close()) }()
	for i, v := range r.values {
		if err := bind(stmt, i+1, v); err != nil {
			return err
		}
	}
	return stmt.Exec()
}

func bind(stmt *sqlite3.Stmt, at int, v any) error {
	switch v := v.(type) {
	case nil:
		return stmt.BindNull(at)
	case int64:
		return stmt.BindInt64(at, v)
	case string:
		return stmt.BindText(at, v)
	}
	return fmt.Errorf("column %d: no way to store a %T", at, v)
}
