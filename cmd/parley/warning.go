package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/views"
	"parley/internal/warning"
)

func (a *app) warningCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "warning",
		Short: "The duty to tell somebody, with its clock",
		Long: `A hit on the watch list, or a counterpart, raises a warning. It is screened,
decided, its text cleared, and sent; each step has a clock, and silence is never
a waiver. 'warning send' takes the open steps in one go: life goes first, and
the reason you give is reviewed afterwards.`,
	}
	c.AddCommand(a.warningListCommand(), a.warningShowCommand(), a.warningScreenCommand(), a.warningDecideCommand(),
		a.warningWaiveCommand(), a.warningSendCommand(), a.warningCorrectCommand(), a.warningReviewCommand(), a.warningAcknowledgeCommand(), a.warningCloseCommand())
	return c
}

// clock says in words what is due next.
func clockOf(v views.Warning, now time.Time) string {
	if len(v.Deadlines) == 0 {
		return "–"
	}
	d := v.Deadlines[0]
	left := d.Due.Sub(now).Round(time.Minute)
	if d.Overdue {
		return fmt.Sprintf("%s OVERDUE by %s", d.Step, short(-left))
	}
	return fmt.Sprintf("%s within %s", d.Step, short(left))
}

// short prints hours and minutes: "1h30m", "15m".
func short(d time.Duration) string {
	s := strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
	if s == "" {
		return "0m"
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func (a *app) warningListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List warnings, life first", Example: "  parley warning list", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.drive(c.Context(), func(n views.Node) error {
				all, err := n.Warnings(c.Context())
				if err != nil {
					return err
				}
				now := time.Now()
				var rows [][]string
				for _, v := range all {
					rows = append(rows, []string{fmt.Sprintf("W%d", v.Number), yes(v.Imminent), standing(v), clockOf(v, now), v.Recipient, cut(v.Subject, 60)})
				}
				return a.print(all, func() {
					a.table("no warnings", []string{"warning", "imminent", "state", "clock", "tell", "about"}, rows)
				})
			})
		},
	}
}

func (a *app) sayWarning(ctx context.Context, n views.Node, id int64) error {
	v, err := n.Warning(ctx, id)
	if err != nil {
		return err
	}
	now := time.Now()
	return a.print(v, func() {
		a.say("W%d is %s: %s", v.Number, v.State, plain(v.Subject))
		a.say("  clock      %s", clockOf(v, now))
		a.say("  selectors  %s", plain(strings.Join(v.Selectors, ", ")))
		a.say("  tell       %s", plain(v.Recipient))
		a.sayWithdrawn(v)
		if v.Text != "" {
			a.say("")
			a.say("%s", plainText(v.Text))
		}
		a.say("")
		var rows [][]string
		for _, e := range v.Log {
			rows = append(rows, []string{when(e.At), e.Actor, string(e.To), e.Reason})
		}
		a.table("", []string{"time", "who", "step", "reason"}, rows)
		if v.Review != nil {
			a.say("")
			a.say("reviewed by %s: %s", v.Review.By, plain(v.Review.Note))
		}
	})
}

// onWarning makes a command that names one warning, does something and shows it.
func (a *app) onWarning(use, short, example string, do func(context.Context, views.Node, int64) error) *cobra.Command {
	return &cobra.Command{
		Use: use + " WARNING", Short: short, Example: "  " + example, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("W", args[0])
			if err != nil {
				return err
			}
			return a.drive(c.Context(), func(n views.Node) error {
				if err := do(c.Context(), n, id); err != nil {
					return err
				}
				return a.sayWarning(c.Context(), n, id)
			})
		},
	}
}

func (a *app) warningShowCommand() *cobra.Command {
	return a.onWarning("show", "Show a warning and its log", "parley warning show W1",
		func(context.Context, views.Node, int64) error { return nil })
}

func (a *app) warningScreenCommand() *cobra.Command {
	var reason string
	var not bool
	c := a.onWarning("screen", "Say that it is credible, specific and impending, or that it is not", `parley warning screen W1 --reason "names the hall and the day"`,
		func(ctx context.Context, n views.Node, id int64) error {
			to := warning.Screened
			if not {
				to = warning.NotCredible
			}
			return n.StepWarning(ctx, id, views.WarningStep{To: to, Reason: reason})
		})
	c.Flags().StringVar(&reason, "reason", "", "why")
	c.Flags().BoolVar(&not, "not-credible", false, "it is not credible, not specific or not impending")
	return c
}

func (a *app) warningDecideCommand() *cobra.Command {
	var refer bool
	var reason string
	c := a.onWarning("decide", "Decide to warn, or to refer it to somebody who will", "parley warning decide W1",
		func(ctx context.Context, n views.Node, id int64) error {
			return n.StepWarning(ctx, id, views.WarningStep{To: warning.Decided, Reason: reason, Refer: refer})
		})
	c.Flags().BoolVar(&refer, "refer", false, "refer it to an authority that will warn")
	c.Flags().StringVar(&reason, "reason", "", "why")
	return c
}

