package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/views"
)

func (a *app) consentCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "consent",
		Short: "Who may pass on what was given",
		Long: `What a counterpart gave goes to nobody else before it consents. Consent lists
what was asked, by you and of you, and answers it. A release is asked for with
'parley release ask'.`,
	}
	c.AddCommand(a.consentListCommand(), a.consentShowCommand(), a.consentAnswerCommand(), a.consentForwardCommand(), a.consentAskCommand())
	return c
}

func (a *app) consentListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List asks, newest first", Example: "  parley consent list", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.drive(c.Context(), func(n views.Node) error {
				all, err := n.Consents(c.Context())
				if err != nil {
					return err
				}
				return a.print(all, func() {
					var rows [][]string
					for _, q := range all {
						rows = append(rows, []string{fmt.Sprintf("Q%d", q.Number), asker(q), q.State, given(q), q.Recipient, string(q.Use), when(q.AskedAt)})
					}
					a.table("nobody asked anything", []string{"number", "asked", "state", "about", "recipient", "use", "at"}, rows)
				})
			})
		},
	}
}

// asker says who asked whom.
func asker(q node.Consent) string {
	if q.Ours {
		return "of " + q.With
	}
	return "by " + q.With
}

// given names what an ask is about by our own numbers.
func given(q node.Consent) (text string) {
	for _, g := range q.Of {
		if text != "" {
			text += " "
		}
		if g.Letter != 0 {
			text += fmt.Sprintf("I%d", g.Letter)
		} else {
			text += fmt.Sprintf("R%d", g.Release)
		}
	}
	return text
}

func (a *app) consentShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show ASK", Short: "Show an ask and its answer", Example: "  parley consent show Q1", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.drive(c.Context(), func(n views.Node) error { return a.sayConsent(c, n, args[0]) })
		},
	}
}

func (a *app) sayConsent(c *cobra.Command, n views.Node, which string) error {
	id, err := number("Q", which)
	if err != nil {
		return err
	}
	q, err := n.Consent(c.Context(), id)
	if err != nil {
		return err
	}
	return a.print(q, func() {
		a.say("Q%d, asked %s %s: %s", q.Number, plain(asker(q)), when(q.AskedAt), q.State)
		for _, g := range q.Of {
			number := fmt.Sprintf("R%d", g.Release)
			if g.Letter != 0 {
				number = fmt.Sprintf("I%d", g.Letter)
			}
			a.say("  about    %s, %s", number, plain(g.Title))
		}
		a.say("  for      %s, by %s", plain(q.Recipient), q.Way)
		a.say("  marked   TLP:%s, %s", q.TLP, q.Use)
		a.say("  purpose  %s", plain(q.Purpose))
		if q.For != 0 {
			a.say("  goes on  for Q%d", q.For)
		}
		for _, on := range q.Onward {
			a.say("  forwarded to %s as Q%d: %s %v", plain(on.With), on.Number, on.State, on.Uses)
		}
		if q.Reason != "" {
			a.say("  answer   %s, for %v: %s", when(q.AnsweredAt), q.Uses, plain(q.Reason))
		}
	})
}

func (a *app) consentAnswerCommand() *cobra.Command {
	var (
		yes, no bool
		uses    []string
		reason  string
	)
	c := &cobra.Command{
		Use: "answer ASK", Short: "Consent, or do not",
		Long: `Answer gives your word on a counterpart's ask. A yes is for the use that was
asked for, or for those that you name; if the one asked for is not among them,
what waits there ends. It takes a releaser.`,
		Example: `  parley consent answer Q1 --yes --reason "They are in danger too."
  parley consent answer Q2 --no --reason "Not while it is under way."`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("Q", args[0])
			if err != nil {
				return err
			}
			var list []release.Use
			for _, u := range uses {
				use, err := release.ParseUse(u)
				if err != nil {
					return usageError{err}
				}
				list = append(list, use)
			}
			return a.drive(c.Context(), func(n views.Node) error {
				if err := n.AnswerConsent(c.Context(), id, yes, list, reason); err != nil {
					return err
				}
				return a.sayConsent(c, n, args[0])
			})
		},
	}
	f := c.Flags()
	f.BoolVar(&yes, "yes", false, "consent")
	f.BoolVar(&no, "no", false, "do not")
	f.StringSliceVar(&uses, "use", nil, "what you consent to, if not just what was asked for")
	f.StringVar(&reason, "reason", "", "why, in words that the asker will read")
	must(c.MarkFlagRequired("reason"))
	c.MarkFlagsOneRequired("yes", "no")
	c.MarkFlagsMutuallyExclusive("yes", "no")
	c.MarkFlagsMutuallyExclusive("no", "use")
	return c
}

func (a *app) consentAskCommand() *cobra.Command {
	var (
		q   release.Question
		use string
	)
	c := &cobra.Command{
		Use: "ask LETTER", Short: "Ask whether a tearline that came may be written into a file for somebody else",
		Long: `Ask is for what goes to somebody else as a file, with 'parley export --pass-on'.
For a release to a counterpart or a consumer there is 'parley release ask'.`,
		Example: `  parley consent ask I3 --purpose "The court asks for it." --category "a court" --use investigation-lead`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("I", args[0])
			if err != nil {
				return err
			}
			wanted, err := release.ParseUse(use)
			if err != nil {
				return usageError{err}
			}
			return a.withNode(c.Context(), func(n *node.Node) error {
				if err := n.AskExport(c.Context(), id, q, wanted); err != nil {
					return err
				}
				all, err := n.Consents(c.Context())
				if err != nil {
					return err
				}
				return a.sayConsent(c, views.Here(n, time.Now), fmt.Sprintf("Q%d", all[0].Number))
			})
		},
	}
	questionFlags(c, &q)
	c.Flags().StringVar(&use, "use", "", "what the recipient may do with it")
	must(c.MarkFlagRequired("use"))
	must(c.MarkFlagRequired("category"))
	return c
}
