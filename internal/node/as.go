package node

import (
	"context"

	"parley/internal/store"
)

// As is the node in the hands of another of its users, who is at work in it at
// the same time: it shares the store, the key and the clocks, and has rights and
// a name of its own. Settings and users are read anew, so that it knows of what
// other processes changed since the node was opened. It is closed by closing the
// node itself.
//
// Whoever calls it must have made sure of the user, as [Node.SignIn] does.
func (n *Node) As(ctx context.Context, u User) (*Node, error) {
	v, err := readVault(n.vault.path)
	if err != nil {
		return nil, err
	}
	as := *n
	as.User, as.vault, as.Settings = u, v, Settings{}
	if err := as.loadSettings(ctx); err != nil {
		return nil, err
	}
	return &as, nil
}

// Here tells whether the user had a slot in the key file when [Node.As] read it:
// who has none any more does nothing here, whenever they came in.
func (n *Node) Here() bool { return n.vault.has(n.User.Name) }

// Through has the ledger say by which way somebody came in who acts under the
// context, such as "console".
func Through(ctx context.Context, way string) context.Context { return store.Through(ctx, way) }
