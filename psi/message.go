package psi

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// Kind says which of a count's two messages a message is.
type Kind byte

// The kinds, as they stand in the sixth byte of every message.
const (
	KindCountQuery Kind = 1 + iota
	KindCountAnswer
)

// String names the kind in words.
func (k Kind) String() string {
	names := [...]string{"", "count query", "count answer"}
	if k == 0 || int(k) >= len(names) {
		return fmt.Sprintf("message of kind %d", byte(k))
	}
	return names[k]
}

// ErrMessage is wrapped by every refusal of a counterpart's message: it is
// malformed, too large, or does not belong to this run. Abort the run.
var ErrMessage = errors.New("psi: message refused")

const (
	magic      = "PPSI"
	version    = 1
	headerSize = 32
)

// queryID is drawn for each query; the answer repeats it. It tells an answer
// to this query from a replayed or misdelivered one. It is no secret and no
// proof: those who see the query can repeat it.
type queryID [16]byte

// Header describes a message; Inspect reads it.
type Header struct {
	Kind     Kind
	Elements int // group elements: the items of the side that asked
	Tags     int // tags: the items of the side that answered; 0 in a query
}

// Size is the exact length in bytes of a message with this header, so that a
// caller can bound what it accepts before it reads.
func (h Header) Size() int {
	size := headerSize + h.Elements*elementSize
	if h.Kind != KindCountQuery {
		size += h.Tags * tagSize
	}
	return size
}

// Inspect reads the header of a message and checks it against the length. It
// does not look at the elements.
func Inspect(message []byte) (Header, error) {
	h, err := parseHeader(message)
	if want := h.Size(); err == nil && len(message) != want {
		err = fmt.Errorf("%w: %v of %d elements and %d tags: it has %d bytes, not %d", ErrMessage, h.Kind, h.Elements, h.Tags, len(message), want)
	}
	return h, err
}

// parseHeader reads the header in the first headerSize bytes of a message.
func parseHeader(message []byte) (Header, error) {
	if len(message) < headerSize {
		return Header{}, fmt.Errorf("%w: %d bytes are less than a header of %d", ErrMessage, len(message), headerSize)
	}
	if string(message[:4]) != magic {
		return Header{}, fmt.Errorf("%w: byte 0: it does not begin with %q", ErrMessage, magic)
	}
	if v := message[4]; v != version {
		return Header{}, fmt.Errorf("%w: byte 4: version %d, this program speaks %d: use the same on both sides", ErrMessage, v, version)
	}
	if message[6] != 0 || message[7] != 0 {
		return Header{}, fmt.Errorf("%w: byte 6: the reserved bytes are not zero", ErrMessage)
	}
	elements, tags := binary.BigEndian.Uint32(message[8:]), binary.BigEndian.Uint32(message[12:])
	if elements == 0 || elements > MaxItems || tags > MaxItems {
		return Header{}, fmt.Errorf("%w: byte 8: %d elements and %d tags are not 1 to %d and at most %d", ErrMessage, elements, tags, MaxItems, MaxItems)
	}
	h := Header{Kind: Kind(message[5]), Elements: int(elements), Tags: int(tags)}
	return h, h.check()
}

func (h Header) check() error {
	if h.Kind < KindCountQuery || h.Kind > KindCountAnswer {
		return fmt.Errorf("%w: byte 5: unknown %v", ErrMessage, h.Kind)
	}
	if (h.Kind == KindCountQuery) != (h.Tags == 0) {
		return fmt.Errorf("%w: byte 12: %v with %d tags", ErrMessage, h.Kind, h.Tags)
	}
	return nil
}

// message is a parsed message. Its elements have the right form and order but
// are not yet decoded.
type message struct {
	kind     Kind
	id       queryID // of this query, or of the query that is answered
	elements []element
	tags     []tag
}

func (h Header) append(out []byte, id queryID) []byte {
	out = append(out, magic...)
	out = append(out, version, byte(h.Kind), 0, 0)
	out = binary.BigEndian.AppendUint32(out, uint32(h.Elements))
	out = binary.BigEndian.AppendUint32(out, uint32(h.Tags))
	return append(out, id[:]...)
}

func (m *message) marshal() []byte {
	h := Header{Kind: m.kind, Elements: len(m.elements), Tags: len(m.tags)}
	out := h.append(make([]byte, 0, h.Size()), m.id)
	for i := range m.elements {
		out = append(out, m.elements[i][:]...)
	}
	for i := range m.tags {
		out = append(out, m.tags[i][:]...)
	}
	return out
}

// parse reads a message of the given kind with at most max elements, strictly:
// every message has exactly one encoding.
func parse(kind Kind, data []byte, max int) (*message, error) {
	h, err := Inspect(data)
	if err != nil {
		return nil, err
	}
	if h.Kind != kind {
		return nil, fmt.Errorf("%w: %v came, %v is due", ErrMessage, h.Kind, kind)
	}
	if h.Elements > max {
		return nil, fmt.Errorf("%w: %v of %d items, at most %d are allowed", ErrMessage, kind, h.Elements, max)
	}
	m := &message{kind: kind, elements: make([]element, h.Elements), tags: make([]tag, h.Tags)}
	rest := data[headerSize:]
	copy(m.id[:], data[headerSize-len(m.id):headerSize])
	for i := range m.elements {
		rest = rest[copy(m.elements[i][:], rest):]
	}
	for i := range m.tags {
		rest = rest[copy(m.tags[i][:], rest):]
	}
	return m, m.checkOrder()
}

// checkOrder refuses repeated or unordered elements and tags. A repeated
// element would mark an item; an order other than by value could say which
// item an element came from.
func (m *message) checkOrder() error {
	for i := 1; i < len(m.elements); i++ {
		if bytes.Compare(m.elements[i-1][:], m.elements[i][:]) >= 0 {
			return m.refuse("element", i, errOrder)
		}
	}
	for i := 1; i < len(m.tags); i++ {
		if compareTags(m.tags[i-1], m.tags[i]) >= 0 {
			return m.refuse("tag", i, errOrder)
		}
	}
	return nil
}

var errOrder = errors.New("is not above the one before it: it is repeated or out of order")

// refuse names the part of the message that is wrong.
func (m *message) refuse(part string, i int, why error) error {
	return fmt.Errorf("%w: %v: %s %d %w", ErrMessage, m.kind, part, i, why)
}
