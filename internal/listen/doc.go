// Package listen serves a handler on one address, with the limits that a server
// open to strangers needs, and stops it in good order.
//
// An address that is not the machine's own needs a certificate. Without one
// nothing is served there, so that nobody reads along by oversight.
//
//	s, err := listen.Start(ctx, handler, listen.Options{What: "the console", Addr: "127.0.0.1:8440"})
//	fmt.Println(s.URL())
//	err = s.Wait()
//
// The package must never keep a log of who came, or know what is served.
package listen
