package channel

import (
	"bytes"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// Establish makes the session that belongs to my secrets and the counterpart's introduction, and erases my secrets.
// The same two introductions give both sides the same keys, and no message has to pass for that. Delete the
// stored secrets in the transaction that stores the session.
//
// Whoever holds one party's private keys and the other's introduction can make the session from either end, which
// is what makes a transcript worthless as proof. It says nothing about who gave us the introduction: compare Spoken.
func Establish(mine *Secrets, theirs *Introduction) (*Session, error) {
	if mine.used || mine.in == nil {
		return nil, ErrUsed
	}
	if err := fits(mine.in, theirs); err != nil {
		return nil, fmt.Errorf("establish the channel: %w", err)
	}
	keys, err := schedule(mine, theirs)
	if err != nil {
		return nil, fmt.Errorf("establish the channel with %q: %w", theirs.From, err)
	}
	defer clear(keys)
	s := &Session{
		self: Party{mine.in.From}, peer: Party{theirs.From},
		relays: append([]string(nil), theirs.Relays...),
		spoken: Spoken(mine.in, theirs),
		own:    hybrid{live: true, seed: mine.kem},
		their:  shown{public: bytes.Clone(theirs.kem)},
	}
	s.out, s.in = newDirection(keys[0], keys[1]), newDirection(keys[2], keys[3])
	if !goesFirst(mine.in, theirs) {
		s.out, s.in = s.in, s.out
	}
	mine.spend()
	return s, nil
}

// fits refuses an introduction that is not the answer to ours.
func fits(mine, theirs *Introduction) error {
	switch {
	case theirs.From == mine.From && theirs.To == mine.To, mine.sharesKey(theirs):
		return errors.New("this is your own introduction; use the one your counterpart gave you")
	case theirs.To != mine.From:
		return fmt.Errorf("this introduction is meant for %q, not for %q", theirs.To, mine.From)
	case theirs.From != mine.To:
		return fmt.Errorf("this introduction is from %q; yours was made for %q", theirs.From, mine.To)
	}
	if err := theirs.checkHeader(); err != nil {
		return err
	}
	return theirs.checkKeys()
}

// sharesKey says whether any key of one introduction stands in the other: honest parties never share one.
func (in *Introduction) sharesKey(other *Introduction) bool {
	return in.static == other.static || in.prekey == other.prekey || in.static == other.prekey ||
		in.prekey == other.static || bytes.Equal(in.kem, other.kem) || in.contribution == other.contribution
}

// goesFirst gives the two parties their roles: the bytewise smaller name comes first.
func goesFirst(mine, theirs *Introduction) bool { return strings.Compare(mine.From, theirs.From) < 0 }

// schedule derives chain key and block root of the direction from the first party to the second, and then of the
// other: HKDF-SHA-512 (RFC 5869) over both contributions and four X25519 results, bound to both introductions.
func schedule(mine *Secrets, theirs *Introduction) ([]key, error) {
	first, second := mine.in, theirs
	if !goesFirst(first, second) {
		first, second = second, first
	}
	shared, err := agree(mine, theirs)
	if err != nil {
		return nil, err
	}
	defer clear(shared)
	secret := append(sorted(first.contribution, second.contribution), shared...)
	defer clear(secret)
	root, err := hkdf.Extract(sha512.New, secret, []byte(labelRoot))
	if err != nil {
		return nil, fmt.Errorf("extract the root: %w", err)
	}
	defer clear(root)
	bound, err := transcript(first, second)
	if err != nil {
		return nil, err
	}
	out, err := hkdf.Expand(sha512.New, root, labelRoot+string(bound), 4*len(key{}))
	if err != nil {
		return nil, fmt.Errorf("expand the root: %w", err)
	}
	defer clear(out)
	return []key{key(out[:32]), key(out[32:64]), key(out[64:96]), key(out[96:])}, nil
}

// agree is static-static, static-prekey, prekey-static, prekey-prekey, seen from the party that goes first. crypto/ecdh
// refuses all-zero results.
func agree(mine *Secrets, theirs *Introduction) ([]byte, error) {
	pairs := []struct {
		private *key
		public  [32]byte
	}{
		{&mine.static, theirs.static},
		{&mine.static, theirs.prekey},
		{&mine.prekey, theirs.static},
		{&mine.prekey, theirs.prekey},
	}
	if !goesFirst(mine.in, theirs) {
		pairs[1], pairs[2] = pairs[2], pairs[1]
	}
	var out []byte
	for _, pair := range pairs {
		private, err := ecdh.X25519().NewPrivateKey(pair.private[:])
		if err != nil {
			return nil, fmt.Errorf("read our X25519 key: %w", err)
		}
		public, err := ecdh.X25519().NewPublicKey(pair.public[:])
		if err != nil {
			return nil, fmt.Errorf("read the counterpart's X25519 key: %w", err)
		}
		shared, err := private.ECDH(public)
		if err != nil {
			return nil, fmt.Errorf("agree with the counterpart's X25519 key: %w", err)
		}
		out = append(out, shared...)
		clear(shared)
	}
	return out, nil
}

// sorted puts the smaller contribution first.
func sorted(a, b key) []byte {
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	return append(a[:len(a):len(a)], b[:]...)
}

// transcript is SHA-512 over both introductions' texts, each after its length in 8 bytes, first party first.
func transcript(first, second *Introduction) ([]byte, error) {
	h := sha512.New()
	for _, in := range []*Introduction{first, second} {
		text, err := in.MarshalText()
		if err != nil {
			return nil, err
		}
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(text))))
		h.Write(text)
	}
	return h.Sum(nil), nil
}
