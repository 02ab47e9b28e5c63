package store

import (
	"context"

	"parley/selector"
)

// Finding is one place where a selector stands: in evidence, in an object or
// in a list. Without one a selector is not in the store at all.
type Finding struct {
	ID       int64
	Selector selector.Selector
	Evidence int64  // or 0
	Object   int64  // the object's number, or 0
	List     string // the list, bundle or report that it came with, or empty
	Place    string // path, table, row, column, offset; property path; or line
	Raw      string // as it was written there
	Context  string // the words around it
}

// PutFindings keeps findings, and their selectors where they are new.
func (tx *Tx) PutFindings(ctx context.Context, found []Finding) error {
	if len(found) == 0 {
		return nil
	}
	ids, err := tx.selectorIDs(ctx, found)
	if err != nil {
		return naming(err, "keep selectors")
	}
	for _, f := range found {
		_, err := tx.exec(ctx, `INSERT INTO finding (selector, evidence, object, list, place, raw, context)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			ids[f.Selector], nullable(f.Evidence), nullable(f.Object), f.List, f.Place, f.Raw, f.Context)
		if err != nil {
			return naming(err, "keep finding at %s", f.Place)
		}
	}
	return nil
}

func (tx *Tx) selectorIDs(ctx context.Context, found []Finding) (map[selector.Selector]int64, error) {
	ids := make(map[selector.Selector]int64)
	for _, f := range found {
		if _, known := ids[f.Selector]; known {
			continue
		}
		id, err := tx.selectorID(ctx, f.Selector)
		if err != nil {
			return nil, err
		}
		ids[f.Selector] = id
	}
	return ids, nil
}

// selectorID is the number of a selector, which is kept when it is new.
func (tx *Tx) selectorID(ctx context.Context, sel selector.Selector) (int64, error) {
	id, added, err := tx.insertNew(ctx, `INSERT INTO selector (kind, value) VALUES ($1, $2)
		ON CONFLICT (kind, value) DO NOTHING`, string(sel.Kind), sel.Value)
	if err != nil || added {
		return id, err
	}
	return tx.number(ctx, `SELECT id FROM selector WHERE kind = $1 AND value = $2`, string(sel.Kind), sel.Value)
}

// Tally is a selector with the number of its findings.
type Tally struct {
	ID       int64
	Selector selector.Selector
	Findings int64
}

// Scope narrows a list of selectors; the zero value is everything of ours.
type Scope struct {
	Kinds    []selector.Kind // none: every kind
	Evidence int64           // only from this evidence
	Ours     bool            // leave out those that only a counterpart's object holds
}

// Selectors lists selectors by kind and value, with the number of findings.
// What a triage has found so far does not count before it is closed.
func (tx *Tx) Selectors(ctx context.Context, scope Scope) ([]Tally, error) {
	all, err := list(ctx, tx, func(s scanner) (Tally, error) {
		var t Tally
		return t, s.Scan(&t.ID, &t.Selector.Kind, &t.Selector.Value, &t.Findings)
	}, `SELECT s.id, s.kind, s.value, count(*) FROM selector AS s
		JOIN finding AS f ON f.selector = s.id
		LEFT JOIN object AS o ON o.seq = f.object
		LEFT JOIN evidence AS e ON e.id = f.evidence
		WHERE (f.evidence IS NULL OR e.triaged_at <> 0) AND ($1 = 0 OR f.evidence = $1) AND ($2 = 0 OR coalesce(o.origin, 0) = 0)
		GROUP BY s.id, s.kind, s.value ORDER BY s.kind, s.value`, scope.Evidence, scope.Ours)
	if err != nil {
		return nil, naming(err, "list selectors")
	}
	if len(scope.Kinds) == 0 {
		return all, nil
	}
	wanted := make(map[selector.Kind]bool)
	for _, k := range scope.Kinds {
		wanted[k] = true
	}
	kept := all[:0]
	for _, t := range all {
		if wanted[t.Selector.Kind] {
			kept = append(kept, t)
		}
	}
	return kept, nil
}

func scanFinding(s scanner) (Finding, error) {
	var f Finding
	return f, s.Scan(&f.ID, &f.Selector.Kind, &f.Selector.Value, &f.Evidence, &f.Object, &f.List, &f.Place, &f.Raw, &f.Context)
}

const findingColumns = `f.id, s.kind, s.value, coalesce(f.evidence, 0), coalesce(f.object, 0), f.list, f.place, f.raw, f.context`

// Findings lists where a selector was found, in the order it was.
func (tx *Tx) Findings(ctx context.Context, sel selector.Selector) ([]Finding, error) {
	all, err := list(ctx, tx, scanFinding, `SELECT `+findingColumns+` FROM finding AS f
		JOIN selector AS s ON s.id = f.selector WHERE s.kind = $1 AND s.value = $2 ORDER BY f.id`,
		string(sel.Kind), sel.Value)
	return all, naming(err, "findings of %s", sel)
}

// Finding reads one by number.
func (tx *Tx) Finding(ctx context.Context, id int64) (Finding, error) {
	f, err := one(ctx, tx, scanFinding, `SELECT `+findingColumns+` FROM finding AS f
		JOIN selector AS s ON s.id = f.selector WHERE f.id = $1`, id)
	return f, naming(err, "finding %d", id)
}

// ObjectFindings lists the selectors that one object holds.
func (tx *Tx) ObjectFindings(ctx context.Context, object int64) ([]Finding, error) {
	all, err := list(ctx, tx, scanFinding, `SELECT `+findingColumns+` FROM finding AS f
		JOIN selector AS s ON s.id = f.selector WHERE f.object = $1 ORDER BY f.id`, object)
	return all, naming(err, "findings of object %d", object)
}
