// Package assess weighs what a party has been told: who says what, through whom, from which origin,
// graded how, denied by whom, counted by whom. It answers with values and never with a verdict.
//
// Claims, judgements and sources are ordinary STIX 2.1 notes and identities that carry
// property-extensions ([Extensions]; the formats are in docs/formats/claims.md). They are written
// with [Claim.Note], [Judgement.Note] and [Source.Identity] and weighed together:
//
//	assessments, faults := assess.Weigh(objects, assess.Options{})
//	for _, a := range assessments {
//		fmt.Println(a.Text, a.Status, a.Origins(), a.Repeats) // … unconfirmed 1–2 independent origins 1
//		fmt.Println(a.Reasons)                               // which rule decided, with which claims
//	}
//	counts, _ := assess.Counts(objects)
//
// What it must never do: average grades, multiply a letter by a figure, put a middle value in the
// place of an unknown one, let a repetition count as a second source, let a denial by an interested
// party move a status, or put counts of different things on one axis. An object at fault is left out
// whole and named in a [Fault]; the others are weighed. The result depends on the set of objects
// alone, not on their order.
//
// All functions are pure: no clock, no database, no network.
package assess
