package main

import (
	"fmt"

	"parley/internal/views"

	"github.com/spf13/cobra"
)

func (a *app) reportCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "report",
		Short: "See the reports that the node holds",
		Long: `Report shows what reports there are, with the ids that 'parley release draft' and
'parley export' ask for. Reports come in with 'parley import'.`,
	}
	c.AddCommand(a.reportListCommand())
	return c
}

func (a *app) reportListCommand() *cobra.Command {
	var theirs bool
	c := &cobra.Command{
		Use: "list", Short: "List reports, ours or those of counterparts too", Example: "  parley report list --theirs", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.drive(c.Context(), func(n views.Node) error {
				all, err := n.Reports(c.Context(), theirs)
				if err != nil {
					return err
				}
				return a.print(all, func() {
					var rows [][]string
					for _, r := range all {
						rows = append(rows, []string{string(r.ID), cut(r.Name, 50), when(r.Published), fmt.Sprint(r.Objects), r.From})
					}
					a.table("no reports: import one", []string{"id", "name", "published", "objects", "from"}, rows)
				})
			})
		},
	}
	c.Flags().BoolVar(&theirs, "theirs", false, "those too that counterparts gave us")
	return c
}
