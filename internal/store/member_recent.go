package store

import (
	"context"
	"sync"
)

// recents are the ids of members that are not in their collections' indexes
// yet, kept in memory. The table of members is the truth: what another process
// added since is read from there before anything is looked up, and what was
// removed meanwhile is not found when it is read.
type recents struct {
	mu sync.Mutex
	of map[int64]*recent // by collection
}

// recent is the ids of one collection's members with from < added ≤ through, in
// microseconds since 1970.
type recent struct {
	from, through int64
	added         map[[16]byte][]int64
	count         int
}

func newRecent(from int64) *recent {
	return &recent{from: from, through: from, added: map[[16]byte][]int64{}}
}

func (r *recent) add(uuid [16]byte, added int64) {
	r.added[uuid] = append(r.added[uuid], added)
	r.count++
}

// look gives when members with these ids were added.
func (r *recent) look(uuids [][16]byte) (found []int64) {
	for _, u := range uuids {
		found = append(found, r.added[u]...)
	}
	return found
}

func (s *recents) count(collection int64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.of[collection]; r != nil {
		return r.count
	}
	return 0
}

// startedAt is the clock as it was when this transaction first asked: what was
// added later is its own, and may be undone.
func (tx *Tx) startedAt(ctx context.Context) (int64, error) {
	if tx.started == nil {
		last, err := tx.number(ctx, `SELECT last FROM clock WHERE id = 1`)
		if err != nil {
			return 0, err
		}
		tx.started = &last
	}
	return *tx.started, nil
}

// recentOf looks ids up among those that are not in the index, and says
// whether there is anything in the index at all.
func (tx *Tx) recentOf(ctx context.Context, collection int64, uuids [][16]byte) (found []int64, indexed bool, err error) {
	through, err := tx.startedAt(ctx)
	if err != nil {
		return nil, false, err
	}
	from, err := tx.number(ctx, `SELECT indexed FROM collection WHERE id = $1`, collection)
	if err != nil {
		return nil, false, err
	}
	tx.recents.mu.Lock()
	defer tx.recents.mu.Unlock()
	r, err := tx.caughtUp(ctx, collection, from, through)
	if err != nil {
		return nil, false, err
	}
	found = r.look(uuids)
	if own := tx.own[collection]; own != nil {
		found = append(found, own.look(uuids)...)
	}
	return found, from > 0, nil
}

// caughtUp gives the recent ids as this transaction sees them. One that began
// before the last settling reads them for itself.
func (tx *Tx) caughtUp(ctx context.Context, collection, from, through int64) (*recent, error) {
	r := tx.recents.of[collection]
	switch {
	case r != nil && from < r.from:
		r = newRecent(from)
		return r, tx.load(ctx, collection, r, through)
	case r == nil || from > r.from: // settled since: what is newer is little, and is read again
		r = newRecent(from)
	}
	if err := tx.load(ctx, collection, r, through); err != nil {
		return nil, err
	}
	if tx.recents.of == nil {
		tx.recents.of = map[int64]*recent{}
	}
	tx.recents.of[collection] = r
	return r, nil
}

// load reads what was added since.
func (tx *Tx) load(ctx context.Context, collection int64, r *recent, through int64) error {
	if through <= r.through {
		return nil
	}
	_, err := list(ctx, tx, func(s scanner) (none struct{}, err error) {
		var (
			added int64
			id    []byte
			uuid  [16]byte
		)
		if err = s.Scan(&added, &id); err == nil {
			err = intoUUID(&uuid, id)
		}
		r.add(uuid, added)
		return none, err
	}, `SELECT added, uuid FROM member WHERE collection = $1 AND added > $2 AND added <= $3`, collection, r.through, through)
	if err == nil {
		r.through = through
	}
	return err
}

// noteAdded remembers what this transaction added.
func (tx *Tx) noteAdded(collection int64, members []Member) {
	if tx.own == nil {
		tx.own = map[int64]*recent{}
	}
	if tx.own[collection] == nil {
		tx.own[collection] = newRecent(*tx.started)
	}
	r := tx.own[collection]
	for _, m := range members {
		r.add(m.UUID, micros(m.Added))
		r.through = micros(m.Added)
	}
}

// publish adds what a transaction added and has kept, where everything before it
// is known: otherwise it is read from the table when it is needed.
func (s *recents) publish(own map[int64]*recent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for collection, mine := range own {
		r := s.of[collection]
		if r == nil || r.through != mine.from {
			continue
		}
		for uuid, added := range mine.added {
			r.added[uuid] = append(r.added[uuid], added...)
		}
		r.count, r.through = r.count+mine.count, mine.through
	}
}
