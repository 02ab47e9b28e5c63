// Package taxii serves and reads threat intelligence over TAXII 2.1 (OASIS Standard, 10 June 2021).
//
// A [Server] is an http.Handler over a [Backend], which says what there is, who may see it, and where
// it is kept. [Memory] is a backend that keeps everything in memory, for tests and small
// installations:
//
//	memory, err := taxii.NewMemory(taxii.MemoryOptions{
//		Title: "Example exchange",
//		Roots: []taxii.MemoryRoot{{
//			Path: "api1", Title: "Trust group",
//			Collections: []taxii.Collection{{ID: id, Title: "Indicators", CanRead: true, CanWrite: true}},
//		}},
//	})
//	server, err := taxii.NewServer(memory, taxii.ServerOptions{Authenticator: credentials})
//	err = http.ListenAndServeTLS(":443", "cert.pem", "key.pem", server)
//
// A [Client] reads and writes any TAXII 2.1 server:
//
//	client, err := taxii.NewClient("https://taxii.example.com", taxii.ClientOptions{
//		Authorize: taxii.BasicAuth("north", password),
//	})
//	feed := client.Feed("/api1/", id)
//	for page, err := range feed.Pages(ctx, taxii.Filter{}, bookmark) {
//		…                        // store page.Items
//		bookmark = page.Bookmark // and this with them: reading goes on from here
//	}
//
// What is stored in a collection stands in the order in which it was added, and every version of an
// object has its own moment of being added, to the microsecond, later than that of any other before
// it. That moment is what pages are cut by, so both ways of paging that the standard allows give every
// object once, also while others are added.
//
// An envelope that is posted is applied whole or not at all: a broken one leaves nothing behind.
// Inside a whole one each object stands for itself, and the status says what became of it. Objects
// are kept byte for byte.
//
// Input is hostile on both sides: sizes, counts, times and numbers of pages are bounded, JSON that
// is not I-JSON is refused, secrets are compared in constant time, and a client sends its credentials
// to no host but the one it was told of.
//
// The package must never write an object, a secret or a query to a log, follow a reference inside an
// object, or decide who may see what: that is the [Backend]'s.
package taxii
