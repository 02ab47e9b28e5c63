package stream

import (
	crand "crypto/rand"
	"testing"

	"parley/internal/channel"
)

// The largest chunk fills one parcel of 256 KiB, in a parcel that makes a turn
// and shows a key too.
func TestTheLargestChunkFillsOneParcel(t *testing.T) {
	ni, ns := introduced(t, "North", "South")
	si, ss := introduced(t, "South", "North")
	north, err1 := channel.Establish(ns, si)
	south, err2 := channel.Establish(ss, ni)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	body := Message{Kind: KindChunk, Run: testRun, Data: make([]byte, MaxChunk)}.encode()
	from, to := north, south
	for i := range 6 {
		parcels, err := from.Seal(crand.Reader, channel.Message{Kind: KindChunk, Body: body})
		if err != nil {
			t.Fatal(err)
		}
		if len(parcels) != 1 || len(parcels[0].Bytes) != 256<<10 {
			t.Fatalf("exchange %d: %d parcels, the first of %d bytes", i, len(parcels), len(parcels[0].Bytes))
		}
		if _, err := to.Open(parcels[0].Bytes); err != nil {
			t.Fatal(err)
		}
		from, to = to, from
	}
}

// introduced makes one party's introduction.
func introduced(t testing.TB, from, to string) (*channel.Introduction, *channel.Secrets) {
	t.Helper()
	in, s, err := channel.Introduce(crand.Reader, channel.IntroduceOptions{
		From: from, To: to, Relays: []string{"https://relay.example/"}, Now: noon,
	})
	if err != nil {
		t.Fatal(err)
	}
	return in, s
}
