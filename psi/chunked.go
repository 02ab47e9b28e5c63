package psi

import (
	"bytes"
	"context"
	"crypto/sha512"
	"errors"
	"fmt"
	"sync"

	"parley/psi/internal/ristretto"
)

// Overlap is one side of an overlap that goes chunk by chunk, with memory
// bounded by the chunk but for a few bytes an item. The two sides speak in
// turn: the initiator's Begin, then each Next takes the counterpart's message
// and gives ours, until both are done.
//
// Every message follows from the seed, the set and the messages before it.
// Keep State after each Next, and ResumeOverlap goes on from there and sends
// the same bytes.
//
// An Overlap is safe for concurrent use; its messages come one after another.
type Overlap struct {
	mu        sync.Mutex
	options   OverlapOptions
	me        side
	set       *set // nil once wiped
	key       *ristretto.Scalar
	publicKey element
	blindKey  []byte
	nonceKey  []byte
	heads     []digest // of the chain over our query's chunks
	query     []element
	theirs    received
	asked     *asked // the chunk whose answer is due; made again after a restart
	state     overlapState
}

// overlapState is how far a run has come.
type overlapState struct {
	sent, got  int // messages
	transcript [sha512.Size]byte
	id         runID    // the transcript's head after both hellos
	records    [32]byte // digest of the counterpart's records
	head       digest   // what the counterpart's next chunk must open
	hello      hello    // the counterpart's, once got > 0
	theirKey   *ristretto.Point
	multiples  *ristretto.Table // of their key, if we learn
}

// Turn is what follows from a message of the counterpart.
type Turn struct {
	Message []byte  // to be sent; nil if there is nothing more to say
	Matches []Match // what this message told us
	Done    bool    // the run is over for us once Message is sent
}

// Match is one of our items that the counterpart holds.
type Match struct {
	Index   int    // the item's, in our Source
	Payload []byte // what the counterpart attached to it
}

// NewOverlap begins an overlap of the items of source. It reads the source
// twice: to order it, and to make and commit to the whole query, of which it
// keeps 32 bytes an item; later once for the tags and once for the chunks. ErrItems names an item that cannot be
// used. The options' seed must serve no other run and no other set.
func NewOverlap(ctx context.Context, options OverlapOptions, source Source) (*Overlap, error) {
	o, err := newOverlap(options, source)
	if err != nil {
		return nil, err
	}
	return o, o.commit(ctx)
}

func newOverlap(options OverlapOptions, source Source) (*Overlap, error) {
	if err := options.complete(); err != nil {
		return nil, err
	}
	seed := options.Seed
	options.Seed.Zero()
	defer seed.Zero()
	o := &Overlap{options: options, me: options.side()}
	var err error
	if o.key, err = seed.overlapKey(); err != nil {
		return nil, err
	}
	o.publicKey = encode(new(ristretto.Point).ScalarBaseMult(o.key))
	var orderKey, decoyKey []byte
	for label, into := range map[string]*[]byte{
		labelOverlapBlind: &o.blindKey, labelProofNonce: &o.nonceKey, labelOrder: &orderKey, labelDecoys: &decoyKey,
	} {
		if *into, err = seed.bytes(label, 64); err != nil {
			return nil, err
		}
	}
	o.state.transcript = sha512.Sum512([]byte("parley psi v2 overlap"))
	o.set, err = newSet(source, options.Pad, options.Payload, orderKey, decoyKey)
	return o, err
}

// Zero wipes the party's secrets. Its methods refuse to work from then on.
func (o *Overlap) Zero() {
	o.mu.Lock()
	defer o.mu.Unlock()
	wipe(o.key)
	clear(o.blindKey)
	clear(o.nonceKey)
	o.set, o.query, o.asked, o.theirs.tags = nil, nil, nil, nil
}

// PublicKey returns the 32 bytes that commit to our key. They are in our first
// message; a caller may give them earlier, with the terms.
func (o *Overlap) PublicKey() []byte { return bytes.Clone(o.publicKey[:]) }

// Theirs is the number of the counterpart's items, decoys among them, as it
// committed to it; 0 before its first message.
func (o *Overlap) Theirs() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.state.hello.size
}

// ours is our hello.
func (o *Overlap) ours() hello {
	h := hello{
		publicKey: o.publicKey, terms: o.options.termsHash(), size: o.set.size(),
		chunk: o.options.Chunk, payload: o.options.Payload, learn: o.options.Learn,
	}
	if len(o.heads) > 0 {
		h.query = o.heads[0]
	}
	return h
}

// plan is known once the counterpart's hello is.
func (o *Overlap) plan(theirs hello) plan {
	p := plan{learn: o.options.Learn, chunk: o.options.Chunk}
	p.size[o.me], p.size[o.me.other()] = o.set.size(), theirs.size
	p.payload[o.me], p.payload[o.me.other()] = o.options.Payload, theirs.payload
	return p
}

