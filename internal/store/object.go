package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// Object is one version of one STIX object, as bytes and the keys to find it.
type Object struct {
	Seq          int64
	UUID         [16]byte
	Type         string
	Modified     time.Time // in whole microseconds; zero for observables, which have no versions
	Finer        string    // the digits of modified beyond the microsecond, without zeros at the end
	Other        string    // empty, or what tells other content of an object without versions from the first
	Revoked      bool
	Origin       int64  // the counterpart that gave it; 0 is us
	PermittedUse string // what its giver allows; empty for our own
	AddedAt      time.Time
	Body         []byte
}

// ErrVersion: the store holds this version of the object with other content.
// The first one is kept (STIX 2.1 leaves it undefined; a silent change would
// be an attack).
var ErrVersion = errors.New("this version is already held with other content")

const objectColumns = `seq, uuid, type, modified, finer, other, revoked, origin, permitted_use, added_at, body`

func scanObject(s scanner) (Object, error) {
	var o Object
	return o, o.scan(s, &o.Body)
}

// scan reads the columns of an object, the body last if it is among them.
func (o *Object) scan(s scanner, body ...any) error {
	var (
		uuid            []byte
		modified, added int64
	)
	to := []any{&o.Seq, &uuid, &o.Type, &modified, &o.Finer, &o.Other, &o.Revoked, &o.Origin, &o.PermittedUse, &added}
	if err := s.Scan(append(to, body...)...); err != nil {
		return err
	}
	o.Modified, o.AddedAt = instant(modified), instant(added)
	if err := intoUUID(&o.UUID, uuid); err != nil {
		return fmt.Errorf("object %d: %w", o.Seq, err)
	}
	return nil
}

// PutObject keeps a version and returns its number. The same version from the
// same origin again is no error and changes nothing: added says which it was.
func (tx *Tx) PutObject(ctx context.Context, o Object) (seq int64, added bool, err error) {
	seq, added, err = tx.insertNew(ctx, `INSERT INTO object (uuid, type, modified, finer, other, revoked, origin, permitted_use, added_at, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (uuid, type, origin, modified, finer, other) DO NOTHING`,
		o.UUID[:], o.Type, micros(o.Modified), o.Finer, o.Other, o.Revoked, o.Origin, o.PermittedUse, micros(o.AddedAt), o.Body)
	if err != nil || added {
		return seq, added, naming(err, "keep object %s", o.Type)
	}
	held, err := one(ctx, tx, scanObject, `SELECT `+objectColumns+` FROM object
		WHERE uuid = $1 AND type = $2 AND origin = $3 AND modified = $4 AND finer = $5 AND other = $6`,
		o.UUID[:], o.Type, o.Origin, micros(o.Modified), o.Finer, o.Other)
	if err != nil {
		return 0, false, naming(err, "keep object %s", o.Type)
	}
	if string(held.Body) != string(o.Body) {
		return held.Seq, false, naming(ErrVersion, "keep object %s", o.Type)
	}
	return held.Seq, false, nil
}

// Of the versions of an object one shows: the newest, or, where one says that it
// is revoked, the newest of those that do. Revocation is final (STIX 2.1, 3.2): a
// later version takes nothing back.

// Object finds the version of an object that shows: of ours, where we have one
// of our own, and else of those that anybody gave us.
func (tx *Tx) Object(ctx context.Context, typ string, uuid [16]byte) (Object, error) {
	o, err := one(ctx, tx, scanObject, `SELECT `+objectColumns+` FROM object
		WHERE uuid = $1 AND type = $2 ORDER BY origin <> 0, revoked DESC, modified DESC, finer DESC, seq LIMIT 1`, uuid[:], typ)
	return o, naming(err, "object of type %s", typ)
}

// FirstAdded is when the first version of an object came, whoever gave it.
func (tx *Tx) FirstAdded(ctx context.Context, typ string, uuid [16]byte) (time.Time, error) {
	at, err := tx.number(ctx, `SELECT min(added_at) FROM object WHERE uuid = $1 AND type = $2`, uuid[:], typ)
	return instant(at), naming(err, "when an object of type %s came", typ)
}

// ObjectBySeq finds one version by its number.
func (tx *Tx) ObjectBySeq(ctx context.Context, seq int64) (Object, error) {
	o, err := one(ctx, tx, scanObject, `SELECT `+objectColumns+` FROM object WHERE seq = $1`, seq)
	return o, naming(err, "object number %d", seq)
}

