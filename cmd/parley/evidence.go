package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/store"
	"parley/internal/views"
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

// confidenceOf reads how sure a finding must be at least; empty for all.
func confidenceOf(name string) (selector.Confidence, error) {
	switch c := selector.Confidence(name); c {
	case "", selector.High, selector.Moderate, selector.Low:
		return c, nil
	}
	return "", usageError{fmt.Errorf("nothing is %q sure: there are high, moderate and low", name)}
}

func (a *app) showFindings(ctx context.Context, n views.Node, text string) error {
	sel, err := n.Selector(ctx, text)
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
	return a.print(found, func() {
		a.say("%s", plain(sel.String()))
		a.table("", []string{"first", "places", "source", "confidence", "written", "place"}, foldedFindings(found))
	})
}

// foldedFindings gives a row for each context that a selector stands in, however many
// places have it.
func foldedFindings(found []views.Finding) (rows [][]string) {
	bySource := map[string][]store.Finding{}
	var sources []string
	for _, f := range found {
		from := f.Source
		if f.Stale {
			from += " (withdrawn)"
		}
		if _, known := bySource[from]; !known {
			sources = append(sources, from)
		}
		bySource[from] = append(bySource[from], store.Finding{ID: f.Number, Selector: f.Selector, Place: f.Place, Raw: f.Raw, Context: f.Context, Confidence: f.Confidence})
	}
	for _, from := range sources {
		for _, c := range node.FoldFindings(bySource[from]) {
			first := c.Places[0]
			rows = append(rows, []string{fmt.Sprintf("F%d", first.Finding), fmt.Sprint(len(c.Places)), from, string(c.Confidence), c.Raw, first.Place})
		}
	}
	return rows
}

func (a *app) evidenceCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "evidence",
		Short: "What was acquired, and what is in it",
		Long: `Evidence is registered by 'parley import' with its hash and who brought it in,
and opened by 'parley triage'. The bytes stay where they are: a finding is shown
by opening its place again, so what you see is what is there.`,
	}
	c.AddCommand(a.evidenceListCommand(), a.evidenceShowCommand(), a.evidenceArtifactsCommand(), a.evidenceFilesCommand(),
		a.evidenceCustodyCommand(), a.evidenceExportCommand(), a.evidenceReportCommand(), a.evidenceAlikeCommand())
	return c
}

func (a *app) evidenceListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List evidence with its chain of custody", Example: "  parley evidence list", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.drive(c.Context(), func(n views.Node) error {
				all, err := n.Evidence(c.Context())
				if err != nil {
					return err
				}
				var rows [][]string
				for _, e := range all {
					rows = append(rows, []string{fmt.Sprintf("E%d", e.Number), e.Name, size(e.Size), e.Operator, when(e.ImportedAt), when(e.TriagedAt), fmt.Sprintf("%.16s…", e.SHA256)})
				}
				return a.print(all, func() {
					a.table("no evidence: import some first", []string{"evidence", "name", "size", "operator", "imported", "triaged", "sha-256"}, rows)
				})
			})
		},
	}
}
