package node

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"parley/internal/store"
	"parley/internal/triage"
)

// keeper gathers what triage finds and writes it in batches, each with how far the
// triage was.
type keeper struct {
	node      *Node
	evidence  int64
	process   []byte // random: no other process writes into this triage
	options   []byte // JSON: what decides what is found
	began     time.Time
	kept      time.Time // the last batch
	mark      triage.Mark
	batch     int    // rows
	told      func() // of each batch; may be nil
	findings  []store.Finding
	artifacts []store.Artifact
	files     []store.File
	begun     bool // the first batch is written, and what an earlier triage found is gone
}

// batchSize is how many rows are written together, and batchTime how long a few wait.
const (
	batchSize = 5000
	batchTime = 5 * time.Second
)

// sink is the keeper as triage sees it.
type sink struct {
	ctx context.Context
	*keeper
}

func (s sink) File(f triage.File) error {
	s.files = append(s.files, store.File{
		Evidence: s.evidence, Place: f.Place.String(), Size: f.Size, SHA256: f.SHA256[:], Type: f.Type, Known: f.Known,
	})
	return nil
}

func (s sink) Fault(f triage.Fault) error {
	s.files = append(s.files, store.File{Evidence: s.evidence, Place: f.Place.String(), Problem: f.Problem})
	return nil
}

func (s sink) Finding(f triage.Finding) error {
	s.findings = append(s.findings, store.Finding{
		Selector: f.Selector, Evidence: s.evidence, Place: f.Place.String(), Raw: f.Raw, Context: f.Context, Confidence: f.Confidence,
	})
	return nil
}

func (s sink) Artifact(a triage.Artifact) error {
	body, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("write artifact at %s: %w", a.Place, err)
	}
	s.artifacts = append(s.artifacts, store.Artifact{Evidence: s.evidence, Kind: string(a.Kind), At: a.Time, Place: a.Place.String(), Body: body})
	return nil
}

// marked writes a batch that is full, or old.
func (k *keeper) marked(ctx context.Context, m triage.Mark) error {
	k.mark = m
	rows := len(k.findings) + len(k.artifacts) + len(k.files)
	if rows < k.batch && (rows == 0 || k.node.now().Sub(k.kept) < batchTime) {
		return nil
	}
	return k.flush(ctx)
}

func (k *keeper) flush(ctx context.Context) error {
	k.kept = k.node.now()
	if err := k.node.store.Update(ctx, func(tx *store.Tx) error { return k.write(ctx, tx) }); err != nil {
		return err
	}
	k.begun = true
	k.findings, k.artifacts, k.files = k.findings[:0], k.artifacts[:0], k.files[:0]
	if k.told != nil {
		k.told()
	}
	return nil
}

// write puts a batch into the store. The first one takes the place of what an earlier triage
// found, in the same transaction: a run that is stopped before leaves that.
func (k *keeper) write(ctx context.Context, tx *store.Tx) error {
	mark, err := json.Marshal(k.mark)
	if err != nil {
		return fmt.Errorf("write how far the triage of E%d is: %w", k.evidence, err)
	}
	if k.begun {
		err = tx.MarkTriageRun(ctx, k.evidence, k.process, mark)
	} else if err = tx.ClearTriage(ctx, k.evidence); err == nil {
		err = tx.PutTriageRun(ctx, store.TriageRun{Evidence: k.evidence, Process: k.process, Options: k.options, Mark: mark, BeganAt: k.began})
	}
	if err != nil {
		return err
	}
	if err := tx.PutFindings(ctx, k.findings); err != nil {
		return err
	}
	if err := tx.PutArtifacts(ctx, k.artifacts); err != nil {
		return err
	}
	return tx.PutFiles(ctx, k.files)
}
