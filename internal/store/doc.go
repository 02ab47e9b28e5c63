// Package store keeps everything a node knows in one encrypted database:
// STIX objects with their versions, selectors and where each was found,
// evidence, counterparts, matches, releases, warnings, the outbox, the inbox
// and the ledger.
//
// All of it sits in one file so that a change of state and the parcel that the
// change causes are one transaction (exactly once, whatever is killed). The
// file is encrypted page by page with Adiantum and carries page checksums: a
// stolen disk shows nothing, and a flipped bit is refused rather than read.
//
// What is replaced is gone: freed pages are overwritten, and a change that
// replaces a secret (a channel's state, a match's seed) empties the log of
// writes, as soon as nobody reads from it. Disks that keep old blocks are beyond
// its reach. So is who holds the key and puts a whole older copy of the file, or
// of some of its pages, in its place; the ledger's head, noted elsewhere, and the
// channel's counts show that. A log whose end was damaged loses its last
// changes, whole; it never gives altered ones.
//
// Large things are kept in pieces of a mebibyte: the engine's memory is capped
// at 256 MiB, and it ends the program where that does not suffice.
//
// The store must never decide what may leave a node, and knows nothing of
// STIX, matching or sealing: it keeps bytes and the keys to find them by. It
// imports no other package of Parley but selector.
//
//	s, err := store.Create(ctx, path, key, store.Options{})
//	err = s.Update(ctx, func(tx *store.Tx) error {
//		if err := tx.PutObject(ctx, obj); err != nil {
//			return err
//		}
//		return tx.Record(ctx, store.Entry{Actor: "amira", Action: "import"})
//	})
//
// One process writes at a time and waits for the other (a command beside a
// running server is normal); any number read.
package store
