package main

import (
	"errors"

	"github.com/spf13/cobra"

	"parley/internal/release"
	"parley/internal/views"
)

func (a *app) releaseClearCommand() *cobra.Command {
	var rules []string
	var reason string
	c := &cobra.Command{
		Use: "clear RELEASE", Short: "Clear a checked draft of somebody else's",
		Long: `Clear is the second person's word for exactly these bytes. Where a rule that
reads words is mistaken, --override lets what it found stand, for a reason that
is kept in the ledger. The form of the tearline and the ids of what stays here
are overruled by nobody.`,
		Example: `  parley --user bilal release clear R1
  parley --user bilal release clear R1 --override time --reason "the hour is in the public programme"`,
		Args: cobra.ExactArgs(1),
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		id, err := number("R", args[0])
		if err != nil {
			return err
		}
		if (len(rules) > 0) != (reason != "") {
			return usageError{errors.New("--override and --reason go together: which rule is mistaken, and why")}
		}
		var over []release.Overruling
		for _, rule := range rules {
			over = append(over, release.Overruling{Rule: rule, Why: reason})
		}
		return a.drive(c.Context(), func(n views.Node) error {
			if err := n.ClearRelease(c.Context(), id, over...); err != nil {
				return err
			}
			return a.sayRelease(c.Context(), n, id)
		})
	}
	c.Flags().StringSliceVar(&rules, "override", nil, "rule whose findings are no leak here, such as time")
	c.Flags().StringVar(&reason, "reason", "", "why they are none")
	return c
}
