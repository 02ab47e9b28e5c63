package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/node"
)

// custodyShown is the chain of custody of evidence.
type custodyShown struct {
	Evidence   string             `json:"evidence"`
	Name       string             `json:"name"`
	Path       string             `json:"path"`
	SHA256     string             `json:"sha256"`
	Size       int64              `json:"size"`
	Operator   string             `json:"operator"`
	Note       string             `json:"note,omitempty"`
	AcquiredAt time.Time          `json:"acquired_at,omitzero"` // when the file was last changed, as its file system says
	ImportedAt time.Time          `json:"imported_at"`
	Chain      []node.CustodyLink `json:"chain"`
	Sound      bool               `json:"sound"` // the ledger's hashes hold
	Problem    string             `json:"problem,omitempty"`
}

func custodyOf(c node.Custody) custodyShown {
	e := c.Evidence
	shown := custodyShown{
		Evidence: fmt.Sprintf("E%d", e.ID), Name: e.Name, Path: e.Path, SHA256: fmt.Sprintf("%x", e.SHA256), Size: e.Size, Operator: e.Operator,
		Note: e.Note, AcquiredAt: e.AcquiredAt, ImportedAt: e.ImportedAt, Chain: c.Chain(), Sound: c.Sound == nil,
	}
	if c.Sound != nil {
		shown.Problem = c.Sound.Error()
	}
	return shown
}

func (a *app) evidenceCustodyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "custody EVIDENCE",
		Short: "Show the chain of custody: who did what with evidence, and when",
		Long: `Custody prints what evidence was when it came, with its hash, and every line of
the ledger about it: who imported it, each triage with its beginning, end,
program and options, each place that was opened, each result that was written
out. Every line holds the hash of the one before it; a chain that was changed
is said to be broken.`,
		Example: "  parley evidence custody E1", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("E", args[0])
			if err != nil {
				return err
			}
			return a.withNode(c.Context(), func(n *node.Node) error {
				got, err := n.Custody(c.Context(), id)
				if err != nil {
					return err
				}
				shown := custodyOf(got)
				return a.print(shown, func() { a.sayCustody(shown) })
			})
		},
	}
}

func (a *app) sayCustody(c custodyShown) {
	a.say("%s  %s, %d bytes", c.Evidence, plain(c.Name), c.Size)
	a.say("  sha-256   %s", c.SHA256)
	a.say("  kept at   %s", plain(c.Path))
	a.say("  changed   %s, as its file system says", when(c.AcquiredAt))
	a.say("  imported  %s by %s", when(c.ImportedAt), plain(c.Operator))
	if c.Note != "" {
		a.say("  note      %s", plain(c.Note))
	}
	a.say("")
	var rows [][]string
	for _, l := range c.Chain {
		rows = append(rows, []string{fmt.Sprint(l.Entry), when(l.At), l.Who, l.What, cut(detailOf(string(l.Detail)), 160), l.Hash[:16] + "…"})
	}
	a.table("the ledger says nothing of it", []string{"entry", "time", "who", "what", "detail", "hash"}, rows)
	a.say("")
	if c.Sound {
		a.say("The ledger's chain holds.")
	} else {
		a.say("THE LEDGER'S CHAIN IS BROKEN: %s", plain(c.Problem))
	}
}

// detailOf shows the ledger's JSON with less of its marks.
func detailOf(detail string) string {
	return strings.NewReplacer(`{`, "", `}`, "", `"`, "", `,`, ", ").Replace(detail)
}
