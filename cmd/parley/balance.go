package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/views"
)

func (a *app) balanceCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "balance [COUNTERPART]",
		Short: "What was given, got, asked and answered, each way",
		Long: `Balance counts what went between you and each counterpart, or the one named.
A tearline of theirs was useful if one of your people graded it 1 to 3, or if a
warning rests on it; one of yours, if they asked to pass it on.`,
		Example: `  parley balance
  parley balance South`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			with := ""
			if len(args) == 1 {
				with = args[0]
			}
			return a.drive(c.Context(), func(n views.Node) error {
				all, err := n.Balances(c.Context(), with)
				if err != nil {
					return err
				}
				return a.print(all, func() { a.sayBalances(all) })
			})
		},
	}
}

func (a *app) sayBalances(all []node.Balance) {
	if len(all) == 0 {
		a.say("no counterparts yet")
	}
	for i, b := range all {
		if i > 0 {
			a.say("")
		}
		a.say("with %s", plain(b.With))
		var rows [][]string
		for _, l := range []struct {
			what         string
			ours, theirs int
		}{
			{"tearlines given", b.Ours.Given, b.Theirs.Given},
			{"  useful to the other", b.Ours.Useful, b.Theirs.Useful},
			{"  amended", b.Ours.Amended, b.Theirs.Amended},
			{"  recalled", b.Ours.Recalled, b.Theirs.Recalled},
			{"warnings sent", b.Ours.Warnings, b.Theirs.Warnings},
			{"asked to pass on", b.Ours.Asked, b.Theirs.Asked},
			{"answered the other's asks", b.Ours.Answered, b.Theirs.Answered},
			{"  with a yes", b.Ours.Consented, b.Theirs.Consented},
			{"matches proposed", b.Ours.Matches, b.Theirs.Matches},
			{"echoes of what we gave", b.Ours.Echoes, b.Theirs.Echoes},
		} {
			rows = append(rows, []string{l.what, fmt.Sprintf("%5d", l.ours), fmt.Sprintf("%6d", l.theirs)})
		}
		a.table("", []string{"", " ours", "theirs"}, rows)
	}
}
