package channel

import (
	"fmt"
	"log/slog"
)

// Session is one party's end of a channel. It is not safe for use by several goroutines at once. Its state is small
// (under 4 KiB) and must be stored after every Seal and Open, in one transaction with what they caused; a session
// restored from an old copy must not be used (see ErrRollback).
type Session struct {
	self, peer Party
	relays     []string
	spoken     string

	out, in direction
	own     hybrid   // ours, for the counterpart to use
	their   shown    // theirs, for us to use
	acked   uint64   // parcels of ours that the counterpart has applied
	sending uint64   // number of the next message we send
	reading assembly // the message being received
}

// Self is the party this session belongs to.
func (s *Session) Self() Party { return s.self }

// Peer is the counterpart.
func (s *Session) Peer() Party { return s.peer }

// Relays are the relays where the counterpart's introduction says it collects parcels.
func (s *Session) Relays() []string { return append([]string(nil), s.relays...) }

// Spoken is the fingerprint of the two introductions that made this session.
func (s *Session) Spoken() string { return s.spoken }

// Sent is how many parcels have been sealed, and so the number of the next.
func (s *Session) Sent() uint64 { return s.out.number }

// Received is how many parcels have been opened, and so the number of the next expected.
func (s *Session) Received() uint64 { return s.in.number }

// Acked is how many of our parcels the counterpart is known to have applied.
func (s *Session) Acked() uint64 { return s.acked }

// Receiving are the mailboxes where the next expected parcels arrive: the current block's, then the next block's.
func (s *Session) Receiving() []Mailbox {
	return []Mailbox{mailbox(&s.in.now), mailbox(&s.in.next)}
}

// Zero erases the session's keys. It cannot be used afterwards.
func (s *Session) Zero() { *s = Session{} }

// usable refuses a session that was never established or was erased.
func (s *Session) usable() error {
	if s.peer.Name == "" {
		return fmt.Errorf("the channel has no keys: establish it or read it from the store")
	}
	return nil
}

// Format names the parties and no key, whatever the verb.
func (s *Session) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "session of %q with %q", s.self.Name, s.peer.Name)
}

// LogValue keeps the keys out of logs.
func (s *Session) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(s)) }
