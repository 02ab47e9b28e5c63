package store

import (
	"context"
	"encoding/json"
	"slices"
	"time"
)

// settleAt is how many ids of a collection are kept in memory before they are
// put into its index. More make the index cheaper to keep, and opening the store
// slower.
const settleAt = 50_000

// ManyRecent says whether so many members were added to a collection that their
// ids had better be put into its index: see [Tx.SettleIDs].
func (s *Store) ManyRecent(collection int64) bool { return s.recents.count(collection) >= settleAt }

// SettleIDs puts the ids of a collection's recent members into its index. It is
// not needed for anything to be found. Call it in a transaction of its own.
func (tx *Tx) SettleIDs(ctx context.Context, collection int64) error {
	from, err := tx.number(ctx, `SELECT indexed FROM collection WHERE id = $1`, collection)
	if err != nil {
		return naming(err, "settle ids of collection %d", collection)
	}
	through, err := tx.number(ctx, `SELECT last FROM clock WHERE id = 1`)
	if err == nil {
		_, err = tx.exec(ctx, `INSERT INTO member_id (collection, uuid, added)
			SELECT collection, uuid, added FROM member WHERE collection = $1 AND added > $2 AND added <= $3 ORDER BY uuid, added`,
			collection, from, through)
	}
	if err == nil {
		err = tx.mustChange(ctx, `UPDATE collection SET indexed = $1 WHERE id = $2`, through, collection)
	}
	return naming(err, "settle ids of collection %d", collection)
}

// Moments are when members were added, ascending; no two are the same.
type Moments []int64

// After leaves out a moment and those before it.
func (m Moments) After(at time.Time) Moments {
	i, found := slices.BinarySearch(m, micros(at))
	if found {
		i++
	}
	return m[i:]
}

// MomentsOf says when the members of the objects with these ids were added. It may
// name more moments than there are members.
func (tx *Tx) MomentsOf(ctx context.Context, collection int64, uuids [][16]byte) (Moments, error) {
	uuids = ascending(uuids) // neighbours in the index
	found, indexed, err := tx.recentOf(ctx, collection, uuids)
	if err == nil && indexed {
		var settled []int64
		settled, err = tx.settledOf(ctx, collection, uuids)
		found = append(found, settled...)
	}
	slices.Sort(found)
	return slices.Compact(found), naming(err, "moments of %d objects", len(uuids))
}

func ascending(uuids [][16]byte) [][16]byte {
	uuids = slices.Clone(uuids)
	slices.SortFunc(uuids, compareUUIDs)
	return slices.Compact(uuids)
}

func compareUUIDs(a, b [16]byte) int { return slices.Compare(a[:], b[:]) }

// MembersAt lists the members that were added at some moments, but for those of
// other objects than these: what was removed may have left its moment behind.
func (tx *Tx) MembersAt(ctx context.Context, collection int64, moments Moments, uuids [][16]byte) ([]Member, error) {
	uuids = ascending(uuids)
	all, err := tx.membersAt(ctx, collection, moments)
	all = slices.DeleteFunc(all, func(m Member) bool {
		_, wanted := slices.BinarySearchFunc(uuids, m.UUID, compareUUIDs)
		return !wanted
	})
	return all, naming(err, "members of %d objects", len(uuids))
}

// settledOf looks ids up in the index.
func (tx *Tx) settledOf(ctx context.Context, collection int64, uuids [][16]byte) ([]int64, error) {
	wanted, err := idList(uuids)
	if err != nil {
		return nil, err
	}
	return list(ctx, tx, func(s scanner) (n int64, err error) { return n, s.Scan(&n) }, `WITH wanted (uuid) AS (SELECT unhex(value) FROM json_each($1))
		SELECT i.added FROM wanted AS w CROSS JOIN member_id AS i WHERE i.collection = $2 AND i.uuid = w.uuid`, wanted, collection)
}

// membersAt reads the members that were added at these moments.
func (tx *Tx) membersAt(ctx context.Context, collection int64, added []int64) ([]Member, error) {
	moments, err := json.Marshal(added)
	if err != nil {
		return nil, err
	}
	return list(ctx, tx, scanMember(collection), `SELECT `+memberColumns+` FROM json_each($1) CROSS JOIN member AS m
		WHERE m.collection = $2 AND m.added = value ORDER BY m.added`, moments, collection)
}
