package node

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"parley/internal/store"
	"parley/internal/triage"
)

// triageBegun is what the ledger says of a triage that begins or goes on. What
// decides what is found is the same for both.
type triageBegun struct {
	triageAsked
	Workers int   `json:"workers"` // 0: one a processor
	Files   int64 `json:"files,omitempty"`
}

// triageAsked is what decides what is found.
type triageAsked struct {
	Program string      `json:"program"` // version
	Region  string      `json:"region"`
	Lists   TriageLists `json:"lists"`
}

// begin takes up the triage of the evidence that was stopped, if it was asked for the
// same; it gives nil where there is none.
func (k *keeper) begin(ctx context.Context, opt TriageOptions) (*triage.Resume, error) {
	asked := triageAsked{Program: Program(), Region: k.node.Settings.Region, Lists: opt.Lists}
	var err error
	if k.options, err = json.Marshal(asked); err != nil {
		return nil, err
	}
	k.began, k.kept, k.process = k.node.now(), k.node.now(), make([]byte, 16)
	if _, err := io.ReadFull(k.node.rand, k.process); err != nil {
		return nil, err
	}
	var resume *triage.Resume
	err = k.node.store.Update(ctx, func(tx *store.Tx) error {
		action, said := "triage.begin", triageBegun{triageAsked: asked, Workers: opt.Workers}
		if resume, err = k.takeUp(ctx, tx, opt); err != nil {
			return err
		}
		if resume != nil {
			action, said.Files = "triage.resume", resume.Mark.Summary.Files
		}
		return k.node.record(ctx, tx, action, subject(k.evidence), "", said)
	})
	return resume, err
}

// takeUp makes a triage that was stopped this process's.
func (k *keeper) takeUp(ctx context.Context, tx *store.Tx, opt TriageOptions) (*triage.Resume, error) {
	run, err := tx.TriageRun(ctx, k.evidence)
	if errors.Is(err, store.ErrNotFound) || opt.Anew || err == nil && !bytes.Equal(run.Options, k.options) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(run.Mark, &k.mark); err != nil {
		return nil, fmt.Errorf("read how far the triage of E%d was: %w", k.evidence, err)
	}
	run.Process, k.begun = k.process, true
	if err := tx.PutTriageRun(ctx, run); err != nil {
		return nil, err
	}
	outer, err := tx.OuterFiles(ctx, k.evidence)
	if err != nil {
		return nil, err
	}
	files, err := toldFiles(outer)
	return &triage.Resume{Mark: k.mark, Files: files}, err
}

// toldFiles gives files as triage told them.
func toldFiles(rows []store.File) (func(func(triage.File) bool), error) {
	files := make([]triage.File, len(rows))
	for i, row := range rows {
		place, err := triage.ParsePlace(row.Place)
		if err != nil {
			return nil, err
		}
		files[i] = triage.File{Place: place, Size: row.Size, SHA256: [32]byte(row.SHA256)}
	}
	return func(yield func(triage.File) bool) {
		for _, f := range files {
			if !yield(f) {
				return
			}
		}
	}, nil
}

// stop keeps what was found until the run was stopped, so that it goes on there;
// unless that is so little that what an earlier triage found is still there. It does
// so though the context has ended: that is what stops most.
func (k *keeper) stop(ctx context.Context, sum triage.Summary) error {
	ctx = context.WithoutCancel(ctx)
	return k.node.store.Update(ctx, func(tx *store.Tx) error {
		if k.begun {
			if err := k.write(ctx, tx); err != nil {
				return err
			}
		}
		return k.node.record(ctx, tx, "triage.stop", subject(k.evidence), "", sum)
	})
}

// discard forgets the run, whose evidence changed under it: nothing goes on from there.
func (k *keeper) discard(ctx context.Context) error {
	return k.node.store.Update(ctx, func(tx *store.Tx) error {
		if k.begun {
			if err := tx.EndTriageRun(ctx, k.evidence, k.process); err != nil {
				return err
			}
		}
		return k.node.record(ctx, tx, "triage.changed", subject(k.evidence), "", nil)
	})
}
