package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/assess"
	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/store"
	"parley/stix"
)

func (a *app) claimCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "claim",
		Short: "Who says what, through whom, and how far it holds",
		Long: `Claims stand side by side: who asserts and who denies, through which hands, with
each grade, and from how many independent origins. Nothing is averaged, an
unknown grade is no middle, and a denial is shown without moving anything.`,
	}
	c.AddCommand(a.claimListCommand(), a.claimShowCommand(), a.claimCountsCommand(), a.claimGradeCommand(),
		a.claimAttachCommand(), a.claimOriginCommand())
	return c
}

func (a *app) claimListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List propositions with their status", Example: "  parley claim list", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				w, err := n.Weigh(c.Context())
				if err != nil {
					return err
				}
				return a.print(viewWeighed(w), func() {
					var rows [][]string
					for _, as := range w.Assessments {
						rows = append(rows, []string{shortID(as.Proposition), string(as.Status), denied(as), as.Origins(), fmt.Sprint(as.Repeats), cut(as.Text, 70)})
					}
					a.table("no claims: import some, or wait for a tearline", []string{"proposition", "status", "denied", "origins", "repeats", "what"}, rows)
					for _, s := range w.Suggestions {
						a.say("")
						a.say("%s and %s say nearly the same (%.0f %%) within %s: one origin?", shortID(s.A), shortID(s.B), 100*s.Similarity, short(s.Apart))
						a.say("  parley claim origin %s %s --same --why …", s.A, s.B)
					}
				})
			})
		},
	}
}

// weighedView is what claims come to as it is printed.
type weighedView struct {
	Assessments []assess.Assessment `json:"assessments"`
	Counts      []assess.CountView  `json:"counts"`
	Suggestions []suggestionRow     `json:"suggestions"`
	Faults      []assess.Fault      `json:"faults"`
}

type suggestionRow struct {
	A          stix.ID `json:"a"`
	B          stix.ID `json:"b"`
	Similarity float64 `json:"similarity"` // 0 to 1
	Hours      float64 `json:"hours_apart"`
}

func viewWeighed(w node.Weighed) weighedView {
	v := weighedView{orEmpty(w.Assessments), orEmpty(w.Counts), []suggestionRow{}, orEmpty(w.Faults)}
	for _, s := range w.Suggestions {
		v.Suggestions = append(v.Suggestions, suggestionRow{s.A, s.B, s.Similarity, s.Apart.Hours()})
	}
	return v
}

// shortID is enough of an id to name it on the command line.
func shortID(id stix.ID) string {
	s := string(id)
	if i := strings.Index(s, "--"); i >= 0 && len(s) >= i+10 {
		return s[:i+10]
	}
	return s
}

func denied(as assess.Assessment) string {
	if len(as.Denied) == 0 {
		return "no"
	}
	var who []string
	for _, d := range as.Denied {
		who = append(who, d.Name)
	}
	return "by " + strings.Join(who, ", ")
}

// fullID finds the claim or proposition that begins as given.
func fullID(ctx context.Context, n *node.Node, given string) (stix.ID, error) {
	if id, err := stix.ParseID(given); err == nil {
		return id, nil
	}
	w, err := n.Weigh(ctx)
	if err != nil {
		return "", err
	}
	found := map[stix.ID]bool{}
	for _, as := range w.Assessments {
		ids := []stix.ID{as.Proposition}
		for _, cl := range as.Claims {
			ids = append(ids, cl.ID)
		}
		for _, id := range ids {
			if strings.HasPrefix(string(id), given) {
				found[id] = true
			}
		}
	}
	for id := range found {
		if len(found) == 1 {
			return id, nil
		}
	}
	if len(found) == 0 {
		return "", fmt.Errorf("no claim begins with %q: %w", given, store.ErrNotFound)
	}
	return "", usageError{fmt.Errorf("%d claims begin with %q: give more of the id, as 'parley claim list --json' shows it", len(found), given)}
}

func (a *app) claimShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show PROPOSITION", Short: "Show every claim on a proposition beside the others", Example: "  parley claim show note--5c498aa4", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				id, err := fullID(c.Context(), n, args[0])
				if err != nil {
					return err
				}
				w, err := n.Weigh(c.Context())
				if err != nil {
					return err
				}
				for _, as := range w.Assessments {
					if as.Proposition == id {
						return a.print(as, func() { a.sayAssessment(as) })
					}
				}
				return fmt.Errorf("%s is no proposition: %w", id, store.ErrNotFound)
			})
		},
	}
}

