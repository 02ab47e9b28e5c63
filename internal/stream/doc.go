// Package stream carries what is too large for one message between two nodes:
// chunks in order, both ways at once, for one counterpart and one run.
//
// A receiver gives credit as it uses what came, and a sender makes a chunk only
// when it has credit. So neither side ever holds more than a window of chunks,
// however long the stream is; and since every chunk is made and used in a
// transaction, a stream goes on where it was after any crash of either side.
//
//	err := stream.Open(ctx, tx, stream.Opening{Counterpart: south, Run: run, Window: stream.DefaultWindow})
//	…
//	side, err := stream.Resume(ctx, tx, now, south, run)
//	chunk, err := side.Take(ctx, incoming)            // what the counterpart sent
//	for room, err := side.Room(ctx); room > 0; room-- // what we answer
//		err = side.Send(ctx, next(), false)
//	err = side.Keep(ctx)                              // all of it, or nothing
//
// The package must never hold a chunk in memory beyond a call, give credit for
// what was not used, or let a stream stand before a warning. It knows what no
// chunk means, and no relay. Messages, limits and attackers are in
// docs/protocol/stream.md.
package stream
