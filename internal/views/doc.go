// Package views says how the things of a node are written as JSON: a match, a
// release, a warning, a place in evidence. What 'parley --json' prints and what
// the API answers is the same, because both are made here.
//
// A view is for our own people. It must hold nothing that stays with the desk or
// the channel alone: no key, no map of ids, no secret of a run. Nothing here
// sends or changes anything.
//
// [Node] is what the command line asks of a node, and [Here] gives it for one
// whose store is open in this process; package remote gives it for one that is
// served elsewhere.
//
//	n := views.Here(opened, time.Now)
//	m, err := n.Match(ctx, 1)
package views
