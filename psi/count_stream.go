package psi

import (
	"bytes"
	"context"
	"crypto/sha512"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"

	"parley/psi/internal/ristretto"
)

// A count's answer is in an order that depends on the whole query, so it cannot
// leave before the query is there: a count does not go chunk by chunk as an
// overlap does. But its messages can go over piece by piece, as they are
// written and read here, with the work done on the way and 32 bytes an item
// held. They are the bytes of Query and Answer.

// countAsked is the counterpart's query, evaluated.
type countAsked struct {
	id        queryID
	evaluated []element // ascending
}

var errNotAsked = errors.New("psi: answer a count: no query was read")

// WriteQuery writes our count query.
func (p *CountParty) WriteQuery(w io.Writer) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.set == nil {
		return ErrZeroed
	}
	if err := p.makeQuery(); err != nil {
		return err
	}
	h := Header{Kind: KindCountQuery, Elements: len(p.query)}
	return writePieces(w, h.append(nil, p.id), p.query, nil)
}

// ReadQuery reads and evaluates the counterpart's count query, which may have
// at most max items, as it comes. As with Answer, a different query in the
// same run is refused.
func (p *CountParty) ReadQuery(ctx context.Context, r io.Reader, max int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.set == nil {
		return ErrZeroed
	}
	in, err := openPieces(ctx, r, KindCountQuery)
	if err != nil {
		return err
	}
	if in.Elements > max {
		return fmt.Errorf("%w: %v of %d items, at most %d are allowed", ErrMessage, in.Kind, in.Elements, max)
	}
	var evaluated []element
	err = in.elements(func(lo int, elements []element) error {
		out, err := (&message{kind: in.Kind}).multiplyPart(lo, elements, p.key)
		if err != nil {
			return err
		}
		evaluated = append(evaluated, out...)
		return nil
	})
	if err != nil {
		return err
	}
	if err := p.answered.checkDigest(in.digest()); err != nil {
		return err
	}
	p.answered.rememberDigest(in.digest())
	sortElements(evaluated)
	p.asked = &countAsked{in.id, evaluated}
	return nil
}

// WriteAnswer writes the answer to the query that was read.
func (p *CountParty) WriteAnswer(w io.Writer) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.set == nil {
		return ErrZeroed
	}
	if p.asked == nil {
		return errNotAsked
	}
	if err := p.makeTags(); err != nil {
		return err
	}
	h := Header{Kind: KindCountAnswer, Elements: len(p.asked.evaluated), Tags: len(p.tags)}
	return writePieces(w, h.append(nil, p.asked.id), p.asked.evaluated, p.tags)
}

// ReadAnswer reads the answer to our query as it comes, and returns how many of
// our items the counterpart holds and how many it has.
func (p *CountParty) ReadAnswer(ctx context.Context, r io.Reader) (count, theirs int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.set == nil {
		return 0, 0, ErrZeroed
	}
	in, err := openPieces(ctx, r, KindCountAnswer)
	if err != nil {
		return 0, 0, err
	}
	if err := checkAnswer(in.Header, in.id, p.id, p.set.size()); err != nil {
		return 0, 0, err
	}
	unblind := new(ristretto.Scalar).Invert(p.blind)
	defer wipe(unblind)
	own := make([]tag, 0, p.set.size())
	err = in.elements(func(lo int, elements []element) error {
		out, err := (&message{kind: in.Kind}).multiplyPart(lo, elements, unblind)
		for _, e := range out {
			own = append(own, countTag(e))
		}
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	sortTags(own)
	err = in.tags(func(lo int, tags []tag) error {
		if err := p.checkReflection(lo, tags); err != nil {
			return err
		}
		for _, t := range tags {
			if hasTag(own, t) {
				count++
			}
		}
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	return count, in.Tags, nil
}

func writePieces(w io.Writer, header []byte, elements []element, tags []tag) error {
	out := header
	flush := func() error {
		_, err := w.Write(out)
		out = out[:0]
		if err != nil {
			return fmt.Errorf("psi: write a count's message: %w", err)
		}
		return nil
	}
	for part := range slices.Chunk(elements, piece) {
		out = appendElements(out, part)
		if err := flush(); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(tags, piece) {
		for i := range part {
			out = append(out, part[i][:]...)
		}
		if err := flush(); err != nil {
			return err
		}
	}
	return nil
}

// pieces is a message of a count that is read as it comes.
type pieces struct {
	Header
	id  queryID
	ctx context.Context
	r   io.Reader
	sum hash.Hash
}

func openPieces(ctx context.Context, r io.Reader, kind Kind) (*pieces, error) {
	in := &pieces{ctx: ctx, sum: sha512.New512_256()}
	in.r = io.TeeReader(r, in.sum)
	var head [headerSize]byte
	if err := in.fill(head[:], kind); err != nil {
		return nil, err
	}
	var err error
	if in.Header, err = parseHeader(head[:]); err != nil {
		return nil, err
	}
	if in.Kind != kind {
		return nil, fmt.Errorf("%w: %v came, %v is due", ErrMessage, in.Kind, kind)
	}
	in.id = queryID(head[headerSize-len(in.id):])
	return in, nil
}

func (in *pieces) fill(b []byte, kind Kind) error {
	if err := in.ctx.Err(); err != nil {
		return err
	}
	if _, err := io.ReadFull(in.r, b); err != nil {
		return fmt.Errorf("psi: read a %v: %w", kind, err)
	}
	return nil
}

func (in *pieces) digest() [sha512.Size256]byte { return [sha512.Size256]byte(in.sum.Sum(nil)) }

// elements gives the message's elements by pieces, in strictly ascending order.
func (in *pieces) elements(take func(lo int, elements []element) error) error {
	var last element
	for lo := 0; lo < in.Elements; lo += piece {
		b := make([]byte, min(piece, in.Elements-lo)*elementSize)
		if err := in.fill(b, in.Kind); err != nil {
			return err
		}
		part := readElements(b, len(b)/elementSize)
		for i, e := range part {
			if lo+i > 0 && bytes.Compare(last[:], e[:]) >= 0 {
				return (&message{kind: in.Kind}).refuse("element", lo+i, errOrder)
			}
			last = e
		}
		if err := take(lo, part); err != nil {
			return err
		}
	}
	return nil
}

// tags gives the message's tags by pieces, in strictly ascending order.
func (in *pieces) tags(take func(lo int, tags []tag) error) error {
	var last tag
	for lo := 0; lo < in.Tags; lo += piece {
		b := make([]byte, min(piece, in.Tags-lo)*tagSize)
		if err := in.fill(b, in.Kind); err != nil {
			return err
		}
		part := make([]tag, len(b)/tagSize)
		for i := range part {
			part[i] = tag(b[i*tagSize:])
			if lo+i > 0 && compareTags(last, part[i]) >= 0 {
				return (&message{kind: in.Kind}).refuse("tag", lo+i, errOrder)
			}
			last = part[i]
		}
		if err := take(lo, part); err != nil {
			return err
		}
	}
	return nil
}
