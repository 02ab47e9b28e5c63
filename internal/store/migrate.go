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
	dir, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, dir,
		goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
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
	if current == target {
		return nil
	}
	if _, err := p.Up(ctx); err != nil {
		if now, _, again := p.GetVersions(ctx); again == nil && now == target {
			return nil // another process was opening the store, and was first
		}
		return fmt.Errorf("migrate from schema %d to %d: %w", current, target, err)
	}
	return nil
}
