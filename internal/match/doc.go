// Package match finds out which selectors two parties both hold, and nothing
// else, under terms that both accepted first.
//
// One side proposes Terms (kinds, purpose, permitted uses, largest sets, what is
// learnt, how often and until when), the other accepts, counters or declines. A
// run then has two phases over one stream: the count, from which both learn only
// how many they share, and the overlap, from which each learns which of its
// own. The mathematics is package psi's; what each message gives away stands in
// docs/protocol/match.md.
//
// The package keeps every step in the store, together with the message that
// the step causes, so that a run goes on where it was after any crash. It must
// never let a run depart from its terms, never let a counterpart ask about more
// than its budget, never offer a selector that a
// counterpart gave us (the third-party rule), and never keep a run's secret
// longer than the run.
//
//	id, err := engine.Propose(ctx, tx, "amira", south, match.Offer{Kinds: kinds, Purpose: "threat to life"})
//	…
//	err = engine.Start(ctx, "amira", id) // once the other side has accepted
package match
