package node

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"parley/internal/store"
	"parley/internal/triage"
	"parley/internal/triage/hashset"
	"parley/selector"
)

// TriageOptions are what a person may set for a triage.
type TriageOptions struct {
	// Vocabulary holds words and patterns of their own to look for; nil for none.
	Vocabulary *selector.Vocabulary
	// Known holds hashes of files that are of no interest; nil for none.
	Known *hashset.Set
	// Lists says by their SHA-256 which lists Vocabulary and Known were read from. A
	// triage that was stopped goes on only with the same.
	Lists    TriageLists
	Workers  int
	Anew     bool // begin at the beginning, even where one was stopped
	Progress func(triage.Progress)
	// Hashed is told how many of how many bytes of the evidence were seen to be those
	// that were imported, before anything is searched; may be nil.
	Hashed func(done, total int64)
	// Hit is told of each watched selector once, when it is first found: by several
	// goroutines, one at a time.
	Hit func(Hit)

	batch int    // rows kept together; 0 for batchSize
	kept  func() // told after each batch; may be nil
}

// TriageLists are the hashes of lists that a triage was given, in hexadecimal; empty
// for none.
type TriageLists struct {
	Words    string `json:"words,omitempty"`
	Patterns string `json:"patterns,omitempty"`
	Known    string `json:"known,omitempty"`
}

// Triaged is what a triage found.
type Triaged struct {
	Evidence  int64                 `json:"evidence"`
	Resumed   bool                  `json:"resumed,omitempty"` // it went on where one was stopped
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
// second triage of the same evidence replaces the first. One that was stopped goes
// on where it stood, if it is asked for the same.
func (n *Node) Triage(ctx context.Context, id int64, opt TriageOptions) (Triaged, error) {
	out := Triaged{Evidence: id}
	if err := n.must(Analyst); err != nil {
		return out, err
	}
	e, err := n.evidence(ctx, id)
	if err != nil {
		return out, err
	}
	if err := unchangedWith(ctx, e, opt.Hashed); err != nil {
		return out, err
	}
	k := &keeper{node: n, evidence: id, batch: cmp.Or(opt.batch, batchSize), told: opt.kept}
	resume, err := k.begin(ctx, opt)
	if err != nil {
		return out, fmt.Errorf("triage evidence E%d: %w", id, err)
	}
	out.Resumed = resume != nil
	noticed, err := n.look(ctx, id, out.Resumed, opt.Hit)
	if err != nil {
		return out, err
	}
	out.Summary, err = triage.Run(ctx, e.Path, triage.Options{
		Region: n.Settings.Region, Vocabulary: opt.Vocabulary, Known: opt.Known, Likeness: true, Limits: triage.DefaultLimits(), Workers: opt.Workers,
		Progress: opt.Progress, Noticed: noticed, Resume: resume, Marked: func(m triage.Mark) error { return k.marked(ctx, m) },
	}, sink{ctx, k})
	if err != nil {
		return out, errors.Join(fmt.Errorf("triage evidence E%d: %w", id, err), k.stop(ctx, out.Summary))
	}
	if string(out.Summary.Digest[:]) != string(e.SHA256) {
		err := fmt.Errorf("triage evidence E%d: %s changed while it was read and %w: nothing of it counts", id, e.Path, ErrChanged)
		return out, errors.Join(err, k.discard(ctx))
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error { return n.closeTriage(ctx, tx, k, &out) })
	if err == nil {
		n.checkWatched(ctx)
	}
	return out, err
}

// unchanged sees that evidence still is what was imported.
func unchanged(ctx context.Context, e store.Evidence) error { return unchangedWith(ctx, e, nil) }

func unchangedWith(ctx context.Context, e store.Evidence, hashed func(done, total int64)) error {
	var progress func(int64)
	if hashed != nil {
		progress = func(done int64) { hashed(done, e.Size) }
	}
	sum, _, err := triage.DigestWith(ctx, e.Path, progress)
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
func (n *Node) closeTriage(ctx context.Context, tx *store.Tx, k *keeper, out *Triaged) error {
	if err := k.write(ctx, tx); err != nil {
		return err
	}
	if err := tx.EndTriageRun(ctx, k.evidence, k.process); err != nil {
		return err
	}
	found, err := tx.Found(ctx, k.evidence)
	if err != nil {
		return err
	}
	out.Selectors, out.Artifacts = found.Selectors, found.Artifacts
	for _, count := range found.Selectors {
		out.Distinct += count
	}
	summary, err := json.Marshal(out.Summary)
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
	out.Raised = len(raised)
	return n.record(ctx, tx, "triage", subject(k.evidence), "", out)
}
