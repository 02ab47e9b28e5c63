package console

import (
	"net/http"

	"parley/internal/match"
	"parley/internal/node"
	"parley/internal/release"
)

// overviewRows is how many of each kind the overview shows; the rest is a link
// away.
const overviewRows = 10

// overviewBody is what waits, life first, and how the node stands.
type overviewBody struct {
	Status    node.Status
	Warnings  []warningRow
	Corrected []warningRow // that somebody must still hear the end of
	Proposals []match.Matching
	Releases  []releaseRow
}

func (c *console) overview(r *http.Request) (view, error) {
	var (
		b   overviewBody
		ctx = r.Context()
		err error
	)
	if b.Status, err = c.node.Status(ctx); err != nil {
		return view{}, err
	}
	warnings, err := c.node.Warnings(ctx)
	if err != nil {
		return view{}, err
	}
	for _, w := range c.warningRows(warnings) {
		if len(w.Due) > 0 {
			b.Warnings = append(b.Warnings, w)
		}
		if len(w.CorrectionDue) > 0 {
			b.Corrected = append(b.Corrected, w)
		}
	}
	matches, err := c.node.Matches(ctx)
	if err != nil {
		return view{}, err
	}
	for _, m := range matches {
		if m.State == match.Offered {
			b.Proposals = append(b.Proposals, m)
		}
	}
	releases, err := c.node.Releases(ctx)
	if err != nil {
		return view{}, err
	}
	for _, one := range releases {
		if release.WaitsForPerson(one.State) && len(b.Releases) < overviewRows {
			row, err := c.releaseRow(ctx, one)
			if err != nil {
				return view{}, err
			}
			b.Releases = append(b.Releases, row)
		}
	}
	b.Warnings = b.Warnings[:min(len(b.Warnings), overviewRows)]
	b.Corrected = b.Corrected[:min(len(b.Corrected), overviewRows)]
	b.Proposals = b.Proposals[:min(len(b.Proposals), overviewRows)]
	return view{Page: "overview", Title: "Overview", Body: b}, nil
}
