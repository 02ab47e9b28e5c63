package exchange

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"parley/internal/misp"
	"parley/internal/store"
	"parley/stix"
)

// Unmapped is a part of a release that MISP has no place for.
type Unmapped struct {
	ID   string `json:"id"` // of the object in the tearline
	Type string `json:"type"`
	Why  string `json:"why"`
}

// putIssue puts a release out as a MISP event too, at the moment given. It is made once, of the objects
// that were cleared, and these bytes are served. Objects without a report make no event.
func putIssue(ctx context.Context, tx *store.Tx, c store.Collection, objects []stix.Object, at time.Time, opt Options) error {
	if !slices.ContainsFunc(objects, func(o stix.Object) bool { return o.Type() == "report" }) {
		return nil
	}
	return keepIssue(ctx, tx, c, objects, at, opt, func(e misp.Event) misp.Event { return e })
}

// keepIssue makes an event of objects, changes it, and keeps it.
func keepIssue(ctx context.Context, tx *store.Tx, c store.Collection, objects []stix.Object, at time.Time, opt Options, change func(misp.Event) misp.Event) error {
	key, err := EventKey(ctx, tx, c.UUID, opt.Rand)
	if err != nil {
		return err
	}
	event, unmapped, err := misp.FromSTIX(objects, misp.Options{Key: key})
	if err != nil {
		return fmt.Errorf("turn the release into a MISP event: %w", err)
	}
	made, left, err := misp.Prepare(change(event), at)
	if err != nil {
		return fmt.Errorf("turn the release into a MISP event: %w", err)
	}
	list := []Unmapped{}
	for _, u := range append(unmapped, left...) {
		list = append(list, Unmapped{u.Path, u.Type, u.Why})
	}
	text, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("list what MISP has no place for: %w", err)
	}
	return tx.PutIssue(ctx, store.Issue{
		Collection: c.ID, UUID: made.UUID, Timestamp: made.Timestamp, Changed: at,
		Manifest: made.Entry, Unmapped: text, File: made.File, Hashes: made.Hashes,
	})
}

// eventKeyName is the setting from which the keys of all readers are made.
const eventKeyName = "misp/key"

// EventKey is the secret by which ids that are not random become others in MISP events for one reader: a
// collection by its UUID, or somebody else by one of 16 bytes. Each has its own, so that two readers find
// nothing in common.
func EventKey(ctx context.Context, tx *store.Tx, reader [16]byte, rand io.Reader) ([]byte, error) {
	secret, err := tx.Setting(ctx, eventKeyName)
	if errors.Is(err, store.ErrNotFound) {
		secret = make([]byte, sha256.Size)
		if _, err := io.ReadFull(rand, secret); err != nil {
			return nil, fmt.Errorf("draw the key of MISP events: %w", err)
		}
		err = tx.SetSetting(ctx, eventKeyName, secret)
	}
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write(reader[:])
	return mac.Sum(nil), nil
}
