// Package channel is the sealed, forward-secret, deniable link between two nodes.
//
// Two parties swap introductions, compare a spoken fingerprint, and each makes a [Session] from its own
// secrets and the other's introduction. A session seals messages into parcels of a few fixed sizes that look
// like random bytes, and opens the parcels of the other side, each exactly once and in order.
//
//	in, secrets, err := channel.Introduce(rand.Reader, channel.IntroduceOptions{From: "North", To: "South", Now: now()})
//	// hand in.MarshalText() to South; get South's file; compare channel.Spoken on both sides
//	session, err := channel.Establish(secrets, theirs)
//	parcels, err := session.Seal(rand.Reader, channel.Message{Kind: "tearline", Body: body})
//	opened, err := peer.Open(parcels[0].Bytes)
//
// [Forge] makes up a whole conversation from one party's keys, and [Transcript.Judge] makes every check of one that a
// judge could make: a genuine one and a forged one pass alike.
//
// What it must never do: sign anything, reuse a key, keep a key that has served, change a session when a
// parcel is refused, or put a secret into an error or a log. It knows no relay, no store and no clock; the caller
// keeps the sealed bytes and the session's state in one transaction, and sends the same bytes again when they
// are lost.
//
// The protocol, its proofs and what each attacker can still do are in docs/protocol/channel.md. Key derivation
// is pinned by testdata/vectors.json.
package channel
