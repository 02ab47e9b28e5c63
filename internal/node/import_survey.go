package node

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"io"

	"github.com/google/uuid"

	"parley/internal/intake"
	"parley/internal/scratch"
	"parley/internal/store"
	"parley/stix"
)

// survey is the first of two readings of a source: it judges every object by
// itself and beside the others, and writes nothing. What it remembers of each is
// sorted by id, on disk where it is much.
type survey struct {
	node   *Node
	sorted *scratch.Sorter
	seals  seals
	sum    string // SHA-256 of the bytes as they are stored
}

// surveyMemory is how many bytes of notes stay in memory.
const surveyMemory = 32 << 20

// survey reads a source, and refuses it at the first thing that is wrong with it.
func (n *Node) survey(ctx context.Context, src *intake.Source, lines bool, opt ImportOptions) (*survey, error) {
	s := &survey{node: n, sorted: scratch.NewSorter(n.home, n.rand, surveyMemory), seals: seals{most: opt.batch}}
	seek := newSeeker(n.selectorOptions())
	var err error
	s.sum, err = through(ctx, src, "checking", opt, func(r io.Reader) error {
		return aside(ctx, r, lines, func(o stix.Object, at place) error {
			if err := sound(o, seek); err != nil {
				return err
			}
			d, err := digestsOf(o)
			if err != nil {
				return err
			}
			s.seals.add(o.Bytes())
			return s.sorted.Add(appendNote(nil, o.ID(), versionOf(o, ""), d, at))
		})
	})
	if err != nil {
		return nil, joinClose(err, s)
	}
	s.seals.end()
	return s, nil
}

func joinClose(err error, s *survey) error {
	_ = s.close() // a scratch file without a name
	return err
}

func (s *survey) close() error { return s.sorted.Close() }

// mostSelectors bounds how many one object may hold: an object and its selectors
// are kept in one transaction, for which others wait.
const mostSelectors = 20_000

// sound judges an object by itself.
func sound(o stix.Object, seek *seeker) error {
	if faults := o.Validate(stix.Lenient); len(faults) > 0 {
		return &faults[0]
	}
	const shortest = len("a@b.cd ") // how much text a selector takes at least
	if len(o.Bytes()) < mostSelectors*shortest {
		return nil
	}
	if found := len(seek.in(o, 0, "")); found > mostSelectors {
		return fmt.Errorf("%s holds %d selectors, and %d are the most in one object: bring them in as a list", o.ID(), found, mostSelectors)
	}
	return nil
}

// A note is what the survey remembers of one object: its id, so that notes of one
// object stand together, and where it stands, so that they keep their order; then
// the version.
func appendNote(b []byte, id stix.ID, v version, d digests, at place) []byte {
	u := id.UUID()
	b = append(append(append(b, u[:]...), id.Type()...), 0)
	b = binary.BigEndian.AppendUint64(b, uint64(at.Index))
	b = binary.BigEndian.AppendUint64(b, uint64(at.Offset))
	b = append(b, flag(at.Line), flag(v.revoked))
	b = append(append(b, d.content[:]...), d.essence[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(v.at.second))
	b = binary.AppendUvarint(b, uint64(len(v.at.digits)))
	return append(append(b, v.at.digits...), v.creator...)
}

func flag(set bool) byte {
	if set {
		return 1
	}
	return 0
}

// note is one of them, read again.
type note struct {
	id stix.ID
	version
}

func readNote(b []byte) note {
	var n note
	u, b := uuid.UUID(b[:16]), b[16:]
	typ, b, _ := bytes.Cut(b, []byte{0})
	n.id = stix.ID(string(typ) + "--" + u.String())
	at := place{Index: int(binary.BigEndian.Uint64(b)), Offset: int64(binary.BigEndian.Uint64(b[8:])), Line: b[16] == 1}
	n.where, n.revoked, b = at.String(), b[17] == 1, b[18:]
	var d digests
	copy(d.content[:], b)
	copy(d.essence[:], b[sha256.Size:])
	n.digests = func() (digests, error) { return d, nil }
	b = b[2*sha256.Size:]
	n.at.second, b = int64(binary.BigEndian.Uint64(b)), b[8:]
	size, used := binary.Uvarint(b)
	b = b[used:]
	n.at.digits, n.creator = string(b[:size]), stix.ID(b[size:])
	return n
}

// judge holds every version of every object against those that the store has and
// those that came before it, and says what would become of them. It changes
// nothing.
func (s *survey) judge(ctx context.Context, sum *Imported) error {
	var (
		notes []note
		last  *lineage // of the last object judged, of which more notes may come
	)
	some := func() error {
		return s.node.store.View(ctx, func(tx *store.Tx) (err error) {
			last, err = judgeSome(ctx, tx, notes, last, sum)
			notes = notes[:0]
			return err
		})
	}
	for record, err := range s.sorted.Sorted() {
		if err != nil {
			return err
		}
		if notes = append(notes, readNote(record)); len(notes) == batchItems {
			if err := some(); err != nil {
				return err
			}
		}
	}
	return some()
}

func judgeSome(ctx context.Context, tx *store.Tx, notes []note, last *lineage, sum *Imported) (*lineage, error) {
	ids := make([]stix.ID, len(notes))
	for i, n := range notes {
		ids[i] = n.id
	}
	all, err := lineages(ctx, tx, ids, last)
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		became, err := all.take(ctx, tx, n.id, n.version)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", n.where, err)
		}
		sum.count(became)
		last = all[n.id]
	}
	return last, nil
}

