package node

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"parley/internal/media"
	"parley/internal/store"
	"parley/internal/triage"
	"parley/pdq"
)

// Alike is a picture in evidence that looks like another.
type Alike struct {
	Artifact int64  `json:"artifact"`
	Evidence int64  `json:"evidence"`
	Distance int    `json:"distance"` // of 256 bits, those that differ
	Quality  int    `json:"quality"`  // 0 to 100: of less than 50 a match says little
	Name     string `json:"name"`
	Place    string `json:"place"`
}

// LikenessOf gives the perceptual hash of a picture among the artifacts.
func (n *Node) LikenessOf(ctx context.Context, artifact int64) (hash pdq.Hash, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		row, err := tx.Artifact(ctx, artifact)
		if err != nil {
			return err
		}
		a, err := artifactIn(row)
		if err == nil && (a.Picture == nil || a.Picture.PDQ == "") {
			err = invalid("A%d has no perceptual hash: it is no picture that could be decoded, or was found before they were made", artifact)
		}
		if err != nil {
			return err
		}
		hash, err = pdq.ParseHash(a.Picture.PDQ)
		return err
	})
	return hash, err
}

// LikenessOfFile gives the perceptual hash of a picture, which is not kept.
func (n *Node) LikenessOfFile(raw []byte) (pdq.Hash, error) {
	picture, err := pdq.Decode(bytes.NewReader(raw), pdq.Limits{})
	if err != nil {
		return pdq.Hash{}, invalid("%v", err)
	}
	hash, _, err := pdq.Compute(picture)
	return hash, err
}

// artifactIn reads an artifact as triage found it.
func artifactIn(row store.Artifact) (a triage.Artifact, err error) {
	if err = json.Unmarshal(row.Body, &a); err != nil {
		err = fmt.Errorf("read artifact A%d: %w", row.ID, err)
	}
	return a, err
}

// Alikes finds the pictures in all evidence whose hashes differ in so many bits or
// fewer, the nearest first.
func (n *Node) Alikes(ctx context.Context, hash pdq.Hash, within int) ([]Alike, error) {
	if within < 0 || within > 256 {
		return nil, invalid("hashes differ in 0 to 256 bits, not in %d: up to %d two pictures are taken for the same", within, media.PictureRadius)
	}
	var index media.Pictures
	held := map[string]Alike{}
	err := n.store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.AllEvidence(ctx)
		for _, e := range all {
			if !e.TriagedAt.IsZero() {
				err = errors.Join(err, addPictures(ctx, tx, e.ID, &index, held))
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for pictures that are alike: %w", err)
	}
	hits := []Alike{}
	for _, hit := range index.Within(hash, within) {
		a := held[hit.ID]
		a.Distance = hit.Distance
		hits = append(hits, a)
	}
	return hits, nil
}

// addPictures puts the pictures of evidence into the index.
func addPictures(ctx context.Context, tx *store.Tx, evidence int64, index *media.Pictures, held map[string]Alike) error {
	rows, err := tx.Artifacts(ctx, evidence, string(triage.KindPicture))
	if err != nil {
		return err
	}
	for _, row := range rows {
		a, err := artifactIn(row)
		if err != nil {
			return err
		}
		if a.Picture == nil || a.Picture.PDQ == "" {
			continue
		}
		hash, err := pdq.ParseHash(a.Picture.PDQ)
		if err != nil {
			return fmt.Errorf("read artifact A%d: %w", row.ID, err)
		}
		id := fmt.Sprintf("%020d", row.ID)
		index.Add(id, hash)
		held[id] = Alike{Artifact: row.ID, Evidence: evidence, Quality: a.Picture.Quality, Name: a.Name, Place: row.Place}
	}
	return nil
}
