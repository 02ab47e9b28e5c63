package node

import (
	"context"
	"fmt"

	"parley/internal/list"
	"parley/internal/store"
	"parley/selector"
)

// Watch puts a selector on the watch list, and looks at once whether it is in
// the store already.
func (n *Node) Watch(ctx context.Context, w store.Watch) (raised []store.Warning, err error) {
	if err := n.must(Analyst); err != nil {
		return nil, err
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		if err := n.addWatch(ctx, tx, w); err != nil {
			return err
		}
		if err := n.record(ctx, tx, "watch.add", string(w.Selector.Kind), "", nil); err != nil {
			return err
		}
		raised, err = n.raise(ctx, tx)
		return err
	})
	return raised, err
}

func (n *Node) addWatch(ctx context.Context, tx *store.Tx, w store.Watch) error {
	w.Owner, w.AddedAt = n.User.Name, n.now()
	_, err := tx.AddWatch(ctx, w)
	return err
}

// Watched says what a list put on the watch list.
type Watched struct {
	Watched int                   `json:"watched"`
	Raised  int                   `json:"raised"`          // warnings
	Kinds   map[selector.Kind]int `json:"kinds,omitempty"` // of a list
	Layout  *list.Layout          `json:"layout,omitempty"`
	Skipped []list.BadLine        `json:"skipped,omitempty"`
	LeftOut int                   `json:"left_out,omitempty"` // lines that were skipped
	DryRun  bool                  `json:"dry_run,omitempty"`
}

// WatchList puts every selector of a list on the watch list, some thousand in a
// transaction: all of them, or none where a line is wrong.
func (n *Node) WatchList(ctx context.Context, from string, opt ImportOptions) (Watched, error) {
	if err := n.must(Analyst); err != nil {
		return Watched{}, err
	}
	src, err := n.open(ctx, from, opt)
	if err != nil {
		return Watched{}, err
	}
	defer src.Close()
	l, err := n.readList(ctx, src, opt)
	if err != nil {
		return Watched{}, err
	}
	out := Watched{Watched: l.rows, Kinds: l.sum.Kinds, Layout: l.sum.Layout, Skipped: l.sum.Skipped, LeftOut: l.sum.LeftOut, DryRun: opt.DryRun}
	if opt.DryRun {
		return out, nil
	}
	err = l.batches(ctx, func(rows []list.Row, last bool) error {
		return n.store.Update(ctx, func(tx *store.Tx) error {
			for _, r := range rows {
				w := store.Watch{Selector: r.Selector, Note: r.Note, Recipient: r.Recipient, Imminent: r.Imminent}
				if err := n.addWatch(ctx, tx, w); err != nil {
					return err
				}
			}
			if !last {
				return nil
			}
			raised, err := n.raise(ctx, tx)
			if err != nil {
				return err
			}
			out.Raised = len(raised)
			return n.record(ctx, tx, "watch.add", src.Name, "", out)
		})
	})
	if err != nil {
		return Watched{}, fmt.Errorf("watch list %s: %w", src.Name, err)
	}
	return out, nil
}

// Unwatch takes a selector off the watch list.
func (n *Node) Unwatch(ctx context.Context, sel selector.Selector) error {
	if err := n.must(Analyst); err != nil {
		return err
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.RemoveWatch(ctx, sel); err != nil {
			return err
		}
		return n.record(ctx, tx, "watch.remove", string(sel.Kind), "", nil)
	})
}

// UnwatchNumber is [Node.Unwatch] by the number of the watch.
func (n *Node) UnwatchNumber(ctx context.Context, id int64) error {
	if err := n.must(Analyst); err != nil {
		return err
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		w, err := tx.Watch(ctx, id)
		if err != nil {
			return err
		}
		if err := tx.RemoveWatch(ctx, w.Selector); err != nil {
			return err
		}
		return n.record(ctx, tx, "watch.remove", string(w.Selector.Kind), "", nil)
	})
}

// Watches lists the watch list.
func (n *Node) Watches(ctx context.Context) (all []store.Watch, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Watches(ctx)
		return err
	})
	return all, err
}

// Selector reads a selector as a person types it: "kind:value" or just the
// value.
func (n *Node) Selector(text string) (selector.Selector, error) {
	for _, k := range selector.Kinds() {
		prefix := string(k) + ":"
		if len(text) > len(prefix) && text[:len(prefix)] == prefix {
			return selector.Parse(k, text[len(prefix):], n.selectorOptions())
		}
	}
	sel, err := selector.Detect(text, n.selectorOptions())
	if err != nil {
		return sel, fmt.Errorf("%w (write it as kind:value if its kind cannot be told)", err)
	}
	return sel, nil
}
