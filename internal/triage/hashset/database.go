package hashset

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"
)

// tables are where NSRL's version 3 keeps hashes, the one with the fewest rows first.
var tables = []string{"DISTINCT_HASH", "FILE", "METADATA"}

// database reads the SQLite database of NSRL's version 3. It is only read, and its
// views and triggers may run nothing but SQL.
func (r *reader) database(path string) error {
	full, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	address := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(full), RawQuery: "mode=ro&immutable=1"}
	db, err := sqlite3.OpenFlags(address.String(), sqlite3.OPEN_READONLY|sqlite3.OPEN_URI)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Exec(`PRAGMA trusted_schema=off; PRAGMA query_only=on`); err != nil {
		return err
	}
	for _, table := range tables {
		for _, names := range headings {
			column := names[len(names)-1]
			rows, _, err := db.Prepare(fmt.Sprintf(`SELECT %s FROM %s`, column, table))
			if err != nil {
				continue // it has no such table, or that no such column
			}
			return errors.Join(r.rows(rows, table), rows.Close())
		}
	}
	return errors.New("the database has none of the tables FILE, METADATA and DISTINCT_HASH with a column sha256, sha1 or md5")
}

func (r *reader) rows(rows *sqlite3.Stmt, table string) error {
	for number := 1; rows.Step(); number++ {
		if rows.ColumnType(0) == sqlite3.NULL {
			continue
		}
		if err := r.add(rows.ColumnRawText(0)); err != nil {
			return fmt.Errorf("row %d of %s: %w", number, table, err)
		}
	}
	return rows.Err()
}
