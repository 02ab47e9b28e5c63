package psi

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

// frameKind says what a frame of Run carries. Frames below frameOverlap carry
// the message of that Kind.
type frameKind byte

const (
	frameOverlap frameKind = 0x10 + iota // a message of the overlap
	frameGo                              // the sender goes on to the overlap after the count
	frameStop                            // the sender ends the run after the count
)

// frameHeader is the kind and the length in bytes, big endian.
const frameHeader = 1 + 4

// wire carries Run's frames over a connection.
type wire struct {
	rw      io.ReadWriter
	max     int // most items the counterpart may have
	own     int // items we have, decoys among them
	message int // longest message of the overlap
}

func (w *wire) write(kind frameKind, payload []byte) error {
	head := append(make([]byte, 0, frameHeader), byte(kind))
	head = binary.BigEndian.AppendUint32(head, uint32(len(payload)))
	for _, part := range [][]byte{head, payload} {
		if len(part) == 0 {
			continue
		}
		if _, err := w.rw.Write(part); err != nil {
			return fmt.Errorf("psi: send the %v: %w", kind, err)
		}
	}
	return nil
}

// read returns the next frame, which must be of one of the kinds. Memory grows
// with what arrives, not with what the header promises.
func (w *wire) read(kinds ...frameKind) (frameKind, []byte, error) {
	var head [frameHeader]byte
	if _, err := io.ReadFull(w.rw, head[:]); err != nil {
		return 0, nil, fmt.Errorf("psi: wait for the %v: %w", kinds[0], err)
	}
	kind, size := frameKind(head[0]), int64(binary.BigEndian.Uint32(head[1:]))
	if !slices.Contains(kinds, kind) {
		return 0, nil, fmt.Errorf("%w: %v came, %v is due", ErrMessage, kind, kinds[0])
	}
	if limit := w.limit(kind); size > limit {
		return 0, nil, fmt.Errorf("%w: %v of %d bytes, at most %d are allowed", ErrMessage, kind, size, limit)
	}
	var payload bytes.Buffer
	if _, err := io.CopyN(&payload, w.rw, size); err != nil {
		return 0, nil, fmt.Errorf("psi: receive the %v: %w", kind, err)
	}
	return kind, payload.Bytes(), nil
}

// limit is the largest payload of a frame that both sides' sizes permit.
func (w *wire) limit(kind frameKind) int64 {
	switch kind {
	case frameOverlap:
		return int64(w.message)
	case frameGo, frameStop:
		return 0
	}
	h := Header{Kind: Kind(kind), Elements: w.max}
	if h.Kind != KindCountQuery {
		h.Elements, h.Tags = w.own, w.max
	}
	return int64(h.Size())
}

func (k frameKind) String() string {
	switch k {
	case frameOverlap:
		return "overlap message"
	case frameGo:
		return "go"
	case frameStop:
		return "stop"
	}
	return Kind(k).String()
}
