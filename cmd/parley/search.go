package main

import (
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/node"
)

func (a *app) searchCommand() *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use:   "search WORD…",
		Short: "Find what the node holds by a number, a selector or words",
		Long: `Search finds what has a number such as W3 or a STIX id, selectors in any
spelling or by how their normal form begins, and whatever has all of the words:
warnings, matches, releases, evidence, counterparts, STIX objects and, for those
who may read it, lines of the ledger. A word that ends in * is the beginning of
one. Objects that came since are put into the index of words first.`,
		Example: `  parley search +1 202-555-0147
  parley search lamp 'concert*'`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				for behind := int64(1); behind > 0; {
					var err error
					if behind, err = n.IndexWords(c.Context()); err != nil {
						return err
					}
				}
				f, err := n.Search(c.Context(), strings.Join(args, " "), limit)
				if err != nil {
					return err
				}
				return a.print(f, func() { a.showFound(f) })
			})
		},
	}
	c.Flags().IntVar(&limit, "limit", 100, "at most so many")
	return c
}

func (a *app) showFound(f node.Found) {
	var rows [][]string
	for _, one := range f.Answers {
		rows = append(rows, []string{one.What, one.Name, one.Text, one.Where})
	}
	a.table("nothing of it is held here", []string{"what", "number", "says", "where"}, rows)
	if f.More {
		a.say("there is more: --limit")
	}
}
