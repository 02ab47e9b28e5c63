package psi

import (
	"context"
	"crypto/sha512"
	"fmt"
)

// asked is a chunk of our query that waits for its answer.
type asked struct {
	chunk    int
	items    []Item
	elements []element
}

// commit makes our whole query, chunk by chunk, and fixes it.
func (o *Overlap) commit(ctx context.Context) error {
	if !o.options.Learn.learns(o.me) {
		return nil
	}
	n, size := o.set.size(), o.options.Chunk
	digests := make([]digest, 0, parts(n, size))
	o.query = make([]element, 0, n)
	for lo := 0; lo < n; lo += size {
		if err := ctx.Err(); err != nil {
			return err
		}
		hi := min(lo+size, n)
		a, err := o.makeChunk(lo/size, lo, hi)
		if err != nil {
			return err
		}
		digests = append(digests, chunkDigest(o.me, a.chunk, a.elements))
		o.query = append(o.query, a.elements...)
		o.options.report(StagePrepare, hi, n)
	}
	o.heads = chain(digests)
	return nil
}

// makeChunk reads and blinds the items at positions lo to hi.
func (o *Overlap) makeChunk(number, lo, hi int) (*asked, error) {
	items, err := o.set.chunk(lo, hi)
	if err != nil {
		return nil, err
	}
	a := &asked{chunk: number, items: items}
	if hi <= len(o.query) {
		a.elements = o.query[lo:hi]
		return a, nil
	}
	a.elements = blindItems(values(items), o.blindKey)
	return a, nil
}

// ask returns the chunk with a number as it was committed to.
func (o *Overlap) ask(p plan, number int) (*asked, error) {
	if o.asked != nil && o.asked.chunk == number {
		return o.asked, nil
	}
	lo, hi := p.span(o.me, number)
	a, err := o.makeChunk(number, lo, hi)
	if err != nil {
		return nil, err
	}
	if link(chunkDigest(o.me, number, a.elements), o.heads[number+1]) != o.heads[number] {
		return nil, fmt.Errorf("%w: chunk %d: %w", ErrItems, number, errChanged)
	}
	o.asked = a
	return a, nil
}

// turnShape is what the message of a turn holds.
type turnShape struct {
	answers, asks    int // chunk numbers, -1 for none
	answered, asking int // elements
}

func (p *plan) turn(s side, n int) turnShape {
	t := turnShape{answers: p.answers(s, n), asks: p.asks(s, n)}
	lo, hi := p.span(s.other(), t.answers)
	t.answered = hi - lo
	lo, hi = p.span(s, t.asks)
	t.asking = hi - lo
	return t
}

func (t turnShape) size() int {
	size := (t.answered + t.asking) * elementSize
	if t.answered > 0 {
		size += proofSize
	}
	if t.asking > 0 {
		size += len(digest{})
	}
	return size
}

func (o *Overlap) envelope(kind overlapKind, from side, n int) envelope {
	return envelope{kind: kind, from: from, number: n, run: o.state.id}
}

// sayTurn answers the chunk that just came, whose points are given, and asks
// about our next.
func (o *Overlap) sayTurn(ctx context.Context, n int, p plan, points *points, message []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	shape := p.turn(o.me, n)
	e := o.envelope(kindTurn, o.me, n)
	e.first, e.second = shape.asking, shape.answered
	out := e.marshal()
	if shape.answered > 0 {
		blinded := readElements(message[len(message)-shape.answered*elementSize-len(digest{}):], shape.answered)
		evaluated := points.multiply(o.key)
		out = appendElements(out, evaluated)
		s := statement{o.publicKey, blinded, evaluated, o.state.proofContext(evaluated)}
		nonce := proofNonce(o.nonceKey, s.context)
		defer wipe(nonce)
		proof := s.prove(o.key, nonce, points)
		out = append(out, proof[:]...)
	}
	if shape.asking > 0 {
		a, err := o.ask(p, shape.asks)
		if err != nil {
			return nil, err
		}
		out = appendElements(out, a.elements)
		out = append(out, o.heads[shape.asks+1][:]...)
	}
	return out, nil
}

