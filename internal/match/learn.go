package match

import "parley/psi"

// Learns reports whether our side learns of the other's set in a run.
func (m Matching) Learns() bool {
	return m.Terms.Learns == LearnBoth || (m.Terms.Learns == LearnProposer) == (m.Role == Initiator)
}

// asks reports whether the other side learns of our set in a run.
func (m Matching) asks() bool {
	return m.Terms.Learns == LearnBoth || (m.Terms.Learns == LearnProposer) == (m.Role == Responder)
}

// learn is who learns as psi wants it.
func (t Terms) learn() psi.Learn {
	switch t.Learns {
	case LearnProposer:
		return psi.LearnInitiator
	case LearnResponder:
		return psi.LearnResponder
	}
	return psi.LearnBoth
}

// learner names who alone learns; empty where both do.
func (t Terms) learner() string {
	switch t.Learns {
	case LearnProposer:
		return t.From
	case LearnResponder:
		return t.To
	}
	return ""
}

// ourPad is the size to which our set is filled up with decoys, 0 for none.
func (m Matching) ourPad() int {
	own, _ := m.Terms.Pad.of(m.Role)
	return own
}

// theirPad is the size that the other side's set must have, 0 where it shows
// its own.
func (m Matching) theirPad() int {
	_, other := m.Terms.Pad.of(m.Role)
	return other
}

// ourMost is the largest set that we may bring: decoys take no places away, but
// a set that they do not fill would show its size.
func (m Matching) ourMost() int {
	if pad := m.ourPad(); pad > 0 {
		return pad
	}
	own, _ := m.Terms.Max.of(m.Role)
	return own
}

// theirMax is the largest set that the other side may bring, decoys among it:
// which of its items are some cannot be seen.
func (m Matching) theirMax() int {
	if pad := m.theirPad(); pad > 0 {
		return pad
	}
	_, most := m.Terms.Max.of(m.Role)
	return most
}

// Shown is the size of our set as the other side sees it.
func (m Matching) Shown() int {
	if pad := m.ourPad(); pad > 0 && m.Progress.OurSize <= pad && !m.AgreedAt.IsZero() {
		return pad
	}
	return m.Progress.OurSize
}
