package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/node"
)

func (a *app) evidenceExportCommand() *cobra.Command {
	var format, confidence, out string
	c := &cobra.Command{
		Use:   "export EVIDENCE",
		Short: "Write out what a triage found, for a tool of your own",
		Long: `Export writes the results of a triage: stix is a bundle with an observable for
each selector, the files it stands in, and observed data that say how often and
where; csv has a row for each finding; json has all of it, with artifacts, files
and the chain of custody. The ledger says who wrote out what to where. What is
for somebody else goes through a release.`,
		Example: `  parley evidence export E1 --out phone.stix
  parley evidence export E1 --format csv --confidence high --out phone.csv`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("E", args[0])
			if err != nil {
				return err
			}
			e := node.ResultExport{Evidence: id}
			if e.Confidence, err = confidenceOf(confidence); err != nil {
				return err
			}
			if e.Format, err = resultFormatOf(format, out); err != nil {
				return err
			}
			return a.withNode(c.Context(), func(n *node.Node) error { return a.writeResults(c, n, e, out) })
		},
	}
	f := c.Flags()
	f.StringVar(&format, "format", "", "write it as stix, csv or json; else the file's name tells")
	f.StringVar(&confidence, "confidence", "", "only what was found at least so sure: high, moderate or low")
	f.StringVar(&out, "out", "-", "file to write it to; - for standard output")
	return c
}

// resultFormatOf reads a format, or takes it from a file's name.
func resultFormatOf(format, out string) (node.Format, error) {
	if format == "" {
		format = strings.TrimPrefix(strings.ToLower(filepath.Ext(out)), ".")
	}
	if !slices.Contains(node.ResultFormats(), node.Format(format)) {
		return "", usageError{fmt.Errorf("results are not written as %q: give --format, one of %v", format, node.ResultFormats())}
	}
	return node.Format(format), nil
}

func (a *app) writeResults(c *cobra.Command, n *node.Node, e node.ResultExport, out string) error {
	var got node.ExportedResults
	err := a.writeOut(out, func(to string, w io.Writer) (err error) {
		e.To = to
		got, err = n.ExportResults(c.Context(), e, w)
		return err
	})
	if err != nil {
		return err
	}
	return a.sayWritten(out, got, fmt.Sprintf("E%d, %d selectors in %d places as %s", got.Evidence, got.Selectors, got.Findings, got.Format), nil)
}
