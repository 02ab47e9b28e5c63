package node

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"parley/internal/rules"
	"parley/internal/store"
)

// An assurance is what a counterpart has undertaken, on paper: to keep to the permitted uses, to treat
// people in a certain way, to pass nothing on. The node keeps who took it in, where it is written down and
// how long it holds. Rules of release can ask for one.

// Undertakings are those that most parties give each other; a house may name others.
func Undertakings() []string { return []string{"permitted-uses", "treatment", "no-onward"} }

// maxEvidence bounds the words on where an assurance is written down, in bytes.
const maxEvidence = 1000

// AssuranceOptions describe a new assurance.
type AssuranceOptions struct {
	Undertaking string
	Evidence    string    // where it is written down, in words
	SHA256      []byte    // of the document, or nil
	From, Until time.Time // From is now when zero; Until is zero for no end
}

// Assurance is an undertaking of a counterpart as people see it.
type Assurance struct {
	Number      int64     `json:"number"`
	Counterpart string    `json:"counterpart"`
	Undertaking string    `json:"undertaking"`
	State       string    `json:"state"` // holds, not yet, over, ended
	From        time.Time `json:"from"`
	Until       time.Time `json:"until,omitzero"`
	Evidence    string    `json:"evidence"`
	SHA256      string    `json:"sha256,omitempty"`
	AddedBy     string    `json:"added_by"`
	AddedAt     time.Time `json:"added_at"`
	EndedBy     string    `json:"ended_by,omitempty"`
	EndedAt     time.Time `json:"ended_at,omitzero"`
	Reason      string    `json:"reason,omitempty"`
}

// AddAssurance keeps an undertaking of a counterpart; only who may clear a release may.
func (n *Node) AddAssurance(ctx context.Context, counterpart string, opt AssuranceOptions) (a Assurance, err error) {
	if err := n.must(Releaser, Administrator); err != nil {
		return a, err
	}
	if opt.From.IsZero() {
		opt.From = n.now()
	}
	switch {
	case !rules.IsName(opt.Undertaking):
		return a, invalid("an undertaking has a name of small letters, digits and dashes, such as %s", strings.Join(Undertakings(), ", "))
	case strings.TrimSpace(opt.Evidence) == "" || len(opt.Evidence) > maxEvidence:
		return a, invalid("say where the assurance is written down, in 1 to %d bytes", maxEvidence)
	case !opt.Until.IsZero() && !opt.Until.After(opt.From):
		return a, invalid("an assurance ends after it begins")
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Counterpart(ctx, counterpart)
		if err != nil {
			return err
		}
		row := store.Assurance{
			Counterpart: c.ID, Undertaking: opt.Undertaking, Evidence: opt.Evidence, SHA256: opt.SHA256,
			From: opt.From, Until: opt.Until, AddedBy: n.User.Name, AddedAt: n.now(),
		}
		if row.ID, err = tx.AddAssurance(ctx, row); err != nil {
			return err
		}
		a = n.assurance(c.Name, row)
		return n.record(ctx, tx, "assurance.add", fmt.Sprintf("A%d", row.ID), c.Name, a)
	})
	return a, err
}

// EndAssurance notes that an undertaking holds no longer. It stays on record.
func (n *Node) EndAssurance(ctx context.Context, id int64, reason string) (a Assurance, err error) {
	if err := n.must(Releaser, Administrator); err != nil {
		return a, err
	}
	if strings.TrimSpace(reason) == "" {
		return a, invalid("say why the assurance ends")
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		row, err := tx.Assurance(ctx, id)
		if err != nil {
			return err
		}
		if !row.EndedAt.IsZero() {
			return fmt.Errorf("assurance A%d was ended by %s: %w", id, row.EndedBy, store.ErrExists)
		}
		c, err := tx.CounterpartByID(ctx, row.Counterpart)
		if err != nil {
			return err
		}
		row.EndedBy, row.EndedAt, row.Reason = n.User.Name, n.now(), reason
		if err := tx.EndAssurance(ctx, row); err != nil {
			return err
		}
		a = n.assurance(c.Name, row)
		return n.record(ctx, tx, "assurance.end", fmt.Sprintf("A%d", id), c.Name, map[string]string{"reason": reason})
	})
	return a, err
}

// Assurances lists those of a counterpart, or of all when none is named.
func (n *Node) Assurances(ctx context.Context, counterpart string) (all []Assurance, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		of, err := tx.Counterparts(ctx)
		if counterpart != "" {
			var c store.Counterpart
			c, err = tx.Counterpart(ctx, counterpart)
			of = []store.Counterpart{c}
		}
		if err != nil {
			return err
		}
		for _, c := range of {
			rows, err := tx.Assurances(ctx, c.ID)
			if err != nil {
				return err
			}
			for _, row := range rows {
				all = append(all, n.assurance(c.Name, row))
			}
		}
		return nil
	})
	return all, err
}

func (n *Node) assurance(counterpart string, row store.Assurance) Assurance {
	a := Assurance{
		Number: row.ID, Counterpart: counterpart, Undertaking: row.Undertaking, From: row.From, Until: row.Until, Evidence: row.Evidence,
		SHA256: hex.EncodeToString(row.SHA256), AddedBy: row.AddedBy, AddedAt: row.AddedAt, EndedBy: row.EndedBy, EndedAt: row.EndedAt, Reason: row.Reason,
	}
	switch now := n.now(); {
	case !row.EndedAt.IsZero():
		a.State = "ended"
	case now.Before(row.From):
		a.State = "not yet"
	case !row.Until.IsZero() && !now.Before(row.Until):
		a.State = "over"
	default:
		a.State = "holds"
	}
	return a
}
