// Package psi lets two parties find out what they both hold, and nothing else.
//
// It offers three things over the ristretto255 group (RFC 9496):
//
//   - overlap ([Overlap]): who learns, one side or both, learns which of its
//     own items the other holds, with a payload if the other attached one. It
//     is the verifiable oblivious PRF of RFC 9497, chunk by chunk, over sets
//     that both sides commit to beforehand, safe against a counterpart that
//     cheats. [Run] does all of it over any connection;
//   - count ([CountParty]): how many items both hold. The protocol is PSI-CA
//     of De Cristofaro, Gasti and Tsudik (CANS 2012), safe against a
//     counterpart that follows it and is curious;
//   - a standing list ([ListKey], [Filter], [Check]): one side keeps a large
//     list, the other a filter of it that tells nothing by itself, and checks
//     a few items in one round trip.
//
// Sets come from a [Source] and need not be in memory. A set can be padded with
// decoys, so that the other side sees a size that was agreed on. The two
// parties' calls in an overlap, for the one who begins (I) and the other (J):
//
//	I: message, err := overlap.Begin()
//	J: turn, err := overlap.Next(ctx, message)
//	I: turn, err := overlap.Next(ctx, turn.Message)
//
// and so on until turn.Done, with each turn.Matches on the way.
//
// Everything a party sends follows from a 32-byte [Seed], its items and what
// it was sent, so a run that is killed at any moment is repeated bit for bit
// ([ResumeOverlap]). A seed serves one run with one counterpart. It must never
// leave the party, and never be used for a second set or a second counterpart.
//
// The package must never send, log or put into an error an item, a seed or a
// key. It does not protect against a party that lies about its own set. The
// messages, byte by byte, and what each kind of attacker can and cannot do are
// in docs/protocol/psi.md.
package psi
