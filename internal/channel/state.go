package channel

import (
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
)

const (
	stateVersion = 1
	maxState     = 8 << 10
)

// MarshalBinary writes the session's state, keys included, for the encrypted store.
func (s *Session) MarshalBinary() ([]byte, error) {
	if err := s.usable(); err != nil {
		return nil, fmt.Errorf("write a session: %w", err)
	}
	var b cryptobyte.Builder
	b.AddUint8(stateVersion)
	addString(&b, s.self.Name)
	addString(&b, s.peer.Name)
	addString(&b, s.spoken)
	b.AddUint8(uint8(len(s.relays)))
	for _, relay := range s.relays {
		addString(&b, relay)
	}
	s.out.marshal(&b)
	s.in.marshal(&b)
	b.AddUint64(s.own.number)
	b.AddUint8(liveByte(s.own.live))
	b.AddBytes(s.own.seed[:])
	b.AddUint64(s.their.number)
	addString(&b, string(s.their.public))
	b.AddUint64(s.acked)
	b.AddUint64(s.sending)
	b.AddUint64(s.reading.message)
	addString(&b, s.reading.kind)
	b.AddUint64(uint64(s.reading.total))
	b.AddUint64(uint64(s.reading.offset))
	return b.Bytes()
}

func (d *direction) marshal(b *cryptobyte.Builder) {
	b.AddUint64(d.number)
	for _, k := range []*key{&d.chain, &d.past, &d.now, &d.next} {
		b.AddBytes(k[:])
	}
}

func addString(b *cryptobyte.Builder, s string) {
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(s)) })
}

func liveByte(live bool) uint8 {
	if live {
		return 1
	}
	return 0
}

// UnmarshalBinary reads what MarshalBinary wrote. On an error the session is unchanged.
func (s *Session) UnmarshalBinary(data []byte) error {
	if len(data) > maxState {
		return fmt.Errorf("read a session: %d bytes are too many", len(data))
	}
	in := cryptobyte.String(data)
	var version uint8
	if !in.ReadUint8(&version) || version != stateVersion {
		return errors.New("read a session: its version is not known here")
	}
	read := Session{}
	defer read.Zero()
	if !read.unmarshal(&in) || !in.Empty() {
		return errors.New("read a session: the state is cut off or too long")
	}
	if err := read.check(); err != nil {
		return fmt.Errorf("read a session: %w", err)
	}
	*s = read
	return nil
}

// unmarshal reads the fields in MarshalBinary's order; check then judges them.
func (s *Session) unmarshal(in *cryptobyte.String) bool {
	var relays, live uint8
	var public string
	if !readString(in, &s.self.Name) || !readString(in, &s.peer.Name) || !readString(in, &s.spoken) || !in.ReadUint8(&relays) || relays > MaxRelays {
		return false
	}
	for range relays {
		var relay string
		if !readString(in, &relay) {
			return false
		}
		s.relays = append(s.relays, relay)
	}
	var total, offset uint64
	ok := s.out.unmarshal(in) && s.in.unmarshal(in) &&
		in.ReadUint64(&s.own.number) && in.ReadUint8(&live) && live <= 1 && in.CopyBytes(s.own.seed[:]) &&
		in.ReadUint64(&s.their.number) && readString(in, &public) &&
		in.ReadUint64(&s.acked) && in.ReadUint64(&s.sending) &&
		in.ReadUint64(&s.reading.message) && readString(in, &s.reading.kind) &&
		in.ReadUint64(&total) && in.ReadUint64(&offset) && total <= MaxMessage && offset <= total
	s.own.live = live == 1
	if public != "" {
		s.their.public = []byte(public)
	}
	s.reading.total, s.reading.offset = int64(total), int64(offset)
	return ok
}

func (d *direction) unmarshal(in *cryptobyte.String) bool {
	return in.ReadUint64(&d.number) && in.CopyBytes(d.chain[:]) && in.CopyBytes(d.past[:]) &&
		in.CopyBytes(d.now[:]) && in.CopyBytes(d.next[:])
}

func readString(in *cryptobyte.String, s *string) bool {
	var v cryptobyte.String
	ok := in.ReadUint16LengthPrefixed(&v)
	*s = string(v)
	return ok
}

// check refuses a state that no run of the protocol leads to, as far as it shows.
func (s *Session) check() error {
	if err := errors.Join(checkName(s.self.Name), checkName(s.peer.Name)); err != nil {
		return err
	}
	for _, relay := range s.relays {
		if err := checkRelay(relay); err != nil {
			return err
		}
	}
	if s.their.public != nil {
		if err := checkHybrid(s.their.public); err != nil {
			return err
		}
	}
	if len(s.spoken) > 2*spokenDigits+11 {
		return errors.New("the spoken fingerprint is too long")
	}
	for _, n := range []uint64{s.out.number, s.in.number, s.own.number, s.their.number, s.sending, s.reading.message} {
		if n > maxNumber {
			return fmt.Errorf("the number %d is out of range", n)
		}
	}
	return s.checkProgress()
}

// checkProgress compares the counts with each other.
func (s *Session) checkProgress() error {
	if s.acked > s.out.number {
		return fmt.Errorf("%d parcels are acknowledged, %d were sent", s.acked, s.out.number)
	}
	if !s.own.live && s.own.seed != (key{}) {
		return errors.New("a spent key is still there")
	}
	r := &s.reading
	if (r.offset == 0) != (r.kind == "") || (r.kind == "" && r.total != 0) || (r.kind != "" && r.offset == r.total) {
		return errors.New("the message being received is neither begun nor waiting")
	}
	if r.kind != "" {
		return checkKind(r.kind)
	}
	return nil
}
