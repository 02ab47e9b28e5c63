package console

import (
	"context"
	"encoding/json"
	"fmt"

	"parley/internal/legible"
	"parley/internal/store"
	"parley/internal/triage"
)

// mostDrawn is how many artifacts are read for one picture.
const mostDrawn = 20_000

// artifactRows are artifacts of evidence, with how many there are in all.
type artifactRows struct {
	Rows []triage.Artifact
	All  int
}

// cut says that not all of them were read, or nothing.
func (a artifactRows) cut() string {
	if a.All == len(a.Rows) {
		return ""
	}
	return fmt.Sprintf("Drawn from the first %s of %s artifacts.", legible.Grouped(len(a.Rows)), legible.Grouped(a.All))
}

// artifactsOf reads the artifacts of evidence, all or those of a kind.
func (c *console) artifactsOf(ctx context.Context, evidence int64, kind string) (artifactRows, error) {
	stored, err := c.node.Artifacts(ctx, evidence, kind)
	if err != nil {
		return artifactRows{}, err
	}
	all := artifactRows{All: len(stored)}
	for _, row := range stored[:min(len(stored), mostDrawn)] {
		a, err := artifactOf(row)
		if err != nil {
			return artifactRows{}, err
		}
		all.Rows = append(all.Rows, a)
	}
	return all, nil
}

// artifactOf reads an artifact as triage wrote it.
func artifactOf(row store.Artifact) (a triage.Artifact, err error) {
	if err = json.Unmarshal(row.Body, &a); err != nil {
		err = fmt.Errorf("read artifact %d of evidence E%d: %w", row.ID, row.Evidence, err)
	}
	return a, err
}

// selectorLinks are the pages of the selectors in evidence, each by its value
// as [bare] writes it.
func (c *console) selectorLinks(ctx context.Context, evidence int64) (map[string]string, error) {
	all, err := c.node.Selectors(ctx, store.Scope{Evidence: evidence})
	links := map[string]string{}
	for _, t := range all {
		links[bare(t.Selector.Value)] = fmt.Sprintf("/selectors/S%d", t.ID)
	}
	return links, err
}

// move is one way to look closer, wider or elsewhere.
type move struct{ Name, To string }
