package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/permit"
	"parley/internal/views"
)

func (a *app) selectorsCommand() *cobra.Command {
	var (
		kinds                             []string
		evidence, match, format, out, use string
		confidence                        string
		theirs                            bool
	)
	c := &cobra.Command{
		Use:   "selectors [SELECTOR]",
		Short: "List the selectors held, where one was found, or write them out",
		Long: `Selectors lists what the node holds, or where one selector was found. With
--format or --out it writes them out, for another tool or another node: csv,
lines and json are read again by 'parley import', and so is stix, whose ids are
random and say nothing of the values. The ledger says who wrote how many to
where. What only a counterpart gave us is left out: it goes to nobody else
without its consent.`,
		Example: `  parley selectors --kind phone
  parley selectors +12025550147
  parley selectors --match M1 --format csv --out overlap.csv`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			writes := format != "" || out != ""
			if len(args) == 1 && (writes || match != "" || evidence != "" || confidence != "" || len(kinds) > 0) {
				return usageError{errors.New("give one selector, or flags that choose among all")}
			}
			if theirs && !writes {
				return usageError{errors.New("--theirs belongs to --format: a list at the terminal holds all")}
			}
			if use != "" && !theirs {
				return usageError{errors.New("--use belongs to --theirs: what is ours has no permitted use")}
			}
			e := node.Export{Theirs: theirs, Use: permit.Use(use)}
			err := checkUse(e.Use)
			if err != nil {
				return err
			}
			if e.Scope, err = scopeOf(kinds, evidence); err != nil {
				return err
			}
			if e.Scope.Confidence, err = confidenceOf(confidence); err != nil {
				return err
			}
			if match != "" {
				if e.Scope.Match, err = number("M", match); err != nil {
					return err
				}
			}
			if e.Format, err = formatOf(format, out); err != nil {
				return err
			}
			if writes {
				return a.withNode(c.Context(), func(n *node.Node) error { return a.writeSelectors(c, n, e, out) })
			}
			return a.drive(c.Context(), func(n views.Node) error {
				if len(args) == 1 {
					return a.showFindings(c.Context(), n, args[0])
				}
				return a.listSelectors(c, n, e)
			})
		},
	}
	f := c.Flags()
	f.StringSliceVar(&kinds, "kind", nil, "only these kinds")
	f.StringVar(&evidence, "evidence", "", "only those found in this evidence, such as E1")
	f.StringVar(&confidence, "confidence", "", "only what was found at least so sure: high, moderate or low")
	f.StringVar(&match, "match", "", "only those that both sides of this match hold, such as M1")
	f.StringVar(&format, "format", "", "write them out as csv, lines, json or stix")
	f.StringVar(&out, "out", "", "file to write them to; - for standard output")
	f.BoolVar(&theirs, "theirs", false, "write out those too that only a counterpart gave us")
	f.StringVar(&use, "use", "", "what theirs are written out for: only those go that were given for it")
	return c
}

func (a *app) listSelectors(c *cobra.Command, n views.Node, e node.Export) error {
	all, err := n.Selectors(c.Context(), e.Scope)
	if err != nil {
		return err
	}
	return a.print(all, func() {
		var rows [][]string
		for _, t := range all {
			rows = append(rows, []string{string(t.Kind), t.Value, fmt.Sprint(t.Findings), string(t.Confidence)})
		}
		a.table("no selectors: import a list or triage evidence", []string{"kind", "value", "findings", "confidence"}, rows)
	})
}

// formatOf reads a format, or takes it from a file's name.
func formatOf(format, out string) (node.Format, error) {
	if format == "" && out != "" {
		format = map[string]string{".csv": "csv", ".txt": "lines", ".json": "json", ".stix": "stix"}[strings.ToLower(filepath.Ext(out))]
		if format == "" {
			return "", usageError{fmt.Errorf("the name of %s does not say how to write it: add --format, one of %v", out, node.Formats())}
		}
	}
	if format != "" && !slices.Contains(node.Formats(), node.Format(format)) {
		return "", usageError{fmt.Errorf("selectors are not written as %q: there are %v", format, node.Formats())}
	}
	return node.Format(format), nil
}

// writeSelectors writes selectors out, and says what was left.
func (a *app) writeSelectors(c *cobra.Command, n *node.Node, e node.Export, out string) error {
	var got node.Exported
	err := a.writeOut(out, func(to string, w io.Writer) (err error) {
		e.To = to
		got, err = n.ExportSelectors(c.Context(), e, w)
		return err
	})
	if err != nil {
		return err
	}
	var left []string
	if got.LeftOut > 0 {
		left = []string{fmt.Sprintf("%d more left out, which only counterparts gave us (--theirs)", got.LeftOut)}
	}
	if got.OtherUse > 0 {
		left = append(left, fmt.Sprintf("%d more left out, which counterparts gave us for another use (--use)", got.OtherUse))
	}
	return a.sayWritten(out, got, fmt.Sprintf("%d selectors", got.Selectors), left)
}
