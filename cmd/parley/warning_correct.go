package main

import (
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/views"
)

// standing is a warning's state, with a word where what it rests on was withdrawn.
func standing(v views.Warning) string {
	switch {
	case len(v.CorrectionDue) > 0:
		return string(v.State) + ", withdrawn, to be corrected"
	case len(v.Withdrawn) > 0:
		return string(v.State) + ", withdrawn"
	}
	return string(v.State)
}

// sayWithdrawn says what of a warning's basis was withdrawn, and who has heard of it.
func (a *app) sayWithdrawn(v views.Warning) {
	for _, w := range v.Withdrawn {
		a.say("  withdrawn  I%d was %s by %s on %s: %s", w.Letter, w.State, plain(w.From), when(w.At), plain(w.Reason))
		if w.Successor != 0 {
			a.say("             I%d stands in its place", w.Successor)
		}
	}
	for _, c := range v.Corrections {
		how := "not confirmed yet"
		if !c.ConfirmedAt.IsZero() {
			how = "confirmed " + when(c.ConfirmedAt)
		}
		a.say("  corrected  to %s by %s, %s: %s", plain(c.To), plain(c.By), how, plain(c.Text))
	}
	if len(v.CorrectionDue) > 0 {
		a.say("  due        %s was told and has not heard of it: parley warning correct W%d", plain(strings.Join(v.CorrectionDue, ", ")), v.Number)
	}
}

func (a *app) warningCorrectCommand() *cobra.Command {
	var t node.Telling
	var textFile string
	c := a.onWarning("correct", "Tell whoever was told that what a warning rests on was withdrawn",
		`parley warning correct W1 --to South --text "We no longer stand by it: the number was wrong." --reason "they keep the door shut for it"`, nil)
	c.RunE = func(c *cobra.Command, args []string) error {
		id, err := number("W", args[0])
		if err != nil {
			return err
		}
		if t.Text, err = a.text(t.Text, textFile); err != nil {
			return err
		}
		return a.drive(c.Context(), func(n views.Node) error {
			if err := n.CorrectWarning(c.Context(), id, t); err != nil {
				return err
			}
			return a.sayWarning(c.Context(), n, id)
		})
	}
	f := c.Flags()
	f.StringVar(&t.To, "to", "", "the counterpart that was told")
	f.StringVar(&t.Text, "text", "", "what it is told now")
	f.StringVar(&textFile, "text-file", "", "file with the text; - for standard input")
	f.StringVar(&t.Reason, "reason", "", "why you alone may send it")
	must(c.MarkFlagRequired("to"))
	must(c.MarkFlagRequired("reason"))
	return c
}
