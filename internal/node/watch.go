package node

import (
	"context"
	"fmt"

	"parley/internal/store"
	"parley/selector"
)

// Watch puts a selector on the watch list, and looks at once whether it is in
// the store already.
func (n *Node) Watch(ctx context.Context, w store.Watch) ([]store.Warning, error) {
	return n.watchAll(ctx, []store.Watch{w})
}

// WatchList puts every selector of a list on the watch list.
func (n *Node) WatchList(ctx context.Context, path string) (int, []store.Warning, error) {
	lines, err := n.readList(path)
	if err != nil {
		return 0, nil, err
	}
	all := make([]store.Watch, len(lines))
	for i, l := range lines {
		all[i] = store.Watch{Selector: l.selector, Note: l.note, Recipient: l.recipient, Imminent: l.imminent}
	}
	raised, err := n.watchAll(ctx, all)
	return len(all), raised, err
}

func (n *Node) watchAll(ctx context.Context, all []store.Watch) (raised []store.Warning, err error) {
	if err := n.must(Analyst); err != nil {
		return nil, err
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		for _, w := range all {
			w.Owner, w.AddedAt = n.User.Name, n.now()
			if _, err := tx.AddWatch(ctx, w); err != nil {
				return err
			}
			if err := n.record(ctx, tx, "watch.add", string(w.Selector.Kind), "", nil); err != nil {
				return err
			}
		}
		raised, err = n.raise(ctx, tx)
		return err
	})
	return raised, err
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
