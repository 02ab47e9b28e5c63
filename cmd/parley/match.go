package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/match"
	"parley/internal/views"
)

func (a *app) matchCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "match",
		Short: "Find out which selectors both sides hold, and nothing else",
		Long: `Match runs a private set intersection with a counterpart, under terms that both
sides accepted: first the count, then which. Neither side learns anything of
the other's set but its size and what both hold. What a counterpart may ask
about in all is held to a budget: see 'parley budget'.`,
	}
	c.AddCommand(a.matchProposeCommand(), a.matchListCommand(), a.matchShowCommand(), a.matchAcceptCommand(),
		a.matchCounterCommand(), a.matchDeclineCommand(), a.matchWithdrawCommand(), a.matchRunCommand(), a.matchAgainCommand(), a.matchCheckCommand(), a.matchWatchCommand(), a.matchAskCommand(), a.matchAbortCommand())
	return c
}

func (a *app) matchListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List matches and proposals", Example: "  parley match list", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.drive(c.Context(), func(n views.Node) error {
				all, err := n.Matches(c.Context())
				if err != nil {
					return err
				}
				var rows [][]string
				for _, v := range all {
					count := "–"
					if v.Count != nil {
						count = fmt.Sprint(*v.Count)
					}
					rows = append(rows, []string{fmt.Sprintf("M%d", v.Number), v.Terms.From, v.Terms.To, v.State, count, cut(v.Terms.Purpose, 50)})
				}
				return a.print(all, func() {
					a.table("no matches: propose one with 'parley match propose'", []string{"match", "from", "to", "state", "count", "purpose"}, rows)
				})
			})
		},
	}
}

// onMatch makes a command that names one match, does something and shows it.
func (a *app) onMatch(use, short, example string, do func(context.Context, views.Node, int64) error) *cobra.Command {
	return &cobra.Command{
		Use: use + " MATCH", Short: short, Example: "  " + example, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("M", args[0])
			if err != nil {
				return err
			}
			return a.drive(c.Context(), func(n views.Node) error {
				if err := do(c.Context(), n, id); err != nil {
					return err
				}
				return a.sayMatch(c.Context(), n, id)
			})
		},
	}
}

// onMatchBecause is onMatch for what needs a reason.
func (a *app) onMatchBecause(use, short, example string, do func(views.Node, context.Context, int64, string) error) *cobra.Command {
	var why string
	c := a.onMatch(use, short, example, func(ctx context.Context, n views.Node, id int64) error { return do(n, ctx, id, why) })
	c.Flags().StringVar(&why, "reason", "", "why; the other side reads it")
	must(c.MarkFlagRequired("reason"))
	return c
}

func (a *app) matchShowCommand() *cobra.Command {
	return a.onMatch("show", "Show a match, how its terms came about, and what both hold with where we found it", "parley match show M1",
		func(context.Context, views.Node, int64) error { return nil })
}

func (a *app) matchAcceptCommand() *cobra.Command {
	var (
		evidence string
		note     string
		hold     bool
	)
	c := a.onMatch("accept", "Agree to a counterpart's terms", "parley match accept M1",
		func(ctx context.Context, n views.Node, id int64) error {
			scope, err := scopeOf(nil, evidence)
			if err != nil {
				return err
			}
			return n.AcceptMatch(ctx, id, scope.Evidence, hold, note)
		})
	c.Flags().StringVar(&evidence, "evidence", "", "only selectors of this evidence, such as E1")
	c.Flags().StringVar(&note, "note", "", noteUsage)
	c.Flags().BoolVar(&hold, "hold", false, "stop after the count until you go on with 'match run'")
	return c
}

func (a *app) matchDeclineCommand() *cobra.Command {
	return a.onMatchBecause("decline", "Refuse a counterpart's terms", `parley match decline M1 --reason "too many kinds"`, views.Node.DeclineMatch)
}

func (a *app) matchWithdrawCommand() *cobra.Command {
	return a.onMatchBecause("withdraw", "Take back an offer that was not answered, or end terms that allow more runs", `parley match withdraw M1 --reason "the work is done"`, views.Node.WithdrawMatch)
}

func (a *app) matchAbortCommand() *cobra.Command {
	return a.onMatchBecause("abort", "End a match that is under way", `parley match abort M1 --reason "wrong evidence"`, views.Node.AbortMatch)
}

func (a *app) matchRunCommand() *cobra.Command {
	var wait time.Duration
	c := a.onMatch("run", "Start an accepted match, or go on after a hold, and wait for the result", "parley match run M1 --wait 10m",
		func(ctx context.Context, n views.Node, id int64) error {
			if err := n.RunMatch(ctx, id); err != nil {
				return err
			}
			return a.awaitMatch(ctx, n, id, wait)
		})
	c.Flags().DurationVar(&wait, "wait", 5*time.Minute, "how long to wait for the other side; 0 returns at once")
	return c
}

// awaitMatch looks until the run has ended or needs a person. The work itself
// is done by 'parley serve', here and there.
func (a *app) awaitMatch(ctx context.Context, n views.Node, id int64, wait time.Duration) error {
	if wait <= 0 {
		return nil
	}
	_, err := a.awaitState(ctx, n, id, wait, func(m views.Match) bool { return match.Ended(m.State) || m.State == match.Counted })
	return err
}

// awaitState looks until a match is as it should be.
func (a *app) awaitState(ctx context.Context, n views.Node, id int64, wait time.Duration, there func(views.Match) bool) (views.Match, error) {
	bar := a.progress()
	defer bar.end()
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	var m views.Match
	err := n.FollowMatch(ctx, id, func(now views.Match) bool {
		m = now
		doing := "match: " + m.State
		if f := m.Progress; f != nil {
			doing = fmt.Sprintf("match: %s, %d of %d", f.Stage, f.Done, f.Total)
		}
		bar.wait(doing)
		return there(m)
	})
	if ctx.Err() != nil {
		err = fmt.Errorf("match M%d is %s after %s: it goes on by itself while both nodes are served; look again with 'parley match show M%d': %w",
			id, m.State, wait, id, errWaited)
	}
	return m, err
}
