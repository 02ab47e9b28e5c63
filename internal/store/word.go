package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/selector"
)

// wordsSetting is how far the index of words has come: the number of the last
// object whose words are in it.
const wordsSetting = "words"

// Unindexed lists objects whose words are in no index yet, oldest first, at most
// limit, and how many there are in all.
func (tx *Tx) Unindexed(ctx context.Context, limit int) (some []Object, behind int64, err error) {
	last, err := tx.indexed(ctx)
	if err != nil {
		return nil, 0, err
	}
	newest, err := tx.number(ctx, `SELECT coalesce(max(seq), 0) FROM object`) // none is ever removed
	if behind = newest - last; err != nil || behind <= 0 {
		return nil, 0, naming(err, "count objects without words")
	}
	some, err = list(ctx, tx, scanObject, `SELECT `+objectColumns+` FROM object WHERE seq > $1 ORDER BY seq LIMIT $2`, last, limit)
	return some, behind, naming(err, "list objects without words")
}

func (tx *Tx) indexed(ctx context.Context) (int64, error) {
	b, err := tx.Setting(ctx, wordsSetting)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err == nil && len(b) != 8 {
		err = fmt.Errorf("read how far the words go: %w", ErrDamaged)
	}
	if err != nil {
		return 0, err
	}
	return int64(binary.BigEndian.Uint64(b)), nil
}

// IndexWords puts the words of objects into the index: words[i] are those of
// some[i], folded, with spaces between. They are the next that [Tx.Unindexed]
// listed; where another process was first, nothing is done.
func (tx *Tx) IndexWords(ctx context.Context, some []Object, words []string) error {
	last, err := tx.indexed(ctx)
	if err != nil || len(some) == 0 || some[0].Seq <= last {
		return err
	}
	for i, o := range some {
		if words[i] == "" {
			continue
		}
		if _, err := tx.exec(ctx, `INSERT INTO object_word (rowid, words) VALUES ($1, $2)`, o.Seq, words[i]); err != nil {
			return naming(err, "keep the words of object %d", o.Seq)
		}
	}
	return tx.SetSetting(ctx, wordsSetting, binary.BigEndian.AppendUint64(nil, uint64(some[len(some)-1].Seq)))
}

// ObjectsWith lists objects that have every one of some words, the newest first, at
// most limit: a word is folded, and one that ends in "*" is the beginning of one.
// What was withdrawn by whoever gave it is left out. What is no word is in no object.
func (tx *Tx) ObjectsWith(ctx context.Context, words []string, limit int) ([]Object, error) {
	if len(words) == 0 || slices.ContainsFunc(words, isNoWord) {
		return nil, nil
	}
	all, err := list(ctx, tx, scanObject, `SELECT `+objectColumns+` FROM object_word AS w CROSS JOIN object AS o
		WHERE w.object_word MATCH $1 AND o.seq = w.rowid AND o.stale = 0 ORDER BY w.rowid DESC LIMIT $2`, allOf(words), limit)
	return all, naming(err, "find objects by their words")
}

// isNoWord tells whether the index would take a text for several words, or none.
func isNoWord(w string) bool {
	w = strings.TrimSuffix(w, "*")
	return w == "" || strings.ContainsFunc(w, func(r rune) bool {
		return r < utf8.RuneSelf && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	})
}

// allOf writes words as the index is asked for them.
func allOf(words []string) string {
	terms := make([]string, len(words))
	for i, w := range words {
		w, open := strings.CutSuffix(w, "*")
		terms[i] = `"` + w + `"`
		if open {
			terms[i] += "*"
		}
	}
	return strings.Join(terms, " AND ")
}

// SelectorsFrom lists selectors of a kind whose normal form begins so, in its
// order, at most limit.
func (tx *Tx) SelectorsFrom(ctx context.Context, k selector.Kind, begins string, limit int) ([]Tally, error) {
	all, err := list(ctx, tx, func(s scanner) (t Tally, err error) {
		return t, s.Scan(&t.ID, &t.Selector.Kind, &t.Selector.Value)
	}, `SELECT id, kind, value FROM selector WHERE kind = $1 AND value >= $2 AND value < $3 ORDER BY value LIMIT $4`,
		string(k), begins, begins+"\U0010ffff", limit)
	return all, naming(err, "find selectors")
}

// SelectorOf finds a selector by its normal form; ErrNotFound where it is not held.
func (tx *Tx) SelectorOf(ctx context.Context, sel selector.Selector) (Tally, error) {
	id, err := tx.number(ctx, `SELECT id FROM selector WHERE kind = $1 AND value = $2`, string(sel.Kind), sel.Value)
	return Tally{ID: id, Selector: sel}, naming(err, "find selector")
}

// PlacesOf counts where a selector stands as [Tx.Selectors] counts, up to a limit.
func (tx *Tx) PlacesOf(ctx context.Context, id int64, limit int) (int64, error) {
	n, err := tx.number(ctx, `SELECT count(*) FROM (SELECT 1 FROM finding AS f
		LEFT JOIN object AS o ON o.seq = f.object
		LEFT JOIN evidence AS e ON e.id = f.evidence
		WHERE f.selector = $1 AND (f.evidence IS NULL OR e.triaged_at <> 0) AND coalesce(o.stale, 0) = 0 LIMIT $2)`, id, limit)
	return n, naming(err, "count the places of selector S%d", id)
}

// WatchesFrom lists watches of a kind whose normal form begins so, at most limit.
func (tx *Tx) WatchesFrom(ctx context.Context, k selector.Kind, begins string, limit int) ([]Watch, error) {
	all, err := list(ctx, tx, scanWatch, `SELECT `+watchColumns+` FROM watch WHERE kind = $1 AND value >= $2 AND value < $3 ORDER BY value LIMIT $4`,
		string(k), begins, begins+"\U0010ffff", limit)
	return all, naming(err, "find watches")
}
