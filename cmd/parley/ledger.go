package main

import (
	"fmt"
	"strings"

	"parley/internal/views"

	"github.com/spf13/cobra"
)

func (a *app) ledgerCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "ledger",
		Short: "The chained record of everything that crossed the boundary",
		Long: `Every act is a line of the ledger, written in one transaction with the act
itself, and each line carries the hash of the one before. Nothing in it says
more than a match or a release already disclosed.`,
	}
	c.AddCommand(a.ledgerListCommand(), a.ledgerVerifyCommand())
	return c
}

func (a *app) ledgerListCommand() *cobra.Command {
	var from int64
	var limit int
	c := &cobra.Command{
		Use: "list", Short: "Read the ledger", Example: "  parley ledger list --from 20", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.drive(c.Context(), func(n views.Node) error {
				all, err := n.Ledger(c.Context(), from, limit)
				if err != nil {
					return err
				}
				var rows [][]string
				for _, e := range all {
					rows = append(rows, []string{fmt.Sprint(e.Seq), when(e.At), strings.TrimSpace(e.Actor + " " + e.Through), e.Action, cut(e.Subject, 40), e.Counterpart, fmt.Sprintf("%.8s", e.Hash)})
				}
				return a.print(all, func() {
					a.table("the ledger is empty", []string{"entry", "time", "who", "what", "on", "counterpart", "hash"}, rows)
				})
			})
		},
	}
	c.Flags().Int64Var(&from, "from", 1, "first entry")
	c.Flags().IntVar(&limit, "limit", 0, "at most so many (0: all)")
	return c
}

func (a *app) ledgerVerifyCommand() *cobra.Command {
	var known string
	c := &cobra.Command{
		Use:   "verify",
		Short: "Walk the chain; exit code 6 when it is broken",
		Long: `Verify walks the whole chain. It also prints the head's hash: note that down
elsewhere, and give it with --contains later, so that a ledger cut short shows.`,
		Example: `  parley ledger verify
  parley ledger verify --contains 3f0c…`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.drive(c.Context(), func(n views.Node) error {
				head, err := n.VerifyLedger(c.Context(), known)
				if err != nil {
					return err
				}
				return a.print(head, func() { a.say("%d entries, chain unbroken, head %s", head.Entries, head.Hash) })
			})
		},
	}
	c.Flags().StringVar(&known, "contains", "", "a head's hash noted down earlier")
	return c
}
