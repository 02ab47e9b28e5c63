package triage

import (
	"context"
	"errors"
	"hash/maphash"
	"sync"
)

// search finds names in a container that keeps no list of them and must be gone
// through. An enemy can make every file of it ask for another: so a name that it
// has not costs one walk for all, and the walks to those that it has are bounded.
type search struct {
	mu    sync.Mutex
	done  int64 // names that were gone over, and what each walk cost besides
	seed  maphash.Seed
	names map[uint64]struct{} // hashes of all names; nil until all were gone over
}

const (
	mostSearched = 1 << 30
	// unpackCost is what a walk costs besides, in names, where what is found must be
	// unpacked again from the start: so there are at most 1,024 of them.
	unpackCost = mostSearched >> 10
)

var errSearched = errors.New("files that belong to others were looked for too often in the container, which must be gone through each time: unpack it and give the result")

// find goes over the names with through, which ends when is says that it has met
// the one, and gives through's error.
func (s *search) find(ctx context.Context, name string, cost int64, through func(is func(string) bool) error) error {
	if err := s.begin(name, cost); err != nil {
		return err
	}
	names, found, count := make(map[uint64]struct{}), false, int64(0)
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.done += count
	}()
	err := through(func(other string) bool {
		names[maphash.String(s.seed, other)] = struct{}{}
		count++
		found = found || other == name
		return other == name
	})
	if !found && ctx.Err() == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.names = names
	}
	return err
}

func (s *search) begin(name string, cost int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seed == (maphash.Seed{}) {
		s.seed = maphash.MakeSeed()
	}
	if s.names != nil {
		if _, there := s.names[maphash.String(s.seed, name)]; !there {
			return errNotBeside
		}
	}
	if s.done >= mostSearched {
		return errSearched
	}
	s.done += cost
	return nil
}
