package console

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

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
	{"number", "Evidence", func(a, b exhibitBody) int { return cmp.Compare(a.ID, b.ID) }, false},
	{"name", "Name", func(a, b exhibitBody) int { return byText(a.Name, b.Name) }, false},
	{"size", "Size", func(a, b exhibitBody) int { return cmp.Compare(a.Size, b.Size) }, true},
	{"files", "Files", func(a, b exhibitBody) int { return cmp.Compare(a.Sum.Files, b.Sum.Files) }, true},
	{"findings", "Findings", func(a, b exhibitBody) int { return cmp.Compare(a.Sum.Findings, b.Sum.Findings) }, true},
	{"artifacts", "Artifacts", func(a, b exhibitBody) int { return cmp.Compare(a.Sum.Artifacts, b.Sum.Artifacts) }, true},
	{"unreadable", "Unreadable", func(a, b exhibitBody) int { return cmp.Compare(a.Sum.Faults, b.Sum.Faults) }, true},
	{"operator", "Operator", func(a, b exhibitBody) int { return byText(a.Operator, b.Operator) }, false},
	{"imported", "Imported", func(a, b exhibitBody) int { return a.ImportedAt.Compare(b.ImportedAt) }, false},
	{"triaged", "Triaged", func(a, b exhibitBody) int { return a.TriagedAt.Compare(b.TriagedAt) }, false},
	{"", "SHA-256", nil, false},
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
	if rows, b.Heads, err = ordered(r, rows, exhibitColumns); err != nil {
		return view{}, err
	}
	if b.Rows, b.window, err = windowed(r, rows); err != nil {
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
	if all, b.Heads, err = ordered(r, all, artifactColumns); err != nil {
		return view{}, err
	}
	some, w, err := windowed(r, all)
	if err != nil {
		return view{}, err
	}
	b.window = w
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
	{"kind", "Kind", func(a, b store.Artifact) int { return strings.Compare(a.Kind, b.Kind) }, false},
	{"time", "Time", func(a, b store.Artifact) int { return a.At.Compare(b.At) }, false},
	{"", "Name", nil, false},
	{"", "From", nil, false},
	{"", "To", nil, false},
	{"", "Text", nil, false},
	{"", "Application", nil, false},
	{"place", "Place", func(a, b store.Artifact) int { return strings.Compare(a.Place, b.Place) }, false},
}

type filesBody struct {
	Evidence store.Evidence
	Faulty   bool
	Heads    []heading
	Rows     []store.File
	window
}

var fileColumns = []column[store.File]{
	{"place", "Place", func(a, b store.File) int { return strings.Compare(a.Place, b.Place) }, false},
	{"type", "Read as", func(a, b store.File) int { return strings.Compare(a.Type, b.Type) }, false},
	{"size", "Size", func(a, b store.File) int { return cmp.Compare(a.Size, b.Size) }, true},
	{"", "SHA-256", nil, false},
	{"problem", "Problem", func(a, b store.File) int { return strings.Compare(a.Problem, b.Problem) }, false},
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
	if all, b.Heads, err = ordered(r, all, fileColumns); err != nil {
		return view{}, err
	}
	if b.Rows, b.window, err = windowed(r, all); err != nil {
		return view{}, err
	}
	return view{Page: "files", Under: "evidence", Title: fmt.Sprintf("Files of E%d", e.ID), Body: b}, nil
}
