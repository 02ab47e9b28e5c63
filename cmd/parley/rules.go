package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/rules"
	"parley/internal/views"
)

func (a *app) rulesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "rules",
		Short: "By which rules something may be released",
		Long: `Rules say what may go to whom, for what. What no rule allows is refused, and
one rule that denies wins over all that allow. They are asked when a release is
drafted, when it is cleared and when it is sent, and when one person sends a
warning. Before any rule stands what things are marked with.

They are a file that you can read and write: begin with 'rules show', try what
you wrote with 'rules test' and 'rules simulate', and have it hold with
'rules propose' and a second person's 'rules confirm'. What only lets less go
holds at once with 'rules set'.`,
	}
	c.AddCommand(a.rulesShowCommand(), a.rulesTestCommand(), a.rulesSimulateCommand(), a.rulesSetCommand(),
		a.rulesProposeCommand(), a.rulesProposedCommand(), a.rulesConfirmCommand())
	return c
}

// maxRules bounds a file of rules in bytes; what is in it has a bound of its own.
const maxRules = 1 << 20

func (a *app) sayRules(f release.RulesFile, text func(views.Rules)) error {
	v, err := views.RulesOf(f)
	if err != nil {
		return err
	}
	return a.print(v, func() { text(v) })
}

func (a *app) rulesShowCommand() *cobra.Command {
	var brought bool
	c := &cobra.Command{
		Use: "show", Short: "Print the rules that hold, or those that the program brings",
		Example: `  parley rules show
  parley rules show --default > release.rules`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			written := func(v views.Rules) { fmt.Fprint(a.out, plainText(v.Text)) }
			if brought {
				return a.sayRules(release.RulesFile{Name: rules.DefaultName, Text: string(rules.Default())}, written)
			}
			return a.drive(c.Context(), func(n views.Node) error {
				f, err := n.Rules(c.Context())
				if err != nil {
					return err
				}
				return a.sayRules(f, written)
			})
		},
	}
	c.Flags().BoolVar(&brought, "default", false, "the rules that the program brings, whatever this node has")
	return c
}

func (a *app) rulesSetCommand() *cobra.Command {
	return &cobra.Command{
		Use: "set FILE", Short: "Have a file of rules hold that lets less go than before",
		Long: `Set has the rules in a file hold on this node. It needs an administrator, and
every case in the file must come out as it expects. A file that may let more go
than the rules that hold is refused: it takes 'rules propose', and a second
person. Releases that were cleared before are asked about again when they are
sent.`,
		Example: "  parley rules set release.rules", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := a.readFile(args[0], maxRules)
			if err != nil {
				return err
			}
			return a.drive(c.Context(), func(n views.Node) error {
				f, err := n.SetRules(c.Context(), filepath.Base(args[0]), text)
				if err != nil {
					return err
				}
				return a.sayRules(f, func(v views.Rules) {
					a.say("%s: %d rules hold from now on; %d cases, SHA-256 %s", plain(v.Name), len(v.Rules), v.Cases, v.SHA256)
				})
			})
		},
	}
}

// errCases: a case did not come out as it was expected.
var errCases = errors.New("not every case came out as expected")

func (a *app) rulesTestCommand() *cobra.Command {
	return &cobra.Command{
		Use: "test FILE [CASES…]", Short: "Ask a file of rules about its cases; exit code 1 when one comes out otherwise",
		Long: `Test asks a file of rules about the cases in it, and those in further files that
hold nothing else. It prints what was expected, what came of it and which rule
decided. It needs no node.`,
		Example: `  parley rules test release.rules
  parley rules test release.rules more.cases`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			set, err := a.readRules(args[0])
			if err != nil {
				return err
			}
			cases := set.Cases
			for _, file := range args[1:] {
				text, err := a.readFile(file, maxRules)
				if err != nil {
					return err
				}
				more, err := rules.ParseCases(filepath.Base(file), text)
				if err != nil {
					return err
				}
				cases = append(cases, more...)
			}
			return a.sayOutcomes(set.Test(cases))
		},
	}
}

func (a *app) readRules(file string) (*rules.Set, error) {
	text, err := a.readFile(file, maxRules)
	if err != nil {
		return nil, err
	}
	return rules.Parse(filepath.Base(file), text)
}

func (a *app) sayOutcomes(all []rules.Outcome) error {
	failed := 0
	var rows [][]string
	for _, o := range all {
		word := "as expected"
		if !o.Holds {
			failed++
			word = "OTHERWISE"
		}
		rows = append(rows, []string{o.Place, word, o.Case, o.Expected, o.Got.Verdict()})
	}
	err := a.print(orEmpty(all), func() {
		a.table("no cases: write some into the file, so that it says what is expected of it", []string{"case", "came out", "", "expected", "got"}, rows)
		for _, o := range all {
			if !o.Holds {
				a.say("%s: %s", o.Place, plain(o.Got.Reason))
			}
		}
	})
	if err == nil && failed > 0 {
		err = fmt.Errorf("%d of %d: %w", failed, len(all), errCases)
	}
	return err
}

func (a *app) rulesSimulateCommand() *cobra.Command {
	var since string
	c := &cobra.Command{
		Use: "simulate FILE", Short: "Show what a file of rules would have let go",
		Long: `Simulate asks a file of rules about what this node did: every release, as of
when it was drafted, and every report of ours, for each counterpart and each
use, under TLP:RED. It changes nothing.`,
		Example: "  parley rules simulate release.rules --since 30d", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := a.readFile(args[0], maxRules)
			if err != nil {
				return err
			}
			ago, err := days(since)
			if err != nil {
				return err
			}
			return a.drive(c.Context(), func(n views.Node) error {
				all, err := n.Simulate(c.Context(), filepath.Base(args[0]), text, ago)
				if err != nil {
					return err
				}
				return a.saySimulated(all)
			})
		},
	}
	c.Flags().StringVar(&since, "since", "30d", "how far back, in days (30d) or hours (12h)")
	return c
}

func (a *app) saySimulated(all []node.Simulated) error {
	return a.print(orEmpty(all), func() {
		var rows [][]string
		allowed := 0
		for _, s := range all {
			word := "stays"
			if s.Allowed {
				allowed++
				word = "goes"
			}
			rows = append(rows, []string{s.What, s.To, string(s.Use), string(s.TLP), s.State, word, strings.Join(s.By, ", ")})
		}
		a.table("nothing was released or reported in that time", []string{"what", "to", "for", "tlp", "was", "now", "by"}, rows)
		if len(all) == 0 {
			return
		}
		a.say("%d of %d would go", allowed, len(all))
		said := map[string]bool{}
		for _, s := range all {
			if !s.Allowed && strings.HasPrefix(s.What, "R") && !said[s.Reason] {
				said[s.Reason] = true
				a.say("%s: %s", s.What, plain(s.Reason))
			}
		}
	})
}

// days reads how long ago: so many days, or a duration as Go writes it.
func days(s string) (time.Duration, error) {
	if number, is := strings.CutSuffix(s, "d"); is {
		n, err := strconv.Atoi(number)
		if err == nil && n > 0 && n <= 36500 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, usageError{fmt.Errorf("%q is no length of time such as 30d or 12h", s)}
	}
	return d, nil
}
