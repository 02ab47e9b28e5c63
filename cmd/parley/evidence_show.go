package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/triage"
	"parley/internal/views"
	"parley/selector"
)

func (a *app) evidenceShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show FINDING|ARTIFACT",
		Short: "Open the place of a finding or an artifact again, in its context",
		Example: `  parley evidence show F12
  parley evidence show A7`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			show, letter := a.showFinding, "F"
			if strings.HasPrefix(args[0], "A") {
				show, letter = a.showArtifact, "A"
			}
			id, err := number(letter, args[0])
			if err != nil {
				return err
			}
			return a.drive(c.Context(), func(n views.Node) error { return show(c.Context(), n, id) })
		},
	}
}

func (a *app) showFinding(ctx context.Context, n views.Node, id int64) error {
	o, err := n.ShowFinding(ctx, id)
	if err != nil {
		return err
	}
	return a.print(map[string]any{"finding": o.Finding, "excerpt": o.Excerpt}, func() {
		a.say("%s in E%d", plain(o.Finding.Selector.String()), o.Evidence)
		a.say("written %s, %s", plain(o.Finding.Raw), sureness(o.Finding.Confidence))
		a.say("%s", plain(o.Finding.Place))
		a.say("")
		a.sayExcerpt(o.Excerpt)
	})
}

func (a *app) showArtifact(ctx context.Context, n views.Node, id int64) error {
	o, err := n.ShowArtifact(ctx, id)
	if err != nil {
		return err
	}
	return a.print(map[string]any{"artifact": o.Artifact, "excerpt": o.Excerpt}, func() {
		a.say("%s in E%d: %s", whatOf(*o.Artifact), o.Evidence, plain(cut(whoOf(*o.Artifact), 100)))
		a.say("%s", plain(o.Artifact.Place.String()))
		a.say("")
		a.sayExcerpt(o.Excerpt)
	})
}

// sayExcerpt prints what stands around a finding.
func (a *app) sayExcerpt(e triage.Excerpt) {
	if e.Match != "" {
		a.say("  …%s[%s]%s…", plain(e.Before), plain(cut(e.Match, 2000)), plain(e.After))
	}
	if len(e.Row) == 0 {
		return
	}
	if e.Match != "" {
		a.say("")
	}
	var rows [][]string
	for _, c := range e.Row {
		rows = append(rows, []string{c.Column, cut(c.Value, 100)})
	}
	a.table("", []string{"column", "value"}, rows)
}

// sureness says how sure it is that a finding is what it is taken for.
func sureness(c selector.Confidence) string {
	if c == "" {
		return "how surely was not kept"
	}
	return "confidence " + string(c)
}
