package store

import (
	"context"
	"time"

	"parley/selector"
)

// Watch is a selector that somebody must be told about.
type Watch struct {
	ID        int64
	Selector  selector.Selector
	Note      string
	Owner     string
	Recipient string
	Imminent  bool
	AddedAt   time.Time
}

// AddWatch keeps a watch; the same selector again replaces its note.
func (tx *Tx) AddWatch(ctx context.Context, w Watch) (int64, error) {
	id, err := tx.insert(ctx, `INSERT INTO watch (kind, value, note, owner, recipient, imminent, added_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (kind, value) DO UPDATE SET note = excluded.note, owner = excluded.owner,
			recipient = excluded.recipient, imminent = excluded.imminent RETURNING id`,
		string(w.Selector.Kind), w.Selector.Value, w.Note, w.Owner, w.Recipient, w.Imminent, micros(w.AddedAt))
	return id, naming(err, "watch %s", w.Selector)
}

// RemoveWatch ends a watch.
func (tx *Tx) RemoveWatch(ctx context.Context, sel selector.Selector) error {
	err := tx.mustChange(ctx, `DELETE FROM watch WHERE kind = $1 AND value = $2`, string(sel.Kind), sel.Value)
	return naming(err, "end watch on %s", sel)
}

// Watches lists all, by kind and value.
func (tx *Tx) Watches(ctx context.Context) ([]Watch, error) {
	all, err := list(ctx, tx, scanWatch, `SELECT `+watchColumns+` FROM watch ORDER BY kind, value`)
	return all, naming(err, "list watches")
}

// Watch reads one by number.
func (tx *Tx) Watch(ctx context.Context, id int64) (Watch, error) {
	w, err := one(ctx, tx, scanWatch, `SELECT `+watchColumns+` FROM watch WHERE id = $1`, id)
	return w, naming(err, "watch V%d", id)
}

const watchColumns = `id, kind, value, note, owner, recipient, imminent, added_at`

func scanWatch(s scanner) (Watch, error) {
	var (
		w  Watch
		at int64
	)
	err := s.Scan(&w.ID, &w.Selector.Kind, &w.Selector.Value, &w.Note, &w.Owner, &w.Recipient, &w.Imminent, &at)
	w.AddedAt = instant(at)
	return w, err
}

// Sightings lists where watched selectors stand, each source once: evidence whose
// triage is closed, or what an object came with. Lists of our own are none.
func (tx *Tx) Sightings(ctx context.Context) ([]Finding, error) {
	all, err := list(ctx, tx, func(s scanner) (Finding, error) {
		var f Finding
		return f, s.Scan(&f.ID, &f.Selector.Kind, &f.Selector.Value, &f.Evidence, &f.Object, &f.List)
	}, `SELECT min(f.id), s.kind, s.value, coalesce(f.evidence, 0), coalesce(min(f.object), 0), f.list FROM watch AS w
		CROSS JOIN selector AS s
		CROSS JOIN finding AS f
		LEFT JOIN evidence AS e ON e.id = f.evidence
		LEFT JOIN object AS o ON o.seq = f.object
		WHERE s.kind = w.kind AND s.value = w.value AND f.selector = s.id AND coalesce(o.stale, 0) = 0 AND (e.triaged_at <> 0 OR (f.object IS NOT NULL AND f.list <> ''))
		GROUP BY s.id, s.kind, s.value, f.evidence, f.list ORDER BY s.kind, s.value, min(f.id)`)
	return all, naming(err, "list where watched selectors stand")
}

// Warning is a warning with its log, kept as JSON by the warning package.
type Warning struct {
	ID        int64
	Ident     string // what it is about; the same thing twice is one warning
	State     string
	Imminent  bool
	Body      []byte
	UpdatedAt time.Time
}

func scanWarning(s scanner) (Warning, error) {
	var (
		w  Warning
		at int64
	)
	err := s.Scan(&w.ID, &w.Ident, &w.State, &w.Imminent, &w.Body, &at)
	w.UpdatedAt = instant(at)
	return w, err
}

const warningColumns = `id, ident, state, imminent, body, updated_at`

// AddWarning keeps a new warning; one about the same thing is ErrExists.
func (tx *Tx) AddWarning(ctx context.Context, w Warning) (int64, error) {
	id, err := tx.insert(ctx, `INSERT INTO warning (ident, state, imminent, body, updated_at)
		VALUES ($1, $2, $3, $4, $5) RETURNING id`, w.Ident, w.State, w.Imminent, w.Body, micros(w.UpdatedAt))
	return id, naming(err, "keep warning")
}

// SetWarning keeps a warning's new state and log.
func (tx *Tx) SetWarning(ctx context.Context, w Warning) error {
	err := tx.mustChange(ctx, `UPDATE warning SET state = $1, imminent = $2, body = $3, updated_at = $4 WHERE id = $5`,
		w.State, w.Imminent, w.Body, micros(w.UpdatedAt), w.ID)
	return naming(err, "change warning W%d", w.ID)
}

// Warning reads one by number.
func (tx *Tx) Warning(ctx context.Context, id int64) (Warning, error) {
	w, err := one(ctx, tx, scanWarning, `SELECT `+warningColumns+` FROM warning WHERE id = $1`, id)
	return w, naming(err, "warning W%d", id)
}

// WarningByIdent reads one by what it is about.
func (tx *Tx) WarningByIdent(ctx context.Context, ident string) (Warning, error) {
	w, err := one(ctx, tx, scanWarning, `SELECT `+warningColumns+` FROM warning WHERE ident = $1`, ident)
	return w, naming(err, "warning %s", ident)
}

// Warnings lists all, imminent ones first, then the newest.
func (tx *Tx) Warnings(ctx context.Context) ([]Warning, error) {
	all, err := list(ctx, tx, scanWarning, `SELECT `+warningColumns+` FROM warning ORDER BY imminent DESC, id DESC`)
	return all, naming(err, "list warnings")
}
