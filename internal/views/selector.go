package views

import (
	"fmt"

	"parley/internal/store"
	"parley/internal/triage"
	"parley/selector"
)

// Tally is a selector with how often it was found.
type Tally struct {
	Number int64 `json:"number"` // S1 in the console
	selector.Selector
	Findings   int64               `json:"findings"`
	Confidence selector.Confidence `json:"confidence,omitempty"` // the highest of them
}

// TallyOf is a selector of a list as it is told.
func TallyOf(t store.Tally) Tally { return Tally{t.ID, t.Selector, t.Findings, t.Confidence} }

// Finding is one place where a selector stands.
type Finding struct {
	Number   int64             `json:"number"` // F1
	Selector selector.Selector `json:"selector"`
	Source   string            `json:"source"` // E1, or the list or bundle
	Place    string            `json:"place"`
	Raw      string            `json:"raw"` // as it is written there
	Context  string            `json:"context"`
	// Confidence is empty where no form decided, as in a list.
	Confidence selector.Confidence `json:"confidence,omitempty"`
	Stale      bool                `json:"withdrawn,omitempty"` // by whoever gave it
}

// FindingOf is a place of a selector as it is told.
func FindingOf(f store.Finding) Finding {
	return Finding{f.ID, f.Selector, sourceOf(f), f.Place, f.Raw, f.Context, f.Confidence, f.Stale}
}

// sourceOf names what a finding stands in.
func sourceOf(f store.Finding) string {
	if f.Evidence != 0 {
		return fmt.Sprintf("E%d", f.Evidence)
	}
	return f.List
}

// Opened is the place of a finding or of an artifact, opened again.
type Opened struct {
	Finding  *Finding       `json:"finding,omitempty"`
	Artifact *Artifact      `json:"artifact,omitempty"`
	Evidence int64          `json:"evidence"` // in which it lies
	Excerpt  triage.Excerpt `json:"excerpt"`
}
