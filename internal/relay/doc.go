// Package relay keeps sealed parcels for people it does not know.
//
// A relay is the go-between two nodes meet at. It holds mailboxes: places named by a hash, each
// opened by two bearer secrets, one to write and one to read. It keeps a parcel until the reader
// removes it or it grows old. There are no accounts: a mailbox exists because somebody who knows its
// secrets uses it, and the relay can check that from the name alone. The requests and answers are
// written down in docs/protocol/relay.md.
//
// The package knows bytes and nothing else. It must never import another package of Parley, read a
// parcel, put a secret in a URL, or write an address, a secret or a client's network address to a
// log. A put is answered only when the parcel is on the disk.
//
// Running one:
//
//	r, err := relay.Open(ctx, relay.Options{Dir: "relay-data"})
//	defer r.Close()
//	s, err := r.Listen(ctx, "127.0.0.1:7443", relay.TLSOptions{})
//	fmt.Println(s.Address()) // https://127.0.0.1:7443#<pin>
//	err = s.Wait()           // returns when ctx is done and the last answer is out
//
// Using one:
//
//	c, err := relay.NewClient(address, relay.ClientOptions{})
//	err = c.Put(ctx, mailbox, id, parcel)
//	parcels, err := c.Fetch(ctx, mailbox, "", time.Minute)
//	err = c.Remove(ctx, mailbox, parcels[len(parcels)-1].Cursor)
//
// Several takes the same calls for independent relays that stand in for each other.
//
// With Options.Cluster it is one of three replicas, which together are one relay: they share its key,
// and a put is answered when two of them have it on disk (cluster, follow).
//
// With Options.Tokens a mailbox takes parcels only after its reader has opened it with a blind token, which
// who has an Allowance gets; the relay cannot tell which token came of which (token, opening, wallet).
//
// Inside: an embedded JetStream server keeps the parcels in one append-only stream on disk
// (journal), an index in memory says which of them lie in which mailbox (index), and cursors given
// to readers are sealed so that they say nothing of the other mailboxes (cursor).
package relay
