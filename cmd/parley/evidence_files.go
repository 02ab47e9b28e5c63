package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/store"
)

type fileRow struct {
	Place   string `json:"place"`
	Size    int64  `json:"size"`
	SHA256  string `json:"sha256,omitempty"`
	Type    string `json:"type,omitempty"`
	Known   bool   `json:"known,omitempty"`
	Problem string `json:"problem,omitempty"`
}

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
			return a.withNode(c.Context(), func(n *node.Node) error {
				all, err := n.Files(c.Context(), id, faulty)
				if err != nil {
					return err
				}
				if known {
					all = slices.DeleteFunc(all, func(f store.File) bool { return !f.Known })
				}
				list := []fileRow{}
				for _, f := range all {
					list = append(list, fileRow{f.Place, f.Size, fmt.Sprintf("%x", f.SHA256), f.Type, f.Known, f.Problem})
				}
				return a.print(list, func() {
					a.table("none", []string{"place", "places", "size", "type", "problem"}, foldedFiles(list))
				})
			})
		},
	}
	c.Flags().BoolVar(&faulty, "faulty", false, "only those that could not be read")
	c.Flags().BoolVar(&known, "known", false, "only those on the list of known files, which were not searched")
	return c
}

// foldedFiles gives a row for each file, however many places its bytes lie in.
func foldedFiles(all []fileRow) (rows [][]string) {
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
