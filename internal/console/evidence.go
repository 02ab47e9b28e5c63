package console

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"parley/internal/store"
	"parley/internal/triage"
	"parley/selector"
)

type evidenceBody struct {
	Heads []heading
	Rows  []exhibitBody
	window
}

var exhibitColumns = []column[exhibitBody]{
	{Key: "number", Name: "Evidence", of: func(e exhibitBody) any { return serial{"E", e.ID} }},
	{Key: "name", Name: "Name", of: func(e exhibitBody) any { return e.Name }},
	{Key: "size", Name: "Size", Number: true, of: func(e exhibitBody) any { return e.Size }},
	{Key: "files", Name: "Files", Number: true, of: func(e exhibitBody) any { return e.Sum.Files }},
	{Key: "findings", Name: "Findings", Number: true, of: func(e exhibitBody) any { return e.Sum.Findings }},
	{Key: "artifacts", Name: "Artifacts", Number: true, of: func(e exhibitBody) any { return e.Sum.Artifacts }},
	{Key: "unreadable", Name: "Unreadable", Number: true, of: func(e exhibitBody) any { return e.Sum.Faults }},
	{Key: "operator", Name: "Operator", of: func(e exhibitBody) any { return e.Operator }},
	{Key: "imported", Name: "Imported", of: func(e exhibitBody) any { return e.ImportedAt }},
	{Key: "triaged", Name: "Triaged", of: func(e exhibitBody) any { return e.TriagedAt }},
	{Key: "sha256", Name: "SHA-256", of: func(e exhibitBody) any { return fmt.Sprintf("%x", e.SHA256) }},
}

// exhibitBody is one item of evidence with what triage summed up.
type exhibitBody struct {
	store.Evidence
	Sum       triage.Summary
	Triaged   bool
	Selectors []kindCount
	Faults    []store.File
	AllFaults int
	Kinds     []triage.ArtifactKind
	Course    course
}

type kindCount struct {
	Kind      selector.Kind
	Different int
	Places    int64
}

func summed(e store.Evidence) (b exhibitBody, err error) {
	b = exhibitBody{Evidence: e, Triaged: !e.TriagedAt.IsZero(), Kinds: triage.ArtifactKinds()}
	if b.Triaged {
		if err = json.Unmarshal(e.Summary, &b.Sum); err != nil {
			err = fmt.Errorf("read the summary of evidence E%d: %w", e.ID, err)
		}
	}
	return b, err
}

func (c *console) evidence(r *http.Request) (view, error) {
	all, err := c.node.Evidence(r.Context())
	if err != nil {
		return view{}, err
	}
	var rows []exhibitBody
	for _, e := range all {
		row, err := summed(e)
		if err != nil {
			return view{}, err
		}
		rows = append(rows, row)
	}
	var b evidenceBody
	if b.Rows, b.Heads, b.window, err = tabled(c, r, rows, exhibitColumns); err != nil {
		return view{}, err
	}
	return view{Page: "evidence", Title: "Evidence", Body: b}, nil
}

// item finds the evidence that an address names.
func (c *console) item(r *http.Request) (store.Evidence, error) {
	id, err := numbered(r, "E")
	if err != nil {
		return store.Evidence{}, err
	}
	all, err := c.node.Evidence(r.Context())
	for _, e := range all {
		if e.ID == id {
			return e, err
		}
	}
	if err == nil {
		err = store.ErrNotFound
	}
	return store.Evidence{}, err
}

func (c *console) exhibit(r *http.Request) (view, error) {
	e, err := c.item(r)
	if err != nil {
		return view{}, err
	}
	b, err := summed(e)
	if err != nil {
		return view{}, err
	}
	if b.Selectors, err = c.kindCounts(r.Context(), e.ID); err != nil {
		return view{}, err
	}
	if b.Faults, err = c.node.Files(r.Context(), e.ID, true); err != nil {
		return view{}, err
	}
	b.AllFaults, b.Course = len(b.Faults), c.triages.at(e.ID)
	b.Faults = b.Faults[:min(b.AllFaults, overviewRows)]
	return view{Page: "exhibit", Under: "evidence", Title: fmt.Sprintf("Evidence E%d", e.ID), Body: b}, nil
}

