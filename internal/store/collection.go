package store

import (
	"context"
	"fmt"
	"time"
)

// Collection is where members stand for one consumer to read, or where it puts
// its own.
type Collection struct {
	ID          int64
	UUID        [16]byte
	Counterpart int64
	Alias       string // its readable name, unique for the counterpart
	Title       string
	Description string
	CanRead     bool
	CanWrite    bool
	Members     int64
	Bytes       int64     // of all members' bodies, before they are compressed
	Ever        int64     // the same, of those removed since too
	Taken       time.Time // members up to this moment were taken in by the node
	Collected   time.Time // members up to this moment were read by the consumer
	CollectedAt time.Time // when that was noted
	AddedAt     time.Time
}

const collectionColumns = `id, uuid, counterpart, alias, title, description, can_read, can_write, members, bytes, taken, collected, collected_at, added_at, ever`

func scanCollection(s scanner) (Collection, error) {
	var (
		c                              Collection
		uuid                           []byte
		taken, collected, noted, added int64
	)
	err := s.Scan(&c.ID, &uuid, &c.Counterpart, &c.Alias, &c.Title, &c.Description, &c.CanRead, &c.CanWrite,
		&c.Members, &c.Bytes, &taken, &collected, &noted, &added, &c.Ever)
	if err != nil {
		return c, err
	}
	c.Taken, c.Collected, c.CollectedAt, c.AddedAt = instant(taken), instant(collected), instant(noted), instant(added)
	return c, intoUUID(&c.UUID, uuid)
}

// intoUUID copies an id that was read, which must have its length.
func intoUUID(to *[16]byte, from []byte) error {
	if len(from) != len(to) {
		return fmt.Errorf("an id of %d bytes: %w", len(from), ErrDamaged)
	}
	copy(to[:], from)
	return nil
}

// AddCollection keeps a new, empty collection and returns its number.
func (tx *Tx) AddCollection(ctx context.Context, c Collection) (int64, error) {
	id, err := tx.insert(ctx, `INSERT INTO collection (uuid, counterpart, alias, title, description, can_read, can_write, added_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		c.UUID[:], c.Counterpart, c.Alias, c.Title, c.Description, c.CanRead, c.CanWrite, micros(c.AddedAt))
	return id, naming(err, "add collection %s", c.Alias)
}

// SetCollectionRights says what its consumer may do in a collection.
func (tx *Tx) SetCollectionRights(ctx context.Context, id int64, canRead, canWrite bool) error {
	err := tx.mustChange(ctx, `UPDATE collection SET can_read = $1, can_write = $2 WHERE id = $3`, canRead, canWrite, id)
	return naming(err, "change the rights in collection %d", id)
}

// Collections lists those of one counterpart, in the order they were added.
func (tx *Tx) Collections(ctx context.Context, counterpart int64) ([]Collection, error) {
	all, err := list(ctx, tx, scanCollection, `SELECT `+collectionColumns+` FROM collection WHERE counterpart = $1 ORDER BY id`, counterpart)
	return all, naming(err, "list the collections of counterpart %d", counterpart)
}

// WritableCollections lists those in which a consumer may put something.
func (tx *Tx) WritableCollections(ctx context.Context) ([]Collection, error) {
	all, err := list(ctx, tx, scanCollection, `SELECT `+collectionColumns+` FROM collection WHERE can_write = 1 ORDER BY id`)
	return all, naming(err, "list the collections that consumers write to")
}

// Collection finds one by its id.
func (tx *Tx) Collection(ctx context.Context, uuid [16]byte) (Collection, error) {
	c, err := one(ctx, tx, scanCollection, `SELECT `+collectionColumns+` FROM collection WHERE uuid = $1`, uuid[:])
	return c, naming(err, "collection %x", uuid)
}

// CollectionByID finds one by its number.
func (tx *Tx) CollectionByID(ctx context.Context, id int64) (Collection, error) {
	c, err := one(ctx, tx, scanCollection, `SELECT `+collectionColumns+` FROM collection WHERE id = $1`, id)
	return c, naming(err, "collection %d", id)
}

// CollectionByAlias finds one of a counterpart's by its readable name.
func (tx *Tx) CollectionByAlias(ctx context.Context, counterpart int64, alias string) (Collection, error) {
	c, err := one(ctx, tx, scanCollection, `SELECT `+collectionColumns+` FROM collection WHERE counterpart = $1 AND alias = $2`, counterpart, alias)
	return c, naming(err, "collection %q", alias)
}

// SetTaken notes how far the node has taken in what stands in a collection.
func (tx *Tx) SetTaken(ctx context.Context, id int64, through time.Time) error {
	err := tx.mustChange(ctx, `UPDATE collection SET taken = $1 WHERE id = $2 AND taken <= $1`, micros(through), id)
	return naming(err, "note what was taken in from collection %d", id)
}

// SetCollected notes how far a consumer has read a collection, and says whether that is further than before.
func (tx *Tx) SetCollected(ctx context.Context, id int64, through, now time.Time) (further bool, err error) {
	n, err := tx.exec(ctx, `UPDATE collection SET collected = $1, collected_at = $2 WHERE id = $3 AND collected < $1`, micros(through), micros(now), id)
	return n > 0, naming(err, "note what was read of collection %d", id)
}

// grow counts what was added to a collection, or, below zero, removed.
func (tx *Tx) grow(ctx context.Context, id int64, members, bytes int64) error {
	return tx.mustChange(ctx, `UPDATE collection SET members = members + $1, bytes = bytes + $2, ever = ever + max($2, 0) WHERE id = $3`, members, bytes, id)
}
