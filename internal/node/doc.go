// Package node is one party's installation: a data folder with its keys and
// its store, and everything that people do with them. It wires the packages
// below it together and is the only one that knows them all.
//
// A node's rules stand here because only here can they be seen whole: what
// comes in goes through the store, what goes out goes through match or release
// and is in the ledger, and every act has a user who opened the node with a
// passphrase of their own.
//
// The package must never send anything by itself: it queues what match and
// release hand it, and a courier carries that.
//
//	n, err := node.Open(ctx, node.Options{Home: "north", User: "amira", Passphrase: secret})
//	defer n.Close()
//	sum, err := n.Triage(ctx, evidence, nil)
//
// Any number of commands may have the same folder open beside a running
// server; the store keeps them apart.
package node
