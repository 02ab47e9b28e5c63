package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/match"
	"parley/internal/node"
	"parley/psi"
	"parley/selector"
)

func (a *app) matchCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "match",
		Short: "Find out which selectors both sides hold, and nothing else",
		Long: `Match runs a private set intersection with a counterpart, under terms that both
sides accepted: first the count, then which. Neither side learns anything of
the other's set but its size and what both hold.`,
	}
	c.AddCommand(a.matchProposeCommand(), a.matchListCommand(), a.matchShowCommand(), a.matchAcceptCommand(),
		a.matchDeclineCommand(), a.matchRunCommand(), a.matchAbortCommand())
	return c
}

func (a *app) matchProposeCommand() *cobra.Command {
	var (
		o        match.Offer
		to       string
		kinds    []string
		evidence string
	)
	c := &cobra.Command{
		Use:   "propose --to NAME --kind KIND --purpose TEXT",
		Short: "Offer terms to a counterpart",
		Example: `  parley match propose --to South --kind phone --kind email --purpose "threat to a concert"
  parley match propose --to South --kind phone --purpose "is it worth talking" --reveal count`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			scope, err := scopeOf(kinds, evidence)
			if err != nil {
				return err
			}
			if o.Reveal != match.RevealCount && o.Reveal != match.RevealOverlap {
				return usageError{fmt.Errorf("--reveal is %q: write %s or %s", o.Reveal, match.RevealCount, match.RevealOverlap)}
			}
			if o.MaxItems < 1 || o.MaxItems > psi.MaxItems {
				return usageError{fmt.Errorf("--max-items is %d: give 1 to %d", o.MaxItems, psi.MaxItems)}
			}
			o.Kinds, o.Evidence = scope.Kinds, scope.Evidence
			return a.withNode(c.Context(), func(n *node.Node) error {
				id, err := n.ProposeMatch(c.Context(), to, o)
				if err != nil {
					return err
				}
				return a.sayMatch(c.Context(), n, id)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&to, "to", "", "the counterpart")
	f.StringSliceVar(&kinds, "kind", nil, "kind of selector to compare; may be given again")
	f.StringVar(&o.Purpose, "purpose", "", "what the result is for; the other side reads it")
	f.StringVar(&o.Reveal, "reveal", match.RevealOverlap, "count or overlap")
	f.IntVar(&o.MaxItems, "max-items", 10_000, "largest set either side may bring")
	f.StringVar(&evidence, "evidence", "", "only selectors of this evidence, such as E1")
	f.BoolVar(&o.Hold, "hold", false, "stop after the count until you go on with 'match run'")
	must(c.MarkFlagRequired("to"))
	must(c.MarkFlagRequired("kind"))
	must(c.MarkFlagRequired("purpose"))
	return c
}

// matchView is a match as it is printed.
type matchView struct {
	Number   int64       `json:"number"`
	Role     string      `json:"role"`
	State    string      `json:"state"`
	Terms    match.Terms `json:"terms"`
	Ours     int         `json:"ours"`
	Theirs   int         `json:"theirs"`
	Count    *int        `json:"count,omitempty"`
	Overlap  []sharedRow `json:"overlap,omitempty"`
	Reason   string      `json:"reason,omitempty"`
	Alarm    string      `json:"alarm,omitempty"`
	BytesOut int64       `json:"bytes_out"`
	BytesIn  int64       `json:"bytes_in"`
	Seconds  float64     `json:"seconds,omitempty"`
	Progress *flowView   `json:"progress,omitempty"`
}

// flowView is how far the overlap of a match has come.
type flowView struct {
	Stage string  `json:"stage"`
	Done  int     `json:"done"` // of our selectors
	Total int     `json:"total"`
	Left  float64 `json:"seconds_left,omitempty"`
}

// sharedRow is a selector that both hold, with where we found it.
type sharedRow struct {
	Selector selector.Selector `json:"selector"`
	Findings []findingRow      `json:"findings"`
}

func viewMatch(m match.Matching, overlap []node.Shared) matchView {
	p := m.Progress
	v := matchView{
		Number: m.ID, Role: m.Role, State: m.State, Terms: m.Terms, Ours: p.OurSize, Theirs: p.TheirSize,
		Reason: p.Reason, Alarm: p.Alarm, BytesOut: p.BytesOut, BytesIn: p.BytesIn,
	}
	for _, s := range overlap {
		v.Overlap = append(v.Overlap, sharedRow{s.Selector, findingRows(s.Findings)})
	}
	if p.CountKnown {
		v.Count = &p.Count
	}
	if f := p.Flow; f != nil {
		v.Progress = &flowView{string(f.Stage), f.Done, f.Total, f.Left().Seconds()}
	}
	if !p.Started.IsZero() && !p.Finished.IsZero() {
		v.Seconds = p.Finished.Sub(p.Started).Seconds()
	}
	return v
}

func (a *app) sayMatch(ctx context.Context, n *node.Node, id int64) error {
	m, err := n.Match(ctx, id)
	if err != nil {
		return err
	}
	overlap, err := n.Overlap(ctx, id)
	if err != nil {
		return err
	}
	v := viewMatch(m, overlap)
	return a.print(v, func() {
		other := m.Terms.To
		if m.Role == match.Responder {
			other = m.Terms.From
		}
		a.say("M%d with %s: %s", v.Number, plain(other), v.State)
		a.say("  purpose  %s", plain(v.Terms.Purpose))
		a.say("  kinds    %v, at most %d a side, reveals the %s", v.Terms.Kinds, v.Terms.MaxItems, v.Terms.Reveal)
		if v.Count != nil {
			a.say("  sizes    ours %d, theirs %d", v.Ours, v.Theirs)
			a.say("  count    both hold %d", *v.Count)
		}
		if f := v.Progress; f != nil && m.State != match.Done {
			left := ""
			if f.Left > 0 && !match.Ended(m.State) {
				left = fmt.Sprintf(", about %v left", m.Progress.Flow.Left().Round(time.Second))
			}
			a.say("  progress %s: %d of %d%s", f.Stage, f.Done, f.Total, left)
		}
		if v.Reason != "" {
			a.say("  reason   %s", plain(v.Reason))
		}
		if v.Alarm != "" {
			a.say("  ALARM    %s", plain(v.Alarm))
		}
		a.sayOverlap(v.Overlap)
	})
}

func (a *app) sayOverlap(overlap []sharedRow) {
	var rows [][]string
	for _, s := range overlap {
		for i, f := range s.Findings {
			value := s.Selector.String()
			if i > 0 {
				value = ""
			}
			rows = append(rows, []string{value, f.Source, f.Raw, f.Place})
		}
	}
	if len(rows) > 0 {
		a.say("")
		a.table("", []string{"both hold", "source", "written", "place"}, rows)
	}
}

func (a *app) matchListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List matches and proposals", Example: "  parley match list", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				all, err := n.Matches(c.Context())
				if err != nil {
					return err
				}
				list := []matchView{}
				var rows [][]string
				for _, m := range all {
					v := viewMatch(m, nil)
					list = append(list, v)
					count := "–"
					if v.Count != nil {
						count = fmt.Sprint(*v.Count)
					}
					rows = append(rows, []string{fmt.Sprintf("M%d", v.Number), v.Terms.From, v.Terms.To, v.State, count, cut(v.Terms.Purpose, 50)})
				}
				return a.print(list, func() {
					a.table("no matches: propose one with 'parley match propose'", []string{"match", "from", "to", "state", "count", "purpose"}, rows)
				})
			})
		},
	}
}

