package psi

import (
	"crypto"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/zk/dleq"
)

// ErrProof says that an answer was not made with the key that the counterpart
// committed to. Abort the run: the counterpart departs from the protocol.
var ErrProof = errors.New("psi: proof refused")

const (
	proofSize  = 64  // bytes of one proof: challenge and response
	proofBatch = 128 // elements under one proof
)

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

// proofNonce derives the proof's random scalar from the run's nonce key and
// everything the proof speaks of: a repeated run repeats the proof, and no two
// proofs share a nonce.
func proofNonce(nonceKey, context []byte) group.Scalar {
	mac := hmac.New(sha512.New, nonceKey)
	mac.Write(context)
	wide := mac.Sum(nil)
	defer clear(wide)
	return curve.HashToScalar(wide, []byte(labelProofNonce))
}

// statement is what a proof shows: publicKey = k·G, evaluated[i] = k·blinded[i].
type statement struct {
	publicKey          group.Element
	blinded, evaluated []group.Element
}

// params are RFC 9497 section 2.2's, with a context of our choosing. With
// voprfContext alone the proofs are exactly the RFC's.
func params(context []byte) dleq.Params {
	return dleq.Params{G: curve, H: crypto.SHA512, DST: context}
}

// prove is GenerateProof of RFC 9497 section 2.2.1.
func (s statement) prove(key, nonce group.Scalar, context []byte) ([]byte, error) {
	proof, err := dleq.Prover{Params: params(context)}.
		ProveBatchWithRandomnessRFC9497(key, s.publicKey, s.blinded, s.evaluated, nonce)
	if err != nil {
		return nil, fmt.Errorf("psi: prove an evaluation: %w", err)
	}
	return proof.MarshalBinary()
}

// verify is VerifyProof of RFC 9497 section 2.2.2.
func (s statement) verify(proof, context []byte) bool {
	var p dleq.Proof
	if err := p.UnmarshalBinary(curve, proof); err != nil {
		return false
	}
	return dleq.Verifier{Params: params(context)}.
		VerifyBatchRFC9497(s.publicKey, s.blinded, s.evaluated, &p)
}

// newStatement decodes the elements lo to hi of a query and its answer.
func newStatement(publicKey group.Element, q, a *message, lo, hi int) (statement, error) {
	blinded, err := q.decode(lo, hi)
	if err != nil {
		return statement{}, err
	}
	evaluated, err := a.decode(lo, hi)
	if err != nil {
		return statement{}, err
	}
	return statement{publicKey, blinded, evaluated}, nil
}

// checkElements names the first element that is none. A bad element fails
// every proof of an answer, so the proofs could not say which it is.
func (m *message) checkElements() error {
	return inBatches(len(m.elements), workBatch, func(lo, hi int) error {
		_, err := m.decode(lo, hi)
		return err
	})
}

func (m *message) decode(lo, hi int) ([]group.Element, error) {
	out := make([]group.Element, hi-lo)
	for i := range out {
		p, err := m.elements[lo+i].decode()
		if err != nil {
			return nil, m.refuse("element", lo+i, err)
		}
		out[i] = p
	}
	return out, nil
}
