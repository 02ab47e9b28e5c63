package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
)

// settleAt is how many fresh ids gather before they settle. More make the large
// index cheaper to keep and the small one dearer to search; at this size the
// small one is a megabyte.
const settleAt = 32_000

// freshen notes the ids of members just added, and the clock with them.
func (tx *Tx) freshen(ctx context.Context, collection, first, last int64, members int) error {
	_, err := tx.exec(ctx, `INSERT INTO fresh (collection, uuid, added)
		SELECT collection, uuid, added FROM member WHERE collection = $1 AND added >= $2 AND added <= $3 ORDER BY uuid`, collection, first, last)
	if err != nil {
		return err
	}
	return tx.mustChange(ctx, `UPDATE clock SET last = $1, fresh = fresh + $2 WHERE id = 1`, last, members)
}

// SettleIDs moves fresh ids into the large index once there are many, and says whether it did. Call it
// in a transaction of its own, after members were added: it is not needed for anything to be found.
func (tx *Tx) SettleIDs(ctx context.Context) (bool, error) {
	many, err := tx.number(ctx, `SELECT fresh FROM clock WHERE id = 1`)
	if err != nil || many < settleAt {
		return false, naming(err, "count fresh ids")
	}
	for _, query := range []string{
		`INSERT INTO settled (collection, uuid, added) SELECT collection, uuid, added FROM fresh ORDER BY collection, uuid, added`,
		`DELETE FROM fresh`,
		`UPDATE clock SET fresh = 0 WHERE id = 1`,
	} {
		if _, err := tx.exec(ctx, query); err != nil {
			return false, naming(err, "settle fresh ids")
		}
	}
	return true, nil
}

// MembersOf lists every member of the objects with these ids, whatever their types, in the order they
// were added.
func (tx *Tx) MembersOf(ctx context.Context, collection int64, uuids [][16]byte) ([]Member, error) {
	names := make([]string, len(uuids))
	for i := range uuids {
		names[i] = hex.EncodeToString(uuids[i][:])
	}
	wanted, err := json.Marshal(names)
	if err != nil {
		return nil, naming(err, "write the ids to look for")
	}
	all, err := list(ctx, tx, scanMember(collection), `WITH wanted (uuid) AS (SELECT unhex(value) FROM json_each($1)),
		found (added) AS (
			SELECT f.added FROM wanted AS w CROSS JOIN fresh AS f WHERE f.collection = $2 AND f.uuid = w.uuid
			UNION
			SELECT s.added FROM wanted AS w CROSS JOIN settled AS s WHERE s.collection = $2 AND s.uuid = w.uuid)
		SELECT `+memberColumns+` FROM found CROSS JOIN member AS m WHERE m.collection = $2 AND m.added = found.added ORDER BY m.added`,
		wanted, collection)
	return all, naming(err, "members of %d objects", len(uuids))
}
