// Package psi lets two parties find out what they both hold, and nothing else.
//
// It offers two private set intersections over the ristretto255 group
// (RFC 9496), to be run one after the other or alone:
//
//   - count ([CountParty]): each side learns how many items both hold. The
//     protocol is PSI-CA of De Cristofaro, Gasti and Tsudik (CANS 2012), safe
//     against a counterpart that follows it and is curious;
//   - overlap ([OverlapParty]): each side learns which of its own items the
//     other holds. It is the verifiable oblivious PRF of RFC 9497 with proofs
//     that bind every answer to a key fixed beforehand.
//
// Everything a party sends follows from a 32-byte [Seed] and its items, so a
// run that is killed at any moment is repeated bit for bit. A seed serves one
// run with one counterpart. It must never leave the party, and never be used
// for a second set or a second counterpart.
//
// The two parties' calls, for the one who begins (I) and the other (J):
//
//	I: q := party.Query()
//	J: a, err := party.Answer(q, max)
//	I: n, err := party.Count(a)        // or party.Overlap(a, publicKey)
//
// [Run] does all of it, in both directions, over any connection.
//
// The package must never send, log or put into an error an item, a seed or a
// key. It does not protect against a party that lies about its own set, nor
// hide how many items a party has. The messages, byte by byte, and what each
// kind of attacker can and cannot do are in docs/protocol/psi.md.
package psi
