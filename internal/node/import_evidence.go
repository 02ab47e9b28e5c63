package node

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"parley/internal/intake"
	"parley/internal/store"
	"parley/internal/triage"
)

// importEvidence registers a file as evidence.
func (n *Node) importEvidence(ctx context.Context, src *intake.Source, opt ImportOptions) (Imported, error) {
	if src.Path == "" {
		return Imported{}, fmt.Errorf("%s is neither STIX, nor a MISP event, nor a list of selectors: if it is evidence, save it to a file that stays, and import that", src.Name)
	}
	return n.register(ctx, src.Path, opt)
}

// bringEvidence registers a folder as evidence, and says how many files in it are
// STIX or MISP events: they may have been meant.
func (n *Node) bringEvidence(ctx context.Context, path string, count map[As]int, opt ImportOptions, each func(Imported) error) error {
	sum, err := n.register(ctx, path, opt)
	if err != nil {
		return err
	}
	sum.DryRun, sum.STIX, sum.MISP = opt.DryRun, count[AsSTIX], count[AsMISP]
	return each(sum)
}

// register notes evidence with its hash and the beginning of its chain of
// custody. The bytes stay where they are.
func (n *Node) register(ctx context.Context, path string, opt ImportOptions) (Imported, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return Imported{}, fmt.Errorf("import: %w", err)
	}
	sum, size, err := triage.Digest(ctx, abs)
	if err != nil {
		return Imported{}, err
	}
	out := Imported{Source: filepath.Base(abs), Kind: "evidence", SHA256: fmt.Sprintf("%x", sum), Size: size}
	if opt.DryRun {
		return out, nil
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		out.Evidence, err = tx.AddEvidence(ctx, store.Evidence{
			Name: filepath.Base(abs), Path: abs, SHA256: sum[:], Size: size, Operator: n.User.Name,
			Note: opt.Note, AcquiredAt: modified(abs), ImportedAt: n.now(),
		})
		if errors.Is(err, store.ErrExists) {
			held, err := tx.EvidenceByHash(ctx, sum[:])
			if err != nil {
				return err
			}
			return fmt.Errorf("these bytes are evidence E%d already: %w", held.ID, store.ErrExists)
		}
		if err != nil {
			return err
		}
		return n.record(ctx, tx, "import.evidence", fmt.Sprintf("E%d", out.Evidence), "", out)
	})
	if err != nil {
		return Imported{}, err
	}
	return out, nil
}

func modified(path string) time.Time {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// Evidence lists what was imported as evidence.
func (n *Node) Evidence(ctx context.Context) (all []store.Evidence, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.AllEvidence(ctx)
		return err
	})
	return all, err
}
