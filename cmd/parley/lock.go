package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/node"
)

func (a *app) lockCommand() *cobra.Command {
	var wait time.Duration
	c := &cobra.Command{
		Use:   "lock",
		Short: "Make a node that is being served give up its keys",
		Long: `Lock ends 'parley serve', with its console and its exchange: it stops, closes
the store, wipes its keys and ends. Serving again needs a passphrase or a key
file.
Lock needs neither, and no user: whoever may write to the data folder may lock.`,
		Example: `  parley --home /var/lib/parley/node lock`,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(c.Context(), wait)
			defer cancel()
			served, err := node.Lock(ctx, a.home)
			if errors.Is(err, context.DeadlineExceeded) {
				return fmt.Errorf("%w: %w", errWaited, err)
			}
			if err != nil {
				return err
			}
			return a.print(map[string]any{"home": a.home, "served": served}, func() {
				if served {
					a.say("The node in %s is locked: it is not served any more, and its keys are wiped.", a.home)
				} else {
					a.say("The node in %s is not being served: there is nothing to lock.", a.home)
				}
			})
		},
	}
	c.Flags().DurationVar(&wait, "wait", 30*time.Second, "how long to wait for it")
	return c
}
