package psi

import (
	"crypto/sha512"
	"encoding/binary"
)

// digest is the hash with which a party fixes its queries.
type digest [sha512.Size256]byte

// side says who speaks: the initiator or the responder.
type side byte

const (
	initiator side = iota
	responder
)

func (s side) other() side { return 1 - s }

func (s side) String() string {
	if s == initiator {
		return "initiator"
	}
	return "responder"
}

// A commitment to a list of chunks is the head of a chain from the last to the
// first: head(c) = H(chunk c ‖ head(c+1)), and the head after the last is zero.
// Every chunk comes with the head after it, so that each is checked when it
// comes and nothing but one head is kept.

// chunkDigest hashes one chunk of a side's query. The side and the number keep
// a counterpart from committing to somebody else's query as its own.
func chunkDigest(who side, number int, elements []element) digest {
	h := sha512.New512_256()
	h.Write([]byte("parley psi v2 query chunk"))
	h.Write([]byte{byte(who)})
	h.Write(binary.BigEndian.AppendUint32(nil, uint32(number)))
	for i := range elements {
		h.Write(elements[i][:])
	}
	return digest(h.Sum(nil))
}

// link is the head of a chain that begins with a chunk.
func link(chunk, after digest) digest {
	h := sha512.New512_256()
	h.Write([]byte("parley psi v2 query link"))
	h.Write(chunk[:])
	h.Write(after[:])
	return digest(h.Sum(nil))
}

// chain turns the digests of all chunks into the heads, one more than chunks.
func chain(chunks []digest) []digest {
	heads := make([]digest, len(chunks)+1)
	for c := len(chunks) - 1; c >= 0; c-- {
		heads[c] = link(chunks[c], heads[c+1])
	}
	return heads
}
