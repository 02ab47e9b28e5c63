package channel

import (
	"fmt"
	"io"
	"slices"
)

// Sizes inside a parcel: tag(16) nonce(12) [encapsulation(1120) mac(16)] contents mac(16).
const (
	nonceSize = 12
	macSize   = 16
	turnSize  = hybridSealed + macSize
	bodyStart = tagSize + nonceSize // without a turn
)

// SizeClasses are the sizes, in bytes, of all parcels.
var SizeClasses = [...]int{4 << 10, 32 << 10, 256 << 10, 1 << 20}

// Parcel is one sealed piece of fixed size, for one mailbox. The caller stores it with the session's new state, and
// sends the same bytes again until they are acknowledged; the session cannot make them a second time.
type Parcel struct {
	Number  uint64
	Mailbox Mailbox
	ID      [16]byte // the tag, also the first 16 bytes of Bytes
	Bytes   []byte   // of one of SizeClasses
}

// sealed is a parcel with the secret of its turn, zero if it makes none. A session forgets the secret here and now;
// only Forge keeps it, to show it.
type sealed struct {
	Parcel
	secret key
}

// room is how many bytes of contents a parcel of a class holds.
func room(class int, turn bool) int {
	if turn {
		class -= turnSize
	}
	return class - bodyStart - macSize
}

// sealParcel seals f into one parcel of the class, makes a turn if the counterpart has shown a key, and moves on.
//
// The nonce is random although each key seals one parcel, so that a state restored from an old copy, which seals
// something else under a key already used, does not give both away.
func (s *Session) sealParcel(rand io.Reader, class int, f *frames) (sealed, error) {
	if s.out.number >= maxNumber {
		return sealed{}, fmt.Errorf("the channel has sent %d parcels; be introduced anew", s.out.number)
	}
	turn := s.their.public != nil
	waiting := min(s.out.number-s.acked, mostWaiting)
	tag, err := s.out.tag(mark{number: s.out.number, turn: turn, waiting: uint8(waiting), received: f.ack})
	if err != nil {
		return sealed{}, err
	}
	b := make([]byte, bodyStart, class)
	copy(b, tag[:])
	if _, err := io.ReadFull(rand, b[tagSize:bodyStart]); err != nil {
		return sealed{}, fmt.Errorf("read 12 random bytes: %w", err)
	}
	chain := s.out.chain
	var secret key
	if turn {
		if b, secret, err = s.sealTurn(b, &chain); err != nil {
			return sealed{}, err
		}
	}
	aead, err := sealer(derive(&chain, labelMessage, nil))
	if err != nil {
		return sealed{}, err
	}
	head := len(b)
	b = f.append(b)[:class-macSize] // what f does not fill is zero
	b = aead.Seal(b[:head], b[tagSize:bodyStart], b[head:], b[:head])
	p := Parcel{Number: s.out.number, Mailbox: mailbox(&s.out.now), ID: tag, Bytes: b}
	s.out.advance(&chain)
	return sealed{p, secret}, nil
}

// sealTurn encapsulates to the counterpart's key and mixes the secret into the chain, so that already this parcel's
// contents are sealed with it. The encapsulation itself is sealed too, since it could be told from random bytes.
func (s *Session) sealTurn(b []byte, chain *key) ([]byte, key, error) {
	encapsulation, secret, err := encapsulate(s.their.public, b[:tagSize])
	if err != nil {
		return nil, key{}, err
	}
	aead, err := sealer(derive(chain, labelHead, nil))
	if err != nil {
		return nil, key{}, err
	}
	b = aead.Seal(b, b[tagSize:bodyStart], encapsulation, b[:tagSize])
	*chain = derive(chain, labelTurn, secret[:])
	s.their.public = nil
	return b, secret, nil
}

// learner says which secret an encapsulation to one of our keys holds.
type learner func(own *hybrid, encapsulation, tag []byte) (key, error)

// byKey learns the secret as a counterpart does: with the private key.
func byKey(own *hybrid, encapsulation, tag []byte) (key, error) {
	return decapsulate(&own.seed, encapsulation, tag)
}

// openParcel undoes sealParcel for the expected parcel and returns its contents. Any failure is ErrForged.
func (s *Session) openParcel(b []byte, turn bool, learn learner) ([]byte, error) {
	chain, head := s.in.chain, bodyStart
	if turn {
		head += turnSize
		if err := s.openTurn(b[:head], &chain, learn); err != nil {
			return nil, err
		}
	}
	aead, err := sealer(derive(&chain, labelMessage, nil))
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, b[tagSize:bodyStart], b[head:], b[:head])
	if err != nil {
		return nil, ErrForged
	}
	s.in.advance(&chain)
	return plain, nil
}

// openTurn mixes the secret that the counterpart encapsulated to our key into the chain, and erases the key.
func (s *Session) openTurn(head []byte, chain *key, learn learner) error {
	if !s.own.live {
		return ErrForged
	}
	aead, err := sealer(derive(chain, labelHead, nil))
	if err != nil {
		return err
	}
	encapsulation, err := aead.Open(nil, head[tagSize:bodyStart], head[bodyStart:], head[:tagSize])
	if err != nil {
		return ErrForged
	}
	secret, err := learn(&s.own, encapsulation, head[:tagSize])
	if err != nil {
		return fmt.Errorf("%w: %w", ErrForged, err)
	}
	*chain = derive(chain, labelTurn, secret[:])
	s.own.seed, s.own.live = key{}, false
	return nil
}

func isClass(size int) bool { return slices.Contains(SizeClasses[:], size) }
