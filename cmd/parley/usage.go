package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// finish completes the tree of commands. A group refuses a command that it
// does not have, rather than print its help as if all were well; and from the
// moment a command's own work begins, an error is no longer a matter of how
// the command line was written.
func (a *app) finish(c *cobra.Command) {
	for _, sub := range c.Commands() {
		a.finish(sub)
	}
	if c.HasSubCommands() && c.RunE == nil {
		c.Args, c.RunE = noSuchCommand, func(c *cobra.Command, _ []string) error { return c.Help() }
		c.DisableFlagsInUseLine = true
	}
	run := c.RunE
	if run == nil {
		return
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		a.begun = true
		if a.node != "" && reachOf(c) == needsStore {
			return errHere
		}
		return run(c, args)
	}
}

func noSuchCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	for c.SuggestionsMinimumDistance = 1; c.SuggestionsMinimumDistance <= 2; c.SuggestionsMinimumDistance++ {
		if near := c.SuggestionsFor(args[0]); len(near) > 0 {
			return fmt.Errorf("unknown command %q for %q, did you mean %q", args[0], c.CommandPath(), near[0])
		}
	}
	return fmt.Errorf("unknown command %q for %q", args[0], c.CommandPath())
}
