package channel

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
)

// refused checks that a parcel is refused for the right reason and that the session stays as it was.
func refused(t testing.TB, s *Session, parcel []byte, want error, what string) {
	t.Helper()
	before := state(t, s)
	o, err := s.Open(parcel)
	if !errors.Is(err, want) {
		t.Fatalf("%s: got %v, want %v", what, err, want)
	}
	if o.Fragments != nil {
		t.Fatalf("%s: something was handed out", what)
	}
	if !bytes.Equal(before, state(t, s)) {
		t.Fatalf("%s: the session changed", what)
	}
}

// refusedSaying checks that a parcel is a fault of the counterpart, and that the error says which.
func refusedSaying(t testing.TB, s *Session, p Parcel, want, what string) {
	t.Helper()
	refused(t, s, p.Bytes, ErrFault, what)
	if _, err := s.Open(p.Bytes); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: got %v, want %q in it", what, err, want)
	}
}

func TestEveryFlippedBitIsRefused(t *testing.T) {
	north, south := pair(t)
	first := seal(t, north, "note", []byte("with a turn"))[0]
	second := seal(t, north, "note", []byte("without"))[0]
	flipEach(t, south, first, 8)
	open(t, south, first)
	flipEach(t, south, second, 1)
	open(t, south, second)
}

// flipEach flips every step-th bit, and another of each byte the next time round.
func flipEach(t *testing.T, s *Session, p Parcel, step int) {
	t.Helper()
	for bit := 0; bit < len(p.Bytes)*8; bit += step {
		at, mask := bit/8, byte(1)<<((bit+bit/8)%8)
		p.Bytes[at] ^= mask
		want := ErrForged
		if at < tagSize {
			want = ErrUnknown
		}
		refused(t, s, p.Bytes, want, "a flipped bit")
		p.Bytes[at] ^= mask
	}
}

func TestReplay(t *testing.T) {
	north, south := pair(t)
	var all []Parcel
	for range 2*BlockSize - 1 {
		p := sealAck(t, north)
		open(t, south, p)
		all = append(all, p)
	}
	for _, p := range all {
		refused(t, south, p.Bytes, ErrDuplicate, "a replay")
	}
	last := sealAck(t, north)
	open(t, south, last) // the third block begins, and the first one's tags are forgotten
	refused(t, south, all[BlockSize-1].Bytes, ErrUnknown, "a replay of a forgotten parcel")
	for _, p := range all[BlockSize:] {
		refused(t, south, p.Bytes, ErrDuplicate, "a replay")
	}
}

func TestReplayWithRubbish(t *testing.T) {
	north, south := pair(t)
	p := sealAck(t, north)
	rubbish := append(p.ID[:], body(SizeClasses[1]-tagSize)...)
	refused(t, south, rubbish, ErrForged, "rubbish behind a true tag")
	open(t, south, p)
	refused(t, south, rubbish, ErrDuplicate, "rubbish behind a used tag")
}

func TestReflection(t *testing.T) {
	north, south := pair(t)
	mine := sealAck(t, north)
	refused(t, north, mine.Bytes, ErrUnknown, "a parcel sent back to its sender")
	open(t, south, mine)
	refused(t, north, mine.Bytes, ErrUnknown, "a parcel sent back to its sender")
}

func TestSplicingBetweenChannels(t *testing.T) {
	north, south := pair(t)
	_, other := pair(t) // the same names, other keys
	a, b := seal(t, north, "note", body(100))[0], seal(t, north, "note", body(100))[0]
	refused(t, other, a.Bytes, ErrUnknown, "a parcel of another channel")
	open(t, south, a)
	for _, cut := range []int{tagSize, bodyStart, bodyStart + turnSize, 2000, SizeClasses[0] - macSize} {
		mixed := append(bytes.Clone(b.Bytes[:cut]), a.Bytes[cut:]...)
		refused(t, south, mixed, ErrForged, "halves of two parcels")
	}
	open(t, south, b)
}

