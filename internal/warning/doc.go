// Package warning keeps the duty to tell somebody: who is watched for, which warnings that raised,
// what was decided on each, by whom, and how long there is left.
//
//	hits := list.Hits(sighted)              // what came in, against the watch list
//	w := hits[0].Warning("report--…")       // a candidate, not yet in anybody's hands
//	err := w.Apply(warning.Event{At: now, Actor: "node", To: warning.Candidate})
//	err = w.Apply(warning.Event{At: now, Actor: "Duty officer", From: warning.Candidate, To: warning.Screened})
//	…
//	for _, d := range w.Clock(now) {        // what is due, and what is overdue
//		fmt.Println(d.Step, d.Due, d.Left, d.Overdue)
//	}
//	warning.Sort(all)                       // life first
//
// A warning changes by [Warning.Apply] alone, which refuses what the state machine does not allow
// and then changes nothing. Every event is in the log, which is hash-chained, so that [Warning.Verify]
// finds an event that was altered or taken out.
//
// What it must never do: end a warning because time went by. Silence is never a waiver: an overdue
// step stays due, and stays on top, until somebody with a name acts. Nothing is delivered whose exact
// text and recipient were not cleared. The package reads no clock, sends nothing and stores nothing.
//
// The test for a warning, the reasons for a waiver and the states follow Intelligence Community
// Directive 191, "Duty to Warn" (21 July 2015). That directive sets no hours; the clocks are ours.
package warning
