package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/selector"
)

func (a *app) budgetCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "budget",
		Short: "How much a counterpart may ask about in matches",
		Long: `A counterpart can put guesses into its set, and nobody sees them. So each may
ask about so many selectors of a kind in so many days, whether or not they
match. A match is charged with the largest set that its terms allow them, under
each kind that they name, until their true number is known.`,
	}
	c.AddCommand(a.budgetListCommand(), a.budgetSetCommand(), a.budgetResetCommand())
	return c
}

func (a *app) budgetListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "Show what each counterpart may ask about, and has", Example: "  parley budget list", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error { return a.sayBudgets(c, n) })
		},
	}
}

func (a *app) sayBudgets(c *cobra.Command, n *node.Node) error {
	all, err := n.Budgets(c.Context())
	if err != nil {
		return err
	}
	if all == nil {
		all = []node.Budget{}
	}
	var rows [][]string
	for _, b := range all {
		for _, k := range b.Kinds {
			how := "usual"
			if k.Set {
				how = "set"
			}
			if selector.SpaceOf(k.Kind).Low {
				how += ", few values"
			}
			rows = append(rows, []string{b.Counterpart, string(k.Kind), fmt.Sprint(k.Items), fmt.Sprint(k.Days), fmt.Sprint(k.Used), how})
		}
	}
	return a.print(all, func() {
		a.table("no counterparts: add one with 'parley counterpart add'", []string{"counterpart", "kind", "may ask about", "in days", "has", ""}, rows)
	})
}

// budgetFlags name a line of the budget.
type budgetFlags struct {
	to, kind string
	everyone bool
}

func (f *budgetFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.to, "to", "", "the counterpart")
	c.Flags().BoolVar(&f.everyone, "everyone", false, "every counterpart that has no line of its own")
	c.Flags().StringVar(&f.kind, "kind", "", "the kind of selector")
	must(c.MarkFlagRequired("kind"))
}

func (f *budgetFlags) check() error {
	if (f.to == "") != f.everyone {
		return usageError{errors.New("say whose budget: --to with a counterpart, or --everyone")}
	}
	return nil
}

func (a *app) budgetSetCommand() *cobra.Command {
	var (
		f           budgetFlags
		items, days int
	)
	c := &cobra.Command{
		Use: "set --to NAME --kind KIND --items N", Short: "Set how many selectors of a kind may be asked about",
		Example: `  parley budget set --to South --kind phone --items 500 --days 30
  parley budget set --everyone --kind email --items 20000`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			return a.withNode(c.Context(), func(n *node.Node) error {
				if err := n.SetBudget(c.Context(), f.to, selector.Kind(f.kind), items, days); err != nil {
					return err
				}
				return a.sayBudgets(c, n)
			})
		},
	}
	f.add(c)
	c.Flags().IntVar(&items, "items", 0, "how many; 0 allows none")
	c.Flags().IntVar(&days, "days", 30, "in how many days")
	must(c.MarkFlagRequired("items"))
	return c
}

func (a *app) budgetResetCommand() *cobra.Command {
	var f budgetFlags
	c := &cobra.Command{
		Use: "reset --to NAME --kind KIND", Short: "Take away what was set, so that the usual holds",
		Example: "  parley budget reset --to South --kind phone", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			return a.withNode(c.Context(), func(n *node.Node) error {
				if err := n.ResetBudget(c.Context(), f.to, selector.Kind(f.kind)); err != nil {
					return err
				}
				return a.sayBudgets(c, n)
			})
		},
	}
	f.add(c)
	return c
}
