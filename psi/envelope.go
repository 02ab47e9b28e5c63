package psi

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// overlapKind is the kind of a message of an Overlap, in its sixth byte.
type overlapKind byte

const (
	kindHello overlapKind = 0x21 + iota
	kindTags
	kindTurn
)

func (k overlapKind) String() string {
	switch k {
	case kindHello:
		return "hello"
	case kindTags:
		return "tags"
	case kindTurn:
		return "turn"
	case kindCheck:
		return "check"
	case kindCheckAnswer:
		return "answer to a check"
	}
	return fmt.Sprintf("message of kind %d", byte(k))
}

const overlapVersion = 2

// runID is the head of the transcript after both hellos, in every later
// message: it tells a message of another run before any work is done.
type runID [12]byte

// envelope is the header of a message. Its receiver knows what must stand in
// it and compares.
type envelope struct {
	kind   overlapKind
	from   side
	number int // the sender's messages are numbered from 0
	first  int // tags: records; turn: elements asked about
	second int // turn: elements answered
	run    runID
}

func (e envelope) marshal() []byte {
	out := append(make([]byte, 0, headerSize), magic...)
	out = append(out, overlapVersion, byte(e.kind), byte(e.from), 0)
	out = binary.BigEndian.AppendUint32(out, uint32(e.number))
	out = binary.BigEndian.AppendUint32(out, uint32(e.first))
	out = binary.BigEndian.AppendUint32(out, uint32(e.second))
	return append(out, e.run[:]...)
}

// open compares a message with the envelope that is due and its length with
// the body's, and returns the body.
func (e envelope) open(message []byte, body int) ([]byte, error) {
	if len(message) < headerSize {
		return nil, fmt.Errorf("%w: %d bytes are less than a header of %d", ErrMessage, len(message), headerSize)
	}
	if string(message[:4]) != magic || message[4] != overlapVersion {
		return nil, fmt.Errorf("%w: byte 0: it does not begin with %q and version %d: use the same program on both sides", ErrMessage, magic, overlapVersion)
	}
	due := e.marshal()
	if !bytes.Equal(message[:8], due[:8]) {
		return nil, fmt.Errorf("%w: byte 5: %v of the %v came, %v of the %v is due", ErrMessage, overlapKind(message[5]), side(min(message[6], 1)), e.kind, e.from)
	}
	if !bytes.Equal(message[20:headerSize], due[20:]) {
		return nil, fmt.Errorf("%w: byte 20: the %v belongs to another run: it is replayed or misdelivered", ErrMessage, e.kind)
	}
	if n := binary.BigEndian.Uint32(message[8:]); n != uint32(e.number) {
		return nil, fmt.Errorf("%w: byte 8: message %d came, %d is due: it is replayed or one is missing", ErrMessage, n, e.number)
	}
	if !bytes.Equal(message[:headerSize], due) {
		return nil, fmt.Errorf("%w: byte 12: %v %d is to hold %d and %d, by the sizes that both sides committed to", ErrMessage, e.kind, e.number, e.first, e.second)
	}
	if len(message) != headerSize+body {
		return nil, fmt.Errorf("%w: %v %d has %d bytes, not %d", ErrMessage, e.kind, e.number, len(message), headerSize+body)
	}
	return message[headerSize:], nil
}
