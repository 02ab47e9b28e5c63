package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"parley/internal/node"
)

func (a *app) echoCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "echo",
		Short: "What came back of what you gave",
		Long: `Whatever comes is held against what you gave. What probably repeats it is listed
here, and its claim brings no origin when claims are weighed. You may say that
it is none.`,
	}
	c.AddCommand(a.echoListCommand(), a.echoShowCommand(), a.echoDismissCommand())
	return c
}

func (a *app) echoListCommand() *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use: "list", Short: "List probable echoes, newest first", Example: "  parley echo list", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				all, err := n.Echoes(c.Context(), limit)
				if err != nil {
					return err
				}
				return a.print(all, func() {
					var rows [][]string
					for _, e := range all {
						rows = append(rows, []string{fmt.Sprintf("X%d", e.Number), teller(e), fmt.Sprintf("R%d", e.Release), e.To, fmt.Sprint(e.Words), fmt.Sprint(e.Selectors), when(e.FoundAt), dismissed(e)})
					}
					a.table("nothing that came repeats what you gave", []string{"number", "came from", "repeats", "given to", "words", "selectors", "found", ""}, rows)
				})
			})
		},
	}
	c.Flags().IntVar(&limit, "limit", 50, "at most so many, newest first (0: all)")
	return c
}

// teller says from whom it came.
func teller(e node.Echo) string {
	switch {
	case e.From == "":
		return "our own import"
	case e.Letter != 0:
		return fmt.Sprintf("%s (I%d)", e.From, e.Letter)
	}
	return e.From
}

func dismissed(e node.Echo) string {
	if e.DismissedAt.IsZero() {
		return ""
	}
	return "dismissed by " + e.By
}

func (a *app) echoShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show ECHO", Short: "Show which words are the same", Example: "  parley echo show X1", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("X", args[0])
			if err != nil {
				return err
			}
			return a.withNode(c.Context(), func(n *node.Node) error { return a.sayEcho(c, n, id) })
		},
	}
}

func (a *app) sayEcho(c *cobra.Command, n *node.Node, id int64) error {
	e, err := n.Echo(c.Context(), id)
	if err != nil {
		return err
	}
	return a.print(e, func() {
		a.say("X%d: %s from %s probably repeats R%d, which went to %s", e.Number, e.Object, plain(teller(e)), e.Release, plain(e.To))
		a.say("  %d words in runs, %d selectors that no match had shown", e.Words, e.Selectors)
		for _, run := range e.Runs {
			a.say("  same words: %s", plain(run))
		}
		if e.Claim != "" && e.DismissedAt.IsZero() {
			a.say("  its claim %s brings no origin", e.Claim)
		}
		if !e.DismissedAt.IsZero() {
			a.say("  dismissed by %s %s: %s", plain(e.By), when(e.DismissedAt), plain(e.Reason))
		}
	})
}

func (a *app) echoDismissCommand() *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use: "dismiss ECHO", Short: "Say that it is none: its claim counts again", Example: `  parley echo dismiss X1 --reason "They heard it from the hall itself."`, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("X", args[0])
			if err != nil {
				return err
			}
			return a.withNode(c.Context(), func(n *node.Node) error {
				if err := n.DismissEcho(c.Context(), id, reason); err != nil {
					return err
				}
				return a.sayEcho(c, n, id)
			})
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why")
	must(c.MarkFlagRequired("reason"))
	return c
}
