package main

import (
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/node"
)

func (a *app) assuranceCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "assurance",
		Short: "What a counterpart has undertaken, on paper",
		Long: `An assurance is an undertaking of a counterpart: to keep to the permitted uses
(permitted-uses), how it treats people (treatment), to pass nothing on
(no-onward), or one that your house names otherwise. Rules of release can ask
for one; where it is missing or over, the release stops and says so.`,
	}
	c.AddCommand(a.assuranceAddCommand(), a.assuranceListCommand(), a.assuranceEndCommand())
	return c
}

// maxDocument bounds the document of an assurance, in bytes.
const maxDocument = 64 << 20

func (a *app) assuranceAddCommand() *cobra.Command {
	var (
		opt                   node.AssuranceOptions
		from, until, document string
	)
	c := &cobra.Command{
		Use: "add NAME UNDERTAKING --evidence WORDS", Short: "Keep an assurance of a counterpart",
		Long: `Add keeps that a counterpart has given an assurance, who took it in, where it is
written down and how long it holds. Of a document only the SHA-256 is kept. It
needs a releaser or an administrator.`,
		Example: `  parley counterpart assurance add South treatment --evidence "letter of 3 January, file 12" --until 2026-12-31
  parley counterpart assurance add South no-onward --evidence "agreement, article 4" --document agreement.pdf`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			opt.Undertaking = args[1]
			for _, d := range []struct {
				text string
				to   *time.Time
			}{{from, &opt.From}, {until, &opt.Until}} {
				if err := readDay(d.text, d.to); err != nil {
					return err
				}
			}
			if document != "" {
				content, err := a.readFile(document, maxDocument)
				if err != nil {
					return err
				}
				sum := sha256.Sum256(content)
				opt.SHA256 = sum[:]
			}
			return a.withNode(c.Context(), func(n *node.Node) error {
				one, err := n.AddAssurance(c.Context(), args[0], opt)
				if err != nil {
					return err
				}
				return a.sayAssurance(one)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&opt.Evidence, "evidence", "", "where it is written down")
	f.StringVar(&document, "document", "", "the document, whose SHA-256 is kept")
	f.StringVar(&from, "from", "", "the day from which it holds, such as 2026-01-01; today if empty")
	f.StringVar(&until, "until", "", "the day on which it is over")
	must(c.MarkFlagRequired("evidence"))
	return c
}

// readDay reads a day, in UTC; nothing leaves the zero time.
func readDay(text string, to *time.Time) error {
	if text == "" {
		return nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return usageError{fmt.Errorf("%q is no day such as 2026-01-31", text)}
	}
	*to = t
	return nil
}

func (a *app) sayAssurance(one node.Assurance) error {
	return a.print(one, func() {
		a.say("A%d %s of %s: %s", one.Number, one.Undertaking, plain(one.Counterpart), one.State)
		a.say("  from     %s", when(one.From))
		a.say("  until    %s", when(one.Until))
		a.say("  evidence %s", plain(one.Evidence))
		a.say("  taken in by %s, %s", one.AddedBy, when(one.AddedAt))
		if one.EndedBy != "" {
			a.say("  ended by %s, %s: %s", one.EndedBy, when(one.EndedAt), plain(one.Reason))
		}
	})
}

func (a *app) assuranceListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list [NAME]", Short: "List assurances, of one counterpart or of all", Example: "  parley counterpart assurance list South", Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				name := ""
				if len(args) == 1 {
					name = args[0]
				}
				all, err := n.Assurances(c.Context(), name)
				if err != nil {
					return err
				}
				return a.print(orEmpty(all), func() {
					var rows [][]string
					for _, one := range all {
						rows = append(rows, []string{
							fmt.Sprintf("A%d", one.Number), one.Counterpart, one.Undertaking, one.State, when(one.From), when(one.Until), one.Evidence,
						})
					}
					a.table("no assurances: keep one with 'parley counterpart assurance add'", []string{"", "counterpart", "undertaking", "state", "from", "until", "evidence"}, rows)
				})
			})
		},
	}
}

func (a *app) assuranceEndCommand() *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use: "end ASSURANCE --reason WORDS", Short: "Note that an assurance holds no longer",
		Example: `  parley counterpart assurance end A1 --reason "withdrawn by letter"`, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("A", args[0])
			if err != nil {
				return err
			}
			return a.withNode(c.Context(), func(n *node.Node) error {
				one, err := n.EndAssurance(c.Context(), id, reason)
				if err != nil {
					return err
				}
				return a.sayAssurance(one)
			})
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why")
	must(c.MarkFlagRequired("reason"))
	return c
}
