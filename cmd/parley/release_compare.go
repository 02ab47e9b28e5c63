package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"parley/internal/release"
	"parley/internal/views"
	"parley/stix"
)

func (a *app) releaseCompareCommand() *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use: "compare REPORT", Short: "Lay what several counterparts were given of a report side by side",
		Long: `Compare shows the releases of one report in columns: label, use, words, source
descriptor, objects, properties and selectors. Where they differ, a line is
marked. Below stands what two of them say to somebody who has both and neither
says alone: two descriptions of one source, times and places that narrow each
other down, more selectors than either has. It is for the people who clear
releases, and is never sent.`,
		Example: "  parley release compare report--5c498aa4-8a4b-4a5e-9f3a-2f0c0f6f1d11", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := stix.ParseID(args[0])
			if err != nil {
				return usageError{err}
			}
			return a.drive(c.Context(), func(n views.Node) error {
				b, err := n.CompareReleases(c.Context(), id)
				if err != nil {
					return err
				}
				return a.sayBeside(b, all)
			})
		},
	}
	c.Flags().BoolVar(&all, "all", false, "the lines in which they do not differ, too")
	return c
}

func (a *app) sayBeside(b release.Beside, all bool) error {
	return a.print(b, func() {
		head := []string{"", "what"}
		for _, v := range b.Versions {
			head = append(head, fmt.Sprintf("R%d %s", v.Release, v.To))
		}
		var rows [][]string
		alike := 0
		for _, r := range b.Rows {
			if !r.Differs && !all {
				alike++
				continue
			}
			rows = append(rows, besideRow(r))
		}
		a.table("nothing was released of it in two ways", head, rows)
		if alike > 0 {
			a.say("%d more lines in which they do not differ (--all)", alike)
		}
		for _, t := range b.Together {
			a.say("TOGETHER  R%d and R%d, %s and %s, %s: %s", t.Releases[0], t.Releases[1], plain(t.To[0]), plain(t.To[1]), t.What, plain(t.Why))
		}
	})
}

func besideRow(r release.BesideRow) []string {
	const most = 40
	mark, what := "", r.Type
	if r.Differs {
		mark = "≠"
	}
	if r.Object != "" {
		what = string(r.Object)
	}
	if r.Path != "" {
		what += " " + r.Path
	}
	row := []string{mark, what}
	for _, v := range r.Values {
		if v == "" {
			v = "–"
		}
		row = append(row, cut(v, most))
	}
	return row
}
