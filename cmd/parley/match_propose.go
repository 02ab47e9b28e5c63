package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/match"
	"parley/internal/permit"
	"parley/internal/views"
)

// offerFlags are what terms are asked for with, in a proposal and in the answer
// to one.
type offerFlags struct {
	o        match.Offer
	kinds    []string
	uses     []string
	until    string
	evidence string
	decoys   struct{ both, ours, theirs int } // -1: nothing was asked for
}

const noteUsage = "with --mode overlap-payload: what they read beside each selector that both hold"

func (f *offerFlags) add(c *cobra.Command) {
	s := c.Flags()
	s.StringSliceVar(&f.kinds, "kind", nil, "kind of selector to compare; may be given again; without it those that cannot be guessed")
	s.StringVar(&f.o.Purpose, "purpose", "", "what the result is for; the other side reads it")
	s.StringSliceVar(&f.uses, "use", nil, "what may be done with the result, may be given again: "+permit.Names()+" (investigation-lead)")
	s.StringVar(&f.o.Mode, "mode", "", "count, overlap, overlap-payload or standing (overlap)")
	s.StringVar(&f.o.Learns, "learns", "", "who learns it: both, proposer or responder (both)")
	s.IntVar(&f.o.MaxItems, "max-items", 0, "largest set either side may bring (10000, or what the usual budget bears)")
	s.IntVar(&f.o.MaxOurs, "max-ours", 0, "largest set of ours, where they differ")
	s.IntVar(&f.o.MaxTheirs, "max-theirs", 0, "largest set of theirs, where they differ")
	s.IntVar(&f.decoys.both, "pad", -1, "fill both sets up to so many with decoys, so that nobody sees their sizes; 0 for none")
	s.IntVar(&f.decoys.ours, "pad-ours", -1, "the same for ours alone")
	s.IntVar(&f.decoys.theirs, "pad-theirs", -1, "the same for theirs alone")
	s.IntVar(&f.o.Runs, "runs", 0, "how many runs may be made (1)")
	s.IntVar(&f.o.Days, "days", 0, "in how many days (30)")
	s.StringVar(&f.until, "until", "", "the day to whose end the terms hold, such as 2027-01-31 (30 days from now)")
	s.StringVar(&f.evidence, "evidence", "", "only selectors of this evidence, such as E1")
	s.StringVar(&f.o.Note, "note", "", noteUsage)
	s.BoolVar(&f.o.Hold, "hold", false, "stop after the count until you go on with 'match run'")
}

// offer reads the flags; one that was not given asks for nothing.
func (f *offerFlags) offer() (match.Offer, error) {
	o := f.o
	scope, err := scopeOf(f.kinds, f.evidence)
	if err != nil {
		return o, err
	}
	o.Kinds, o.Evidence = scope.Kinds, scope.Evidence
	for _, name := range f.uses {
		use, err := permit.Parse(name)
		if err != nil {
			return o, usageError{err}
		}
		o.Uses = append(o.Uses, use)
	}
	for name, n := range map[string]int{"max-items": o.MaxItems, "max-ours": o.MaxOurs, "max-theirs": o.MaxTheirs, "runs": o.Runs, "days": o.Days} {
		if n < 0 {
			return o, usageError{fmt.Errorf("--%s is %d: give 1 or more", name, n)}
		}
	}
	for _, n := range []int{f.decoys.both, f.decoys.ours} {
		if n >= 0 {
			o.PadOurs = &n
		}
	}
	for _, n := range []int{f.decoys.both, f.decoys.theirs} {
		if n >= 0 {
			o.PadTheirs = &n
		}
	}
	if f.until != "" {
		day, err := time.Parse(time.DateOnly, f.until)
		if err != nil {
			return o, usageError{fmt.Errorf("--until is %q: write a day as in 2027-01-31", f.until)}
		}
		o.Until = day.AddDate(0, 0, 1)
	}
	return o, nil
}