func (c *console) kindCounts(ctx context.Context, evidence int64) (counts []kindCount, err error) {
	all, err := c.node.Selectors(ctx, store.Scope{Evidence: evidence})
	for _, t := range all { // they come by kind
		if n := len(counts); n == 0 || counts[n-1].Kind != t.Selector.Kind {
			counts = append(counts, kindCount{Kind: t.Selector.Kind})
		}
		last := &counts[len(counts)-1]
		last.Different++
		last.Places += t.Findings
	}
	return counts, err
}

type artifactsBody struct {
	Evidence store.Evidence
	Kind     string
	Kinds    []triage.ArtifactKind
	Heads    []heading
	Rows     []triage.Artifact
	window
}

func (c *console) artifacts(r *http.Request) (view, error) {
	e, err := c.item(r)
	if err != nil {
		return view{}, err
	}
	b := artifactsBody{Evidence: e, Kind: r.URL.Query().Get("kind"), Kinds: triage.ArtifactKinds()}
	all, err := c.node.Artifacts(r.Context(), e.ID, b.Kind)
	if err != nil {
		return view{}, err
	}
	some, heads, w, err := tabled(c, r, all, artifactColumns)
	if err != nil {
		return view{}, err
	}
	b.Heads, b.window = heads, w
	for _, row := range some {
		a, err := artifactOf(row)
		if err != nil {
			return view{}, err
		}
		b.Rows = append(b.Rows, a)
	}
	return view{Page: "artifacts", Under: "evidence", Title: fmt.Sprintf("Artifacts of E%d", e.ID), Body: b}, nil
}

// artifactColumns are put in order by what the store knows of a row: the rest
// is read for those alone that a page shows.
var artifactColumns = []column[store.Artifact]{
	{Key: "kind", Name: "Kind", of: func(a store.Artifact) any { return a.Kind }},
	{Key: "time", Name: "Time", of: func(a store.Artifact) any { return a.At }},
	{Key: "name", Name: "Name", of: inside(func(a triage.Artifact) string { return a.Name }), unsorted: true},
	{Key: "from", Name: "From", of: inside(func(a triage.Artifact) string { return a.From }), unsorted: true},
	{Key: "to", Name: "To", of: inside(func(a triage.Artifact) string { return a.To }), unsorted: true},
	{Key: "text", Name: "Text", of: inside(func(a triage.Artifact) string { return a.Text }), unsorted: true},
	{Key: "application", Name: "Application", of: inside(func(a triage.Artifact) string { return a.Application }), unsorted: true},
	{Key: "place", Name: "Place", of: func(a store.Artifact) any { return a.Place }},
}

// inside is what triage wrote into an artifact; nothing where that cannot be read.
func inside(of func(triage.Artifact) string) func(store.Artifact) any {
	return func(row store.Artifact) any {
		a, err := artifactOf(row)
		if err != nil {
			return ""
		}
		return of(a)
	}
}

type filesBody struct {
	Evidence store.Evidence
	Faulty   bool
	Heads    []heading
	Rows     []store.File
	window
}

var fileColumns = []column[store.File]{
	{Key: "place", Name: "Place", of: func(f store.File) any { return f.Place }},
	{Key: "type", Name: "Read as", of: func(f store.File) any { return f.Type }},
	{Key: "size", Name: "Size", Number: true, of: func(f store.File) any { return f.Size }},
	{Key: "sha256", Name: "SHA-256", of: func(f store.File) any { return fmt.Sprintf("%x", f.SHA256) }},
	{Key: "problem", Name: "Problem", of: func(f store.File) any { return f.Problem }},
}

func (c *console) files(r *http.Request) (view, error) {
	e, err := c.item(r)
	if err != nil {
		return view{}, err
	}
	b := filesBody{Evidence: e, Faulty: r.URL.Query().Get("faulty") != ""}
	all, err := c.node.Files(r.Context(), e.ID, b.Faulty)
	if err != nil {
		return view{}, err
	}
	if b.Rows, b.Heads, b.window, err = tabled(c, r, all, fileColumns); err != nil {
		return view{}, err
	}
	return view{Page: "files", Under: "evidence", Title: fmt.Sprintf("Files of E%d", e.ID), Body: b}, nil
}
