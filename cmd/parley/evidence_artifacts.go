package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/store"
	"parley/internal/triage"
)

// artifactRow is an artifact with the number that 'evidence show' takes.
type artifactRow struct {
	Number int64 `json:"number"`
	triage.Artifact
}

func artifactOf(row store.Artifact) (artifactRow, error) {
	a := artifactRow{Number: row.ID}
	if err := json.Unmarshal(row.Body, &a.Artifact); err != nil {
		return a, fmt.Errorf("read artifact A%d: %w", row.ID, err)
	}
	return a, nil
}

// what names the kind, and that the application had freed it.
func (r artifactRow) what() string {
	if r.Deleted {
		return string(r.Kind) + ", deleted"
	}
	return string(r.Kind)
}

func (r artifactRow) who() string {
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
			return a.withNode(c.Context(), func(n *node.Node) error {
				all, err := n.Artifacts(c.Context(), id, kind)
				if err != nil {
					return err
				}
				list := []artifactRow{}
				var rows [][]string
				for _, row := range all {
					art, err := artifactOf(row)
					if err != nil {
						return err
					}
					list = append(list, art)
					rows = append(rows, []string{fmt.Sprintf("A%d", art.Number), art.what(), when(art.Time), cut(art.who(), 40), cut(art.Text, 60), art.Place.String()})
				}
				return a.print(list, func() {
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
