package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"parley/internal/release"
	"parley/internal/views"
)

func (a *app) releaseAskCommand() *cobra.Command {
	var q release.Question
	c := a.onRelease("ask", "Ask whoever gave what a cleared release draws on, and wait for the answer",
		`parley release ask R1 --purpose "They may find the same numbers." --category "a provider of telephone services"`,
		func(ctx context.Context, n views.Node, id int64) error {
			return n.AskConsent(ctx, id, q)
		})
	c.Long = `Ask sends one question to each counterpart that gave something the release draws
on: which of its tearlines, for what, and to whom as far as you say. The release
waits. A yes for its use frees it to be sent; a no ends it.`
	questionFlags(c, &q)
	c.Flags().BoolVar(&q.Name, "name", false, "say who the recipient is")
	c.MarkFlagsMutuallyExclusive("name", "category")
	return c
}

func questionFlags(c *cobra.Command, q *release.Question) {
	c.Flags().StringVar(&q.Purpose, "purpose", "", "what for, in words that whoever is asked will read")
	c.Flags().StringVar(&q.Category, "category", "", "what kind of recipient it is, in words that do not name it")
	must(c.MarkFlagRequired("purpose"))
}

func (a *app) releaseRecallCommand() *cobra.Command {
	var reason string
	c := a.onRelease("recall", "Take back what was sent: every copy is marked, and kept",
		`parley release recall R1 --reason "The number belongs to somebody else."`,
		func(ctx context.Context, n views.Node, id int64) error {
			return n.RecallRelease(ctx, id, reason)
		})
	c.Long = `Recall tells the counterpart that a tearline no longer stands. Its node
marks the copy, counts it no more, tells those it passed it on to with your
consent, and confirms. One person may do it. Consumers over TAXII find newer
versions that say "revoked".`
	c.Flags().StringVar(&reason, "reason", "", "why, in words that the counterpart will read")
	must(c.MarkFlagRequired("reason"))
	return c
}

func (a *app) releaseAmendCommand() *cobra.Command {
	var (
		f       draftFlags
		because string
	)
	c := &cobra.Command{
		Use:   "amend RELEASE --report ID --text-file FILE",
		Short: "Draft what is to stand in the place of a release that was sent",
		Long: `Amend drafts another tearline for the same counterpart. It is checked, cleared
and sent like any other; when it is sent, the old one is withdrawn, and whoever
holds it is told what stands in its place.`,
		Example: `  parley release amend R1 --report report--… --match M1 --text-file better.txt --use detection --because "One digit was wrong."`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("R", args[0])
			if err != nil {
				return err
			}
			return a.drive(c.Context(), func(n views.Node) error {
				o, err := a.order(c.Context(), n, f)
				if err != nil {
					return err
				}
				o.Amends, o.Because = id, because
				made, err := n.DraftAmendment(c.Context(), o)
				if err != nil {
					return err
				}
				return a.sayRelease(c.Context(), n, made)
			})
		},
	}
	f.register(c)
	c.Flags().StringVar(&because, "because", "", "why, in words that the counterpart will read")
	must(c.MarkFlagRequired("because"))
	return c
}

// sayWhatBecame prints what a release rests on, and whether it stands.
func (a *app) sayWhatBecame(v views.Release) {
	s := v.Standing
	for _, g := range s.DrawsOn {
		a.say("  draws on I%d, %s", g.Letter, plain(g.Title))
	}
	for _, c := range s.Consents {
		switch c.State {
		case "asked":
			a.say("  waits    for the consent of %s, asked %s (Q%d)", plain(c.With), when(c.AskedAt), c.Number)
		default:
			a.say("  consent  of %s: %s %s (Q%d) %s", plain(c.With), c.State, when(c.AnsweredAt), c.Number, plain(c.Reason))
		}
	}
	if v.Order.Amends != 0 {
		a.say("  replaces R%d", v.Order.Amends)
	}
	w := s.Withdrawal
	if w == nil {
		return
	}
	a.say("  %-8s %s by %s: %s", v.State, when(w.At), plain(w.By), plain(w.Reason))
	if w.Successor != 0 {
		a.say("           R%d stands in its place", w.Successor)
	}
	switch {
	case w.Put:
		a.say("           its consumer finds newer versions that say so")
	case w.ConfirmedAt.IsZero():
		a.say("           %s has not confirmed it yet", plain(v.To))
	default:
		a.say("           %s confirmed it %s; it says that it told %s, of whom %d confirmed", plain(v.To), when(w.ConfirmedAt), others(w.Told), w.Confirmed)
	}
}

func others(n int64) string {
	switch n {
	case 0:
		return "nobody else"
	case 1:
		return "1 other"
	}
	return fmt.Sprintf("%d others", n)
}