// hearTurn reads a turn of the counterpart: the answer to our last chunk, and
// a chunk of its own, whose points it returns.
func (o *Overlap) hearTurn(ctx context.Context, message []byte, n int, p plan) ([]Match, *points, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	them := o.me.other()
	shape := p.turn(them, n)
	e := o.envelope(kindTurn, them, n)
	e.first, e.second = shape.asking, shape.answered
	body, err := e.open(message, shape.size())
	if err != nil {
		return nil, nil, err
	}
	var matches []Match
	if shape.answered > 0 {
		rest := shape.answered * elementSize
		evaluated, proof := readElements(body, shape.answered), [proofSize]byte(body[rest:])
		if matches, err = o.conclude(p, shape.answers, evaluated, proof); err != nil {
			return nil, nil, err
		}
		body = body[rest+proofSize:]
		_, done := p.span(o.me, shape.answers)
		o.options.report(StageOverlap, done, p.size[o.me])
	}
	if shape.asking == 0 {
		return matches, nil, nil
	}
	elements, after := readElements(body, shape.asking), digest(body[shape.asking*elementSize:])
	if link(chunkDigest(them, shape.asks, elements), after) != o.state.head {
		return nil, nil, fmt.Errorf("%w: turn %d: chunk %d is of another set than was committed to", ErrMessage, n, shape.asks)
	}
	if last := shape.asks == p.chunks(them)-1; last != (after == digest{}) {
		return nil, nil, fmt.Errorf("%w: turn %d: the commitment has another number of chunks than its size", ErrMessage, n)
	}
	o.state.head = after
	points, err := decodeAll(elements)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: turn %d: element %d of the query %w", ErrMessage, n, indexOf(err), err)
	}
	return matches, points, nil
}

// conclude verifies the answer to a chunk of ours and finds its matches.
func (o *Overlap) conclude(p plan, number int, evaluated []element, proof [proofSize]byte) ([]Match, error) {
	a, err := o.ask(p, number)
	if err != nil {
		return nil, err
	}
	answers, err := decodeAll(evaluated)
	if err != nil {
		return nil, fmt.Errorf("%w: element %d of the answer to chunk %d %w", ErrMessage, indexOf(err), number, err)
	}
	blinded, err := decodeAll(a.elements)
	if err != nil {
		return nil, fmt.Errorf("psi: read our own chunk %d again: %w", number, err)
	}
	s := statement{o.state.hello.publicKey, a.elements, evaluated, o.state.proofContext(evaluated)}
	if !s.verify(proof, o.state.theirKey, blinded, answers) {
		return nil, fmt.Errorf("%w: the proof over the answer to chunk %d does not hold under the committed key: abort the run", ErrProof, number)
	}
	lo, _ := p.span(o.me, number)
	return o.matches(lo, unblindItems(values(a.items), o.blindKey, answers, o.state.multiples))
}

// matches looks the PRF's outputs up among the counterpart's tags.
func (o *Overlap) matches(lo int, outputs [][sha512.Size]byte) ([]Match, error) {
	var found []Match
	for i, value := range outputs {
		position, yes := o.theirs.find(tag(value[:tagSize]))
		index := o.set.index(lo + i)
		if !yes || index < 0 {
			continue
		}
		m := Match{Index: index}
		if o.state.hello.payload > 0 {
			sealed, err := o.theirs.sealed(position)
			if err != nil {
				return nil, err
			}
			if m.Payload, err = openSealed(sealed, value, o.state.hello.publicKey, position); err != nil {
				return nil, err
			}
		}
		found = append(found, m)
	}
	return found, nil
}

// proofContext is the context string of an answer's proof: the suite's, and a
// hash of all messages so far and of all that the answer evaluates.
//
// RFC 9497 weighs each pair of a batch by a hash of that pair alone. A prover
// may then choose wrong evaluations one by one until their weighted errors
// cancel, which with hundreds of free pairs is a generalised birthday problem
// (Wagner, CRYPTO 2002) and costs about 2^36 steps, not 2^126. With everything
// in every weight, changing one evaluation changes all weights.
func (s *overlapState) proofContext(evaluated []element) []byte {
	h := sha512.New()
	h.Write([]byte("parley psi v2 evaluation"))
	h.Write(s.transcript[:])
	for i := range evaluated {
		h.Write(evaluated[i][:])
	}
	return h.Sum([]byte(voprfContext + "-"))
}

func readElements(b []byte, n int) []element {
	out := make([]element, n)
	for i := range out {
		b = b[copy(out[i][:], b):]
	}
	return out
}

func appendElements(out []byte, elements []element) []byte {
	for i := range elements {
		out = append(out, elements[i][:]...)
	}
	return out
}
