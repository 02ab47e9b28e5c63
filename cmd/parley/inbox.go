package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/store"
	"parley/internal/views"
)

func (a *app) inboxCommand() *cobra.Command {
	var (
		limit int
		wait  time.Duration
		kind  string
	)
	c := &cobra.Command{
		Use:   "inbox [NUMBER]",
		Short: "What counterparts sent",
		Example: `  parley inbox
  parley inbox I3
  parley inbox --kind release.bundle --wait 1m`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.drive(c.Context(), func(n views.Node) error {
				if len(args) == 1 {
					id, err := number("I", args[0])
					if err != nil {
						return err
					}
					l, err := n.Letter(c.Context(), id)
					if err != nil {
						return err
					}
					return a.print(l, func() { a.sayLetter(l) })
				}
				all, err := a.awaitLetters(c.Context(), n, kind, limit, wait)
				if err != nil {
					return err
				}
				return a.print(all, func() { a.sayLetters(all) })
			})
		},
	}
	c.Flags().IntVar(&limit, "limit", 50, "at most so many, newest first (0: all)")
	c.Flags().StringVar(&kind, "kind", "", "only this kind, such as release.bundle or warning")
	c.Flags().DurationVar(&wait, "wait", 0, "wait so long for the first one")
	return c
}

func (a *app) awaitLetters(ctx context.Context, n views.Node, kind string, limit int, wait time.Duration) ([]node.Letter, error) {
	deadline := time.Now().Add(wait)
	for {
		all, err := n.Inbox(ctx, limit)
		if err != nil {
			return nil, err
		}
		some := []node.Letter{}
		for _, l := range all {
			if (kind == "" || l.Kind == kind) && l.State != store.New && l.State != store.Arriving {
				some = append(some, l)
			}
		}
		if len(some) > 0 || wait == 0 {
			return some, nil
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("nothing came in %s: %w", wait, errWaited)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(a.lookPause()):
		}
	}
}

func (a *app) sayLetters(all []node.Letter) {
	var rows [][]string
	for _, l := range all {
		what := l.Problem
		if l.Tearline != nil {
			what = l.Tearline.Title
		}
		state := l.State
		if l.Standing != nil && l.Standing.State != store.Current {
			state = l.Standing.State
		}
		rows = append(rows, []string{fmt.Sprintf("I%d", l.Number), l.From, l.Kind, state, when(l.ReceivedAt), cut(what, 60)})
	}
	a.table("nothing came yet", []string{"number", "from", "kind", "state", "received", "what"}, rows)
}

func (a *app) sayLetter(l node.Letter) {
	a.say("I%d from %s, %s: %s", l.Number, plain(l.From), when(l.ReceivedAt), l.Kind)
	if l.Problem != "" {
		a.say("  refused: %s", plain(l.Problem))
	}
	if s := l.Standing; s != nil && s.State != store.Current {
		a.say("  %s by %s %s: %s", s.State, plain(l.From), when(s.WithdrawnAt), plain(s.Reason))
		if s.Successor != 0 {
			a.say("  I%d stands in its place", s.Successor)
		}
	}
	t := l.Tearline
	if t == nil {
		return
	}
	a.say("  %s  [TLP:%s, %s, grade %s]", plain(t.Title), t.TLP, t.Use, t.Grade)
	a.say("  %s", t.Wording)
	a.say("")
	a.say("%s", plainText(t.Text))
	a.say("")
	for _, s := range t.Selectors {
		a.say("  %s", plain(s.String()))
	}
}
