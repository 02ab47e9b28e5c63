package channel

import (
	"bytes"
	"crypto/rand"
	"io"
	"testing"
	"time"
)

var day = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// introduce makes one party's introduction or fails the test.
func introduce(t testing.TB, from, to string) (*Introduction, *Secrets) {
	t.Helper()
	in, s, err := Introduce(rand.Reader, IntroduceOptions{From: from, To: to, Relays: []string{"https://relay.example/"}, Now: day})
	if err != nil {
		t.Fatal(err)
	}
	return in, s
}

// pair is North's and South's ends of one channel.
func pair(t testing.TB) (north, south *Session) {
	t.Helper()
	ni, ns := introduce(t, "North", "South")
	si, ss := introduce(t, "South", "North")
	return establish(t, ns, si), establish(t, ss, ni)
}

func establish(t testing.TB, mine *Secrets, theirs *Introduction) *Session {
	t.Helper()
	s, err := Establish(mine, theirs)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// seal seals one message or fails the test.
func seal(t testing.TB, s *Session, kind string, body []byte) []Parcel {
	t.Helper()
	parcels, err := s.Seal(rand.Reader, Message{Kind: kind, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	return parcels
}

func sealAck(t testing.TB, s *Session) Parcel {
	t.Helper()
	p, err := s.SealAck(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// open opens one parcel or fails the test.
func open(t testing.TB, s *Session, p Parcel) Opened {
	t.Helper()
	o, err := s.Open(p.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// carry seals a message on one side, opens it on the other and returns what came out.
func carry(t testing.TB, from, to *Session, body []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	for _, p := range seal(t, from, "note", body) {
		for _, f := range open(t, to, p).Fragments {
			out.Write(f.Data)
		}
	}
	return out.Bytes()
}

// turn carries one acknowledgement each way, which mixes fresh secrets into both directions.
func turn(t testing.TB, a, b *Session) {
	t.Helper()
	open(t, b, sealAck(t, a))
	open(t, a, sealAck(t, b))
}

// state is a session's marshalled state.
func state(t testing.TB, s *Session) []byte {
	t.Helper()
	data, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// copyOf is a second session with the same state: what a thief of the disk takes away.
func copyOf(t testing.TB, s *Session) *Session {
	t.Helper()
	c := &Session{}
	if err := c.UnmarshalBinary(state(t, s)); err != nil {
		t.Fatal(err)
	}
	return c
}

// body is n bytes that differ from place to place.
func body(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i>>8)
	}
	return b
}

// noRandom fails after n bytes.
type noRandom struct{ n int }

func (r *noRandom) Read(p []byte) (int, error) {
	if r.n < len(p) {
		return 0, io.ErrUnexpectedEOF
	}
	r.n -= len(p)
	return rand.Read(p)
}
