package psi

// Learn says who learns the overlap.
type Learn byte

// Who learns: both sides, or one alone. The other then learns the size of the
// set and nothing else.
const (
	LearnBoth Learn = iota
	LearnInitiator
	LearnResponder
)

func (l Learn) learns(s side) bool {
	return l == LearnBoth || (l == LearnInitiator) == (s == initiator)
}

// plan says what every message of an overlap holds. Both sides compute it from
// the two hellos, so that no message has a length of its own choosing.
type plan struct {
	learn   Learn
	chunk   int
	size    [2]int // items of each side, decoys among them
	payload [2]int // length of each side's payloads
}

// recordSize is the length of a tag with what is sealed for it.
func (p *plan) recordSize(s side) int {
	if p.payload[s] == 0 {
		return tagSize
	}
	return tagSize + sealedSize(p.payload[s])
}

// tagChunk is how many records a message of tags holds. Nobody gains by tags
// alone, so without payloads they come four times as fast.
func (p *plan) tagChunk(s side) int {
	if p.payload[s] == 0 {
		return 4 * p.chunk
	}
	return p.chunk
}

// chunks is the number of chunks of a side's query.
func (p *plan) chunks(s side) int {
	if !p.learn.learns(s) {
		return 0
	}
	return parts(p.size[s], p.chunk)
}

// tagMessages is the number of messages of tags that a side sends.
func (p *plan) tagMessages(s side) int {
	if !p.learn.learns(s.other()) {
		return 0
	}
	return parts(p.size[s], p.tagChunk(s))
}

func parts(n, size int) int { return (n + size - 1) / size }

// The messages of each side are numbered: 0 is the hello, then come as many of
// tags as the side with more of them needs, then the turns.

func (p *plan) tagTurns() int { return max(p.tagMessages(initiator), p.tagMessages(responder)) }

func (p *plan) turns() int { return max(p.chunks(initiator), p.chunks(responder)) }

// tags is the range of positions whose tags are in a side's message number n.
func (p *plan) tags(s side, n int) (lo, hi int) {
	if n == 0 || n > p.tagMessages(s) {
		return 0, 0
	}
	size := p.tagChunk(s)
	return (n - 1) * size, min(n*size, p.size[s])
}

// asks is the number of the chunk in a side's message number n, or -1. The
// chunks of the smaller set are spread over the turns, so that both sides have
// the same share of their answers at any time, to within a chunk.
func (p *plan) asks(s side, n int) int {
	turn, turns, chunks := n-p.tagTurns()-1, p.turns(), p.chunks(s)
	if turn < 0 || turn >= turns || parts((turn+1)*chunks, turns) == parts(turn*chunks, turns) {
		return -1
	}
	return parts(turn*chunks, turns)
}

// answers is the number of the other's chunk that a side's message n answers,
// or -1: what stands in the message just before it.
func (p *plan) answers(s side, n int) int {
	if s == responder {
		return p.asks(initiator, n)
	}
	return p.asks(responder, n-1)
}

// messages is how many messages a side sends.
func (p *plan) messages(s side) int {
	n := 1 + p.tagTurns() + p.turns()
	if s == initiator && p.learn.learns(responder) {
		n++ // the answer to the responder's last chunk
	}
	return n
}

// span is the range of positions of a chunk of a side.
func (p *plan) span(s side, chunk int) (lo, hi int) {
	if chunk < 0 {
		return 0, 0
	}
	return chunk * p.chunk, min((chunk+1)*p.chunk, p.size[s])
}
