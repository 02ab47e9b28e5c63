package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/store"
)

func (a *app) importCommand() *cobra.Command {
	var note string
	c := &cobra.Command{
		Use:   "import FILE...",
		Short: "Bring in a STIX bundle, a list of selectors, or evidence",
		Long: `Import reads a file by what it is. A STIX 2.1 bundle (.json) becomes objects, a
.csv or .txt file a list of selectors, and anything else, a folder included,
is registered as evidence with its hash: then run 'parley triage' on it.
A file with a fault is refused as a whole, with the place of the fault.`,
		Example: `  parley import report.json
  parley import watch.csv
  parley import phone.zip --note "seized at the station, bag 3"`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				all := []node.Imported{}
				for _, path := range args {
					got, err := n.Import(c.Context(), path, note)
					if err != nil {
						return asInput(err)
					}
					all = append(all, got)
					if !a.asJSON {
						a.sayImported(path, got)
					}
				}
				return a.print(all, func() {})
			})
		},
	}
	c.Flags().StringVar(&note, "note", "", "where evidence comes from, for its chain of custody")
	return c
}

// asInput marks an error about a file's contents, unless it is of a kind that
// has an exit code of its own.
func asInput(err error) error {
	if err == nil || exitCode(err) != exitFailed || errors.Is(err, store.ErrExists) {
		return err
	}
	return badInput{err}
}

func (a *app) sayImported(path string, got node.Imported) {
	switch got.Kind {
	case "bundle":
		a.say("%s: %d objects with %d selectors kept, %d known before", plain(path), got.Objects, got.Selectors, got.Known)
		if got.Raised > 0 {
			a.say("  %d warnings raised: parley warning list", got.Raised)
		}
	case "list":
		a.say("%s: %d selectors kept", plain(path), got.Selectors)
	default:
		a.say("%s: evidence E%d, %s, SHA-256 %s", plain(path), got.Evidence, size(got.Size), got.SHA256)
		a.say("next: parley triage E%d", got.Evidence)
	}
}

func (a *app) selectorsCommand() *cobra.Command {
	var (
		kinds    []string
		evidence string
	)
	c := &cobra.Command{
		Use:   "selectors [SELECTOR]",
		Short: "List the selectors held, or where one was found",
		Example: `  parley selectors --kind phone
  parley selectors +12025550147`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				if len(args) == 1 {
					return a.showFindings(c.Context(), n, args[0])
				}
				scope, err := scopeOf(kinds, evidence)
				if err != nil {
					return err
				}
				all, err := n.Selectors(c.Context(), scope)
				if err != nil {
					return err
				}
				return a.print(tallies(all), func() {
					var rows [][]string
					for _, t := range all {
						rows = append(rows, []string{string(t.Selector.Kind), t.Selector.Value, fmt.Sprint(t.Findings)})
					}
					a.table("no selectors: import a list or triage evidence", []string{"kind", "value", "findings"}, rows)
				})
			})
		},
	}
	c.Flags().StringSliceVar(&kinds, "kind", nil, "only these kinds")
	c.Flags().StringVar(&evidence, "evidence", "", "only those found in this evidence, such as E1")
	return c
}
