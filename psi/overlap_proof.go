package psi

import (
	"crypto/sha512"
	"encoding/binary"

	"parley/psi/internal/ristretto"
)

// proofBatch is how many elements of an overlap answer stand under one proof.
const proofBatch = 128

func proofBatches(elements int) int { return (elements + proofBatch - 1) / proofBatch }

// transcript hashes everything an overlap answer says: key, query, evaluated
// elements and tags.
//
// RFC 9497 weighs each pair of a batch by a hash of that pair alone. A prover
// may then choose wrong evaluations one by one until their weighted errors
// cancel, which with hundreds of free pairs is a generalised birthday problem
// (Wagner, CRYPTO 2002) and costs about 2^36 steps, not 2^126. With the whole
// transcript in every weight, changing one evaluation changes all weights.
func transcript(publicKey element, query []byte, a *message) [sha512.Size]byte {
	h := sha512.New()
	h.Write([]byte("parley psi v1 overlap transcript"))
	h.Write(publicKey[:])
	d := sha512.Sum512(query)
	h.Write(d[:])
	h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(a.elements))))
	for i := range a.elements {
		h.Write(a.elements[i][:])
	}
	for i := range a.tags {
		h.Write(a.tags[i][:])
	}
	return [sha512.Size]byte(h.Sum(nil))
}

// batchContext is the context string of one batch's proof: the suite's, the
// transcript and the batch's number.
func batchContext(transcript [sha512.Size]byte, batch int) []byte {
	context := append([]byte(voprfContext+"-"), transcript[:]...)
	return binary.BigEndian.AppendUint32(context, uint32(batch))
}

// checkElements names the first element that is none. A bad element fails
// every proof of an answer, so the proofs could not say which it is.
func (m *message) checkElements() error {
	return inBatches(len(m.elements), workBatch, func(lo, hi int) error {
		_, err := m.decode(lo, hi)
		return err
	})
}

func (m *message) decode(lo, hi int) ([]*ristretto.Point, error) {
	out := make([]*ristretto.Point, hi-lo)
	for i := range out {
		p, err := m.elements[lo+i].decode()
		if err != nil {
			return nil, m.refuse("element", lo+i, err)
		}
		out[i] = p
	}
	return out, nil
}