func (a *app) sayAssessment(as assess.Assessment) {
	a.say("%s", plainText(as.Text))
	a.say("  status %s; %s, %d repeats; denied: %s", as.Status, as.Origins(), as.Repeats, denied(as))
	for _, r := range as.Reasons {
		a.say("  · %s", plain(r))
	}
	a.say("")
	var rows [][]string
	for _, cl := range as.Claims {
		var earlier []string
		for _, g := range cl.Earlier {
			earlier = append(earlier, g.String())
		}
		rows = append(rows, []string{shortID(cl.ID), string(cl.Stance), cl.ClaimantName, cl.Graded(), strings.Join(earlier, " "), yes(cl.Repeat), cut(cl.Text, 60)})
	}
	a.table("nobody has said anything on it", []string{"claim", "stance", "who", "grade", "before", "repeat", "what"}, rows)
	for _, j := range as.Judgements {
		a.say("judged %.0f–%.0f %%, confidence %s: %s", j.Low, j.High, j.Confidence, plain(j.Text))
	}
}

func (a *app) claimCountsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "counts", Short: "Show counts by their counters, never on one axis unless they count the same", Example: "  parley claim counts", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				w, err := n.Weigh(c.Context())
				if err != nil {
					return err
				}
				return a.print(orEmpty(w.Counts), func() {
					var rows [][]string
					for _, v := range w.Counts {
						for _, r := range v.Rows {
							rows = append(rows, []string{cut(v.What, 30), cut(v.Definition, 40), v.Period, r.Words, r.Name})
						}
					}
					a.table("nothing was counted", []string{"what", "counted as", "period", "count", "counter"}, rows)
				})
			})
		},
	}
}

func (a *app) claimGradeCommand() *cobra.Command {
	var why string
	c := &cobra.Command{
		Use: "grade CLAIM GRADE", Short: "Grade a claim; the grade before stays beside it",
		Example: `  parley claim grade note--77aa01bc C3 --why "second-hand, fits what the phone shows"`, Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			g, err := release.ParseGrade(args[1])
			if err != nil {
				return usageError{err}
			}
			return a.withNode(c.Context(), func(n *node.Node) error {
				id, err := fullID(c.Context(), n, args[0])
				if err != nil {
					return err
				}
				if err := n.GradeClaim(c.Context(), id, g, why); err != nil {
					return err
				}
				return a.print(map[string]any{"claim": id, "grade": g.String()}, func() { a.say("%s is graded %s", shortID(id), g) })
			})
		},
	}
	c.Flags().StringVar(&why, "why", "", "what the grade rests on")
	must(c.MarkFlagRequired("why"))
	return c
}

func (a *app) claimAttachCommand() *cobra.Command {
	var to string
	c := &cobra.Command{
		Use: "attach CLAIM --to PROPOSITION", Short: "Put a claim beside others on the same proposition",
		Example: "  parley claim attach note--77aa01bc --to note--5c498aa4", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				id, err := fullID(c.Context(), n, args[0])
				if err != nil {
					return err
				}
				proposition, err := fullID(c.Context(), n, to)
				if err != nil {
					return err
				}
				if err := n.AttachClaim(c.Context(), id, proposition); err != nil {
					return err
				}
				return a.print(map[string]any{"claim": id, "proposition": proposition}, func() { a.say("%s stands on %s now", shortID(id), shortID(proposition)) })
			})
		},
	}
	c.Flags().StringVar(&to, "to", "", "the proposition")
	must(c.MarkFlagRequired("to"))
	return c
}

func (a *app) claimOriginCommand() *cobra.Command {
	var same, apart bool
	var why string
	c := &cobra.Command{
		Use: "origin CLAIM CLAIM", Short: "Say that two claims share one origin, or do not",
		Example: `  parley claim origin note--77aa01bc note--10be22f0 --same --why "the second names the first"`, Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				var ids [2]stix.ID
				for i := range ids {
					id, err := fullID(c.Context(), n, args[i])
					if err != nil {
						return err
					}
					ids[i] = id
				}
				if err := n.ConfirmOrigin(c.Context(), ids[0], ids[1], same, why); err != nil {
					return err
				}
				return a.print(map[string]any{"claims": ids, "same": same}, func() { a.say("noted: %s and %s, one origin: %s", shortID(ids[0]), shortID(ids[1]), yes(same)) })
			})
		},
	}
	c.Flags().BoolVar(&same, "same", false, "they share one origin")
	c.Flags().BoolVar(&apart, "apart", false, "they do not")
	c.Flags().StringVar(&why, "why", "", "how you know")
	c.MarkFlagsOneRequired("same", "apart")
	c.MarkFlagsMutuallyExclusive("same", "apart")
	must(c.MarkFlagRequired("why"))
	return c
}
