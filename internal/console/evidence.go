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
	Rows []exhibitBody
	window
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
	some, w, err := windowed(r, all)
	if err != nil {
		return view{}, err
	}
	b := evidenceBody{window: w}
	for _, e := range some {
		row, err := summed(e)
		if err != nil {
			return view{}, err
		}
		b.Rows = append(b.Rows, row)
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
	b.AllFaults = len(b.Faults)
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
	some, w, err := windowed(r, all)
	if err != nil {
		return view{}, err
	}
	b.window = w
	for _, row := range some {
		var a triage.Artifact
		if err := json.Unmarshal(row.Body, &a); err != nil {
			return view{}, fmt.Errorf("read artifact %d of evidence E%d: %w", row.ID, e.ID, err)
		}
		b.Rows = append(b.Rows, a)
	}
	return view{Page: "artifacts", Under: "evidence", Title: fmt.Sprintf("Artifacts of E%d", e.ID), Body: b}, nil
}

type filesBody struct {
	Evidence store.Evidence
	Faulty   bool
	Rows     []store.File
	window
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
	if b.Rows, b.window, err = windowed(r, all); err != nil {
		return view{}, err
	}
	return view{Page: "files", Under: "evidence", Title: fmt.Sprintf("Files of E%d", e.ID), Body: b}, nil
}
