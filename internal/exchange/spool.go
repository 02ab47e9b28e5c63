package exchange

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"parley/stix"
	"parley/taxii"
)

// spool keeps the members of an envelope until all of it was read. Those of a small one stay in memory.
// Of a large one, all but the last few go to a file that has no name and is sealed, in chunks, with a
// key that nobody else has and that is gone with the request.
//
// A chunk is a row of records: a byte, 1 for an object and 0 for a member that is none, then its parts,
// each with its length as an unsigned varint: the object's bytes; or id, version, and why it was
// refused.
type spool struct {
	dir    string
	rand   io.Reader
	held   []taxii.Incoming
	size   int // bytes of what is held
	sealed *sealedFile
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
		if s.sealed, err = newSealedFile(s.dir, s.rand); err != nil {
			return err
		}
	}
	var chunk []byte
	for _, in := range s.held {
		chunk = appendRecord(chunk, in)
	}
	clear(s.held)
	s.held, s.size = s.held[:0], 0
	return s.sealed.write(chunk)
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
			chunks = len(s.sealed.ends)
		}
		for n := range chunks {
			records, err := s.sealed.read(n)
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
		s.sealed.close()
	}
}

// sealedFile is a file of sealed chunks (AES-256-GCM; the nonce is the chunk's number).
type sealedFile struct {
	file *os.File
	aead cipher.AEAD
	ends []int64 // where each chunk ends
}

func newSealedFile(dir string, rand io.Reader) (*sealedFile, error) {
	var key [32]byte
	defer clear(key[:])
	if _, err := io.ReadFull(rand, key[:]); err != nil {
		return nil, fmt.Errorf("draw a key for a large envelope: %w", err)
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(dir, ".envelope-*")
	if err != nil {
		return nil, fmt.Errorf("make room for a large envelope: %w", err)
	}
	_ = os.Remove(file.Name()) // where a file in use keeps its name, close removes it
	return &sealedFile{file: file, aead: aead}, nil
}

func (f *sealedFile) nonce(chunk int) []byte {
	nonce := make([]byte, f.aead.NonceSize())
	binary.BigEndian.PutUint64(nonce[len(nonce)-8:], uint64(chunk))
	return nonce
}

func (f *sealedFile) write(chunk []byte) error {
	number := len(f.ends)
	sealed := f.aead.Seal(nil, f.nonce(number), chunk, nil)
	n, err := f.file.Write(sealed)
	if err != nil {
		return fmt.Errorf("keep a large envelope: %w", err)
	}
	f.ends = append(f.ends, f.start(number)+int64(n))
	return nil
}

// start is where a chunk begins.
func (f *sealedFile) start(chunk int) int64 {
	if chunk == 0 {
		return 0
	}
	return f.ends[chunk-1]
}

func (f *sealedFile) read(chunk int) ([]byte, error) {
	sealed := make([]byte, f.ends[chunk]-f.start(chunk))
	if _, err := f.file.ReadAt(sealed, f.start(chunk)); err != nil {
		return nil, fmt.Errorf("read a large envelope again: %w", err)
	}
	text, err := f.aead.Open(sealed[:0], f.nonce(chunk), sealed, nil)
	if err != nil {
		return nil, fmt.Errorf("read a large envelope again: %w", err)
	}
	return text, nil
}

func (f *sealedFile) close() {
	f.file.Close()
	_ = os.Remove(f.file.Name())
}
