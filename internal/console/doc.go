// Package console is a node's web console: pages that its people read in a
// browser, drawn on the node itself, and forms that they act with; and the same
// as JSON for their programs.
//
// It shows what the node's own methods tell, and does what they do, in the name
// and with the rights of whoever is signed in. Everything that came from
// evidence, a feed or a counterpart is shown as text, with hidden characters
// made visible. It must never send anything by itself, load anything from
// elsewhere, or put content into an address, a title or a log: browsers and
// operators keep those.
//
//	s, err := console.Listen(ctx, n, console.Options{}, console.ListenOptions{Addr: "127.0.0.1:8440"})
//	fmt.Println(s.URL())
//	err = s.Wait()
//
// [New] gives the handler alone.
package console
