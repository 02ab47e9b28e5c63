package misp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"
)

// Source is what a feed is served from. It says what is in the feed, and so who sees what: the handler
// hands on all that it gives. A store that keeps [Issue]s answers each of the three with one query.
type Source interface {
	// Version names the state of the feed and tells since when it is so. Whatever changes any issue, or
	// which there are, changes it. It is asked for with nearly every request.
	Version(ctx context.Context) (Version, error)

	// Issues gives every issue, in the order of their UUIDs. It may leave out their files.
	Issues(ctx context.Context) iter.Seq2[Issue, error]

	// Issue gives one with its file, or an error that is [fs.ErrNotExist].
	Issue(ctx context.Context, uuid string) (Issue, error)
}

// Version is a state of a feed.
type Version struct {
	Tag string // any text; another for another state
	At  time.Time
}

// Shelf is a [Source] in memory. Its zero value is an empty feed.
type Shelf struct {
	mu     sync.RWMutex
	issues map[string]Issue
	sum    [sha256.Size]byte // of all issues, whatever their order
	at     time.Time
}

// Put adds an issue, or puts it in the place of the one with its UUID.
func (s *Shelf) Put(i Issue) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.issues == nil {
		s.issues = map[string]Issue{}
	}
	if old, ok := s.issues[i.UUID]; ok {
		s.fold(old)
	}
	s.issues[i.UUID] = i
	s.fold(i)
	s.touch(i.At)
}

// Remove takes an issue off. Those who read it keep it: see [Withdraw].
func (s *Shelf) Remove(uuid string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old, ok := s.issues[uuid]; ok {
		s.fold(old)
		delete(s.issues, uuid)
		s.touch(at)
	}
}

func (s *Shelf) touch(at time.Time) {
	if at.After(s.at) {
		s.at = at
	}
}

// fold adds an issue to the sum, or takes it out again.
func (s *Shelf) fold(i Issue) {
	h := sha256.New()
	fmt.Fprintf(h, "%s %d\n%s\n%s\n", i.UUID, len(i.File), i.File, i.Entry)
	for n, b := range h.Sum(nil) {
		s.sum[n] ^= b
	}
}

// Version gives the sum of all issues.
func (s *Shelf) Version(context.Context) (Version, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return Version{Tag: hex.EncodeToString(s.sum[:16]), At: s.at}, nil
}

// Issues gives the issues that were there when it was called.
func (s *Shelf) Issues(context.Context) iter.Seq2[Issue, error] {
	s.mu.RLock()
	all := maps.Clone(s.issues)
	s.mu.RUnlock()
	return func(yield func(Issue, error) bool) {
		for _, uuid := range slices.Sorted(maps.Keys(all)) {
			if !yield(all[uuid], nil) {
				return
			}
		}
	}
}

// Issue gives one.
func (s *Shelf) Issue(_ context.Context, uuid string) (Issue, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	i, ok := s.issues[uuid]
	if !ok {
		return Issue{}, fmt.Errorf("event %s is not in the feed: %w", uuid, fs.ErrNotExist)
	}
	return i, nil
}
