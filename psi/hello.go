package psi

import (
	"encoding/binary"
	"fmt"
)

// hello is a side's commitment: its key, its whole query, the number of its
// items, and what the two have agreed on.
type hello struct {
	publicKey element
	query     digest   // head of the chain over the query's chunks; zero if it asks nothing
	terms     [32]byte // hash of the caller's terms
	size      int
	chunk     int
	payload   int
	learn     Learn
}

const helloSize = elementSize + 32 + 32 + 4 + 4 + 2 + 1 + 1

func (h *hello) marshal() []byte {
	out := make([]byte, 0, helloSize)
	out = append(out, h.publicKey[:]...)
	out = append(out, h.query[:]...)
	out = append(out, h.terms[:]...)
	out = binary.BigEndian.AppendUint32(out, uint32(h.size))
	out = binary.BigEndian.AppendUint32(out, uint32(h.chunk))
	out = binary.BigEndian.AppendUint16(out, uint16(h.payload))
	return append(out, byte(h.learn), 0)
}

// parseHello reads the body of a hello, whose length was checked.
func parseHello(b []byte) (hello, error) {
	h := hello{
		publicKey: element(b), query: digest(b[32:]), terms: [32]byte(b[64:]),
		size: int(binary.BigEndian.Uint32(b[96:])), chunk: int(binary.BigEndian.Uint32(b[100:])),
		payload: int(binary.BigEndian.Uint16(b[104:])), learn: Learn(b[106]),
	}
	if b[107] != 0 {
		return hello{}, fmt.Errorf("%w: hello: byte 107: the reserved byte is not zero", ErrMessage)
	}
	if _, err := h.publicKey.decode(); err != nil {
		return hello{}, fmt.Errorf("%w: hello: the public key %w", ErrMessage, err)
	}
	return h, nil
}

// check refuses a counterpart whose terms are not ours.
func (h *hello) check(ours *hello, o *OverlapOptions) error {
	switch {
	case h.publicKey == ours.publicKey:
		return fmt.Errorf("%w: hello: the counterpart's public key is our own", ErrMessage)
	case len(o.TheirKey) > 0 && string(h.publicKey[:]) != string(o.TheirKey):
		return fmt.Errorf("%w: hello: the public key is not the one that came with the terms", ErrMessage)
	case h.terms != ours.terms:
		return fmt.Errorf("%w: hello: the counterpart runs under other terms", ErrMessage)
	case h.chunk != ours.chunk:
		return fmt.Errorf("%w: hello: chunks of %d, ours are of %d", ErrMessage, h.chunk, ours.chunk)
	case h.learn != ours.learn:
		return fmt.Errorf("%w: hello: the counterpart has other sides learn the overlap", ErrMessage)
	case h.size < 1 || h.size > o.MaxTheirs:
		return fmt.Errorf("%w: hello: %d items, 1 to %d are allowed", ErrMessage, h.size, o.MaxTheirs)
	case h.payload > o.MaxPayload:
		return fmt.Errorf("%w: hello: payloads of %d bytes, at most %d are allowed", ErrMessage, h.payload, o.MaxPayload)
	case (h.query == digest{}) == h.learn.learns(o.side().other()):
		return fmt.Errorf("%w: hello: a commitment to a query stands where none is due, or none where one is", ErrMessage)
	}
	return nil
}
