package console

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/store"
)

// releaseRow is a release with what its author asked for.
type releaseRow struct {
	store.Release
	To    string
	Order release.Order
}

func (c *console) releaseRow(ctx context.Context, r store.Release) (releaseRow, error) {
	rows, err := c.releaseRows(ctx, []store.Release{r})
	if err != nil {
		return releaseRow{Release: r}, err
	}
	return rows[0], nil
}

func (c *console) releaseRows(ctx context.Context, all []store.Release) ([]releaseRow, error) {
	counterparts, err := c.node.Counterparts(ctx)
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for _, to := range counterparts {
		names[to.ID] = to.Name
	}
	rows := make([]releaseRow, len(all))
	for i, r := range all {
		o, err := release.ReadOrder(r)
		if err != nil {
			return nil, err
		}
		rows[i] = releaseRow{r, names[r.Counterpart], o}
	}
	return rows, nil
}

type releasesBody struct {
	Heads []heading
	Rows  []releaseRow
	window
}

var releaseColumns = []column[releaseRow]{
	{Key: "number", Name: "Release", of: func(r releaseRow) any { return serial{"R", r.ID} }},
	{Key: "state", Name: "State", of: func(r releaseRow) any { return r.State }},
	{Key: "to", Name: "To", of: func(r releaseRow) any { return r.To }},
	{Key: "marking", Name: "Marking", of: func(r releaseRow) any { return string(r.Order.TLP) }},
	{Key: "use", Name: "Permitted use", of: func(r releaseRow) any { return string(r.Order.Use) }},
	{Key: "grade", Name: "Grade", of: func(r releaseRow) any { return r.Order.Grade }},
	{Key: "author", Name: "Author", of: func(r releaseRow) any { return r.Author }},
	{Key: "clearer", Name: "Cleared by", of: func(r releaseRow) any { return r.Clearer }},
	{Key: "changed", Name: "Changed", of: func(r releaseRow) any { return r.UpdatedAt }},
	{Key: "title", Name: "Title", of: func(r releaseRow) any { return r.Order.Title }},
}

func (c *console) releases(r *http.Request) (view, error) {
	all, err := c.node.Releases(r.Context())
	if err != nil {
		return view{}, err
	}
	rows, err := c.releaseRows(r.Context(), all)
	if err != nil {
		return view{}, err
	}
	some, heads, w, err := tabled(c, r, rows, releaseColumns)
	return view{Page: "releases", Title: "Releases", Body: releasesBody{heads, some, w}}, err
}

// releaseBody is what would cross, beside what stays behind.
type releaseBody struct {
	releaseRow
	Sent     release.Received // as the counterpart reads the bytes
	Unread   string           // why it could not, or empty
	Findings []release.Finding
	Stripped []strippedRow
	Counts   strippedCounts
	Delivery *node.Delivery
	Rulings  []node.Ruling // by which rules it was allowed, step by step
	Standing node.Standing // what it draws on, who consented, whether it was withdrawn
	Echoes   []node.Echo   // that repeat it
	Mine     bool          // drafted by whoever reads it
	// StoppedBy are the rules that stop it.
	StoppedBy []stopping
	window
}

// Overrule tells whether a second person may let all that was found stand.
func (b releaseBody) Overrule() bool { return mayOverrule(b.StoppedBy) }

type strippedCounts struct{ Objects, Properties, Values int }

// strippedRow is what became of some properties of one object, or of all of
// it, for one reason.
type strippedRow struct {
	release.Stripped
	Paths []string // none: the whole object
}

// together puts the properties of an object that share a reason in one row.
func together(all []release.Stripped) (rows []strippedRow) {
	at := map[release.Stripped]int{}
	for _, s := range all {
		key := s
		key.Path = ""
		i, known := at[key]
		if !known {
			i = len(rows)
			at[key], rows = i, append(rows, strippedRow{Stripped: key})
		}
		if s.Path != "" {
			rows[i].Paths = append(rows[i].Paths, s.Path)
		}
	}
	return rows
}

func (c *console) release(r *http.Request) (view, error) {
	id, err := numbered(r, "R")
	if err != nil {
		return view{}, err
	}
	one, err := c.node.Release(r.Context(), id)
	if err != nil {
		return view{}, err
	}
	b := releaseBody{Mine: strings.EqualFold(one.Author, c.node.User.Name)}
	if b.releaseRow, err = c.releaseRow(r.Context(), one); err != nil {
		return view{}, err
	}
	if b.Sent, err = release.Verify(one.Bundle); err != nil {
		b.Unread = err.Error()
	}
	if err := b.fill(r); err != nil {
		return view{}, err
	}
	if err := c.became(r.Context(), &b); err != nil {
		return view{}, err
	}
	d, sent, err := c.node.ReleaseDelivery(r.Context(), one.ID)
	if err != nil {
		return view{}, err
	}
	if sent {
		b.Delivery = &d
	}
	return view{Page: "release", Under: "releases", Title: fmt.Sprintf("Release R%d", id), Body: b}, nil
}

// became reads by which rules a release was allowed, and what became of it.
func (c *console) became(ctx context.Context, b *releaseBody) (err error) {
	if b.Rulings, err = c.node.Rulings(ctx, b.ID); err != nil {
		return err
	}
	if b.Standing, err = c.node.ReleaseStanding(ctx, b.ID); err != nil {
		return err
	}
	echoes, err := c.node.Echoes(ctx, pageRows)
	for _, e := range echoes {
		if e.Release == b.ID {
			b.Echoes = append(b.Echoes, e)
		}
	}
	return err
}

// fill reads what the desk noted about the release.
func (b *releaseBody) fill(r *http.Request) error {
	var all []release.Stripped
	if err := json.Unmarshal(b.Release.Stripped, &all); err != nil {
		return fmt.Errorf("read release R%d: %w", b.ID, err)
	}
	if err := json.Unmarshal(b.Release.Findings, &b.Findings); err != nil {
		return fmt.Errorf("read release R%d: %w", b.ID, err)
	}
	b.StoppedBy = stoppedBy(b.Findings)
	b.Findings = b.Findings[:min(len(b.Findings), pageRows)]
	for _, s := range all {
		switch s.Kind {
		case release.StrippedObject:
			b.Counts.Objects++
		case release.StrippedProperty:
			b.Counts.Properties++
		case release.StrippedValue:
			b.Counts.Values++
		}
	}
	var err error
	b.Stripped, b.window, err = windowed(r, together(all))
	return err
}
