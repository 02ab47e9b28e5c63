package node

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"parley/internal/store"
	"parley/internal/triage"
	"parley/selector"
)

// Results are what the triage of one piece of evidence found, folded: a selector
// stands there once, with its contexts; a file once, with its places.
type Results struct {
	Custody   Custody
	Summary   triage.Summary
	Selectors []FoundSelector
	Artifacts []FoundArtifact
	Files     []FoundFile
	Faults    []store.File // what could not be read

	// Content opens the file that a place is in again, of at most so many bytes.
	// Evidence that changed since it was imported is ErrChanged.
	Content func(ctx context.Context, p triage.Place, most int64) ([]byte, error)
}

// FoundSelector is a selector with what stood around it.
type FoundSelector struct {
	selector.Selector
	Confidence selector.Confidence `json:"confidence"` // the highest of its findings
	Findings   int                 `json:"findings"`
	Contexts   []FoundContext      `json:"contexts"`
}

// FoundContext is a selector as it was written once or more, with the same words
// around it.
type FoundContext struct {
	Raw        string              `json:"raw"`
	Context    string              `json:"context"`
	Confidence selector.Confidence `json:"confidence,omitempty"`
	Places     []FoundPlace        `json:"places"`
}

// FoundPlace is one finding.
type FoundPlace struct {
	Finding int64  `json:"finding"`
	Place   string `json:"place"`
	SHA256  string `json:"sha256"` // of the file
}

// FoundArtifact is an artifact with its number.
type FoundArtifact struct {
	Number int64 `json:"number"`
	triage.Artifact
}

// FoundFile is a file with every place where the same bytes lie.
type FoundFile struct {
	SHA256 string   `json:"sha256"`
	Size   int64    `json:"size"`
	Type   string   `json:"type"`
	Known  bool     `json:"known,omitempty"`
	Places []string `json:"places"`
}

// Results reads what the triage of evidence found, at least so sure. It is
// ErrNotFound before one has come to its end.
func (n *Node) Results(ctx context.Context, evidence int64, sure selector.Confidence) (r Results, err error) {
	if r.Custody, err = n.Custody(ctx, evidence); err != nil {
		return r, err
	}
	if r.Custody.Evidence.TriagedAt.IsZero() {
		return r, fmt.Errorf("evidence E%d has no triage that came to its end: parley triage E%d: %w", evidence, evidence, store.ErrNotFound)
	}
	if err := json.Unmarshal(r.Custody.Evidence.Summary, &r.Summary); err != nil {
		return r, fmt.Errorf("read the summary of evidence E%d: %w", evidence, err)
	}
	err = n.store.View(ctx, func(tx *store.Tx) error { return r.read(ctx, tx, evidence, sure) })
	r.Content = n.content(r.Custody.Evidence)
	return r, err
}

// content opens files of evidence that is seen, once, not to have changed.
func (n *Node) content(e store.Evidence) func(context.Context, triage.Place, int64) ([]byte, error) {
	seen := false
	return func(ctx context.Context, p triage.Place, most int64) ([]byte, error) {
		if !seen {
			if err := unchanged(ctx, e); err != nil {
				return nil, err
			}
			seen = true
		}
		return triage.Content(ctx, e.Path, p, most, triage.Options{Region: n.Settings.Region})
	}
}

func (r *Results) read(ctx context.Context, tx *store.Tx, evidence int64, sure selector.Confidence) error {
	files, err := tx.Files(ctx, evidence, false)
	if err != nil {
		return err
	}
	sums := r.foldFiles(files)
	if err := r.foldFindings(ctx, tx, evidence, sure, sums); err != nil {
		return err
	}
	rows, err := tx.Artifacts(ctx, evidence, "")
	if err != nil {
		return err
	}
	for _, row := range rows {
		a, err := artifactIn(row)
		if err != nil {
			return err
		}
		r.Artifacts = append(r.Artifacts, FoundArtifact{row.ID, a})
	}
	return nil
}

// foldFiles puts the places of the same bytes together, and gives the hash of the file
// at each place.
func (r *Results) foldFiles(rows []store.File) map[string]string {
	sums, at := map[string]string{}, map[string]int{}
	for _, row := range rows {
		if row.Problem != "" {
			r.Faults = append(r.Faults, row)
			continue
		}
		sum := fmt.Sprintf("%x", row.SHA256)
		sums[row.Place] = sum
		i, known := at[sum]
		if !known {
			i = len(r.Files)
			at[sum] = i
			r.Files = append(r.Files, FoundFile{SHA256: sum, Size: row.Size, Type: row.Type, Known: row.Known})
		}
		r.Files[i].Places = append(r.Files[i].Places, row.Place)
	}
	return sums
}

func (r *Results) foldFindings(ctx context.Context, tx *store.Tx, evidence int64, sure selector.Confidence, sums map[string]string) error {
	const page = 5000
	var all []store.Finding
	for after := int64(0); ; after = all[len(all)-1].ID {
		some, err := tx.FindingsIn(ctx, evidence, after, sure, page)
		if err != nil {
			return err
		}
		all = append(all, some...)
		if len(some) < page {
			break
		}
	}
	sumAt := func(f store.Finding) (string, error) {
		place, err := triage.ParsePlace(f.Place)
		return sums[triage.Place{Chain: place.Chain}.String()], err
	}
	var err error
	r.Selectors, err = fold(all, sumAt)
	return err
}

// fold puts the findings of a selector together, and in it those of the same context.
// The selectors come by kind and value, contexts and places as they were found.
func fold(all []store.Finding, sumAt func(store.Finding) (string, error)) ([]FoundSelector, error) {
	type where struct {
		selector.Selector
		raw, context string
	}
	var list []FoundSelector
	at, in := map[selector.Selector]int{}, map[where]int{}
	for _, f := range all {
		i, known := at[f.Selector]
		if !known {
			i = len(list)
			at[f.Selector] = i
			list = append(list, FoundSelector{Selector: f.Selector})
		}
		s, key := &list[i], where{f.Selector, f.Raw, f.Context}
		k, known := in[key]
		if !known {
			k = len(s.Contexts)
			in[key] = k
			s.Contexts = append(s.Contexts, FoundContext{Raw: f.Raw, Context: f.Context})
		}
		sum, err := sumAt(f)
		if err != nil {
			return nil, err
		}
		c := &s.Contexts[k]
		s.Findings++
		c.Places = append(c.Places, FoundPlace{f.ID, f.Place, sum})
		c.Confidence, s.Confidence = surer(c.Confidence, f.Confidence), surer(s.Confidence, f.Confidence)
	}
	slices.SortFunc(list, func(a, b FoundSelector) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value))
	})
	return list, nil
}

// surer is the higher of two confidences.
func surer(a, b selector.Confidence) selector.Confidence {
	order := []selector.Confidence{"", selector.Low, selector.Moderate, selector.High}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// FoldFindings puts the findings of one selector together that have the same context.
func FoldFindings(all []store.Finding) []FoundContext {
	list, _ := fold(all, func(store.Finding) (string, error) { return "", nil })
	if len(list) == 0 {
		return nil
	}
	return list[0].Contexts
}
