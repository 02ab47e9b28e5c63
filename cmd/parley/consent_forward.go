package main

import (
	"time"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/views"
)

func (a *app) consentForwardCommand() *cobra.Command {
	var q release.Question
	c := &cobra.Command{
		Use: "forward ASK", Short: "Ask whoever gave it to you, before you consent",
		Long: `Forward is for an ask about what you had from somebody else, with its consent:
you cannot consent to that alone. It asks whoever gave it, in your words, and
says nothing of who asked you. Once everybody has said yes, a releaser of yours
answers with 'parley consent answer'.`,
		Example: `  parley consent forward Q1 --purpose "It may be found there." --category "a rescue service"`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("Q", args[0])
			if err != nil {
				return err
			}
			return a.withNode(c.Context(), func(n *node.Node) error {
				if err := n.ForwardConsent(c.Context(), id, q); err != nil {
					return err
				}
				return a.sayConsent(c, views.Here(n, time.Now), args[0])
			})
		},
	}
	questionFlags(c, &q)
	must(c.MarkFlagRequired("category"))
	return c
}
