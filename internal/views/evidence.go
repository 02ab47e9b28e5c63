package views

import (
	"encoding/json"
	"fmt"
	"time"

	"parley/internal/store"
	"parley/internal/triage"
)

// Evidence is something that was acquired, with its chain of custody.
type Evidence struct {
	Number     int64           `json:"number"` // E1
	Name       string          `json:"name"`
	Path       string          `json:"path"` // where its operator keeps it
	SHA256     string          `json:"sha256"`
	Size       int64           `json:"size"` // in bytes
	Operator   string          `json:"operator"`
	Note       string          `json:"note,omitempty"`
	ImportedAt time.Time       `json:"imported_at"`
	TriagedAt  time.Time       `json:"triaged_at,omitzero"`
	Summary    json.RawMessage `json:"summary,omitempty"` // an object that triage wrote
}

// EvidenceOf is evidence as it is told.
func EvidenceOf(e store.Evidence) Evidence {
	return Evidence{e.ID, e.Name, e.Path, fmt.Sprintf("%x", e.SHA256), e.Size, e.Operator, e.Note, e.ImportedAt, e.TriagedAt, e.Summary}
}

// Artifact is a contact, message, call, picture or what else an application kept.
type Artifact struct {
	Number int64 `json:"number"` // A1
	triage.Artifact
}

// ArtifactOf reads an artifact as triage wrote it.
func ArtifactOf(row store.Artifact) (Artifact, error) {
	a := Artifact{Number: row.ID}
	if err := json.Unmarshal(row.Body, &a.Artifact); err != nil {
		return a, fmt.Errorf("read artifact A%d: %w", row.ID, err)
	}
	return a, nil
}

// File is one place of a file in evidence.
type File struct {
	Place   string `json:"place"`
	Size    int64  `json:"size"` // in bytes
	SHA256  string `json:"sha256,omitempty"`
	Type    string `json:"type,omitempty"`    // as what it was read
	Known   bool   `json:"known,omitempty"`   // it is on a list of known files, and was not searched
	Problem string `json:"problem,omitempty"` // what kept it from being read
}

// FileOf is a file of evidence as it is told.
func FileOf(f store.File) File {
	return File{f.Place, f.Size, fmt.Sprintf("%x", f.SHA256), f.Type, f.Known, f.Problem}
}
