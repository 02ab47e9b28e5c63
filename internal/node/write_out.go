package node

import (
	"context"
	"fmt"
	"slices"

	"parley/internal/store"
)

// WrittenList says which list is written out, and how.
type WrittenList struct {
	List   string `json:"-"` // in words without content, such as an address of the console
	Format Format `json:"format"`
	Rows   int    `json:"rows"`
	Raw    bool   `json:"raw,omitempty"` // its rows are what evidence and matches say
}

// mayWriteOut are the roles that take lists out of the node; what evidence and
// matches say is an analyst's alone.
var mayWriteOut = []Role{Analyst, Releaser, Administrator, Auditor}

// MayWriteOut tells whether a user takes any list out of the node.
func MayWriteOut(u User) bool { return slices.ContainsFunc(mayWriteOut, u.Is) }

// WriteOut notes in the ledger that the user takes a list that they read out of
// the node, before any of it leaves: that is no release, and the ledger is what
// holds them to it.
func (n *Node) WriteOut(ctx context.Context, w WrittenList) error {
	may := mayWriteOut
	if w.Raw {
		may = []Role{Analyst}
	}
	if err := n.must(may...); err != nil {
		return err
	}
	if w.Format != CSV && w.Format != JSON {
		return invalid("a list is not written as %.40q: there are csv and json", w.Format)
	}
	err := n.store.Update(ctx, func(tx *store.Tx) error { return n.record(ctx, tx, "list.export", w.List, "", w) })
	if err != nil {
		return fmt.Errorf("write out %s: %w", w.List, err)
	}
	return nil
}
