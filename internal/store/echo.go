package store

import (
	"context"
	"encoding/json"
	"time"
)

// mostGiven is how many releases' fingerprints are kept, the newest.
const mostGiven = 100_000

// Given is how much of a release was found in something.
type Given struct {
	Release int64
	Shared  int64 // marks
}

// AddGiven keeps the fingerprints of a release, each mark for as many releases as
// most; what more of them say is nobody's words in particular. Marks that twin has,
// an earlier release with the same words, stay that one's. The same again changes
// nothing. The fingerprints of the oldest are dropped when there are too many.
func (tx *Tx) AddGiven(ctx context.Context, release, twin int64, marks, selectors []int64, most int) error {
	list, err := markList(marks)
	if err == nil {
		_, err = tx.exec(ctx, `INSERT INTO given_mark (mark, release) SELECT json_each.value, $1 FROM json_each($2)
			WHERE NOT EXISTS (SELECT 1 FROM given_mark AS m WHERE m.mark = json_each.value AND m.release = $3)
				AND (SELECT count(*) FROM given_mark AS m WHERE m.mark = json_each.value) < $4 ON CONFLICT (mark, release) DO NOTHING`,
			release, list, twin, most)
	}
	if err == nil {
		list, err = markList(selectors)
	}
	if err == nil {
		_, err = tx.exec(ctx, `INSERT INTO given_selector (mark, release) SELECT json_each.value, $1 FROM json_each($2)
			WHERE (SELECT count(*) FROM given_selector AS m WHERE m.mark = json_each.value) < $3 ON CONFLICT (mark, release) DO NOTHING`, release, list, most)
	}
	if err != nil {
		return naming(err, "keep the fingerprints of release R%d", release)
	}
	if _, err = tx.exec(ctx, `DELETE FROM given_mark WHERE release <= $1`, release-mostGiven); err == nil {
		_, err = tx.exec(ctx, `DELETE FROM given_selector WHERE release <= $1`, release-mostGiven)
	}
	return naming(err, "drop the oldest fingerprints")
}

// Gave tells whether there is anything that could be repeated.
func (tx *Tx) Gave(ctx context.Context) (bool, error) {
	n, err := tx.number(ctx, `SELECT EXISTS (SELECT 1 FROM given_mark) OR EXISTS (SELECT 1 FROM given_selector)`)
	return n != 0, naming(err, "look whether anything was given")
}

// SharedMarks lists the releases that have some of these marks of words, those with
// the most first, at most limit. A mark that most releases or more have counts for
// none.
func (tx *Tx) SharedMarks(ctx context.Context, marks []int64, most, limit int) ([]Given, error) {
	if len(marks) == 0 {
		return nil, nil
	}
	text, err := markList(marks)
	if err != nil {
		return nil, err
	}
	all, err := list(ctx, tx, scanGiven, `SELECT m.release, count(*) FROM json_each($1) CROSS JOIN given_mark AS m
		WHERE m.mark = json_each.value AND (SELECT count(*) FROM given_mark AS o WHERE o.mark = json_each.value) < $2
		GROUP BY m.release ORDER BY count(*) DESC, m.release DESC LIMIT $3`, text, most, limit)
	return all, naming(err, "look for words that were given before")
}

// SharedSelectors lists the releases that have some of these marks of selectors.
func (tx *Tx) SharedSelectors(ctx context.Context, marks []int64, limit int) ([]Given, error) {
	if len(marks) == 0 {
		return nil, nil
	}
	text, err := markList(marks)
	if err != nil {
		return nil, err
	}
	all, err := list(ctx, tx, scanGiven, `SELECT m.release, count(*) FROM json_each($1) CROSS JOIN given_selector AS m
		WHERE m.mark = json_each.value GROUP BY m.release ORDER BY count(*) DESC, m.release DESC LIMIT $2`, text, limit)
	return all, naming(err, "look for selectors that were given before")
}

func scanGiven(s scanner) (g Given, err error) { return g, s.Scan(&g.Release, &g.Shared) }

// markList writes a list that a query takes apart again.
func markList(all []int64) ([]byte, error) {
	text, err := json.Marshal(append([]int64{}, all...))
	return text, naming(err, "write marks")
}

// Echo is something that came and probably repeats what we gave.
type Echo struct {
	ID          int64
	Object      int64
	Release     int64
	Claim       string // the note that says it, or empty
	Words       int
	Selectors   int
	FoundAt     time.Time
	DismissedAt time.Time
	Actor       string // who dismissed it
	Reason      string
}

const echoColumns = `id, object, release, claim, words, selectors, found_at, dismissed_at, actor, reason`

func scanEcho(s scanner) (Echo, error) {
	var (
		e                Echo
		found, dismissed int64
	)
	err := s.Scan(&e.ID, &e.Object, &e.Release, &e.Claim, &e.Words, &e.Selectors, &found, &dismissed, &e.Actor, &e.Reason)
	e.FoundAt, e.DismissedAt = instant(found), instant(dismissed)
	return e, err
}

// AddEcho keeps one; the same again is the one that is there.
func (tx *Tx) AddEcho(ctx context.Context, e Echo) (id int64, added bool, err error) {
	id, added, err = tx.insertNew(ctx, `INSERT INTO echo (object, release, claim, words, selectors, found_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (object, release) DO NOTHING`, e.Object, e.Release, e.Claim, e.Words, e.Selectors, micros(e.FoundAt))
	return id, added, naming(err, "keep echo of release R%d", e.Release)
}

// DismissEcho notes that somebody found it to be none.
func (tx *Tx) DismissEcho(ctx context.Context, e Echo) error {
	err := tx.mustChange(ctx, `UPDATE echo SET dismissed_at = $1, actor = $2, reason = $3 WHERE id = $4`, micros(e.DismissedAt), e.Actor, e.Reason, e.ID)
	return naming(err, "dismiss echo X%d", e.ID)
}

// Echo reads one by number.
func (tx *Tx) Echo(ctx context.Context, id int64) (Echo, error) {
	e, err := one(ctx, tx, scanEcho, `SELECT `+echoColumns+` FROM echo WHERE id = $1`, id)
	return e, naming(err, "echo X%d", id)
}

// Echoes lists the newest, at most limit (0: all).
func (tx *Tx) Echoes(ctx context.Context, limit int) ([]Echo, error) {
	if limit <= 0 {
		limit = -1
	}
	all, err := list(ctx, tx, scanEcho, `SELECT `+echoColumns+` FROM echo ORDER BY id DESC LIMIT $1`, limit)
	return all, naming(err, "list echoes")
}

// EchoedClaims lists the claims that probably repeat what we gave.
func (tx *Tx) EchoedClaims(ctx context.Context) ([]string, error) {
	all, err := list(ctx, tx, func(s scanner) (id string, err error) { return id, s.Scan(&id) },
		`SELECT DISTINCT claim FROM echo WHERE claim <> '' AND dismissed_at = 0 ORDER BY claim`)
	return all, naming(err, "list claims that repeat what we gave")
}
