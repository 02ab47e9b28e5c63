package main

import (
	"context"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/views"
)

func (a *app) matchCheckCommand() *cobra.Command {
	c := a.onFurtherRun("check", "parley match check M3 --wait 10m", views.Node.CheckMatch, a.awaitMatch)
	c.Short = "Check what is new here against a counterpart's standing list, and wait for the result"
	c.Long = `Check asks about our selectors that were not checked under these terms, in one
round trip. The first check brings the list's filter, a later one what changed
on it. The check is a run with a number of its own, which 'match show' shows
with where we found each hit.`
	return c
}

func (a *app) matchWatchCommand() *cobra.Command {
	var off bool
	c := a.onMatch("watch", "Have what is new checked against a standing list after each import and triage", "parley match watch M3",
		func(ctx context.Context, n views.Node, id int64) error { return n.WatchMatch(ctx, id, !off) })
	c.Flags().BoolVar(&off, "off", false, "stop it")
	return c
}

// sayStanding says how a standing list stands on our side.
func (a *app) sayStanding(l *node.StandingList) {
	if l == nil {
		return
	}
	switch {
	case l.Holder:
		a.say("  list     ours, generation %d", l.Generation)
		return
	case l.Generation == 0:
		a.say("  list     theirs; the first check brings it")
	default:
		a.say("  list     theirs, generation %d", l.Generation)
	}
	a.say("  to check %d of ours", l.Unchecked)
	if l.WatchedBy != "" {
		a.say("  watched  by %s: what is new is checked after each import and triage", plain(l.WatchedBy))
	}
}
