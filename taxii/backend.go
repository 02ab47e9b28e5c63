package taxii

import (
	"context"
	"iter"
	"time"

	"parley/stix"
)

// Requester is who sends a request, as an [Authenticator] knows it. The zero Requester is anybody.
type Requester struct {
	Name string
}

// Place is a collection as seen by a client. The [Server] has found that the client may do what it
// asks for there.
type Place struct {
	Requester  Requester
	Root       string // the path of the API root without slashes around it: "api1", "trust/group1" or ""
	Collection string // the id, never the alias
}

// Backend is what a [Server] serves. Its methods are called by many goroutines at once.
//
// A root or a collection that a client must not know of is [ErrNotFound], as is one that is not there.
type Backend interface {
	// Discovery describes the server to a client.
	Discovery(ctx context.Context, who Requester) (Discovery, error)
	// Root describes an API root; Versions and a MaxContentLength of 0 are filled in by the server.
	Root(ctx context.Context, who Requester, root string) (Root, error)
	// Collections gives what the client may know of, with its rights. The server sorts by id.
	Collections(ctx context.Context, who Requester, root string) ([]Collection, error)

	// Page gives the records of a collection that a query means, in ascending order of DateAdded, at
	// most Limit of them, and whether there are more. It should also end after the object that passes
	// Bytes, if that is above 0.
	Page(ctx context.Context, place Place, query Query) (Page, error)

	// Add adds objects, all in one transaction, and gives the status, which it keeps for 24 hours at
	// least after it is complete. If objects yields an error, nothing is kept and that error returned.
	//
	// Each version of an object gets a DateAdded of its own, in whole microseconds, later than every
	// one given before in that collection; and it must not become visible after a later one, or a
	// reader will miss it. An object that is in the collection already, with the same id, version and
	// content, is a success; one with other content is a failure. The version of an object without
	// modified and created times is its DateAdded.
	Add(ctx context.Context, place Place, objects iter.Seq2[Incoming, error]) (Status, error)

	// Delete removes what a query means and says how many versions that were.
	Delete(ctx context.Context, place Place, query Query) (int, error)

	// Status gives the status of a request that this client made to this API root.
	Status(ctx context.Context, who Requester, root, id string) (Status, error)
}

// Incoming is one member of a posted envelope.
type Incoming struct {
	Object stix.Object // zero if Err is set
	Err    error       // why it is no object that can be added

	// ID and Version are what a status calls it by. For a member with an Err they are what could be
	// read of it, or its place in the envelope, and "".
	ID      string
	Version string
}

// Detail makes the member's part of a status.
func (in Incoming) Detail(version, message string) StatusDetail {
	return StatusDetail{ID: in.ID, Version: version, Message: message}
}

// Record is one version of an object in a collection.
type Record struct {
	ID          stix.ID
	Version     stix.Timestamp // modified, else created, else DateAdded
	SpecVersion string         // "2.0" or "2.1"
	DateAdded   time.Time      // UTC, whole microseconds
	Bytes       []byte         // the object as it was received, if the query asks for Content; read only
}

// Page is a part of a collection.
type Page struct {
	Records []Record
	More    bool
}

// versionOf gives the moment that tells versions of an object apart, zero if it has none.
func versionOf(o stix.Object) stix.Timestamp {
	if m := o.Modified(); !m.IsZero() {
		return m
	}
	return o.Created()
}

// addedVersion is the version of an object without times.
func addedVersion(at time.Time) stix.Timestamp { return stix.NewTimestamp(at, 6) }
