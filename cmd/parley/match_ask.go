package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/match"
	"parley/internal/node"
	"parley/internal/store"
	"parley/selector"
)

func (a *app) matchAskCommand() *cobra.Command {
	var (
		question string
		about    []string
	)
	c := a.onMatch("ask", "Ask the other side for a tearline about what a match found", `parley match ask M1 --question "When did you see this number first?"`,
		func(ctx context.Context, n *node.Node, id int64) error {
			var named []selector.Selector
			for _, s := range about {
				sel, err := n.Selector(s)
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
type askView struct {
	By        string              `json:"by"`
	Question  string              `json:"question"`
	Selectors []selector.Selector `json:"selectors"`
	AskedAt   time.Time           `json:"asked_at"`
}

func viewAsks(m match.Matching, all []store.Ask) (views []askView) {
	for _, q := range all {
		v := askView{m.Other(), q.Question, q.Selectors, q.AskedAt}
		if q.Ours {
			v.By = "us"
		}
		views = append(views, v)
	}
	return views
}

func (a *app) sayAsks(all []askView) {
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
