package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"parley/internal/views"
	"parley/selector"
)

func (a *app) matchAskCommand() *cobra.Command {
	var (
		question string
		about    []string
	)
	c := a.onMatch("ask", "Ask the other side for a tearline about what a match found", `parley match ask M1 --question "When did you see this number first?"`,
		func(ctx context.Context, n views.Node, id int64) error {
			var named []selector.Selector
			for _, s := range about {
				sel, err := n.Selector(ctx, s)
				if err != nil {
					return badInput{err}
				}
				named = append(named, sel)
			}
			return n.AskMatch(ctx, id, question, named)
		})
	c.Long = `Ask sends a question about selectors that a match showed both sides to hold, and
names no others. The other side answers with a release, or does not.`
	c.Flags().StringVar(&question, "question", "", "what you would like to know; the other side reads it")
	c.Flags().StringArrayVar(&about, "about", nil, "a selector that the match found; more than once for several (all of them)")
	must(c.MarkFlagRequired("question"))
	return c
}

// askView is a question on a match.
func (a *app) sayAsks(all []views.Ask) {
	for _, q := range all {
		a.say("")
		a.say("asked by %s at %s about %s:", plain(q.By), when(q.AskedAt), aboutWhat(q.Selectors))
		a.say("  %s", plain(q.Question))
	}
}

// aboutWhat names one selector, or says how many.
func aboutWhat(all []selector.Selector) string {
	if len(all) == 1 {
		return plain(all[0].String())
	}
	return fmt.Sprintf("%d selectors", len(all))
}