// count notes what became of one object.
func (sum *Imported) count(became outcome) {
	if became == known {
		sum.Known++
		return
	}
	sum.Objects++
	switch became {
	case older:
		sum.Older++
	case revoked:
		sum.Revoked++
	}
}

// family is the lineages of several objects.
type family map[stix.ID]*lineage

// lineages reads what the store holds of ours of some objects. One of them may be
// known already.
func lineages(ctx context.Context, tx *store.Tx, ids []stix.ID, one *lineage) (family, error) {
	all := family{}
	if one != nil {
		all[one.id] = one
	}
	var uuids [][16]byte
	for _, id := range ids {
		if all[id] == nil {
			all[id] = newLineage(id)
			uuids = append(uuids, id.UUID())
		}
	}
	held, err := tx.HeldVersions(ctx, 0, uuids)
	if err != nil {
		return nil, err
	}
	for _, o := range held {
		id := stix.ID(o.Type + "--" + uuid.UUID(o.UUID).String())
		if l := all[id]; l != nil && l != one { // one of another type may have the same UUID: it is another object
			l.hold(o)
		}
	}
	return all, nil
}

// take judges one more version of one object.
func (f family) take(ctx context.Context, tx *store.Tx, id stix.ID, v version) (outcome, error) {
	return f[id].take(v, func(seq int64) (version, error) {
		held, err := tx.ObjectBySeq(ctx, seq)
		if err != nil {
			return version{}, err
		}
		o, err := stix.ParseObject(held.Body)
		if err != nil {
			return version{}, fmt.Errorf("read object number %d again: %w", seq, err)
		}
		return versionOf(o, "the version kept on "+held.AddedAt.UTC().Format("2006-01-02 15:04:05Z")), nil
	})
}

// seals remember what was judged, batch by batch, so that nothing else is kept: a
// source may change between two readings.
type seals struct {
	most  int // items in a batch; batchItems if 0
	hash  hash.Hash
	sums  [][16]byte
	items int
	size  int
}

// Bounds on a batch, for which others wait.
const (
	batchItems = 5000
	batchBytes = 8 << 20
)

// add takes an item, and tells whether a batch ends with it.
func (s *seals) add(item []byte) bool {
	if s.hash == nil {
		s.hash = sha256.New()
	}
	var size [8]byte
	binary.BigEndian.PutUint64(size[:], uint64(len(item)))
	s.hash.Write(size[:])
	s.hash.Write(item)
	s.items, s.size = s.items+1, s.size+len(item)
	if s.items < cmp.Or(s.most, batchItems) && s.size < batchBytes {
		return false
	}
	s.end()
	return true
}

// end ends the batch, which may be empty.
func (s *seals) end() {
	var sum [16]byte
	if s.hash != nil {
		copy(sum[:], s.hash.Sum(nil))
	}
	s.sums, s.items, s.size = append(s.sums, sum), 0, 0
}
