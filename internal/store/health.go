package store

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
)

// Traffic is how a channel stands: how long what is to go has waited, and when
// something last came or was acknowledged. Zero times are "nothing".
type Traffic struct {
	OldestQueued  time.Time // of the messages that are not sealed
	OldestUnacked time.Time // of those that are sealed and not acknowledged
	LastIn        time.Time // message that began to arrive
	LastAcked     time.Time // message of ours that was applied there
	AtRelay       int64     // parcels of ours that the relay has taken and nobody acknowledged
	AtRelayBytes  int64
}

// Traffic reads how the channel with a counterpart stands.
func (tx *Tx) Traffic(ctx context.Context, counterpart int64) (t Traffic, err error) {
	for _, q := range []struct {
		to    *time.Time
		query string
	}{
		{&t.OldestQueued, `SELECT coalesce(min(queued_at), 0) FROM outbox WHERE counterpart = $1 AND sealed_at = 0`},
		{&t.OldestUnacked, `SELECT coalesce(min(queued_at), 0) FROM outbox WHERE counterpart = $1 AND sealed_at > 0 AND acked_at = 0`},
		{&t.LastIn, `SELECT coalesce(max(received_at), 0) FROM inbox WHERE counterpart = $1`},
		{&t.LastAcked, `SELECT coalesce(max(acked_at), 0) FROM outbox WHERE counterpart = $1`},
	} {
		us, err := tx.number(ctx, q.query, counterpart)
		if err != nil {
			return t, naming(err, "read the traffic with counterpart %d", counterpart)
		}
		*q.to = instant(us)
	}
	if t.AtRelay, err = tx.number(ctx, `SELECT count(*) FROM parcel WHERE counterpart = $1 AND stored_at > 0`, counterpart); err != nil {
		return t, naming(err, "count parcels at the relay")
	}
	t.AtRelayBytes, err = tx.number(ctx, `SELECT coalesce(sum(length(bytes)), 0) FROM parcel WHERE counterpart = $1 AND stored_at > 0`, counterpart)
	return t, naming(err, "count parcels at the relay")
}

// Unapplied is how many whole messages wait to be applied, and since when the
// oldest has.
func (tx *Tx) Unapplied(ctx context.Context) (count int64, oldest time.Time, err error) {
	if count, err = tx.number(ctx, `SELECT count(*) FROM inbox WHERE state = $1`, New); err != nil {
		return 0, oldest, naming(err, "count messages to apply")
	}
	us, err := tx.number(ctx, `SELECT coalesce(min(received_at), 0) FROM inbox WHERE state = $1`, New)
	return count, instant(us), naming(err, "find the oldest message to apply")
}

// Schema is the number of the last migration that the store has had, and of the
// newest that this program knows.
func (tx *Tx) Schema(ctx context.Context) (has, knows int64, err error) {
	if has, err = tx.number(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`); err != nil {
		return 0, 0, naming(err, "read the schema")
	}
	names, err := fs.Glob(migrations, "migrations/sqlite/*.sql")
	if err != nil {
		return has, 0, err
	}
	for _, name := range names {
		digits, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/sqlite/"), "_")
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return has, knows, fmt.Errorf("read migration %s: %w", name, err)
		}
		knows = max(knows, n)
	}
	return has, knows, nil
}

// Size is how many bytes the store has on the disk: its file, and the log of
// writes that are not in it yet.
func (s *Store) Size() (file, log int64, err error) {
	info, err := os.Stat(s.path)
	if err != nil {
		return 0, 0, fmt.Errorf("look at the store: %w", err)
	}
	if wal, err := os.Stat(s.path + "-wal"); err == nil {
		log = wal.Size()
	}
	return info.Size(), log, nil
}
