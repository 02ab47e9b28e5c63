package triage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"parley/internal/triage/bplist"
)

// readSQLite scans every text in every table, reads the artifacts of the
// application whose database it is, and does the same with what was freed.
func readSQLite(ctx context.Context, r *reading, f *file) error {
	f.inMemory(r.lent)
	db, err := openDatabase(ctx, f, r.opt.Limits)
	if err != nil {
		return err
	}
	defer db.close()
	if err := errors.Join(r.backupProblem(f, db), r.rows(ctx, db)); err != nil {
		return err
	}
	if err := r.carve(ctx, f, db); err != nil {
		return r.faultUnless(ctx, db.place, fmt.Errorf("what it has freed is not read: %w", err))
	}
	return nil
}

// rows scans the rows in use and reads the artifacts in them.
func (r *reading) rows(ctx context.Context, db *database) error {
	for _, t := range db.tables {
		if db.left < 0 || db.bytes < 0 {
			break // which was said of the table before
		}
		if err := r.table(ctx, db, t); err != nil {
			return err
		}
	}
	db.allow(r.opt.Limits)
	return r.applications(ctx, db)
}

// applications reads what is known of the database's applications.
func (r *reading) applications(ctx context.Context, db *database) error {
	for _, known := range databases() {
		if !db.has(known.tables) {
			continue
		}
		if err := known.read(ctx, r, db); err != nil {
			if err := r.faultUnless(ctx, db.place, fmt.Errorf("its %s: %w", known.name, err)); err != nil {
				return err
			}
		}
	}
	return nil
}

// blob scans a blob that holds text, a property list or an attributed string of
// Apple's. Other blobs are not read.
func (r *reading) blob(raw []byte, place Place) error {
	switch {
	case isPlain(raw):
		return r.findingsAt(view(raw), place)
	case bytes.HasPrefix(raw, []byte(bplist.Magic)):
		return r.binaryPlist(raw, place)
	}
	if text, at := attributedText(raw); text != "" {
		return r.findings(text, func(start, end int) Place {
			return place.at(int64(at+start), int64(end-start))
		})
	}
	return nil
}

// has reports whether the database has the tables, each with the columns named
// after it.
func (db *database) has(tables []string) bool {
	for _, want := range tables {
		words := strings.Fields(want)
		if _, ok := db.table(words[0], words[1:]...); !ok {
			return false
		}
	}
	return true
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
			place := db.place.row(t.name, row)
			place.Column = column
			var err error
			switch values.ColumnType(first + i) {
			case sqlite3.TEXT:
				text := view(values.ColumnRawText(first + i))
				if err = db.took(len(text)); err == nil {
					r.column = column
					err = r.findingsAt(text, place)
				}
			case sqlite3.BLOB:
				raw := values.ColumnRawBlob(first + i)
				if err = db.took(len(raw)); err == nil {
					err = r.blob(raw, place)
				}
			}
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