func (a *app) warningWaiveCommand() *cobra.Command {
	var reason, officer string
	var review time.Duration
	c := a.onWarning("waive", "Decide not to tell, for a listed reason, until a review",
		`parley warning waive W1 --reason already-aware --officer "duty officer Amal" --review 24h`,
		func(ctx context.Context, n views.Node, id int64) error {
			return n.StepWarning(ctx, id, views.WarningStep{To: warning.Waived, Reason: reason, Officer: officer, Review: review})
		})
	c.Flags().StringVar(&reason, "reason", "", fmt.Sprintf("one of %v", warning.Waivers()))
	c.Flags().StringVar(&officer, "officer", "", "the senior officer who answers for it")
	c.Flags().DurationVar(&review, "review", 24*time.Hour, "when it is looked at again")
	return c
}

func (a *app) warningSendCommand() *cobra.Command {
	var (
		t        node.Telling
		textFile string
		disclose []string
		wait     time.Duration
	)
	c := a.onWarning("send", "Send a warning to a counterpart, ahead of everything else",
		`parley warning send W1 --to South --text "Your tearline names the hall's desk: we are warning it." --reason "threat within hours"`, nil)
	c.RunE = func(c *cobra.Command, args []string) error {
		id, err := number("W", args[0])
		if err != nil {
			return err
		}
		if t.Text, err = a.text(t.Text, textFile); err != nil {
			return err
		}
		return a.drive(c.Context(), func(n views.Node) error {
			for _, s := range disclose {
				sel, err := n.Selector(c.Context(), s)
				if err != nil {
					return badInput{err}
				}
				t.Disclose = append(t.Disclose, sel)
			}
			if err := n.Tell(c.Context(), id, t); err != nil {
				return err
			}
			if wait > 0 {
				if err := a.awaitWarning(c.Context(), n, id, wait); err != nil {
					return err
				}
			}
			return a.sayWarning(c.Context(), n, id)
		})
	}
	f := c.Flags()
	f.StringVar(&t.To, "to", "", "the counterpart")
	f.StringVar(&t.Text, "text", "", "what it is told")
	f.StringVar(&textFile, "text-file", "", "file with the text; - for standard input")
	f.StringVar(&t.Recipient, "recipient", "", "who is to be told in the end")
	f.StringVar(&t.Reason, "reason", "", "why you alone may send it")
	f.StringSliceVar(&disclose, "disclose", nil, "selector that the text may name though the counterpart did not give it")
	f.DurationVar(&wait, "wait", 0, "how long to wait for the receipt")
	must(c.MarkFlagRequired("to"))
	must(c.MarkFlagRequired("reason"))
	return c
}

// awaitWarning looks until the receipt is there.
func (a *app) awaitWarning(ctx context.Context, n views.Node, id int64, wait time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	tick := time.NewTicker(a.lookPause())
	defer tick.Stop()
	for {
		w, err := n.Warning(ctx, id)
		if err != nil {
			return err
		}
		if w.State != warning.Sending {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("warning W%d is on its way, no receipt after %s: reach the counterpart by another way too: %w", id, wait, errWaited)
		case <-tick.C:
		}
	}
}

func (a *app) warningAcknowledgeCommand() *cobra.Command {
	return a.onWarning("acknowledge", "Tell the counterpart that a person has taken note of its warning", "parley warning acknowledge W1",
		func(ctx context.Context, n views.Node, id int64) error { return n.AcknowledgeWarning(ctx, id) })
}

func (a *app) warningCloseCommand() *cobra.Command {
	var reason string
	c := a.onWarning("close", "Close a warning that was delivered, waived or not credible", `parley warning close W1 --reason "the concert was called off"`,
		func(ctx context.Context, n views.Node, id int64) error {
			return n.StepWarning(ctx, id, views.WarningStep{To: warning.Closed, Reason: reason})
		})
	c.Flags().StringVar(&reason, "reason", "", "why nothing more is to be done")
	must(c.MarkFlagRequired("reason"))
	return c
}

func (a *app) warningReviewCommand() *cobra.Command {
	var note string
	c := a.onWarning("review", "Look, as a second person, at a warning that one person sent",
		`parley --user bilal warning review W1 --note "had to go at once; the text shows nothing it should not"`,
		func(ctx context.Context, n views.Node, id int64) error { return n.ReviewWarning(ctx, id, note) })
	c.Flags().StringVar(&note, "note", "", "what the review found")
	must(c.MarkFlagRequired("note"))
	return c
}
