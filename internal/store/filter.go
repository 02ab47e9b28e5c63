package store

import (
	"context"
	"time"
)

// Filter is a search, or the address of a list, that somebody keeps.
type Filter struct {
	ID      int64
	Owner   string
	Name    string // empty: one of the owner's last searches
	Address string // of a list; empty for a search
	Query   string // of a search
	Shared  bool   // everybody sees it
	MadeAt  time.Time
}

const filterColumns = `id, owner, name, address, query, shared, made_at`

func scanFilter(s scanner) (Filter, error) {
	var (
		f    Filter
		made int64
	)
	err := s.Scan(&f.ID, &f.Owner, &f.Name, &f.Address, &f.Query, &f.Shared, &made)
	f.MadeAt = instant(made)
	return f, err
}

// AddFilter keeps a new one.
func (tx *Tx) AddFilter(ctx context.Context, f Filter) (int64, error) {
	id, err := tx.insert(ctx, `INSERT INTO filter (owner, name, address, query, shared, made_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
		f.Owner, f.Name, f.Address, f.Query, f.Shared, micros(f.MadeAt))
	return id, naming(err, "keep filter")
}

// Filter reads one by number.
func (tx *Tx) Filter(ctx context.Context, id int64) (Filter, error) {
	f, err := one(ctx, tx, scanFilter, `SELECT `+filterColumns+` FROM filter WHERE id = $1`, id)
	return f, naming(err, "filter L%d", id)
}

// FiltersOf lists those of an owner, by name; the newest search without a name first.
func (tx *Tx) FiltersOf(ctx context.Context, owner string) ([]Filter, error) {
	all, err := list(ctx, tx, scanFilter, `SELECT `+filterColumns+` FROM filter WHERE owner = $1 ORDER BY name, id DESC`, owner)
	return all, naming(err, "list filters")
}

// SharedFilters lists what everybody sees, by name.
func (tx *Tx) SharedFilters(ctx context.Context) ([]Filter, error) {
	all, err := list(ctx, tx, scanFilter, `SELECT `+filterColumns+` FROM filter WHERE shared = 1 ORDER BY name, id`)
	return all, naming(err, "list shared filters")
}

// NameFilter gives one a name, and says who sees it.
func (tx *Tx) NameFilter(ctx context.Context, id int64, name string, shared bool) error {
	return naming(tx.mustChange(ctx, `UPDATE filter SET name = $1, shared = $2 WHERE id = $3`, name, shared, id), "filter L%d", id)
}

// RemoveFilter forgets one.
func (tx *Tx) RemoveFilter(ctx context.Context, id int64) error {
	return naming(tx.mustChange(ctx, `DELETE FROM filter WHERE id = $1`, id), "filter L%d", id)
}
