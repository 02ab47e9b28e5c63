package channel

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"

	"golang.org/x/crypto/cryptobyte"
)

const secretsVersion = 1

// Introduction is the public side of these secrets, to be handed to the counterpart.
func (s *Secrets) Introduction() *Introduction { return s.in }

// MarshalBinary writes the secrets and their introduction, for the encrypted store. Used secrets are refused with
// ErrUsed: delete the stored copy in the transaction that stores the session.
func (s *Secrets) MarshalBinary() ([]byte, error) {
	if s.used || s.in == nil {
		return nil, ErrUsed
	}
	text, err := s.in.MarshalText()
	if err != nil {
		return nil, err
	}
	var b cryptobyte.Builder
	b.AddUint8(secretsVersion)
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(text) })
	b.AddBytes(s.static[:])
	b.AddBytes(s.prekey[:])
	b.AddBytes(s.kem[:])
	return b.Bytes()
}

// UnmarshalBinary reads what MarshalBinary wrote, and checks that each private half fits its public one.
func (s *Secrets) UnmarshalBinary(data []byte) error {
	if len(data) > MaxIntroduction+256 {
		return fmt.Errorf("read an introduction's secrets: %d bytes are too many", len(data))
	}
	in := cryptobyte.String(data)
	var version uint8
	var text cryptobyte.String
	read := &Secrets{}
	if !in.ReadUint8(&version) || version != secretsVersion {
		return errors.New("read an introduction's secrets: the version is not known here")
	}
	if !in.ReadUint16LengthPrefixed(&text) || !in.CopyBytes(read.static[:]) || !in.CopyBytes(read.prekey[:]) ||
		!in.CopyBytes(read.kem[:]) || !in.Empty() {
		return errors.New("read an introduction's secrets: they are cut off or too long")
	}
	var err error
	if read.in, err = ParseIntroduction(text); err != nil {
		return err
	}
	if err := read.fit(); err != nil {
		return fmt.Errorf("read an introduction's secrets: %w", err)
	}
	*s = *read
	return nil
}

// fit checks that each private half belongs to its public one.
func (s *Secrets) fit() error {
	public := &Introduction{contribution: s.in.contribution}
	if err := s.publish(public); err != nil {
		return err
	}
	if !bytes.Equal(public.keyBytes(), s.in.keyBytes()) {
		return errors.New("the private keys do not belong to the public ones")
	}
	return nil
}

// spend erases the private halves and refuses any later use.
func (s *Secrets) spend() {
	s.static, s.prekey, s.kem, s.used = key{}, key{}, key{}, true
}

// Format names the parties and no key, whatever the verb.
func (s *Secrets) Format(f fmt.State, _ rune) {
	if s.in == nil {
		fmt.Fprint(f, "no secrets")
		return
	}
	fmt.Fprintf(f, "secrets of the %v", s.in)
}

// LogValue keeps the keys out of logs.
func (s *Secrets) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(s)) }
