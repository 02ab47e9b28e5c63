// Package intake opens what a person brings in, a file, a folder, an address on
// the web or standard input, and tells by its content what it is.
//
// A [Source] can be read from its beginning as often as needed: what does not lie
// on disk already is kept in a sealed scratch file. Packed content (gzip, zstd)
// is read unpacked.
//
//	s, err := intake.Open(ctx, "https://feeds.example/today.json.gz", opt)
//	defer s.Close()
//	kind, err := s.Kind()
//	r, err := s.Reader(nil)
//
// The package must never fetch anything but the one address that a person named,
// follow it to another host or away from encryption, or let a user's name, a
// password or a query into a name, an error or a log. It applies nothing.
package intake
