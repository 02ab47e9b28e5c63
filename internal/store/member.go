package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Member is one version of one object in a collection.
type Member struct {
	Collection int64
	Added      time.Time // in whole microseconds; no other member of the store has the same
	UUID       [16]byte
	Type       string
	Spec       string // the version of STIX
	Version    string // the moment that tells it from other versions, as it was written; empty: when it was added
	Rank       Rank
	Size       int // of the body in bytes
	Body       []byte

	pack  int64 // the added of the first member packed with it
	place int   // where in the pack it stands, from 0
}

// Rank says which of an object's versions in a collection a member is. An
// object may stand there in more than one version of STIX: then the newest STIX
// counts where nobody asks for another.
type Rank uint8

// The ranks; the store's indexes know Newest and Last by their values.
const (
	Newest   Rank = 1 << iota // in the newest STIX that the object has
	Last                      // the last version in its STIX
	First                     // the first version in its STIX
	LastAll                   // the last version of all
	FirstAll                  // the first version of all
)

// If is the rank where a condition holds, and else none.
func (r Rank) If(holds bool) Rank {
	if !holds {
		return 0
	}
	return r
}

const memberColumns = `m.added, m.uuid, m.type, m.spec, m.version, m.rank, m.pack, m.place, m.size`

// scanMember reads the columns of a member of a collection. Of texts that most
// members share, it makes one.
func scanMember(collection int64) func(scanner) (Member, error) {
	var (
		uuid, typ, spec, version sql.RawBytes // the engine's own memory, good until the next row
		added                    int64
		last                     Member
	)
	return func(s scanner) (Member, error) {
		m := Member{Collection: collection}
		if err := s.Scan(&added, &uuid, &typ, &spec, &version, &m.Rank, &m.pack, &m.place, &m.Size); err != nil {
			return m, err
		}
		m.Added = instant(added)
		m.Type, m.Spec, m.Version = textOr(last.Type, typ), textOr(last.Spec, spec), textOr(last.Version, version)
		last = m
		return m, intoUUID(&m.UUID, uuid)
	}
}

// textOr is a text, and where it is the same as another, that one.
func textOr(same string, text []byte) string {
	if string(text) == same {
		return same
	}
	return string(text)
}

// ErrClock: a member would not stand after all that were added before.
var ErrClock = errors.New("a member must be added after every other")

// LastAdded is the newest moment at which a member was added, zero if there was none. Whoever adds
// members in the same transaction gives them later ones.
func (tx *Tx) LastAdded(ctx context.Context) (time.Time, error) {
	last, err := tx.number(ctx, `SELECT last FROM clock WHERE id = 1`)
	return instant(last), naming(err, "read when the last member was added")
}

// AddMembers keeps members of one collection, in ascending order of Added, which must be later than
// [Tx.LastAdded]. Ranks of members that were there before are the caller's to change.
func (tx *Tx) AddMembers(ctx context.Context, collection int64, members []Member) error {
	if len(members) == 0 {
		return nil
	}
	last, err := tx.LastAdded(ctx)
	if err != nil {
		return err
	}
	for _, m := range members {
		if !m.Added.After(last) {
			return fmt.Errorf("add members to collection %d: %w", collection, ErrClock)
		}
		last = m.Added
	}
	if err := tx.addMembers(ctx, collection, members); err != nil {
		return naming(err, "add members to collection %d", collection)
	}
	return nil
}

// A statement costs about as much as the row it writes, so each writes several.
const (
	insertMembers    = `INSERT INTO member (collection, added, uuid, type, spec, version, rank, pack, place, size) VALUES `
	memberParameters = 10
	membersARow      = 20
)

func (tx *Tx) addMembers(ctx context.Context, collection int64, members []Member) error {
	if _, err := tx.startedAt(ctx); err != nil { // asked before this moves the clock
		return err
	}
	if err := tx.pack(ctx, collection, members); err != nil {
		return err
	}
	bytes := int64(0)
	for _, m := range members {
		bytes += int64(m.Size)
	}
	for some := range slices.Chunk(members, membersARow) {
		args := make([]any, 0, len(some)*memberParameters)
		for i := range some {
			m := &some[i]
			args = append(args, collection, micros(m.Added), m.UUID[:], m.Type, m.Spec, m.Version, m.Rank, m.pack, m.place, m.Size)
		}
		if _, err := tx.exec(ctx, insertMembers+rowsOf(len(some), memberParameters), args...); err != nil {
			return err
		}
	}
	if err := tx.grow(ctx, collection, int64(len(members)), bytes); err != nil {
		return err
	}
	last := micros(members[len(members)-1].Added)
	if err := tx.mustChange(ctx, `UPDATE clock SET last = $1 WHERE id = 1`, last); err != nil {
		return err
	}
	tx.noteAdded(collection, members)
	return nil
}

// SetRank says anew which of its object's versions a member is.
func (tx *Tx) SetRank(ctx context.Context, m Member) error {
	err := tx.mustChange(ctx, `UPDATE member SET rank = $1 WHERE collection = $2 AND added = $3`, m.Rank, m.Collection, micros(m.Added))
	return naming(err, "rank a member of collection %d", m.Collection)
}

// RemoveMembers removes members of one collection, their bytes included.
func (tx *Tx) RemoveMembers(ctx context.Context, collection int64, members []Member) error {
	tx.erased = true
	bytes := int64(0)
	for _, m := range members {
		if err := tx.removeMember(ctx, m); err != nil {
			return naming(err, "remove a member of collection %d", collection)
		}
		bytes += int64(m.Size)
	}
	return naming(tx.grow(ctx, collection, -int64(len(members)), -bytes), "remove members of collection %d", collection)
}

func (tx *Tx) removeMember(ctx context.Context, m Member) error {
	if err := tx.unpackOut(ctx, m); err != nil {
		return err
	}
	if err := tx.mustChange(ctx, `DELETE FROM member WHERE collection = $1 AND added = $2`, m.Collection, micros(m.Added)); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `DELETE FROM member_id WHERE collection = $1 AND uuid = $2 AND added = $3`, m.Collection, m.UUID[:], micros(m.Added))
	return err // none where it was not put there yet
}
