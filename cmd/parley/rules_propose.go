package main

import (
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/rules"
	"parley/internal/views"
)

func (a *app) rulesProposeCommand() *cobra.Command {
	return &cobra.Command{
		Use: "propose FILE", Short: "Propose a file of rules for a second person to confirm",
		Long: `Propose keeps a file of rules until a second person confirms it, and shows in
what it differs from the rules that hold and what it would have let go in the
last 30 days that these do not. It needs an administrator, and every case in
the file must come out as it expects.`,
		Example: "  parley rules propose release.rules", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := a.readFile(args[0], maxRules)
			if err != nil {
				return err
			}
			return a.drive(c.Context(), func(n views.Node) error {
				p, err := n.ProposeRules(c.Context(), filepath.Base(args[0]), text)
				if err != nil {
					return err
				}
				return a.sayProposal(p)
			})
		},
	}
}

func (a *app) rulesProposedCommand() *cobra.Command {
	return &cobra.Command{
		Use: "proposed", Short: "Show the rules that wait for a second person",
		Example: "  parley rules proposed", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.drive(c.Context(), func(n views.Node) error {
				p, err := n.ProposedRules(c.Context())
				if err != nil {
					return err
				}
				return a.sayProposal(p)
			})
		},
	}
}

func (a *app) rulesConfirmCommand() *cobra.Command {
	return &cobra.Command{
		Use: "confirm SHA256", Short: "Have the proposed rules hold, as a second person",
		Long: `Confirm is the second person's word for exactly the file that was proposed,
named by its SHA-256. It needs a releaser or an administrator who did not
propose it. Read it first, with 'parley rules proposed'.`,
		Example: `  parley --user dora rules confirm \
    e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.drive(c.Context(), func(n views.Node) error {
				f, err := n.ConfirmRules(c.Context(), args[0])
				if err != nil {
					return err
				}
				return a.sayRules(f, func(v views.Rules) {
					a.say("%s: %d rules hold from now on; proposed by %s, confirmed by %s, SHA-256 %s", plain(v.Name), len(v.Rules), v.SetBy, v.Second, v.SHA256)
				})
			})
		},
	}
}

func (a *app) sayProposal(p node.Proposal) error {
	return a.print(p, func() {
		a.say("%s was proposed by %s %s and waits for a second person", plain(p.Name), p.ProposedBy, when(p.ProposedAt))
		for _, d := range p.Differences {
			a.sayDifference(d)
		}
		var rows [][]string
		for _, s := range p.Goes {
			rows = append(rows, []string{s.What, s.To, string(s.Use), string(s.TLP), s.State, strings.Join(s.By, ", ")})
		}
		a.say("")
		a.table("of the last 30 days, nothing would go that stays now", []string{"would go", "to", "for", "tlp", "was", "by"}, rows)
		a.say("%d would go that stay now, %d would stay that go now, of the last 30 days", len(p.Goes), p.Stays)
		a.say("once read: parley --user NAME rules confirm %s", p.SHA256)
	})
}

func (a *app) sayDifference(d rules.Difference) {
	word := "narrows"
	if d.Widens {
		word = "WIDENS "
	}
	a.say("  %s  %s: %s", word, d.How, plain(d.What))
	if d.Before != "" {
		a.say("    - %s", plain(strings.Join(strings.Fields(d.Before), " ")))
	}
	if d.When != "" {
		a.say("    + %s", plain(strings.Join(strings.Fields(d.When), " ")))
	}
}
