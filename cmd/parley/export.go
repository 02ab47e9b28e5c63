package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/permit"
	"parley/stix"
)

func (a *app) exportCommand() *cobra.Command {
	var (
		e      node.ObjectExport
		format string
		out    string
	)
	c := &cobra.Command{
		Use:   "export WHAT --out FILE",
		Short: "Write a report, a release or a tearline as STIX or as a MISP event",
		Long: `Export writes objects for a tool of your own: a report of yours with what it
refers to, by its id; a release that was sent, such as R3; a tearline that came,
such as I3. As STIX it is a bundle, a release to the byte as it was sent. As
misp it is an event, with the same ids every time, and what MISP has no place
for is listed. The ledger says who wrote what to where. It hands nothing to
anybody: what is for somebody else goes through 'parley release', or is written
with --pass-on, which needs the consent of whoever gave any of it ('parley
consent ask'). What a counterpart gave is written out for the use that it was
given for, or that it consented to, and --use says that this is what you write
it out for.`,
		Example: `  parley export report--5c498aa4-8a4b-4a5e-9f3a-2f0c0f6f1d11 --format misp --out event.json
  parley export I3 --format misp --use detection --out tearline.json
  parley export R1 --out released.stix`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := chooseObjects(args[0], &e); err != nil {
				return err
			}
			if e.Format = node.Format(format); !slices.Contains(node.ObjectFormats(), e.Format) {
				return usageError{fmt.Errorf("objects are not written as %q: there are %v", format, node.ObjectFormats())}
			}
			if err := checkUse(e.Use); err != nil {
				return err
			}
			return a.withNode(c.Context(), func(n *node.Node) error { return a.writeObjects(c, n, e, out) })
		},
	}
	f := c.Flags()
	f.StringVar(&format, "format", string(node.STIX), "write it as stix or misp")
	f.StringVar(&out, "out", "-", "file to write it to; - for standard output")
	f.BoolVar(&e.PassOn, "pass-on", false, "the file is for somebody else: whoever gave any of it must have consented")
	f.BoolVar(&e.Theirs, "theirs", false, "what counterparts gave us of a report, too")
	f.StringVar((*string)(&e.Use), "use", "", "what it is written out for: what a counterpart gave goes only for the use it gave it for")
	return c
}

// checkUse looks whether a use that was named is one.
func checkUse(u permit.Use) error {
	if u == "" {
		return nil
	}
	if _, err := permit.Parse(string(u)); err != nil {
		return usageError{err}
	}
	return nil
}

// chooseObjects reads what is to be written out.
func chooseObjects(what string, e *node.ObjectExport) (err error) {
	switch {
	case strings.Contains(what, "--"):
		if e.Report, err = stix.ParseID(what); err != nil {
			return usageError{err}
		}
	case strings.HasPrefix(strings.ToUpper(what), "I"):
		e.Letter, err = number("I", what)
	default:
		e.Release, err = number("R", what)
	}
	return err
}

// writeObjects writes objects out, and says what was left.
func (a *app) writeObjects(c *cobra.Command, n *node.Node, e node.ObjectExport, out string) error {
	var got node.ExportedObjects
	err := a.writeOut(out, func(to string, w io.Writer) (err error) {
		e.To = to
		got, err = n.ExportObjects(c.Context(), e, w)
		return err
	})
	if err != nil {
		return err
	}
	return a.sayWritten(out, got, fmt.Sprintf("%s, %d objects as %s", got.What, got.Objects, got.Format), leftOutObjects(got))
}

func leftOutObjects(got node.ExportedObjects) (lines []string) {
	if got.LeftOut > 0 {
		lines = append(lines, fmt.Sprintf("%d more left out, which counterparts gave us (--theirs)", got.LeftOut))
	}
	if got.OtherUse > 0 {
		lines = append(lines, fmt.Sprintf("%d more left out, which counterparts gave us for another use (--use)", got.OtherUse))
	}
	if got.Missing > 0 {
		lines = append(lines, fmt.Sprintf("%d more are referred to and not held", got.Missing))
	}
	for _, u := range got.Unmapped {
		lines = append(lines, fmt.Sprintf("no place in MISP: %s (%s): %s", plain(u.ID), plain(u.Type), plain(u.Why)))
	}
	return lines
}
