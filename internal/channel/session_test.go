package channel

import (
	"bytes"
	"crypto/rand"
	"reflect"
	"strings"
	"testing"
)

func TestEveryClassBoundary(t *testing.T) {
	north, south := pair(t)
	turn(t, north, south) // later parcels of North alone make no turn and show no key
	carry(t, north, south, nil)
	sizes := []int{0, 1}
	overhead := ackSize + dataSize + len("note")
	for _, class := range SizeClasses {
		full := room(class, false) - overhead
		sizes = append(sizes, full-1, full, full+1)
	}
	largest := room(SizeClasses[len(SizeClasses)-1], false) - overhead
	sizes = append(sizes, 2*largest-1, 2*largest, 2*largest+1)
	for _, n := range sizes {
		if got := carry(t, north, south, body(n)); !bytes.Equal(got, body(n)) {
			t.Errorf("a body of %d bytes came out as %d", n, len(got))
		}
	}
}

func TestSmallestClassIsTaken(t *testing.T) {
	north, south := pair(t)
	turn(t, north, south)
	carry(t, north, south, nil)
	overhead := ackSize + dataSize + len("note")
	for i, class := range SizeClasses {
		full := room(class, false) - overhead
		if got := seal(t, north, "note", body(full)); len(got) != 1 || len(got[0].Bytes) != class {
			t.Errorf("%d bytes do not fit one parcel of %d", full, class)
		}
		got := seal(t, north, "note", body(full+1))
		if i+1 < len(SizeClasses) && (len(got) != 1 || len(got[0].Bytes) != SizeClasses[i+1]) {
			t.Errorf("%d bytes are not in one parcel of %d", full+1, SizeClasses[i+1])
		}
		if i+1 == len(SizeClasses) && (len(got) != 2 || len(got[1].Bytes) != SizeClasses[0]) {
			t.Errorf("%d bytes are not in a parcel of %d and one of %d", full+1, class, SizeClasses[0])
		}
	}
}

func TestLongestMessage(t *testing.T) {
	north, south := pair(t)
	long := body(MaxMessage)
	if got := carry(t, north, south, long); !bytes.Equal(got, long) {
		t.Error("the longest message did not come through")
	}
	before := state(t, north)
	if _, err := north.Seal(rand.Reader, Message{Kind: "note", Body: make([]byte, MaxMessage+1)}); err == nil {
		t.Error("a message over the limit was sealed")
	}
	if !bytes.Equal(before, state(t, north)) {
		t.Error("a refused message changed the session")
	}
}

func TestBothSendFirst(t *testing.T) {
	north, south := pair(t)
	fromNorth := seal(t, north, "note", []byte("north first"))
	fromSouth := seal(t, south, "note", []byte("south first"))
	atSouth, atNorth := open(t, south, fromNorth[0]), open(t, north, fromSouth[0])
	if string(atSouth.Fragments[0].Data) != "north first" || string(atNorth.Fragments[0].Data) != "south first" {
		t.Error("the first messages crossed and were lost")
	}
	for range 3 {
		carry(t, north, south, []byte("a"))
		carry(t, south, north, []byte("b"))
	}
}

func TestAcknowledgements(t *testing.T) {
	north, south := pair(t)
	p := seal(t, north, "note", []byte("one"))
	if o := open(t, south, p[0]); !o.WantsAck || o.Acked != 0 {
		t.Errorf("data: got %+v", o)
	}
	o := open(t, north, sealAck(t, south))
	if o.WantsAck || o.Acked != 1 || len(o.Fragments) != 0 || north.Acked() != 1 {
		t.Errorf("acknowledgement: got %+v", o)
	}
	if ack := sealAck(t, north); len(ack.Bytes) != SizeClasses[0] {
		t.Errorf("an acknowledgement has %d bytes", len(ack.Bytes))
	}
}

func TestEveryTurnSpendsAKey(t *testing.T) {
	north, south := pair(t)
	for i := range 5 {
		before := south.own
		open(t, south, sealAck(t, north))
		if !before.live || south.own.live || south.own.seed != (key{}) {
			t.Fatalf("exchange %d: South's key was not spent", i)
		}
		open(t, north, sealAck(t, south))
		if !south.own.live || south.own.number != before.number+1 || south.own.seed == before.seed {
			t.Fatalf("exchange %d: South made no new key", i)
		}
		if north.their.number != south.own.number || north.their.public == nil {
			t.Fatalf("exchange %d: North does not know South's new key", i)
		}
	}
}

func TestSealWithoutRandomnessChangesNothing(t *testing.T) {
	north, south := pair(t)
	turn(t, north, south)
	before := state(t, north)
	// 32 bytes make a new key, 12 a nonce; a long message needs more nonces.
	for n := range 32 + 2*12 {
		if _, err := north.Seal(&noRandom{n}, Message{Kind: "note", Body: body(2 << 20)}); err == nil {
			t.Fatalf("sealed with %d random bytes", n)
		}
	}
	if _, err := north.SealAck(&noRandom{0}); err == nil {
		t.Fatal("sealed an acknowledgement without randomness")
	}
	if !bytes.Equal(before, state(t, north)) {
		t.Error("a failed seal changed the session")
	}
	if _, _, err := Introduce(&noRandom{100}, IntroduceOptions{From: "North", To: "South", Now: day}); err == nil {
		t.Error("introduced without randomness")
	}
}

func TestKindsAreBounded(t *testing.T) {
	north, _ := pair(t)
	for _, kind := range []string{"", "Tearline", "a b", "a\n", "é", strings.Repeat("k", MaxKind+1)} {
		if _, err := north.Seal(rand.Reader, Message{Kind: kind}); err == nil {
			t.Errorf("kind %q was accepted", kind)
		}
	}
	if _, err := north.Seal(rand.Reader, Message{Kind: strings.Repeat("k", MaxKind)}); err != nil {
		t.Error(err)
	}
}

func TestErasedSessionIsRefused(t *testing.T) {
	north, south := pair(t)
	p := sealAck(t, south)
	north.Zero()
	if _, err := north.Open(p.Bytes); err == nil {
		t.Error("an erased session opened a parcel")
	}
	if _, err := north.SealAck(rand.Reader); err == nil {
		t.Error("an erased session sealed an acknowledgement")
	}
	if _, err := north.Seal(rand.Reader, Message{Kind: "note"}); err == nil {
		t.Error("an erased session sealed a message")
	}
	if _, err := north.MarshalBinary(); err == nil {
		t.Error("an erased session was written")
	}
	if !reflect.DeepEqual(*north, Session{}) {
		t.Error("an erased session holds something")
	}
}
