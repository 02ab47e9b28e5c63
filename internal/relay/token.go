package relay

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/oprf"
	"github.com/cloudflare/circl/zk/dleq"
)

// A token opens one mailbox at a relay that asks for tokens. It is made blindly, with the verifiable
// oblivious PRF of RFC 9497 (ristretto255, SHA-512), as in Privacy Pass (RFC 9576): the relay knows whom
// it gave how many, and cannot tell which token came of which.
//
//	token = epoch (4 bytes, big-endian)  nonce (32)  PRF of the nonce under the epoch's key (64)
type token [tokenBytes]byte

const (
	nonceBytes   = 32
	outputBytes  = 64
	tokenBytes   = 4 + nonceBytes + outputBytes
	elementBytes = 32
	proofBytes   = 64
	maxIssue     = 32 // tokens made by one request
	tokenLabel   = "parley relay tokens v1"
)

var tokenSuite = oprf.SuiteRistretto255

func (t token) epoch() uint32  { return binary.BigEndian.Uint32(t[:4]) }
func (t token) nonce() []byte  { return t[4 : 4+nonceBytes] }
func (t token) output() []byte { return t[4+nonceBytes:] }
func (t token) String() string { return base64.RawURLEncoding.EncodeToString(t[:]) }

// spent is the name under which the journal remembers that the token was used.
func (t token) spent() string {
	h := sha256.Sum256(t.nonce())
	return hex.EncodeToString(h[:])
}

func parseToken(s string) (t token, err error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != tokenBytes {
		return t, errToken
	}
	return token(b), nil
}

// errToken is a token that this relay did not make, that is too old, or that was used before.
var errToken = errors.New("this token is not good here, or not any more: use another")

// mint makes tokens and knows its own. Its keys change every epoch of half the time that the journal
// remembers, and a key is good for two: a token dies before its use is forgotten.
type mint struct {
	secret []byte // the relay's own; replicas share it
	life   time.Duration
	now    func() time.Time
}

func (m mint) epoch() uint32 { return uint32(m.now().Unix() / max(1, int64(m.life/2/time.Second))) }

func (m mint) key(epoch uint32) (*oprf.PrivateKey, error) {
	seed, err := hkdf.Key(sha256.New, m.secret, nil, tokenLabel, 32)
	if err != nil {
		return nil, fmt.Errorf("deriving a key for tokens: %w", err)
	}
	return oprf.DeriveKey(tokenSuite, oprf.VerifiableMode, seed, binary.BigEndian.AppendUint32(nil, epoch))
}

// public is what everybody is told, so that a key made for one party alone would be noticed: the epoch
// and its public key.
func (m mint) public() ([]byte, error) {
	epoch := m.epoch()
	key, err := m.key(epoch)
	if err != nil {
		return nil, err
	}
	public, err := key.Public().MarshalBinary()
	return append(binary.BigEndian.AppendUint32(nil, epoch), public...), err
}

// issue evaluates blinded elements: the answer is the public part, the elements and a proof that they
// were made with that key.
func (m mint) issue(blinded []byte) ([]byte, error) {
	req := &oprf.EvaluationRequest{}
	for ; len(blinded) >= elementBytes; blinded = blinded[elementBytes:] {
		e := group.Ristretto255.NewElement()
		if err := e.UnmarshalBinary(blinded[:elementBytes]); err != nil || e.IsIdentity() {
			return nil, badRequest("element %d is no point", len(req.Elements)+1)
		}
		req.Elements = append(req.Elements, e)
	}
	answer, err := m.public()
	if err != nil {
		return nil, err
	}
	key, err := m.key(binary.BigEndian.Uint32(answer))
	if err != nil {
		return nil, err
	}
	made, err := oprf.NewVerifiableServer(tokenSuite, key).Evaluate(req)
	if err != nil {
		return nil, fmt.Errorf("making tokens: %w", err)
	}
	if answer, err = appendElements(answer, made.Elements); err != nil {
		return nil, err
	}
	proof, err := made.Proof.MarshalBinary()
	return append(answer, proof...), err
}

// check tells whether this relay made a token, this epoch or the last.
func (m mint) check(t token) error {
	if now := m.epoch(); t.epoch() != now && t.epoch()+1 != now {
		return errToken
	}
	key, err := m.key(t.epoch())
	if err != nil {
		return err
	}
	if !oprf.NewVerifiableServer(tokenSuite, key).VerifyFinalize(t.nonce(), t.output()) {
		return errToken
	}
	return nil
}

// order is what a client keeps between asking for tokens and having them.
type order struct {
	public []byte // epoch and key, as everybody is told them
	client oprf.VerifiableClient
	nonces [][]byte
	blind  *oprf.FinalizeData
}

// newOrder makes blinded elements for n tokens under a relay's public key.
func newOrder(public []byte, n int) (o order, blinded []byte, err error) {
	var key oprf.PublicKey
	if len(public) != 4+elementBytes || key.UnmarshalBinary(tokenSuite, public[4:]) != nil {
		return o, nil, fmt.Errorf("%w: its key for tokens is none", errMalformed)
	}
	o = order{public: public, client: oprf.NewVerifiableClient(tokenSuite, &key)}
	for range n {
		nonce := make([]byte, nonceBytes)
		_, _ = rand.Read(nonce) // never fails
		o.nonces = append(o.nonces, nonce)
	}
	blind, req, err := o.client.Blind(o.nonces)
	if err != nil {
		return o, nil, fmt.Errorf("blinding tokens: %w", err)
	}
	o.blind = blind
	blinded, err = appendElements(nil, req.Elements)
	return o, blinded, err
}

// finish takes the blinds off an answer whose proof holds for the key that everybody is told.
func (o order) finish(answer []byte) ([]token, error) {
	head := len(o.public)
	if len(answer) != head+len(o.nonces)*elementBytes+proofBytes || string(answer[:head]) != string(o.public) {
		return nil, fmt.Errorf("%w: its tokens are not of the key that it tells others", errMalformed)
	}
	made := &oprf.Evaluation{Proof: new(dleq.Proof)}
	for i := range o.nonces {
		e := group.Ristretto255.NewElement()
		if err := e.UnmarshalBinary(answer[head+i*elementBytes : head+(i+1)*elementBytes]); err != nil {
			return nil, fmt.Errorf("%w: token %d is no point", errMalformed, i+1)
		}
		made.Elements = append(made.Elements, e)
	}
	if err := made.Proof.UnmarshalBinary(group.Ristretto255, answer[len(answer)-proofBytes:]); err != nil {
		return nil, fmt.Errorf("%w: the proof of its tokens is none", errMalformed)
	}
	outputs, err := o.client.Finalize(o.blind, made)
	if err != nil {
		return nil, fmt.Errorf("%w: its tokens are not of the key that it tells others", errMalformed)
	}
	tokens := make([]token, len(outputs))
	for i, out := range outputs {
		copy(tokens[i][:4], o.public)
		copy(tokens[i][4:], o.nonces[i])
		copy(tokens[i][4+nonceBytes:], out)
	}
	return tokens, nil
}

func appendElements(b []byte, all []group.Element) ([]byte, error) {
	for _, e := range all {
		text, err := e.MarshalBinaryCompress()
		if err != nil {
			return nil, fmt.Errorf("writing a token: %w", err)
		}
		b = append(b, text...)
	}
	return b, nil
}
