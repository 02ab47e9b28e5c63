package store

import (
	"context"
	"errors"
	"slices"

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
	Stale    bool   // its object came with what its giver has withdrawn since
	// Confidence says how sure it is that the form is that of the selector's kind;
	// empty where the form did not decide, as in a list.
	Confidence selector.Confidence
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
		_, err := tx.exec(ctx, `INSERT INTO finding (selector, evidence, object, list, place, raw, context, confidence)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			ids[f.Selector], nullable(f.Evidence), nullable(f.Object), f.List, f.Place, f.Raw, f.Context, sureness(f.Confidence))
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
	// Confidence is the highest of its findings.
	Confidence selector.Confidence
}

// Scope narrows a list of selectors; the zero value is everything of ours.
type Scope struct {
	Kinds    []selector.Kind // none: every kind
	Evidence int64           // only from this evidence
	Match    int64           // only those that this match found the counterpart to hold too
	Ours     bool            // leave out those that only a counterpart's object holds
	// Confidence counts only findings at least so sure; empty for all, also those of
	// which it is not known.
	Confidence selector.Confidence
}

// inScope counts the findings of each selector, and gives the first.
const inScope = `SELECT s.id AS id, s.kind AS kind, s.value AS value, count(*) AS findings, min(f.id) AS first, max(f.confidence) AS confidence FROM selector AS s
		JOIN finding AS f ON f.selector = s.id
		LEFT JOIN object AS o ON o.seq = f.object
		LEFT JOIN evidence AS e ON e.id = f.evidence
		WHERE (f.evidence IS NULL OR e.triaged_at <> 0) AND coalesce(o.stale, 0) = 0 AND ($1 = 0 OR f.evidence = $1) AND ($2 = 0 OR coalesce(o.origin, 0) = 0)
			AND ($3 = 0 OR s.id IN (SELECT selector FROM matching_item WHERE matching = $3 AND matched = 1))
			AND f.confidence >= $4
		GROUP BY s.id, s.kind, s.value`

// Selectors lists selectors by kind and value, with the number of findings.
// What a triage has found so far does not count before it is closed, nor what was
// withdrawn by whoever gave it.
func (tx *Tx) Selectors(ctx context.Context, scope Scope) ([]Tally, error) {
	all, err := list(ctx, tx, func(s scanner) (Tally, error) {
		var first int64
		var t Tally
		return t, s.Scan(&t.ID, &t.Selector.Kind, &t.Selector.Value, &t.Findings, &first, confidence{&t.Confidence})
	}, inScope+` ORDER BY s.kind, s.value`, scope.Evidence, scope.Ours, scope.Match, sureness(scope.Confidence))
	return ofKinds(all, scope, func(t Tally) selector.Kind { return t.Selector.Kind }), naming(err, "list selectors")
}

// Placed is a selector with the number of its findings and the first of them.
type Placed struct {
	Tally
	First Finding // without what was written there, and the words around it
}

// PlacedSelectors is [Tx.Selectors] with the first place of each.
func (tx *Tx) PlacedSelectors(ctx context.Context, scope Scope) ([]Placed, error) {
	all, err := list(ctx, tx, func(s scanner) (Placed, error) {
		var p Placed
		err := s.Scan(&p.ID, &p.Selector.Kind, &p.Selector.Value, &p.Findings, &p.First.ID, &p.First.Evidence, &p.First.Object, &p.First.List, &p.First.Place,
			confidence{&p.Confidence}, confidence{&p.First.Confidence})
		p.First.Selector = p.Selector
		return p, err
	}, `SELECT t.id, t.kind, t.value, t.findings, f.id, coalesce(f.evidence, 0), coalesce(f.object, 0), f.list, f.place, t.confidence, f.confidence
		FROM (`+inScope+`) AS t JOIN finding AS f ON f.id = t.first ORDER BY t.kind, t.value`, scope.Evidence, scope.Ours, scope.Match, sureness(scope.Confidence))
	return ofKinds(all, scope, func(p Placed) selector.Kind { return p.Selector.Kind }), naming(err, "list selectors with their places")
}

// ofKinds keeps what is of the scope's kinds.
func ofKinds[T any](all []T, scope Scope, kind func(T) selector.Kind) []T {
	if len(scope.Kinds) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(t T) bool { return !slices.Contains(scope.Kinds, kind(t)) })
}

func scanFinding(s scanner) (Finding, error) {
	var f Finding
	return f, s.Scan(&f.ID, &f.Selector.Kind, &f.Selector.Value, &f.Evidence, &f.Object, &f.List, &f.Place, &f.Raw, &f.Context, &f.Stale, confidence{&f.Confidence})
}

const findingColumns = `f.id, s.kind, s.value, coalesce(f.evidence, 0), coalesce(f.object, 0), f.list, f.place, f.raw, f.context,
	coalesce((SELECT o.stale FROM object AS o WHERE o.seq = f.object), 0), f.confidence`

// Findings lists where a selector was found, in the order it was.
func (tx *Tx) Findings(ctx context.Context, sel selector.Selector) ([]Finding, error) {
	all, err := list(ctx, tx, scanFinding, `SELECT `+findingColumns+` FROM finding AS f
		JOIN selector AS s ON s.id = f.selector WHERE s.kind = $1 AND s.value = $2 ORDER BY f.id`,
		string(sel.Kind), sel.Value)
	return all, naming(err, "findings of %s", sel)
}

// SelectorNumbered finds a selector by its number, if any place of it counts as those of a
// list do.
func (tx *Tx) SelectorNumbered(ctx context.Context, id int64) (selector.Selector, error) {
	sel, err := one(ctx, tx, func(s scanner) (sel selector.Selector, err error) { return sel, s.Scan(&sel.Kind, &sel.Value) },
		`SELECT s.kind, s.value FROM selector AS s WHERE s.id = $1 AND EXISTS (SELECT 1 FROM finding AS f
			LEFT JOIN object AS o ON o.seq = f.object LEFT JOIN evidence AS e ON e.id = f.evidence
			WHERE f.selector = s.id AND (f.evidence IS NULL OR e.triaged_at <> 0) AND coalesce(o.stale, 0) = 0)`, id)
	return sel, naming(err, "selector S%d", id)
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

// OnList tells whether a list said this already: the same selector, written the
// same and with the same words beside it, on whatever line.
func (tx *Tx) OnList(ctx context.Context, f Finding) (bool, error) {
	_, err := tx.number(ctx, `SELECT f.id FROM selector AS s JOIN finding AS f ON f.selector = s.id
		WHERE s.kind = $1 AND s.value = $2 AND f.list = $3 AND f.raw = $4 AND f.context = $5 AND f.evidence IS NULL AND f.object IS NULL LIMIT 1`,
		string(f.Selector.Kind), f.Selector.Value, f.List, f.Raw, f.Context)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, naming(err, "look for %s on %s", f.Selector, f.List)
}