// Objects lists the version that shows of every object of the types given (all
// types when none is), in the order they were added.
func (tx *Tx) Objects(ctx context.Context, types ...string) ([]Object, error) {
	if len(types) == 0 {
		all, err := list(ctx, tx, scanObject, `SELECT `+objectColumns+` FROM object AS o
			WHERE NOT EXISTS (SELECT 1 FROM object AS newer
				WHERE newer.uuid = o.uuid AND newer.type = o.type AND newer.origin = o.origin
					AND newer.seq <> o.seq AND (newer.revoked, newer.modified, newer.finer, o.seq) > (o.revoked, o.modified, o.finer, newer.seq))
			ORDER BY seq`)
		return all, naming(err, "list objects")
	}
	return tx.ofTypes(ctx, `SELECT `+objectColumns+` FROM object AS o
		WHERE type = $1 AND NOT EXISTS (SELECT 1 FROM object AS newer
			WHERE newer.uuid = o.uuid AND newer.type = o.type AND newer.origin = o.origin
				AND newer.seq <> o.seq AND (newer.revoked, newer.modified, newer.finer, o.seq) > (o.revoked, o.modified, o.finer, newer.seq))
		ORDER BY seq`, types)
}

// ObjectVersions lists every version of one object, whoever gave it, oldest
// first.
func (tx *Tx) ObjectVersions(ctx context.Context, typ string, uuid [16]byte) ([]Object, error) {
	all, err := list(ctx, tx, scanObject, `SELECT `+objectColumns+` FROM object
		WHERE uuid = $1 AND type = $2 ORDER BY modified, finer, seq`, uuid[:], typ)
	return all, naming(err, "versions of an object of type %s", typ)
}

// Versions lists every version of every object of the types given, in the
// order they were added.
func (tx *Tx) Versions(ctx context.Context, types ...string) ([]Object, error) {
	return tx.ofTypes(ctx, `SELECT `+objectColumns+` FROM object WHERE type = $1 ORDER BY seq`, types)
}

// newestAtOnce is how many objects are in memory while [Tx.NewestVersions] reads.
const newestAtOnce = 500

// NewestVersions gives every version of every object, the one added last first, until each
// says that it is enough.
func (tx *Tx) NewestVersions(ctx context.Context, each func(Object) (more bool, err error)) error {
	for before := int64(math.MaxInt64); ; {
		some, err := list(ctx, tx, scanObject, `SELECT `+objectColumns+` FROM object WHERE seq < $1 ORDER BY seq DESC LIMIT $2`, before, newestAtOnce)
		if err != nil {
			return naming(err, "read objects backwards")
		}
		for _, o := range some {
			if more, err := each(o); err != nil || !more {
				return err
			}
		}
		if len(some) < newestAtOnce {
			return nil
		}
		before = some[len(some)-1].Seq
	}
}

// ofTypes runs a query of one type for each, so that objects of other types
// are not read, and puts the answers in the order the objects were added.
func (tx *Tx) ofTypes(ctx context.Context, query string, types []string) ([]Object, error) {
	var all []Object
	for _, t := range types {
		some, err := list(ctx, tx, scanObject, query, t)
		if err != nil {
			return nil, naming(err, "list objects of type %s", t)
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b Object) int { return cmp.Compare(a.Seq, b.Seq) })
	return slices.CompactFunc(all, func(a, b Object) bool { return a.Seq == b.Seq }), nil // a type named twice
}

// EachVersionFrom gives every version that one origin gave, by type, id and
// modified time in microseconds since 1970; 0 for an object without versions.
func (tx *Tx) EachVersionFrom(ctx context.Context, origin int64, each func(typ string, uuid [16]byte, modified int64)) error {
	_, err := list(ctx, tx, func(s scanner) (none struct{}, err error) {
		var (
			typ      string
			id       []byte
			uuid     [16]byte
			modified int64
		)
		if err = s.Scan(&typ, &id, &modified); err == nil {
			err = intoUUID(&uuid, id)
		}
		if err == nil {
			each(typ, uuid, modified)
		}
		return none, err
	}, `SELECT type, uuid, modified FROM object WHERE origin = $1`, origin)
	return naming(err, "list the versions of origin %d", origin)
}
