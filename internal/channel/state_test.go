package channel

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"testing"
)

// midway is a session in the midst of everything: a message half received, a key shown, blocks behind it.
func midway(t testing.TB) *Session {
	t.Helper()
	north, south := pair(t)
	turn(t, north, south)
	for range BlockSize {
		open(t, south, sealAck(t, north))
	}
	long := seal(t, north, "note", body(3<<20))
	open(t, south, long[0])
	return south
}

func TestStateRoundTrip(t *testing.T) {
	north, _ := pair(t)
	for _, s := range []*Session{north, midway(t)} {
		if c := copyOf(t, s); !reflect.DeepEqual(s, c) {
			t.Errorf("%+v came back as %+v", *s, *c)
		}
		if n := len(state(t, s)); n > 4096 {
			t.Errorf("the state has %d bytes", n)
		}
	}
}

func TestDamagedState(t *testing.T) {
	s := midway(t)
	data := state(t, s)
	for n := range data {
		c := *s
		if err := s.UnmarshalBinary(data[:n]); err == nil {
			t.Fatalf("a state cut to %d bytes was read", n)
		}
		if !reflect.DeepEqual(c, *s) {
			t.Fatal("a refused state changed the session")
		}
	}
	if err := s.UnmarshalBinary(append(data, 0)); err == nil {
		t.Error("a state with a byte more was read")
	}
	if err := s.UnmarshalBinary(make([]byte, maxState+1)); err == nil {
		t.Error("a state over the limit was read")
	}
}

func TestImpossibleState(t *testing.T) {
	for name, spoil := range map[string]func(*Session){
		"no such version":        nil,
		"a hostile name":         func(s *Session) { s.self.Name = "No\u202erth" },
		"a hostile relay":        func(s *Session) { s.relays = []string{"a b"} },
		"too many relays":        func(s *Session) { s.relays = make([]string, MaxRelays+1) },
		"a key of low order":     func(s *Session) { s.their.public = make([]byte, hybridPublic) },
		"a key too short":        func(s *Session) { s.their.public = make([]byte, 32) },
		"more acked than sent":   func(s *Session) { s.acked = s.out.number + 1 },
		"a number out of range":  func(s *Session) { s.in.number = maxNumber + 1 },
		"a spent key kept":       func(s *Session) { s.own = hybrid{seed: key{1}} },
		"a message without kind": func(s *Session) { s.reading.kind = "" },
		"a message's bad kind":   func(s *Session) { s.reading.kind = "A" },
		"a message complete":     func(s *Session) { s.reading.offset = s.reading.total },
		"a message too long":     func(s *Session) { s.reading.total = MaxMessage + 1 },
		"a message not begun":    func(s *Session) { s.reading = assembly{total: 1} },
		"a long fingerprint":     func(s *Session) { s.spoken = string(make([]byte, 200)) },
	} {
		s := midway(t)
		data := state(t, s)
		if spoil == nil {
			data[0]++
		} else {
			spoil(s)
			data = state(t, s)
		}
		if err := (&Session{}).UnmarshalBinary(data); err == nil {
			t.Errorf("%s: the state was read", name)
		}
	}
}

// TestLongConversation: 10,000 parcels, stored and read back at every step, all in order and once.
func TestLongConversation(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	sides := [2]*Session{}
	sides[0], sides[1] = pair(t)
	for sides[0].Sent()+sides[1].Sent() < 10_000 {
		from := random.IntN(2)
		if random.IntN(3) == 0 {
			open(t, sides[1-from], sealAck(t, sides[from]))
		} else {
			want := body(random.IntN(6000))
			if got := carry(t, sides[from], sides[1-from], want); !bytes.Equal(got, want) {
				t.Fatalf("a message of %d bytes came out as %d", len(want), len(got))
			}
		}
		sides[0], sides[1] = copyOf(t, sides[0]), copyOf(t, sides[1])
	}
	a, b := sides[0], sides[1]
	if a.out != b.in || a.in != b.out {
		t.Error("the two sides hold different keys")
	}
	if a.own.number < 1000 || a.own.number != b.their.number || b.own.number != a.their.number {
		t.Errorf("%d keys were made, %d seen", a.own.number, b.their.number)
	}
}
