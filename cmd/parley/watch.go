package main

import (
	"errors"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/store"
	"parley/internal/views"
)

func (a *app) watchCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "watch",
		Short: "Selectors that somebody must be told about",
		Long: `A watched selector raises a warning as soon as it stands in evidence, in a
report or in what a counterpart hands over, whichever comes first. Our own
lists are no news to anybody and raise none.`,
	}
	c.AddCommand(a.watchAddCommand(), a.watchRemoveCommand(), a.watchListCommand())
	return c
}

func (a *app) watchAddCommand() *cobra.Command {
	var (
		file  string
		lists listFlags
		w     store.Watch
	)
	c := &cobra.Command{
		Use:   "add [SELECTOR]",
		Short: "Put a selector, or a list of them, on the watch list",
		Example: `  parley watch add email:desk@hall.example --recipient "the hall's security desk" --imminent
  parley watch add --file watchlist.csv --dry-run`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if (len(args) == 1) == (file != "") {
				return usageError{errors.New("give one selector, or --file with a list")}
			}
			opt, err := lists.options(a)
			if err != nil {
				return err
			}
			if file != "" {
				return a.withNode(c.Context(), func(n *node.Node) error { return a.watchFile(c, n, file, opt) })
			}
			return a.drive(c.Context(), func(n views.Node) error {
				if w.Selector, err = n.Selector(c.Context(), args[0]); err != nil {
					return badInput{err}
				}
				raised, err := n.Watch(c.Context(), w)
				if err != nil {
					return err
				}
				return a.printWatched(node.Watched{Watched: 1, Raised: raised})
			})
		},
	}
	f := c.Flags()
	f.StringVar(&file, "file", "", "a list of them: one a line, or a table with columns such as kind, value, note, imminent, recipient; - for standard input")
	f.StringVar(&w.Note, "note", "", "why it is watched")
	f.StringVar(&w.Recipient, "recipient", "", "who must be told")
	f.BoolVar(&w.Imminent, "imminent", false, "a hit is about imminent danger: the short clock")
	lists.add(c)
	return c
}

func (a *app) watchFile(c *cobra.Command, n *node.Node, file string, opt node.ImportOptions) error {
	bar := a.progress()
	opt.Progress = bar.importing
	got, err := n.WatchList(c.Context(), file, opt)
	bar.end()
	if err != nil {
		return asInput(err)
	}
	return a.printWatched(got)
}

func (a *app) printWatched(got node.Watched) error {
	return a.print(got, func() {
		if got.DryRun {
			a.say("%d would be on the watch list", got.Watched)
		} else {
			a.say("%d on the watch list, %d warnings raised", got.Watched, got.Raised)
		}
		a.sayList(got.DryRun, got.Kinds, got.Layout, got.Skipped, got.LeftOut)
	})
}

func (a *app) watchRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use: "remove SELECTOR", Short: "Take a selector off the watch list", Example: "  parley watch remove email:desk@hall.example", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.drive(c.Context(), func(n views.Node) error {
				sel, err := n.Selector(c.Context(), args[0])
				if err != nil {
					return badInput{err}
				}
				if err := n.Unwatch(c.Context(), sel); err != nil {
					return err
				}
				return a.print(sel, func() { a.say("%s is not watched any more", plain(sel.String())) })
			})
		},
	}
}

func (a *app) watchListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "Show the watch list", Example: "  parley watch list", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.drive(c.Context(), func(n views.Node) error {
				all, err := n.Watches(c.Context())
				if err != nil {
					return err
				}
				var rows [][]string
				for _, w := range all {
					rows = append(rows, []string{w.Selector, yes(w.Imminent), w.Recipient, w.Note, w.Owner})
				}
				return a.print(all, func() {
					a.table("nothing is watched", []string{"selector", "imminent", "tell", "note", "owner"}, rows)
				})
			})
		},
	}
}
