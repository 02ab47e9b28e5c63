package main

import (
	"fmt"
	"slices"

	"parley/internal/views"

	"github.com/spf13/cobra"
)

func (a *app) evidenceFilesCommand() *cobra.Command {
	var faulty, known bool
	c := &cobra.Command{
		Use: "files EVIDENCE", Short: "List the files in evidence, or those that could not be read",
		Long: `Files lists what is in evidence. A file whose bytes lie in several places stands
there once, with the first of them and how many there are; --json has them all.`,
		Example: "  parley evidence files E1 --faulty", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("E", args[0])
			if err != nil {
				return err
			}
			return a.drive(c.Context(), func(n views.Node) error {
				all, err := n.Files(c.Context(), id, faulty)
				if err != nil {
					return err
				}
				if known {
					all = slices.DeleteFunc(all, func(f views.File) bool { return !f.Known })
				}
				return a.print(all, func() {
					a.table("none", []string{"place", "places", "size", "type", "problem"}, foldedFiles(all))
				})
			})
		},
	}
	c.Flags().BoolVar(&faulty, "faulty", false, "only those that could not be read")
	c.Flags().BoolVar(&known, "known", false, "only those on the list of known files, which were not searched")
	return c
}

// foldedFiles gives a row for each file, however many places its bytes lie in.
func foldedFiles(all []views.File) (rows [][]string) {
	places := map[string]int{}
	for _, f := range all {
		if f.Problem == "" {
			places[f.SHA256]++
		}
	}
	for _, f := range all {
		count := places[f.SHA256]
		if f.Problem == "" && count == 0 {
			continue // it stands there already
		}
		if f.Problem != "" {
			count = 1
		} else {
			places[f.SHA256] = 0
		}
		typ := f.Type
		if f.Known {
			typ += ", known"
		}
		rows = append(rows, []string{f.Place, fmt.Sprint(count), size(f.Size), typ, f.Problem})
	}
	return rows
}
