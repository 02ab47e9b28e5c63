package psi

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// A state is what must be kept between two messages besides the seed, the
// source and the spool. It is no secret from the counterpart, but says that
// there was a run: keep it encrypted and erase it with the seed.

const (
	stateMagic = "PPSS\x02"
	stateHead  = len(stateMagic) + 3*4 + 64 + 12 + 32 + 32 + helloSize
)

var errState = errors.New("psi: go on with a run: the state is none of this run")

// State returns how far the run has come: about 300 bytes, and 32 for each of
// our chunks.
func (o *Overlap) State() ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.set == nil {
		return nil, ErrZeroed
	}
	s := &o.state
	out := append(make([]byte, 0, stateHead+len(o.heads)*len(digest{})), stateMagic...)
	out = binary.BigEndian.AppendUint32(out, uint32(s.sent))
	out = binary.BigEndian.AppendUint32(out, uint32(s.got))
	out = binary.BigEndian.AppendUint32(out, uint32(len(o.heads)))
	out = append(out, s.transcript[:]...)
	out = append(out, s.id[:]...)
	out = append(out, s.records[:]...)
	out = append(out, s.head[:]...)
	theirs := make([]byte, helloSize)
	if s.got > 0 {
		theirs = s.hello.marshal()
	}
	out = append(out, theirs...)
	for i := range o.heads {
		out = append(out, o.heads[i][:]...)
	}
	return out, nil
}

// ResumeOverlap goes on with a run from a State, with the options, source and
// spool that it began with. A run that has received tags needs its Spool.
func ResumeOverlap(options OverlapOptions, source Source, state []byte) (*Overlap, error) {
	o, err := newOverlap(options, source)
	if err != nil {
		return nil, err
	}
	if len(state) < stateHead || string(state[:len(stateMagic)]) != stateMagic {
		return nil, errState
	}
	rest := state[len(stateMagic):]
	number := func() int {
		n := binary.BigEndian.Uint32(rest)
		rest = rest[4:]
		return int(n)
	}
	s := &o.state
	s.sent, s.got = number(), number()
	heads := number()
	for _, field := range [][]byte{s.transcript[:], s.id[:], s.records[:], s.head[:]} {
		rest = rest[copy(field, rest):]
	}
	theirs := rest[:helloSize]
	rest = rest[helloSize:]
	if err := o.readHeads(heads, rest); err != nil {
		return nil, err
	}
	if s.got == 0 {
		return o, nil
	}
	return o, o.rejoin(theirs)
}

// readHeads takes the chain over our query, which must be as long as our set
// has chunks.
func (o *Overlap) readHeads(n int, b []byte) error {
	want := 0
	if o.options.Learn.learns(o.me) {
		want = parts(o.set.size(), o.options.Chunk) + 1
	}
	if n != want || len(b) != n*len(digest{}) {
		return fmt.Errorf("%w: it is of a set of another size", errState)
	}
	o.heads = make([]digest, n)
	for i := range o.heads {
		b = b[copy(o.heads[i][:], b):]
	}
	return nil
}

// rejoin takes up the counterpart's hello and reads its records again.
func (o *Overlap) rejoin(theirs []byte) error {
	s := &o.state
	h, err := parseHello(theirs)
	if err != nil {
		return err
	}
	ours := o.ours()
	if err := h.check(&ours, &o.options); err != nil {
		return err
	}
	if err := o.meet(h); err != nil {
		return err
	}
	p := o.plan(h)
	if s.sent > p.messages(o.me) || s.got > p.messages(o.me.other()) {
		return fmt.Errorf("%w: it has more messages than the run", errState)
	}
	them := o.me.other()
	var spans [][2]int
	for n := 1; n < s.got && n <= p.tagMessages(them); n++ {
		lo, hi := p.tags(them, n)
		spans = append(spans, [2]int{lo, hi})
	}
	if err := o.theirs.reload(spans, s.records); err != nil {
		return err
	}
	if len(o.theirs.tags) == p.size[them] {
		return o.theirs.sort()
	}
	return nil
}
