package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
)

// HeldVersions lists every version that one origin gave of the objects with
// these ids, whatever their types, oldest first. They come without bodies: of a
// hostile object there may be many, each large.
func (tx *Tx) HeldVersions(ctx context.Context, origin int64, uuids [][16]byte) ([]Object, error) {
	wanted, err := idList(uuids)
	if err != nil {
		return nil, err
	}
	all, err := list(ctx, tx, func(s scanner) (o Object, err error) { return o, o.scan(s) },
		`WITH wanted (uuid) AS (SELECT unhex(value) FROM json_each($1))
		SELECT o.seq, o.uuid, o.type, o.modified, o.finer, o.other, o.revoked, o.origin, o.permitted_use, o.added_at
			FROM wanted AS w CROSS JOIN object AS o WHERE o.uuid = w.uuid AND o.origin = $2 ORDER BY o.modified, o.finer, o.seq`,
		wanted, origin)
	return all, naming(err, "versions of %d objects", len(uuids))
}

// idList writes ids as the JSON list that a query takes apart again.
func idList(uuids [][16]byte) ([]byte, error) {
	names := make([]string, len(uuids))
	for i := range uuids {
		names[i] = hex.EncodeToString(uuids[i][:])
	}
	text, err := json.Marshal(names)
	return text, naming(err, "write the ids to look for")
}