// absorb extends the transcript with a whole message.
func (s *overlapState) absorb(message []byte) {
	h := sha512.New()
	h.Write([]byte("parley psi v2 message"))
	h.Write(s.transcript[:])
	h.Write(message)
	s.transcript = [sha512.Size]byte(h.Sum(nil))
}

var errTurn = errors.New("psi: it is not our turn in this overlap")

// Begin returns the initiator's first message. It is the same on every call
// until the first Next.
func (o *Overlap) Begin() ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.set == nil {
		return nil, ErrZeroed
	}
	if o.me != initiator || o.state.got > 0 {
		return nil, errTurn
	}
	return o.sayHello(), nil
}

func (o *Overlap) sayHello() []byte {
	h := o.ours()
	return append(envelope{kind: kindHello, from: o.me}.marshal(), h.marshal()...)
}

// Next takes the counterpart's message and returns what follows from it.
// ErrMessage, ErrProof and ErrPayload say that the counterpart departs from
// the protocol: abort the run. After any error the run stands where it stood.
func (o *Overlap) Next(ctx context.Context, message []byte) (Turn, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.set == nil {
		return Turn{}, ErrZeroed
	}
	state, theirs := o.state, o.theirs
	turn, err := o.next(ctx, message)
	if err != nil {
		o.state, o.theirs = state, theirs
		return Turn{}, err
	}
	return turn, nil
}

func (o *Overlap) next(ctx context.Context, message []byte) (Turn, error) {
	s := &o.state
	if s.got == 0 {
		return o.hearHello(ctx, message)
	}
	p := o.plan(s.hello)
	if s.got >= p.messages(o.me.other()) {
		return Turn{}, fmt.Errorf("%w: a message came after the last one of the run", ErrMessage)
	}
	var matches []Match
	var points *points
	var err error
	if n := s.got; n <= p.tagTurns() {
		err = o.hearTags(message, n, p)
	} else {
		matches, points, err = o.hearTurn(ctx, message, n, p)
	}
	if err != nil {
		return Turn{}, err
	}
	s.absorb(message)
	s.got++
	return o.reply(ctx, p, matches, points, message)
}

// hearHello checks the counterpart's commitment and answers it.
func (o *Overlap) hearHello(ctx context.Context, message []byte) (Turn, error) {
	s := &o.state
	body, err := envelope{kind: kindHello, from: o.me.other()}.open(message, helloSize)
	if err != nil {
		return Turn{}, err
	}
	theirs, err := parseHello(body)
	if err != nil {
		return Turn{}, err
	}
	ours := o.ours()
	if err := theirs.check(&ours, &o.options); err != nil {
		return Turn{}, err
	}
	if err := o.meet(theirs); err != nil {
		return Turn{}, err
	}
	s.head, s.got = theirs.query, 1
	mine := o.sayHello()
	first, second := mine, message
	if o.me == responder {
		first, second = message, mine
	}
	s.absorb(first)
	s.absorb(second)
	s.id, s.sent = runID(s.transcript[:]), 1
	if o.me == responder {
		return Turn{Message: mine}, nil
	}
	return o.reply(ctx, o.plan(theirs), nil, nil, message)
}

// meet prepares for what the counterpart has committed to.
func (o *Overlap) meet(theirs hello) error {
	key, err := theirs.publicKey.decode()
	if err != nil {
		return fmt.Errorf("%w: hello: the public key %w", ErrMessage, err)
	}
	o.state.hello, o.state.theirKey = theirs, key
	if o.options.Learn.learns(o.me) {
		o.state.multiples = ristretto.NewTable(key)
	}
	p := o.plan(theirs)
	o.theirs = received{spool: o.options.Spool, record: p.recordSize(o.me.other())}
	if o.theirs.spool == nil && theirs.payload > 0 {
		o.theirs.spool = &memory{}
	}
	return nil
}

// reply makes our next message, if one is due. The points are those of the
// chunk that the message asked about.
func (o *Overlap) reply(ctx context.Context, p plan, matches []Match, points *points, message []byte) (Turn, error) {
	s := &o.state
	turn := Turn{Matches: matches}
	if n := s.sent; n < p.messages(o.me) {
		var err error
		if n <= p.tagTurns() {
			turn.Message, err = o.sayTags(ctx, n, p)
		} else {
			turn.Message, err = o.sayTurn(ctx, n, p, points, message)
		}
		if err != nil {
			return Turn{}, err
		}
		s.absorb(turn.Message)
		s.sent++
	}
	turn.Done = s.sent == p.messages(o.me) && s.got == p.messages(o.me.other())
	return turn, nil
}
