package exchange

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"

	"parley/internal/scratch"
	"parley/stix"
	"parley/taxii"
)

// spool keeps the members of an envelope until all of it was read. Those of a small one stay in memory.
// Of a large one, all but the last few go to a scratch file, sealed, in chunks.
//
// A chunk is a row of records: a byte, 1 for an object and 0 for a member that is none, then its parts,
// each with its length as an unsigned varint: the object's bytes; or id, version, and why it was
// refused.
type spool struct {
	dir    string
	rand   io.Reader
	held   []taxii.Incoming
	size   int // bytes of what is held
	sealed *scratch.File
	count  int
}

const spoolMemory = 4 << 20

func newSpool(dir string, rand io.Reader) *spool { return &spool{dir: dir, rand: rand} }

// put adds one member.
func (s *spool) put(in taxii.Incoming) error {
	const around = 200 // bytes that a member costs beside its own
	s.count++
	s.held, s.size = append(s.held, in), s.size+len(in.Object.Bytes())+around
	if s.size < spoolMemory {
		return nil
	}
	if s.sealed == nil {
		var err error
		if s.sealed, err = scratch.New(s.dir, s.rand); err != nil {
			return err
		}
	}
	var chunk []byte
	for _, in := range s.held {
		chunk = appendRecord(chunk, in)
	}
	clear(s.held)
	s.held, s.size = s.held[:0], 0
	return s.sealed.Append(chunk)
}

// batch is some members in their order.
type batch struct {
	members []taxii.Incoming
	last    bool
}

// batches gives all members, as many at once as go into a transaction. An empty spool has one, empty.
func (s *spool) batches() iter.Seq2[batch, error] {
	return func(yield func(batch, error) bool) {
		var b batch
		size, left := 0, s.count
		for in, err := range s.members() {
			if err != nil {
				yield(batch{}, err)
				return
			}
			b.members = append(b.members, in)
			size += len(in.Object.Bytes())
			if left--; left > 0 && (len(b.members) == batchMembers || size >= batchBytes) {
				if !yield(b, nil) {
					return
				}
				b, size = batch{}, 0
			}
		}
		b.last = true
		yield(b, nil)
	}
}

// members gives all members in their order.
func (s *spool) members() iter.Seq2[taxii.Incoming, error] {
	return func(yield func(taxii.Incoming, error) bool) {
		chunks := 0
		if s.sealed != nil {
			chunks = s.sealed.Chunks()
		}
		for n := range chunks {
			records, err := s.sealed.Chunk(n)
			for err == nil && len(records) > 0 {
				var in taxii.Incoming
				if in, records, err = nextRecord(records); err == nil && !yield(in, nil) {
					return
				}
			}
			if err != nil {
				yield(taxii.Incoming{}, err)
				return
			}
		}
		for _, in := range s.held {
			if !yield(in, nil) {
				return
			}
		}
	}
}

// appendRecord writes one member.
func appendRecord(b []byte, in taxii.Incoming) []byte {
	if in.Err == nil {
		return appendPart(append(b, 1), in.Object.Bytes())
	}
	b = append(b, 0)
	for _, text := range []string{in.ID, in.Version, in.Err.Error()} {
		b = appendPart(b, []byte(text))
	}
	return b
}

func appendPart(b, part []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(part))), part...)
}

// nextRecord reads one record and gives those that follow it.
func nextRecord(b []byte) (in taxii.Incoming, rest []byte, err error) {
	kind, rest := b[0], b[1:]
	part := func() (p []byte) {
		size, n := binary.Uvarint(rest)
		p, rest = rest[n:n+int(size)], rest[n+int(size):]
		return p
	}
	if kind == 0 {
		in.ID, in.Version, in.Err = string(part()), string(part()), errors.New(string(part()))
		return in, rest, nil
	}
	if in.Object, err = stix.ParseObject(part()); err != nil {
		return in, nil, fmt.Errorf("read an object again: %w", err)
	}
	in.ID, in.Version = string(in.Object.ID()), versionOf(in.Object).String()
	return in, rest, nil
}

func (s *spool) close() {
	if s.sealed != nil {
		_ = s.sealed.Close() // it has no name, and goes with the process at the latest
	}
}