// onMatch makes a command that names one match, does something and shows it.
func (a *app) onMatch(use, short, example string, do func(context.Context, *node.Node, int64) error) *cobra.Command {
	return &cobra.Command{
		Use: use + " MATCH", Short: short, Example: "  " + example, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("M", args[0])
			if err != nil {
				return err
			}
			return a.withNode(c.Context(), func(n *node.Node) error {
				if err := do(c.Context(), n, id); err != nil {
					return err
				}
				return a.sayMatch(c.Context(), n, id)
			})
		},
	}
}

func (a *app) matchShowCommand() *cobra.Command {
	return a.onMatch("show", "Show a match, and what both hold with where we found it", "parley match show M1",
		func(context.Context, *node.Node, int64) error { return nil })
}

func (a *app) matchAcceptCommand() *cobra.Command {
	var (
		evidence string
		hold     bool
	)
	c := a.onMatch("accept", "Agree to a counterpart's terms", "parley match accept M1",
		func(ctx context.Context, n *node.Node, id int64) error {
			scope, err := scopeOf(nil, evidence)
			if err != nil {
				return err
			}
			return n.AcceptMatch(ctx, id, scope.Evidence, hold)
		})
	c.Flags().StringVar(&evidence, "evidence", "", "only selectors of this evidence, such as E1")
	c.Flags().BoolVar(&hold, "hold", false, "stop after the count until you go on with 'match run'")
	return c
}

func (a *app) matchDeclineCommand() *cobra.Command {
	var why string
	c := a.onMatch("decline", "Refuse a counterpart's terms", `parley match decline M1 --reason "too many kinds"`,
		func(ctx context.Context, n *node.Node, id int64) error { return n.DeclineMatch(ctx, id, why) })
	c.Flags().StringVar(&why, "reason", "", "why; the other side reads it")
	must(c.MarkFlagRequired("reason"))
	return c
}

func (a *app) matchAbortCommand() *cobra.Command {
	var why string
	c := a.onMatch("abort", "End a match that is under way", `parley match abort M1 --reason "wrong evidence"`,
		func(ctx context.Context, n *node.Node, id int64) error { return n.AbortMatch(ctx, id, why) })
	c.Flags().StringVar(&why, "reason", "", "why; the other side reads it")
	must(c.MarkFlagRequired("reason"))
	return c
}

func (a *app) matchRunCommand() *cobra.Command {
	var wait time.Duration
	c := a.onMatch("run", "Start an accepted match, or go on after a hold, and wait for the result", "parley match run M1 --wait 10m",
		func(ctx context.Context, n *node.Node, id int64) error {
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
func (a *app) awaitMatch(ctx context.Context, n *node.Node, id int64, wait time.Duration) error {
	if wait == 0 {
		return nil
	}
	bar := a.progress()
	defer bar.end()
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		m, err := n.Match(ctx, id)
		if err != nil {
			return err
		}
		if match.Ended(m.State) || m.State == match.Counted {
			return nil
		}
		doing := "match: " + m.State
		if f := m.Progress.Flow; f != nil {
			doing = fmt.Sprintf("match: %s, %d of %d", f.Stage, f.Done, f.Total)
		}
		bar.wait(doing)
		select {
		case <-ctx.Done():
			return fmt.Errorf("match M%d is %s after %s: it goes on by itself while both nodes are served; look again with 'parley match show M%d': %w",
				id, m.State, wait, id, errWaited)
		case <-tick.C:
		}
	}
}
