package channel

import "fmt"

// Opened is what a parcel carried.
type Opened struct {
	Number    uint64 // the parcel's
	Acked     uint64 // all parcels of ours below this number are applied there
	Fragments []Fragment
	WantsAck  bool // it carried data, so the counterpart waits to hear that it was applied
}

// Open opens the next parcel of the counterpart. On an error the session is unchanged; the error is, or wraps, one of
// ErrEarly, ErrDuplicate, ErrUnknown, ErrForged, ErrFault and ErrRollback. With the first two, Opened.Number is set.
// The parcel itself is not changed and not kept.
func (s *Session) Open(parcel []byte) (Opened, error) {
	number, f, err := s.open(parcel, byKey)
	if err != nil {
		return Opened{Number: number}, err
	}
	return Opened{Number: number, Acked: f.ack, Fragments: f.fragments, WantsAck: len(f.fragments) > 0}, nil
}

// open is Open, whoever says what the secret of a turn is. The number is set as Opened's is.
func (s *Session) open(parcel []byte, learn learner) (uint64, *frames, error) {
	if err := s.usable(); err != nil {
		return 0, nil, fmt.Errorf("open a parcel: %w", err)
	}
	if !isClass(len(parcel)) {
		return 0, nil, fmt.Errorf("open a parcel of %d bytes: %w", len(parcel), ErrUnknown)
	}
	m, err := s.in.locate(parcel[:tagSize])
	if stale := s.behind(&m); stale != nil {
		return 0, nil, fmt.Errorf("open a parcel: %w", stale)
	}
	number := m.number
	if err != nil {
		return number, nil, fmt.Errorf("open a parcel: %w", err)
	}
	next := *s
	defer next.Zero()
	plain, err := next.openParcel(parcel, m.turn, learn)
	if err != nil {
		return 0, nil, fmt.Errorf("open parcel %d: %w", number, err)
	}
	f, err := parseFrames(plain)
	if err != nil {
		return 0, nil, fmt.Errorf("open parcel %d: %w: %w", number, ErrFault, err)
	}
	if f.ack != m.received {
		return 0, nil, fmt.Errorf("open parcel %d: %w: it acknowledges parcels below %d, and its tag those below %d", number, ErrFault, f.ack, m.received)
	}
	if err := next.apply(f); err != nil {
		return 0, nil, fmt.Errorf("open parcel %d: %w", number, err)
	}
	*s = next
	return number, f, nil
}

// behind says whether a tag shows that this session was put back to an old copy: its sender has opened what we do not
// know we sent, or heard from us that we opened what we have not. No relay can make such a tag, and none can
// show one to a session that was not put back: whatever its sender knew of us when it was sealed, we know.
func (s *Session) behind(m *mark) error {
	if m.received > s.out.number {
		return fmt.Errorf("%w: it has opened our parcels below %d, and we have sent those below %d", ErrRollback, m.received, s.out.number)
	}
	if opened := m.number - uint64(m.waiting); m.waiting < mostWaiting && opened > s.in.number {
		return fmt.Errorf("%w: we have told it that we opened its parcels below %d, and have opened those below %d", ErrRollback, opened, s.in.number)
	}
	return nil
}

// apply holds the frames against what came before.
func (s *Session) apply(f *frames) error {
	if f.ack > s.out.number {
		return fmt.Errorf("%w: parcels below %d are acknowledged, %d were sent", ErrRollback, f.ack, s.out.number)
	}
	if f.ack < s.acked {
		return fmt.Errorf("%w: parcels below %d are acknowledged, after those below %d", ErrFault, f.ack, s.acked)
	}
	s.acked = f.ack
	if err := s.applyAdvert(f.advert); err != nil {
		return fmt.Errorf("%w: %w", ErrFault, err)
	}
	for i := range f.fragments {
		if err := s.reading.accept(&f.fragments[i]); err != nil {
			return fmt.Errorf("%w: %w", ErrFault, err)
		}
	}
	return nil
}

// applyAdvert takes over the counterpart's new key. It shows one only after we used the last.
func (s *Session) applyAdvert(a *shown) error {
	if a == nil {
		return nil
	}
	if s.their.public != nil {
		return fmt.Errorf("key %d was shown before key %d was used", a.number, s.their.number)
	}
	if a.number != s.their.number+1 || a.number >= maxNumber {
		return fmt.Errorf("key %d was shown where key %d was due", a.number, s.their.number+1)
	}
	if err := checkHybrid(a.public); err != nil {
		return fmt.Errorf("key %d: %w", a.number, err)
	}
	s.their = *a
	return nil
}