func TestTruncation(t *testing.T) {
	north, south := pair(t)
	p := seal(t, north, "note", body(20000))[0]
	for _, n := range []int{0, 1, tagSize, SizeClasses[0] - 1, len(p.Bytes) - 1} {
		refused(t, south, p.Bytes[:n], ErrUnknown, "a cut parcel")
	}
	refused(t, south, p.Bytes[:SizeClasses[0]], ErrForged, "a parcel cut to another class")
	refused(t, south, append(bytes.Clone(p.Bytes), 0), ErrUnknown, "a parcel with a byte more")
	grown := append(bytes.Clone(p.Bytes), make([]byte, SizeClasses[2]-len(p.Bytes))...)
	refused(t, south, grown, ErrForged, "a parcel grown to another class")
	open(t, south, p)
}

func TestReordering(t *testing.T) {
	north, south := pair(t)
	var all []Parcel
	for range Window + 3 {
		all = append(all, sealAck(t, north))
	}
	for i, p := range all[1:] {
		want := ErrEarly
		if i+1 > Window {
			want = ErrUnknown
		}
		o, err := south.Open(p.Bytes)
		if !errors.Is(err, want) || (want == ErrEarly && o.Number != p.Number) {
			t.Fatalf("parcel %d: got number %d, %v; want %v", p.Number, o.Number, err, want)
		}
	}
	for _, p := range all {
		open(t, south, p)
	}
}

// TestRollbackIsNoticed when nothing was opened since the copy; TestRollback has the rest.
func TestRollbackIsNoticed(t *testing.T) {
	north, south := pair(t)
	old := copyOf(t, north)
	open(t, south, sealAck(t, north))
	ack := sealAck(t, south)
	refused(t, old, ack.Bytes, ErrRollback, "an acknowledgement of what the old state never sent")
	refused(t, south, sealAck(t, old).Bytes, ErrDuplicate, "a parcel sealed again from the old state")
}

// TestRollbackReusesNoNonce plays the worst of it: two parcels under one key must not show their difference.
func TestRollbackReusesNoNonce(t *testing.T) {
	north, south := pair(t)
	turn(t, north, south)
	carry(t, north, south, nil)
	old := copyOf(t, north)
	a, b := seal(t, north, "note", body(500))[0].Bytes, seal(t, old, "note", make([]byte, 500))[0].Bytes
	if !bytes.Equal(a[:tagSize], b[:tagSize]) {
		t.Fatal("the two parcels are not of one number")
	}
	same := 0
	for i := bodyStart; i < len(a); i++ {
		if a[i] == b[i] {
			same++
		}
	}
	if same > 60 { // about 16 of 4,068 by chance
		t.Errorf("%d bytes are equal: the key stream was used twice", same)
	}
}

// TestFaultsAreNamed lets a counterpart seal what the protocol forbids.
func TestFaultsAreNamed(t *testing.T) {
	data := []byte("x")
	good := Fragment{Kind: "note", Total: 3, Data: data}
	for name, c := range map[string]struct {
		first, second Fragment
		want          string
	}{
		"another message's fragment": {good, Fragment{Message: 1, Kind: "note", Total: 3, Offset: 1, Data: data}, "a fragment of message 1 came where message 0 was due"},
		"a gap":                      {good, Fragment{Kind: "note", Total: 3, Offset: 2, Data: data}, "message 0 went on at byte 2 where byte 1 was due"},
		"a step back":                {good, Fragment{Kind: "note", Total: 3, Data: data}, "message 0 went on at byte 0 where byte 1 was due"},
		"another total":              {good, Fragment{Kind: "note", Total: 4, Offset: 1, Data: data}, "was \"note\" of 3 bytes and became \"note\" of 4"},
		"another kind":               {good, Fragment{Kind: "else", Total: 3, Offset: 1, Data: data}, "became \"else\""},
		"no bytes":                   {good, Fragment{Kind: "note", Total: 3, Offset: 1}, "fragment of message 0 has bytes 1 to 1 of 3"},
		"bytes past the end":         {good, Fragment{Kind: "note", Total: 3, Offset: 1, Data: body(3)}, "bytes 1 to 4 of 3"},
		"a message too long":         {Fragment{Kind: "note", Total: 1, Data: data}, Fragment{Message: 1, Kind: "note", Total: MaxMessage + 1, Data: data}, "message 1 has 67108865 bytes"},
		"a message skipped":          {Fragment{Kind: "note", Total: 1, Data: data}, Fragment{Message: 2, Kind: "note", Total: 1, Data: data}, "message 2 came where message 1 was due"},
		"a message again":            {Fragment{Kind: "note", Total: 1, Data: data}, Fragment{Kind: "note", Total: 1, Data: data}, "message 0 came where message 1 was due"},
		"a bad kind":                 {Fragment{Kind: "note", Total: 1, Data: data}, Fragment{Message: 1, Kind: "No", Total: 1, Data: data}, "kind has the byte 0x4e"},
	} {
		north, south := pair(t)
		open(t, south, sealFrames(t, north, &frames{fragments: []Fragment{c.first}}))
		refusedSaying(t, south, sealFrames(t, north, &frames{fragments: []Fragment{c.second}}), c.want, name)
	}
}

