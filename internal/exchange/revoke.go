package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/internal/misp"
	"parley/internal/store"
	"parley/stix"
)

// Revoke puts into a collection, for each object that [Put] put there and that has
// versions, a newer one that says that it is revoked. Whoever made the report stays:
// the same identity makes others. The event of the report is replaced by one in which
// all is deleted. Revocation is final (STIX 2.1, 3.2).
func Revoke(ctx context.Context, tx *store.Tx, c store.Collection, objects []stix.Object, opt Options) error {
	p := putting{opt: opt.withDefaults(), collection: c}
	var (
		newer []stix.Object
		ids   [][16]byte
	)
	for _, o := range objects {
		if o.Modified().IsZero() || o.Type() == "marking-definition" || madeOne(o, objects) {
			continue
		}
		r, err := revoked(o, p.opt.Now())
		if err != nil {
			return fmt.Errorf("revoke %s: %w", o.ID(), err)
		}
		newer, ids = append(newer, r), append(ids, o.ID().UUID())
	}
	if err := p.begin(ctx, tx, ids); err != nil {
		return err
	}
	for _, o := range newer {
		got, err := p.put(ctx, tx, o)
		if err == nil && got.refused != "" {
			err = errors.New(got.refused)
		}
		if err != nil {
			return fmt.Errorf("revoke %s in collection %s: %w", o.ID(), c.Alias, err)
		}
	}
	if err := p.end(ctx, tx); err != nil {
		return err
	}
	return withdrawIssue(ctx, tx, c, objects, p.clock, p.opt)
}

// madeOne tells whether an identity made a report among these objects.
func madeOne(identity stix.Object, objects []stix.Object) bool {
	return slices.ContainsFunc(objects, func(o stix.Object) bool { return o.Type() == "report" && o.CreatedByRef() == identity.ID() })
}

// revoked is an object's next version, which says that it is revoked. Its time is
// the day and no finer, as everything is that a tearline says, or the least that is
// newer.
func revoked(o stix.Object, now time.Time) (stix.Object, error) {
	var properties map[string]json.RawMessage
	if err := json.Unmarshal(o.Bytes(), &properties); err != nil {
		return o, err
	}
	at := later(now.UTC().Truncate(24*time.Hour), o.Modified().Time().Add(time.Millisecond))
	text, err := json.Marshal(stix.NewTimestamp(at, 3).String())
	if err != nil {
		return o, err
	}
	properties["modified"], properties["revoked"] = text, json.RawMessage("true")
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(properties); err != nil {
		return o, err
	}
	return stix.ParseObject(bytes.TrimSpace(b.Bytes()))
}

// withdrawIssue puts in the place of a release's event one in which all is deleted:
// what a feed no longer names stays where it was read.
func withdrawIssue(ctx context.Context, tx *store.Tx, c store.Collection, objects []stix.Object, at time.Time, opt Options) error {
	for _, o := range objects {
		if o.Type() != "report" {
			continue
		}
		before, err := tx.Issue(ctx, c.ID, uuid.UUID(o.ID().UUID()).String())
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return keepIssue(ctx, tx, c, objects, at, opt, func(e misp.Event) misp.Event {
			return misp.Withdraw(e, max(at.Unix(), before.Timestamp+1))
		})
	}
	return nil
}
