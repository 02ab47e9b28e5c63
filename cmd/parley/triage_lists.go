package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"os"

	"parley/internal/node"
	"parley/internal/triage/hashset"
	"parley/selector"
)

// triageLists are the files that a triage was given, "" for none.
type triageLists struct{ words, patterns, known string }

// options reads the lists.
func (l triageLists) options(ctx context.Context, t *triageTeller) (opt node.TriageOptions, err error) {
	if opt.Vocabulary, err = l.vocabulary(&opt.Lists); err != nil || l.known == "" {
		return opt, err
	}
	opt.Known, err = hashset.Read(ctx, l.known, t.listed)
	t.end()
	if ctx.Err() != nil {
		return opt, ctx.Err()
	}
	if err != nil {
		return opt, usageError{err}
	}
	opt.Lists.Known = fmt.Sprintf("%x", opt.Known.Digest())
	return opt, nil
}

// vocabulary reads somebody's own words and patterns, and says by their SHA-256 which
// they are.
func (l triageLists) vocabulary(said *node.TriageLists) (*selector.Vocabulary, error) {
	if l.words == "" && l.patterns == "" {
		return nil, nil
	}
	var (
		readers [2]io.Reader
		sums    [2]hash.Hash
	)
	for i, path := range [...]string{l.words, l.patterns} {
		if path == "" {
			continue
		}
		file, err := os.Open(path)
		if err != nil {
			return nil, usageError{fmt.Errorf("read what to look for: %w", err)}
		}
		defer file.Close()
		sums[i] = sha256.New()
		readers[i] = io.TeeReader(file, sums[i])
	}
	v, err := selector.ReadVocabulary(readers[0], readers[1])
	if err != nil {
		return nil, usageError{err}
	}
	for i, name := range [...]*string{&said.Words, &said.Patterns} {
		if sums[i] != nil {
			*name = fmt.Sprintf("%x", sums[i].Sum(nil))
		}
	}
	return v, nil
}
