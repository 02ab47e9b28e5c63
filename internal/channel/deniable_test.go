package channel

import (
	"testing"
)

// asPeer makes, from one party's session alone, a session that seals as its counterpart. Nothing of the counterpart's
// is used; the key it would need to open parcels is not known and not needed to seal them.
func asPeer(t *testing.T, s *Session) *Session {
	t.Helper()
	m := copyOf(t, s)
	m.self, m.peer = s.peer, s.self
	m.out, m.in = m.in, m.out
	m.their = shown{number: s.own.number}
	if s.own.live {
		public, err := hybridPublicOf(&s.own.seed)
		if err != nil {
			t.Fatal(err)
		}
		m.their.public = public
	}
	m.own = hybrid{number: s.their.number, live: s.their.public != nil}
	m.acked, m.sending = s.in.number, s.reading.message
	m.reading = assembly{message: s.sending}
	return m
}

// TestForgery: North alone, in the middle of a true conversation, seals "from South" what North's own session takes.
func TestForgery(t *testing.T) {
	north, south := pair(t)
	for range 3 {
		carry(t, north, south, []byte("true"))
		carry(t, south, north, []byte("true"))
	}
	forged := seal(t, asPeer(t, north), "tearline", []byte("South never said this"))[0]
	o := open(t, north, forged)
	if string(o.Fragments[0].Data) != "South never said this" {
		t.Errorf("got %+v", o)
	}
}

// TestForgedTranscript: from North's secrets and South's introduction alone, a whole conversation, both sides of it,
// that North's session takes from the first parcel to the last. A judge who is shown North's disk and a transcript
// has seen nothing that North could not have written in an afternoon.
func TestForgedTranscript(t *testing.T) {
	ni, ns := introduce(t, "North", "South")
	si, ss := introduce(t, "South", "North")
	again := *ns // North's secrets as they were
	north := establish(t, ns, si)
	var shapes []int
	for range 5 {
		for _, p := range seal(t, north, "note", body(3000)) {
			shapes = append(shapes, len(p.Bytes))
		}
		p := seal(t, asPeer(t, north), "note", body(1000))[0]
		open(t, north, p)
		shapes = append(shapes, len(p.Bytes))
	}
	// A true conversation of the same messages has the same shape.
	trueNorth, trueSouth := establish(t, &again, si), establish(t, ss, ni)
	for i := range 5 {
		p, q := seal(t, trueNorth, "note", body(3000))[0], Parcel{}
		open(t, trueSouth, p)
		q = seal(t, trueSouth, "note", body(1000))[0]
		open(t, trueNorth, q)
		if len(p.Bytes) != shapes[2*i] || len(q.Bytes) != shapes[2*i+1] {
			t.Errorf("exchange %d of the forged conversation has another shape", i)
		}
	}
	if north.Sent() != trueNorth.Sent() || north.Received() != trueNorth.Received() || north.own.number != trueNorth.own.number {
		t.Error("the two conversations differ in their counts")
	}
}

// TestAnybodyCanWriteAnIntroduction: an introduction in South's name proves nothing about South.
func TestAnybodyCanWriteAnIntroduction(t *testing.T) {
	_, ns := introduce(t, "North", "South")
	invented, _ := introduce(t, "South", "North") // made by anybody
	if s := establish(t, ns, invented); s.Peer().Name != "South" {
		t.Errorf("the counterpart is %q", s.Peer().Name)
	}
}
