package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"parley/internal/store"
	"parley/internal/triage"
	"parley/selector"
)

// TriageOptions are what a person may set for a triage.
type TriageOptions struct {
	// Vocabulary holds words and patterns of their own to look for; nil for none.
	Vocabulary *selector.Vocabulary
	Workers    int
	Progress   func(triage.Progress)
}

// Triaged is what a triage found.
type Triaged struct {
	Evidence  int64                 `json:"evidence"`
	Summary   triage.Summary        `json:"summary"`
	Selectors map[selector.Kind]int `json:"selectors"` // different ones, by kind
	Distinct  int                   `json:"distinct"`
	Artifacts map[string]int        `json:"artifacts"`
	Raised    int                   `json:"raised"` // warnings
}

// ErrChanged: the bytes of evidence are not those that were imported.
var ErrChanged = errors.New("is not the one that was imported")

// Triage opens evidence and keeps what is in it: files with their hashes,
// selectors and artifacts with their places, and what could not be read. A
// second triage of the same evidence replaces the first.
func (n *Node) Triage(ctx context.Context, id int64, opt TriageOptions) (Triaged, error) {
	out := Triaged{Evidence: id, Selectors: map[selector.Kind]int{}, Artifacts: map[string]int{}}
	if err := n.must(Analyst); err != nil {
		return out, err
	}
	e, err := n.evidence(ctx, id)
	if err != nil {
		return out, err
	}
	if err := unchanged(ctx, e); err != nil {
		return out, err
	}
	k := &keeper{node: n, evidence: id, seen: map[selector.Selector]bool{}, out: &out}
	out.Summary, err = triage.Run(ctx, e.Path, triage.Options{
		Region: n.Settings.Region, Vocabulary: opt.Vocabulary, Limits: triage.DefaultLimits(), Workers: opt.Workers, Progress: opt.Progress,
	}, sink{ctx, k})
	if err != nil {
		return out, fmt.Errorf("triage evidence E%d: %w", id, err)
	}
	if string(out.Summary.Digest[:]) != string(e.SHA256) {
		return out, fmt.Errorf("triage evidence E%d: %s changed while it was read and %w: nothing of it counts", id, e.Path, ErrChanged)
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error { return n.closeTriage(ctx, tx, k) })
	if err == nil {
		n.checkWatched(ctx)
	}
	return out, err
}

// unchanged sees that evidence still is what was imported.
func unchanged(ctx context.Context, e store.Evidence) error {
	sum, _, err := triage.Digest(ctx, e.Path)
	if err != nil {
		return fmt.Errorf("read evidence E%d: %w", e.ID, err)
	}
	if string(sum[:]) != string(e.SHA256) {
		return fmt.Errorf("evidence E%d in %s %w: its hash is %x, not %x", e.ID, e.Path, ErrChanged, sum, e.SHA256)
	}
	return nil
}

func (n *Node) evidence(ctx context.Context, id int64) (e store.Evidence, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		e, err = tx.Evidence(ctx, id)
		return err
	})
	return e, err
}

// closeTriage keeps the last batch, looks at the watch list and notes the sum.
func (n *Node) closeTriage(ctx context.Context, tx *store.Tx, k *keeper) error {
	if err := k.write(ctx, tx); err != nil {
		return err
	}
	k.out.Distinct = len(k.seen)
	for sel := range k.seen {
		k.out.Selectors[sel.Kind]++
	}
	summary, err := json.Marshal(k.out.Summary)
	if err != nil {
		return fmt.Errorf("write the summary of evidence E%d: %w", k.evidence, err)
	}
	if err := tx.MarkTriaged(ctx, k.evidence, n.now(), summary); err != nil {
		return err
	}
	raised, err := n.raise(ctx, tx)
	if err != nil {
		return err
	}
	k.out.Raised = len(raised)
	return n.record(ctx, tx, "triage", fmt.Sprintf("E%d", k.evidence), "", k.out)
}

// keeper gathers what triage finds and writes it in batches.
type keeper struct {
	node      *Node
	evidence  int64
	findings  []store.Finding
	artifacts []store.Artifact
	files     []store.File
	begun     bool // the first batch is written, and what an earlier triage found is gone
	seen      map[selector.Selector]bool
	out       *Triaged
}

// batchSize is how many rows are written together.
const batchSize = 5000

// sink is the keeper as triage sees it.
type sink struct {
	ctx context.Context
	*keeper
}

func (s sink) File(f triage.File) error {
	s.files = append(s.files, store.File{Evidence: s.evidence, Place: f.Place.String(), Size: f.Size, SHA256: f.SHA256[:], Type: f.Type})
	return s.full(s.ctx)
}

func (s sink) Fault(f triage.Fault) error {
	s.files = append(s.files, store.File{Evidence: s.evidence, Place: f.Place.String(), Problem: f.Problem})
	return s.full(s.ctx)
}

func (s sink) Finding(f triage.Finding) error {
	s.seen[f.Selector] = true
	s.findings = append(s.findings, store.Finding{
		Selector: f.Selector, Evidence: s.evidence, Place: f.Place.String(), Raw: f.Raw, Context: f.Context,
	})
	return s.full(s.ctx)
}

func (s sink) Artifact(a triage.Artifact) error {
	body, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("write artifact at %s: %w", a.Place, err)
	}
	s.out.Artifacts[string(a.Kind)]++
	s.artifacts = append(s.artifacts, store.Artifact{Evidence: s.evidence, Kind: string(a.Kind), At: a.Time, Place: a.Place.String(), Body: body})
	return s.full(s.ctx)
}

func (k *keeper) full(ctx context.Context) error {
	if len(k.findings)+len(k.artifacts)+len(k.files) < batchSize {
		return nil
	}
	return k.flush(ctx)
}

func (k *keeper) flush(ctx context.Context) error {
	return k.node.store.Update(ctx, func(tx *store.Tx) error { return k.write(ctx, tx) })
}

// write keeps a batch. The first one takes the place of what an earlier triage
// found, in the same transaction: a run that is stopped before leaves that.
func (k *keeper) write(ctx context.Context, tx *store.Tx) error {
	if !k.begun {
		if err := tx.ClearTriage(ctx, k.evidence); err != nil {
			return err
		}
		k.begun = true
	}
	if err := tx.PutFindings(ctx, k.findings); err != nil {
		return err
	}
	if err := tx.PutArtifacts(ctx, k.artifacts); err != nil {
		return err
	}
	if err := tx.PutFiles(ctx, k.files); err != nil {
		return err
	}
	k.findings, k.artifacts, k.files = k.findings[:0], k.artifacts[:0], k.files[:0]
	return nil
}
