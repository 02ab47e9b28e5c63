package triage

import (
	"context"
	"fmt"

	"github.com/ncruces/go-sqlite3"
)

// schema is an application's database that is known: how to tell it, and how to
// read artifacts from it.
type schema struct {
	match func(*database) bool
	read  func(context.Context, *reading, *database) error
}

// schemas lists the applications known. A database may match several.
func schemas() []schema {
	return []schema{
		{isContacts, readContacts},
		{isMessages, readMessages},
		{isCalls, readCalls},
	}
}

// readSQLite scans every text in every table, then reads the artifacts of the
// application whose database it is.
func readSQLite(ctx context.Context, r *reading, f *file) error {
	db, err := openDatabase(ctx, f, r.opt.Limits)
	if err != nil {
		return err
	}
	defer db.close()
	for _, t := range db.tables {
		if err := r.table(ctx, db, t); err != nil {
			return err
		}
	}
	db.left = r.opt.Limits.Rows
	for _, schema := range schemas() {
		if !schema.match(db) {
			continue
		}
		if err := schema.read(ctx, r, db); err != nil {
			if err := r.faultUnless(ctx, db.place, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// table scans one table. What is broken in it costs the rest of this table, not
// the other tables.
func (r *reading) table(ctx context.Context, db *database, t table) error {
	row, first := int64(0), 0
	if t.rowid != "" {
		first = 1
	}
	err := db.rows(ctx, t.query(), func(values *sqlite3.Stmt) error {
		if row++; first == 1 {
			row = values.ColumnInt64(0)
		}
		for i, column := range t.columns {
			if values.ColumnType(first+i) != sqlite3.TEXT {
				continue
			}
			place := db.place.row(t.name, row)
			place.Column = column
			r.column = column
			err := r.findings(values.ColumnText(first+i), func(start, end int) Place {
				return place.at(int64(start), int64(end-start))
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		return nil
	}
	return r.faultUnless(ctx, db.place.row(t.name, row), fmt.Errorf("the table breaks off after this row: %w", err))
}
