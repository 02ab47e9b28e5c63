package triage

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
)

// folderMagic opens what is hashed for a folder.
const folderMagic = "parley-folder-1\n"

// Digest hashes evidence: a file by its SHA-256; a folder by the SHA-256 of the
// line "parley-folder-1" and, for every regular file in it in the byte order of
// their paths, the path with slashes, a zero byte and the 32 bytes of the file's
// SHA-256. It also gives the bytes of all files together. Links and empty folders
// do not count.
func Digest(ctx context.Context, path string) ([32]byte, int64, error) {
	source, err := openSource(path)
	if err != nil {
		return [32]byte{}, 0, fmt.Errorf("hash %s: %w", path, err)
	}
	defer source.close()
	sums, limits := newEvidenceSum(), DefaultLimits()
	limits.EntryBytes = 0 // nothing is kept in memory
	err = source.each(DefaultLimits(), func(it item, problem error) error {
		if problem != nil {
			return nil // a link or a device; Run reports it
		}
		f, err := load(ctx, it, limits, nil)
		if err != nil {
			return fmt.Errorf("%s: %w", it.place(), err)
		}
		sums.add(it.name(), f.sum, f.size)
		return nil
	})
	if err != nil {
		return [32]byte{}, 0, fmt.Errorf("hash %s: %w", path, err)
	}
	return sums.digest(source.folder), sums.bytes, nil
}

// evidenceSum gathers what Digest hashes.
type evidenceSum struct {
	sums  map[string][sha256.Size]byte
	bytes int64
}

func newEvidenceSum() *evidenceSum {
	return &evidenceSum{sums: make(map[string][sha256.Size]byte)}
}

func (s *evidenceSum) add(name string, sum [sha256.Size]byte, size int64) {
	s.sums[name] = sum
	s.bytes += size
}

func (s *evidenceSum) digest(folder bool) (digest [32]byte) {
	whole := sha256.New()
	whole.Write([]byte(folderMagic))
	for _, name := range slices.Sorted(maps.Keys(s.sums)) {
		sum := s.sums[name]
		if !folder {
			return sum
		}
		whole.Write([]byte(name + "\x00"))
		whole.Write(sum[:])
	}
	whole.Sum(digest[:0])
	return digest
}
