package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/sqlite/*.sql
var migrations embed.FS

// migrate brings the schema forward. Migrations are forward-only: the program
// must run before and after each, so that an upgrade can be stopped half-way.
func migrate(ctx context.Context, db *sql.DB) error {
	if err := readable(ctx, db); err != nil {
		return err
	}
	dir, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	// Two numbers came out after greater ones that need them not: a store of the time between lacks them.
	p, err := goose.NewProvider(goose.DialectSQLite3, db, dir,
		goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if current > target {
		return fmt.Errorf("the store was written by a newer parley (schema %d, this one knows %d): install that version", current, target)
	}
	for current < target {
		_, err := p.Up(ctx)
		if err == nil {
			return nil
		}
		now, _, again := p.GetVersions(ctx)
		if again != nil || now <= current {
			return fmt.Errorf("migrate from schema %d to %d: %w", current, target, err)
		}
		current = now // another process is opening the store, and was first
	}
	return nil
}

// readable sees that the table of migrations can be read where there is one:
// goose takes every error for a table that is missing, and would hide damage.
func readable(ctx context.Context, db *sql.DB) error {
	var tables, last int64
	err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema WHERE name = 'goose_db_version'`).Scan(&tables)
	if err == nil && tables > 0 {
		err = db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&last)
	}
	if err != nil {
		return fmt.Errorf("read schema: %w", err)
	}
	return nil
}
