package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/node"
	triagereport "parley/internal/report"
)

func (a *app) evidenceReportCommand() *cobra.Command {
	var (
		confidence, out string
		pictures        int
	)
	c := &cobra.Command{
		Use:   "report EVIDENCE",
		Short: "Write what a triage found as one page that opens without a network",
		Long: `Report writes a page of HTML that holds all it needs: the summary, the chain of
custody, what could not be read, the selectors with what stood around them, who
wrote to whom, when, where, and small copies of pictures, grey and blurred until
one is clicked on. It has no script, and fetches nothing.`,
		Example: "  parley evidence report E1 --out phone.html", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("E", args[0])
			if err != nil {
				return err
			}
			e := node.ResultExport{Evidence: id, Format: node.HTML}
			if e.Confidence, err = confidenceOf(confidence); err != nil {
				return err
			}
			if pictures == 0 {
				pictures = -1
			}
			bar := a.progress()
			defer bar.end()
			opt := triagereport.Options{Now: time.Now(), Program: node.Program(), Pictures: pictures, Progress: func(done, total int) {
				bar.wait(fmt.Sprintf("pictures: %d of %d", done, total))
			}}
			return a.withNode(c.Context(), func(n *node.Node) error {
				var got node.ExportedResults
				err := a.writeOut(out, func(to string, w io.Writer) (err error) {
					e.To = to
					got, err = n.WriteResults(c.Context(), e, func(r node.Results) error { return triagereport.Write(c.Context(), w, r, opt) })
					return err
				})
				bar.end()
				if err != nil {
					return err
				}
				return a.sayWritten(out, got, fmt.Sprintf("E%d, %d selectors in %d places", got.Evidence, got.Selectors, got.Findings), nil)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&confidence, "confidence", "", "only selectors found at least so sure: high, moderate or low")
	f.IntVar(&pictures, "pictures", triagereport.MostPictures, "how many pictures are shown at most")
	f.StringVar(&out, "out", "-", "file to write it to; - for standard output")
	return c
}
