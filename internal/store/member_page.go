package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// MemberScope narrows the members of a collection to look at.
type MemberScope struct {
	Collection int64
	After      time.Time // added later than this
	Types      []string  // none: every type
	Specs      []string  // versions of STIX; none: every one
	Ranks      []Rank    // all bits of one of these, two at most; none, with no Seconds: every rank
	Seconds    []string  // or a version that begins like this: "2026-03-01T09:30:00"
}

// plain tells whether a scope is the usual one: the last version in the newest STIX.
func (sc MemberScope) plain() bool {
	return len(sc.Specs) == 0 && len(sc.Seconds) == 0 && slices.Equal(sc.Ranks, []Rank{Newest | Last})
}

// Members lists up to limit members in the order they were added, without their bodies.
func (tx *Tx) Members(ctx context.Context, sc MemberScope, limit int) (all []Member, err error) {
	switch {
	case sc.plain() && len(sc.Types) == 0:
		all, err = list(ctx, tx, scanMember(sc.Collection), `SELECT `+memberColumns+` FROM member AS m
			WHERE collection = $1 AND added > $2 AND rank & 3 = 3 ORDER BY added LIMIT $3`, sc.Collection, micros(sc.After), limit)
	case sc.plain():
		all, err = tx.membersOfTypes(ctx, sc, limit)
	default:
		all, err = tx.membersIn(ctx, sc, limit)
	}
	return all, naming(err, "list members of collection %d", sc.Collection)
}

// membersOfTypes asks for each type by itself, so that the index leads past all others.
func (tx *Tx) membersOfTypes(ctx context.Context, sc MemberScope, limit int) ([]Member, error) {
	var all []Member
	for _, typ := range slices.Compact(slices.Sorted(slices.Values(sc.Types))) {
		some, err := list(ctx, tx, scanMember(sc.Collection), `SELECT `+memberColumns+` FROM member AS m`+byType+`
			WHERE collection = $1 AND type = $2 AND added > $3 AND rank & 3 = 3 ORDER BY added LIMIT $4`,
			sc.Collection, typ, micros(sc.After), limit)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b Member) int { return a.Added.Compare(b.Added) })
	return all[:min(len(all), limit)], nil
}

// membersIn is any scope: it looks at every member after the moment until it has enough.
func (tx *Tx) membersIn(ctx context.Context, sc MemberScope, limit int) ([]Member, error) {
	types, err1 := json.Marshal(sc.Types)
	specs, err2 := json.Marshal(sc.Specs)
	seconds, err3 := json.Marshal(sc.Seconds)
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	one, other := sc.masks()
	return list(ctx, tx, scanMember(sc.Collection), `SELECT `+memberColumns+` FROM member AS m
		WHERE collection = $1 AND added > $2
		AND (rank & $3 = $3 OR rank & $4 = $4 OR substr(version, 1, 19) IN (SELECT value FROM json_each($5)))
		AND ($6 OR type IN (SELECT value FROM json_each($7))) AND ($8 OR spec IN (SELECT value FROM json_each($9)))
		ORDER BY added LIMIT $10`,
		sc.Collection, micros(sc.After), one, other, seconds, len(sc.Types) == 0, types, len(sc.Specs) == 0, specs, limit)
}

// masks gives the bits of which a member must have either all of the one or all of the other.
func (sc MemberScope) masks() (one, other Rank) {
	const none Rank = 1 << 7 // which no member has
	switch {
	case len(sc.Ranks) == 0 && len(sc.Seconds) == 0:
		return 0, 0
	case len(sc.Ranks) == 0:
		return none, none
	}
	return sc.Ranks[0], sc.Ranks[len(sc.Ranks)-1]
}
