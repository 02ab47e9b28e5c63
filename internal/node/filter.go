package node

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"parley/internal/store"
)

// Bounds on what one user keeps.
const (
	maxFilters    = 500 // with a name
	lastSearches  = 30  // without
	maxFilterName = 100 // characters
	maxAddress    = 1_000
)

// Filters are what a user sees: their own and those that are shared, by name; and
// their last searches, the newest first.
type Filters struct {
	Named []store.Filter
	Last  []store.Filter
}

// Filters lists what the user keeps, and what others share.
func (n *Node) Filters(ctx context.Context) (f Filters, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		own, err := tx.FiltersOf(ctx, n.User.Name)
		if err != nil {
			return err
		}
		for _, one := range own {
			if one.Name == "" {
				f.Last = append(f.Last, one)
			} else if !one.Shared {
				f.Named = append(f.Named, one)
			}
		}
		shared, err := tx.SharedFilters(ctx)
		f.Named = append(f.Named, shared...)
		return err
	})
	return f, err
}

// Filter reads one of the user's, or one that is shared; others are not there.
func (n *Node) Filter(ctx context.Context, id int64) (f store.Filter, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		f, err = n.filter(ctx, tx, id)
		return err
	})
	return f, err
}

func (n *Node) filter(ctx context.Context, tx *store.Tx, id int64) (store.Filter, error) {
	f, err := tx.Filter(ctx, id)
	if err == nil && !f.Shared && f.Owner != n.User.Name {
		return store.Filter{}, fmt.Errorf("filter L%d: %w", id, store.ErrNotFound)
	}
	return f, err
}

// KeepSearch keeps what the user looks for under a number, so that no address has
// to say it. Without a name it is one of the last, and gives way in time.
func (n *Node) KeepSearch(ctx context.Context, query string) (id int64, err error) {
	s, err := n.searchOf(query)
	if err != nil {
		return 0, err
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		own, err := tx.FiltersOf(ctx, n.User.Name)
		if err != nil {
			return err
		}
		last := 0
		for _, f := range own {
			if f.Query == s.text && f.Address == "" {
				id = f.ID
				return nil
			}
			if f.Name != "" {
				continue
			}
			if last++; last >= lastSearches {
				if err := tx.RemoveFilter(ctx, f.ID); err != nil {
					return err
				}
			}
		}
		id, err = tx.AddFilter(ctx, store.Filter{Owner: n.User.Name, Query: s.text, MadeAt: n.now()})
		return err
	})
	return id, err
}

// KeepList keeps the address of a list under a name. The address must hold no
// content: whoever makes it sees to that.
func (n *Node) KeepList(ctx context.Context, address, name string, shared bool) (id int64, err error) {
	if len(address) > maxAddress {
		return 0, invalid("the address of a list has at most %d bytes", maxAddress)
	}
	if name, err = n.filterName(name, shared); err != nil {
		return 0, err
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		if err := n.room(ctx, tx); err != nil {
			return err
		}
		f := store.Filter{Owner: n.User.Name, Name: name, Address: address, Shared: shared, MadeAt: n.now()}
		if id, err = tx.AddFilter(ctx, f); err != nil || !shared {
			return err
		}
		return n.record(ctx, tx, "filter.share", fmt.Sprintf("L%d", id), "", nil)
	})
	return id, err
}

// NameFilter gives one of the user's a name, and says whether everybody sees it.
func (n *Node) NameFilter(ctx context.Context, id int64, name string, shared bool) error {
	name, err := n.filterName(name, shared)
	if err != nil {
		return err
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		f, err := n.filter(ctx, tx, id)
		if err != nil {
			return err
		}
		if f.Owner != n.User.Name {
			return fmt.Errorf("filter L%d is %s's: keep it under a name of your own: %w", id, f.Owner, ErrRole)
		}
		if f.Name == "" {
			if err := n.room(ctx, tx); err != nil {
				return err
			}
		}
		if err := tx.NameFilter(ctx, id, name, shared); err != nil {
			return err
		}
		return n.recordSharing(ctx, tx, id, f.Shared, shared)
	})
}

// RemoveFilter forgets one of the user's; an administrator also what others share.
func (n *Node) RemoveFilter(ctx context.Context, id int64) error {
	return n.store.Update(ctx, func(tx *store.Tx) error {
		f, err := n.filter(ctx, tx, id)
		if err != nil {
			return err
		}
		if f.Owner != n.User.Name && !n.User.Is(Administrator) {
			return fmt.Errorf("filter L%d is %s's: %w", id, f.Owner, ErrRole)
		}
		if err := tx.RemoveFilter(ctx, id); err != nil {
			return err
		}
		return n.recordSharing(ctx, tx, id, f.Shared, false)
	})
}

// recordSharing says in the ledger what everybody sees, and not what it looks for.
func (n *Node) recordSharing(ctx context.Context, tx *store.Tx, id int64, before, now bool) error {
	switch {
	case now:
		return n.record(ctx, tx, "filter.share", fmt.Sprintf("L%d", id), "", nil)
	case before:
		return n.record(ctx, tx, "filter.unshare", fmt.Sprintf("L%d", id), "", nil)
	}
	return nil
}

// filterName reads a name; who only reads shares nothing.
func (n *Node) filterName(name string, shared bool) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || utf8.RuneCountInString(name) > maxFilterName {
		return "", invalid("a filter has a name of 1 to %d characters", maxFilterName)
	}
	if shared {
		return name, n.must(Analyst, Releaser, Administrator, Auditor)
	}
	return name, nil
}

// room sees that the user has not kept too many.
func (n *Node) room(ctx context.Context, tx *store.Tx) error {
	own, err := tx.FiltersOf(ctx, n.User.Name)
	named := 0
	for _, f := range own {
		if f.Name != "" {
			named++
		}
	}
	if err == nil && named >= maxFilters {
		err = invalid("you keep %d filters already: remove one", named)
	}
	return err
}
