package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/store"
	"parley/selector"
)

func scopeOf(kinds []string, evidence string) (store.Scope, error) {
	var scope store.Scope
	var err error
	if scope.Kinds, err = kindsOf(kinds); err != nil {
		return scope, err
	}
	if evidence != "" {
		scope.Evidence, err = number("E", evidence)
	}
	return scope, err
}

// kindsOf reads kinds of selectors as they are given on the command line.
func kindsOf(names []string) ([]selector.Kind, error) {
	var kinds []selector.Kind
	for _, name := range names {
		if !slices.Contains(selector.Kinds(), selector.Kind(name)) {
			return nil, usageError{fmt.Errorf("no kind of selector is called %q: there are %v", name, selector.Kinds())}
		}
		kinds = append(kinds, selector.Kind(name))
	}
	return kinds, nil
}

type tally struct {
	selector.Selector
	Findings int64 `json:"findings"`
}

func tallies(all []store.Tally) []tally {
	list := make([]tally, len(all))
	for i, t := range all {
		list[i] = tally{t.Selector, t.Findings}
	}
	return list
}

type findingRow struct {
	Number   int64             `json:"number"`
	Selector selector.Selector `json:"selector"`
	Source   string            `json:"source"` // E1, or the list or bundle
	Place    string            `json:"place"`
	Raw      string            `json:"raw"`
	Context  string            `json:"context"`
	Stale    bool              `json:"withdrawn,omitempty"` // by whoever gave it
}

func findingRows(found []store.Finding) []findingRow {
	rows := make([]findingRow, len(found))
	for i, f := range found {
		from := f.List
		if f.Evidence != 0 {
			from = fmt.Sprintf("E%d", f.Evidence)
		}
		rows[i] = findingRow{f.ID, f.Selector, from, f.Place, f.Raw, f.Context, f.Stale}
	}
	return rows
}

func (a *app) showFindings(ctx context.Context, n *node.Node, text string) error {
	sel, err := n.Selector(text)
	if err != nil {
		return badInput{err}
	}
	found, err := n.Findings(ctx, sel)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return fmt.Errorf("selector %s: %w", sel, store.ErrNotFound)
	}
	list := findingRows(found)
	return a.print(list, func() {
		var rows [][]string
		for _, f := range list {
			from := f.Source
			if f.Stale {
				from += " (withdrawn)"
			}
			rows = append(rows, []string{fmt.Sprintf("F%d", f.Number), from, f.Raw, f.Place})
		}
		a.say("%s", plain(sel.String()))
		a.table("", []string{"finding", "source", "written", "place"}, rows)
	})
}

func (a *app) evidenceCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "evidence",
		Short: "What was acquired, and what is in it",
		Long: `Evidence is registered by 'parley import' with its hash and who brought it in,
and opened by 'parley triage'. The bytes stay where they are: a finding is shown
by opening its place again, so what you see is what is there.`,
	}
	c.AddCommand(a.evidenceListCommand(), a.evidenceShowCommand(), a.evidenceArtifactsCommand(), a.evidenceFilesCommand())
	return c
}

type evidenceRow struct {
	Number     int64           `json:"number"`
	Name       string          `json:"name"`
	Path       string          `json:"path"`
	SHA256     string          `json:"sha256"`
	Size       int64           `json:"size"`
	Operator   string          `json:"operator"`
	Note       string          `json:"note,omitempty"`
	ImportedAt time.Time       `json:"imported_at"`
	TriagedAt  time.Time       `json:"triaged_at,omitzero"`
	Summary    json.RawMessage `json:"summary,omitempty"`
}

func (a *app) evidenceListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List evidence with its chain of custody", Example: "  parley evidence list", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				all, err := n.Evidence(c.Context())
				if err != nil {
					return err
				}
				list := []evidenceRow{}
				var rows [][]string
				for _, e := range all {
					list = append(list, evidenceRow{e.ID, e.Name, e.Path, fmt.Sprintf("%x", e.SHA256), e.Size, e.Operator, e.Note, e.ImportedAt, e.TriagedAt, e.Summary})
					rows = append(rows, []string{fmt.Sprintf("E%d", e.ID), e.Name, size(e.Size), e.Operator, when(e.ImportedAt), when(e.TriagedAt), fmt.Sprintf("%.8x…", e.SHA256)})
				}
				return a.print(list, func() {
					a.table("no evidence: import some first", []string{"evidence", "name", "size", "operator", "imported", "triaged", "sha-256"}, rows)
				})
			})
		},
	}
}

func (a *app) evidenceFilesCommand() *cobra.Command {
	var faulty bool
	c := &cobra.Command{
		Use: "files EVIDENCE", Short: "List the files in evidence, or those that could not be read",
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
				type fileRow struct {
					Place   string `json:"place"`
					Size    int64  `json:"size"`
					SHA256  string `json:"sha256,omitempty"`
					Type    string `json:"type,omitempty"`
					Problem string `json:"problem,omitempty"`
				}
				list := []fileRow{}
				var rows [][]string
				for _, f := range all {
					list = append(list, fileRow{f.Place, f.Size, fmt.Sprintf("%x", f.SHA256), f.Type, f.Problem})
					rows = append(rows, []string{f.Place, size(f.Size), f.Type, f.Problem})
				}
				return a.print(list, func() { a.table("none", []string{"place", "size", "type", "problem"}, rows) })
			})
		},
	}
	c.Flags().BoolVar(&faulty, "faulty", false, "only those that could not be read")
	return c
}
