package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/triage"
	"parley/internal/views"
)

// views.Artifact is an artifact with the number that 'evidence show' takes.
func whatOf(r views.Artifact) string {
	if r.Deleted {
		return string(r.Kind) + ", deleted"
	}
	return string(r.Kind)
}

func whoOf(r views.Artifact) string {
	return strings.Join(filled(r.Name, r.From, r.To), " → ")
}

func (a *app) evidenceArtifactsCommand() *cobra.Command {
	var kind string
	kinds := artifactKinds()
	c := &cobra.Command{
		Use: "artifacts EVIDENCE", Short: "List contacts, messages, calls, pictures and what else applications kept",
		Example: "  parley evidence artifacts E1 --kind message", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("E", args[0])
			if err != nil {
				return err
			}
			if kind != "" && !slices.Contains(triage.ArtifactKinds(), triage.ArtifactKind(kind)) {
				return usageError{fmt.Errorf("no kind of artifact is called %q: there are %s", kind, kinds)}
			}
			return a.drive(c.Context(), func(n views.Node) error {
				all, err := n.Artifacts(c.Context(), id, kind)
				if err != nil {
					return err
				}
				var rows [][]string
				for _, art := range all {
					rows = append(rows, []string{fmt.Sprintf("A%d", art.Number), whatOf(art), when(art.Time), cut(whoOf(art), 40), cut(art.Text, 60), art.Place.String()})
				}
				return a.print(all, func() {
					a.table("none", []string{"artifact", "kind", "time", "who", "text", "place"}, rows)
				})
			})
		},
	}
	c.Flags().StringVar(&kind, "kind", "", "only this kind: "+kinds)
	return c
}

func artifactKinds() string {
	var names []string
	for _, kind := range triage.ArtifactKinds() {
		names = append(names, string(kind))
	}
	return strings.Join(names, ", ")
}

func filled(all ...string) []string {
	var some []string
	for _, s := range all {
		if s != "" {
			some = append(some, s)
		}
	}
	return some
}
