package psi

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Spool keeps what a counterpart sent for its items, tags and sealed payloads,
// until the run is over. A temporary file is one. It is read where it was
// written before, and never grows beyond the counterpart's size times the
// length of a record.
type Spool interface {
	io.ReaderAt
	io.WriterAt
}

// memory is a Spool for those who name none.
type memory struct{ data []byte }

func (m *memory) WriteAt(p []byte, at int64) (int, error) {
	if end := int(at) + len(p); end > len(m.data) {
		m.data = append(m.data, make([]byte, end-len(m.data))...)
	}
	return copy(m.data[at:], p), nil
}

func (m *memory) ReadAt(p []byte, at int64) (int, error) {
	if at >= int64(len(m.data)) {
		return 0, io.EOF
	}
	n := copy(p, m.data[at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// received is the counterpart's records: the tags in memory, 16 bytes each,
// sorted once all are there; the rest in the spool.
type received struct {
	spool  Spool
	record int // bytes of a record
	tags   []placedTag
	sorted bool
}

type placedTag struct {
	tag      tag
	position uint32
}

func compareTag(a placedTag, t tag) int { return compareTags(a.tag, t) }

// add takes the records from position lo on, which is where the last ended.
func (r *received) add(lo int, records []byte) error {
	if r.spool != nil {
		if _, err := r.spool.WriteAt(records, int64(lo)*int64(r.record)); err != nil {
			return fmt.Errorf("psi: keep the counterpart's records: %w", err)
		}
	}
	r.tags = r.tags[:lo]
	for i := 0; i < len(records); i += r.record {
		r.tags = append(r.tags, placedTag{tag(records[i:]), uint32(len(r.tags))})
	}
	return nil
}

// sort makes the tags ready to be looked up and refuses repeated ones: no two
// items have one tag, but with negligible probability.
func (r *received) sort() error {
	sorted := slices.Clone(r.tags)
	slices.SortFunc(sorted, func(a, b placedTag) int { return compareTags(a.tag, b.tag) })
	for i := 1; i < len(sorted); i++ {
		if sorted[i].tag == sorted[i-1].tag {
			return fmt.Errorf("%w: tag %d repeats tag %d", ErrMessage, max(sorted[i].position, sorted[i-1].position), min(sorted[i].position, sorted[i-1].position))
		}
	}
	r.tags, r.sorted = sorted, true
	return nil
}

// find returns the position of a tag.
func (r *received) find(t tag) (int, bool) {
	i, found := slices.BinarySearchFunc(r.tags, t, compareTag)
	if !found {
		return 0, false
	}
	return int(r.tags[i].position), true
}

// sealed reads the sealed payload at a position.
func (r *received) sealed(position int) ([]byte, error) {
	out := make([]byte, r.record-tagSize)
	n, err := r.spool.ReadAt(out, int64(position)*int64(r.record)+tagSize)
	if n < len(out) {
		return nil, fmt.Errorf("psi: read record %d of the counterpart again: %w", position, err)
	}
	return out, nil
}

// recordsDigest extends the digest of all records received so far.
func recordsDigest(before [sha256.Size]byte, records []byte) [sha256.Size]byte {
	h := sha256.New()
	h.Write(before[:])
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(records))))
	h.Write(records)
	return [sha256.Size]byte(h.Sum(nil))
}

// reload reads again what a run before a restart has kept, message by message,
// and checks it against the digest.
func (r *received) reload(spans [][2]int, want [sha256.Size]byte) error {
	if len(spans) > 0 && r.spool == nil {
		return errors.New("psi: go on with a run: name the spool that it began with")
	}
	var digest [sha256.Size]byte
	for _, span := range spans {
		records := make([]byte, (span[1]-span[0])*r.record)
		n, err := r.spool.ReadAt(records, int64(span[0])*int64(r.record))
		if n < len(records) {
			return fmt.Errorf("psi: read the counterpart's records again: %w", err)
		}
		digest = recordsDigest(digest, records)
		if err := r.add(span[0], records); err != nil {
			return err
		}
	}
	if digest != want {
		return errors.New("psi: the spool does not hold what the counterpart sent: begin a new run")
	}
	return nil
}
