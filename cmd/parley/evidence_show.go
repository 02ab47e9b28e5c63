package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/store"
	"parley/internal/triage"
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
			return a.withNode(c.Context(), func(n *node.Node) error { return show(c.Context(), n, id) })
		},
	}
}

func (a *app) showFinding(ctx context.Context, n *node.Node, id int64) error {
	f, excerpt, err := n.ShowFinding(ctx, id)
	if err != nil {
		return err
	}
	return a.print(map[string]any{"finding": findingRows([]store.Finding{f})[0], "excerpt": excerpt}, func() {
		a.say("%s in E%d", plain(f.Selector.String()), f.Evidence)
		a.say("written %s, %s", plain(f.Raw), sureness(f.Confidence))
		a.say("%s", plain(f.Place))
		a.say("")
		a.sayExcerpt(excerpt)
	})
}

func (a *app) showArtifact(ctx context.Context, n *node.Node, id int64) error {
	row, excerpt, err := n.ShowArtifact(ctx, id)
	if err != nil {
		return err
	}
	art, err := artifactOf(row)
	if err != nil {
		return err
	}
	return a.print(map[string]any{"artifact": art, "excerpt": excerpt}, func() {
		a.say("%s in E%d: %s", art.what(), row.Evidence, plain(cut(art.who(), 100)))
		a.say("%s", plain(row.Place))
		a.say("")
		a.sayExcerpt(excerpt)
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