func TestFaultyKeysAndCounts(t *testing.T) {
	valid, err := hybridPublicOf(&key{1})
	if err != nil {
		t.Fatal(err)
	}
	lowOrder := append(bytes.Clone(valid[:hybridPublic-32]), make([]byte, 32)...)
	notReduced := append(bytes.Repeat([]byte{0xff}, 1184), valid[1184:]...)
	for name, c := range map[string]struct {
		advert *shown
		want   string
	}{
		"a key's number skipped":   {&shown{2, valid}, "key 2 was shown where key 1 was due"},
		"a key's number again":     {&shown{0, valid}, "key 0 was shown where key 1 was due"},
		"a key of low order":       {&shown{1, lowOrder}, "low order"},
		"no key of ML-KEM":         {&shown{1, notReduced}, "not valid"},
		"the same key once more":   {&shown{1, valid}, "key 1 was shown before key 1 was used"},
		"a key before its turn":    {&shown{1, valid}, "key 1 was shown before key 0 was used"},
		"an acknowledgement taken": {nil, "parcels below 0 are acknowledged, after those below 1"},
	} {
		north, south := pair(t)
		turn(t, north, south) // North has shown no key since, South may use none
		f := &frames{ack: 1, advert: c.advert}
		switch name {
		case "the same key once more":
			open(t, south, sealFrames(t, north, f))
		case "a key before its turn":
			north, south = pair(t) // South has not used the introduction's key
			f.ack = 0
		case "an acknowledgement taken":
			open(t, south, sealAck(t, north))
			f.ack = 0
		}
		refusedSaying(t, south, sealFrames(t, north, f), c.want, name)
	}
}

// sealFrames seals any frames, as a counterpart with other software could.
func sealFrames(t testing.TB, s *Session, f *frames) Parcel {
	t.Helper()
	p, err := s.sealParcel(rand.Reader, SizeClasses[0], f)
	if err != nil {
		t.Fatal(err)
	}
	return p.Parcel
}

func TestSeveralMessagesInOneParcel(t *testing.T) {
	north, south := pair(t)
	f := &frames{fragments: []Fragment{
		{Kind: "note", Total: 3, Data: []byte("one")},
		{Message: 1, Kind: "note", Total: 0, Data: nil},
		{Message: 2, Kind: "note", Total: 5, Data: []byte("thr")},
	}}
	o := open(t, south, sealFrames(t, north, f))
	if len(o.Fragments) != 3 || !o.Fragments[0].Last || !o.Fragments[1].Last || o.Fragments[2].Last {
		t.Fatalf("got %+v", o.Fragments)
	}
	rest := &frames{fragments: []Fragment{{Message: 2, Kind: "note", Total: 5, Offset: 3, Data: []byte("ee")}}}
	if o = open(t, south, sealFrames(t, north, rest)); !o.Fragments[0].Last {
		t.Fatalf("got %+v", o.Fragments)
	}
}
