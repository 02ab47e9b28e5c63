package channel

import (
	"fmt"
	"io"
)

// Seal seals one message into as many parcels as it needs: full ones of the largest class, and a last one of the
// smallest class that holds the rest. On an error the session is unchanged.
//
// Parcels go out in the order of sealing and nothing can overtake them: seal late, one message at a time, and cut
// what is long into messages of its own, so that a warning never waits.
func (s *Session) Seal(rand io.Reader, m Message) ([]Parcel, error) {
	return s.seal(rand, SizeClasses[:], m)
}

// SealAs is Seal with parcels of one of SizeClasses alone, for a sender whose parcels must all look alike.
func (s *Session) SealAs(rand io.Reader, class int, m Message) ([]Parcel, error) {
	if !isClass(class) {
		return nil, fmt.Errorf("seal a message: no parcel has %d bytes", class)
	}
	return s.seal(rand, []int{class}, m)
}

func (s *Session) seal(rand io.Reader, classes []int, m Message) ([]Parcel, error) {
	if err := s.usable(); err != nil {
		return nil, fmt.Errorf("seal a message: %w", err)
	}
	if err := checkKind(m.Kind); err != nil {
		return nil, fmt.Errorf("seal a message: %w", err)
	}
	if len(m.Body) > MaxMessage {
		return nil, fmt.Errorf("seal a message: it has %d bytes, at most %d are allowed", len(m.Body), MaxMessage)
	}
	next := *s
	defer next.Zero()
	var parcels []Parcel
	for offset := 0; ; {
		p, n, err := next.sealFragment(rand, classes, m, offset)
		if err != nil {
			return nil, fmt.Errorf("seal a message: %w", err)
		}
		parcels = append(parcels, p.Parcel)
		if offset += n; offset == len(m.Body) {
			break
		}
	}
	next.sending++
	*s = next
	return parcels, nil
}

// sealFragment seals as much of m from offset on as one parcel takes, and says how much.
func (s *Session) sealFragment(rand io.Reader, classes []int, m Message, offset int) (sealed, int, error) {
	f, err := s.frames(rand)
	if err != nil {
		return sealed{}, 0, err
	}
	left := len(m.Body) - offset
	class, size := s.fit(f, classes, len(m.Kind), left)
	f.fragments = []Fragment{{
		Message: s.sending, Kind: m.Kind, Total: int64(len(m.Body)), Offset: int64(offset),
		Data: m.Body[offset : offset+size],
	}}
	p, err := s.sealParcel(rand, class, f)
	return p, size, err
}

// fit picks the first class that holds all that is left, or the last, and says how many bytes go into it.
func (s *Session) fit(f *frames, classes []int, kind, left int) (class, size int) {
	taken := ackSize + dataSize + kind
	if f.advert != nil {
		taken += advertSize
	}
	for _, class = range classes {
		size = room(class, s.their.public != nil) - taken
		if left <= size {
			return class, left
		}
	}
	return class, size
}

// SealAck seals a parcel of the smallest class that says how far we have read, and shows or uses a key if one is due.
// It asks for no answer. On an error the session is unchanged.
func (s *Session) SealAck(rand io.Reader) (Parcel, error) {
	return s.SealAckAs(rand, SizeClasses[0])
}

// SealAckAs is SealAck with a parcel of another of SizeClasses.
func (s *Session) SealAckAs(rand io.Reader, class int) (Parcel, error) {
	if !isClass(class) {
		return Parcel{}, fmt.Errorf("seal an acknowledgement: no parcel has %d bytes", class)
	}
	if err := s.usable(); err != nil {
		return Parcel{}, fmt.Errorf("seal an acknowledgement: %w", err)
	}
	next := *s
	defer next.Zero()
	p, err := next.sealEmpty(rand, class)
	if err != nil {
		return Parcel{}, fmt.Errorf("seal an acknowledgement: %w", err)
	}
	*s = next
	return p.Parcel, nil
}

// sealEmpty seals a parcel without data.
func (s *Session) sealEmpty(rand io.Reader, class int) (sealed, error) {
	f, err := s.frames(rand)
	if err != nil {
		return sealed{}, err
	}
	return s.sealParcel(rand, class, f)
}

// frames are what every parcel carries: how far we have read, and a new key if the last one is spent. The key is made
// here and not on receiving, as late as it can be.
func (s *Session) frames(rand io.Reader) (*frames, error) {
	f := &frames{ack: s.in.number}
	if s.own.live {
		return f, nil
	}
	seed, err := readKey(rand)
	if err != nil {
		return nil, err
	}
	public, err := hybridPublicOf(&seed)
	if err != nil {
		return nil, err
	}
	s.own = hybrid{number: s.own.number + 1, live: true, seed: seed}
	f.advert = &shown{number: s.own.number, public: public}
	return f, nil
}