func (a *app) matchProposeCommand() *cobra.Command {
	var (
		f  offerFlags
		to string
	)
	c := &cobra.Command{
		Use:   "propose --to NAME --purpose TEXT",
		Short: "Offer terms to a counterpart",
		Long: `Propose offers terms. Kinds with few possible values, such as phone numbers,
take part only when --kind names them: whoever may bring 2,000 numbers may ask
about 2,000 numbers, whether or not they come by them honestly.`,
		Example: `  parley match propose --to South --kind phone --kind email --purpose "threat to a concert"
  parley match propose --to South --kind phone --purpose "is it worth talking" --mode count
  parley match propose --to South --purpose "do you hold any" --mode count --learns proposer --pad 500
  parley match propose --to South --purpose "one network" --use detection --runs 4 --days 30 --until 2027-01-31`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o, err := f.offer()
			if err != nil {
				return err
			}
			return a.drive(c.Context(), func(n views.Node) error {
				id, err := n.ProposeMatch(c.Context(), to, o)
				if err != nil {
					return err
				}
				return a.sayMatch(c.Context(), n, id)
			})
		},
	}
	f.add(c)
	c.Flags().StringVar(&to, "to", "", "the counterpart")
	must(c.MarkFlagRequired("to"))
	must(c.MarkFlagRequired("purpose"))
	return c
}

func (a *app) matchCounterCommand() *cobra.Command {
	var f offerFlags
	c := &cobra.Command{
		Use:   "counter MATCH",
		Short: "Answer a counterpart's terms with others",
		Long: `Counter changes what the flags name and leaves the rest as it was offered.
From then on only these terms stand: the other side accepts, counters or
declines them.`,
		Example: `  parley match counter M1 --max-theirs 500 --mode count
  parley match counter M1 --runs 4 --days 30 --use protect-life-only`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("M", args[0])
			if err != nil {
				return err
			}
			o, err := f.offer()
			if err != nil {
				return err
			}
			return a.drive(c.Context(), func(n views.Node) error {
				if err := n.CounterMatch(c.Context(), id, o); err != nil {
					return err
				}
				return a.sayMatch(c.Context(), n, id)
			})
		},
	}
	f.add(c)
	return c
}

func (a *app) matchAgainCommand() *cobra.Command {
	c := a.onFurtherRun("again", "parley match again M3 --wait 10m", views.Node.MatchAgain, a.runAgreed)
	c.Short = "Run once more under terms that were accepted, and wait for the result"
	c.Long = `Again begins a new run under the terms of a match, without a new consent, where
they allow more than one. The other side's node holds it to the number of runs,
the time and its budget, and refuses what departs from them.`
	return c
}

// onFurtherRun makes a command that begins a run under the terms of a match,
// waits for it and shows it.
func (a *app) onFurtherRun(use, example string, begin func(views.Node, context.Context, int64) (int64, error),
	await func(context.Context, views.Node, int64, time.Duration) error,
) *cobra.Command {
	var wait time.Duration
	c := &cobra.Command{
		Use: use + " MATCH", Example: "  " + example, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			first, err := number("M", args[0])
			if err != nil {
				return err
			}
			return a.drive(c.Context(), func(n views.Node) error {
				id, err := begin(n, c.Context(), first)
				if err != nil {
					return err
				}
				if err := await(c.Context(), n, id, wait); err != nil {
					return err
				}
				return a.sayMatch(c.Context(), n, id)
			})
		},
	}
	c.Flags().DurationVar(&wait, "wait", 5*time.Minute, "how long to wait for the other side; 0 returns at once")
	return c
}

// runAgreed starts a further run once the other side's node has agreed, and
// waits for its result.
func (a *app) runAgreed(ctx context.Context, n views.Node, id int64, wait time.Duration) error {
	if wait == 0 {
		return nil
	}
	deadline := time.Now().Add(wait)
	m, err := a.awaitState(ctx, n, id, wait, func(m views.Match) bool { return m.State != match.Proposed })
	if err != nil {
		return err
	}
	if m.State == match.Accepted {
		if err := n.RunMatch(ctx, id); err != nil {
			return err
		}
	}
	return a.awaitMatch(ctx, n, id, time.Until(deadline))
}
