package node

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"parley/internal/release"
	"parley/internal/store"
)

// ErrOutdated: somebody changed what the user acts on after the user read it.
var ErrOutdated = store.ErrOutdated

// TheRules is the file of rules that holds, as the subject of a [Node.Version].
const TheRules = "rules"

// Version tells one state of something that people act on from another: a
// release (R1), a warning (W1), a match (M1), evidence (E1), an ask (Q1) or a user (U1), what
// was said of a message (I1) or a selector (S1), or [TheRules]. Where it differs, something
// was changed.
func (n *Node) Version(ctx context.Context, subject string) (v string, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		v, err = editionOf(ctx, tx, subject)
		return err
	})
	return v, err
}

// Versions are those of several subjects; one that is not there has none.
func (n *Node) Versions(ctx context.Context, subjects []string) (by map[string]string, err error) {
	by = map[string]string{}
	err = n.store.View(ctx, func(tx *store.Tx) error {
		for _, subject := range subjects {
			v, err := editionOf(ctx, tx, subject)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			by[subject] = v
		}
		return nil
	})
	return by, err
}

// Seen lets what the user does under the context be done only if its subject is
// still as the user read it: in the version given. Else it is [ErrOutdated].
func Seen(ctx context.Context, subject, read string) context.Context {
	return store.Provided(ctx, func(ctx context.Context, tx *store.Tx) error {
		now, err := editionOf(ctx, tx, subject)
		if err == nil && now != read {
			err = fmt.Errorf("%s: %w", subject, ErrOutdated)
		}
		return err
	})
}

// editionOf is a digest of what can change about a subject.
func editionOf(ctx context.Context, tx *store.Tx, subject string) (string, error) {
	row, err := actedOn(ctx, tx, subject)
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(row)
	if err != nil {
		return "", fmt.Errorf("tell the version of %s: %w", subject, err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16]), nil
}

// actedOn is what can change about a subject.
func actedOn(ctx context.Context, tx *store.Tx, subject string) (row any, err error) {
	switch subject {
	case "":
		return nil, store.ErrNotFound
	case TheRules:
		return release.Rules(ctx, tx)
	}
	id, err := strconv.ParseInt(subject[1:], 10, 64)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", subject, store.ErrNotFound)
	}
	switch subject[0] {
	case 'R':
		row, err = tx.Release(ctx, id)
	case 'W':
		row, err = tx.Warning(ctx, id)
	case 'M':
		m, e := tx.Matching(ctx, id)
		row, err = []any{m.State, m.Terms, m.AgreedAt}, e // not how far it is: that moves by itself
	case 'E':
		e, er := tx.Evidence(ctx, id)
		row, err = []any{e.TriagedAt, e.Summary}, er // not how far a triage is: that moves by itself
	case 'Q':
		row, err = tx.Consent(ctx, id)
	case 'U':
		a, e := tx.AccountByID(ctx, id)
		row, err = []any{a.Roles, a.OnceUntil, a.LockedAt}, e // not when they came in
	case 'I', 'S':
		if row, err = tx.Mark(ctx, subject); errors.Is(err, store.ErrNotFound) {
			err = isThere(ctx, tx, subject[0], id)
		}
	default:
		err = fmt.Errorf("%q: %w", subject, store.ErrNotFound)
	}
	return row, err
}
