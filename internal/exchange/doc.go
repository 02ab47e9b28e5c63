// Package exchange is the door for tools that know nothing of Parley. A
// consumer, which is a counterpart like any other, reads there what was released
// to it, over TAXII 2.1 or as a MISP feed, and puts there what it has for us.
//
// An [Exchange] is a taxii.Backend over the node's store. Each collection
// belongs to one consumer. What stands in it was put there by [Put], which the
// release desk alone calls, or came from that consumer itself. Nothing is ever
// taken from the node's own objects.
//
//	x := exchange.New(st, exchange.Options{Now: time.Now, Rand: rand.Reader})
//	server, err := taxii.NewServer(x, taxii.ServerOptions{Authenticator: x})
//	http.Serve(listener, x.Handler(server))
//
// An envelope is read to its end before anything of it is kept, on disk if it is
// large, and sealed there. It is added some thousand objects at a time, so that
// a warning never waits for a long one.
//
// The package must never read the tables in which the node keeps what it knows,
// show a consumer that another one exists, or let an object into a collection
// that was not cleared for its consumer.
package exchange
