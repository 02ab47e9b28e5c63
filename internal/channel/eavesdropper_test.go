package channel

import (
	"math"
	"strings"
	"testing"
)

func contains(data string, k key) bool { return strings.Contains(data, string(k[:])) }

// chiSquare is Pearson's statistic of byte values against an even distribution; 255 degrees of freedom.
func chiSquare(data []byte) float64 {
	var count [256]float64
	for _, c := range data {
		count[c]++
	}
	expected, sum := float64(len(data))/256, 0.0
	for _, n := range count {
		sum += (n - expected) * (n - expected) / expected
	}
	return sum
}

// evenBytes allows eight standard deviations: far below one false alarm in 10^9 runs.
func evenBytes(data []byte) bool { return chiSquare(data) < 255+8*math.Sqrt(2*255) }

// fixedBit finds a bit that stands out over many parcels of one length, or -1. Eight standard deviations again.
func fixedBit(parcels [][]byte) int {
	limit := 8 * math.Sqrt(float64(len(parcels))/4)
	for bit := range len(parcels[0]) * 8 {
		ones := 0
		for _, p := range parcels {
			ones += int(p[bit/8]>>(bit%8)) & 1
		}
		if math.Abs(float64(ones)-float64(len(parcels))/2) > limit {
			return bit
		}
	}
	return -1
}

// TestParcelsLookRandom: parcels with a turn, without one, empty and full, are all alike.
func TestParcelsLookRandom(t *testing.T) {
	north, _ := pair(t)
	public, err := hybridPublicOf(&key{1})
	if err != nil {
		t.Fatal(err)
	}
	var turns, plain, encapsulations [][]byte
	for range 300 {
		north.their.public = public // a fresh turn each time
		turns = append(turns, sealAck(t, north).Bytes)
		plain = append(plain, seal(t, north, "note", make([]byte, 2000))[0].Bytes)
		sealed, _, err := encapsulate(public, make([]byte, tagSize))
		if err != nil {
			t.Fatal(err)
		}
		encapsulations = append(encapsulations, sealed)
	}
	for name, parcels := range map[string][][]byte{"turns": turns, "plain": plain, "mixed": append(turns[:150:150], plain[:150]...)} {
		var all []byte
		for _, p := range parcels {
			if len(p) != SizeClasses[0] {
				t.Fatalf("%s: a parcel has %d bytes", name, len(p))
			}
			all = append(all, p...)
		}
		if !evenBytes(all) {
			t.Errorf("%s: the bytes are uneven, chi-square %.0f", name, chiSquare(all))
		}
		if bit := fixedBit(parcels); bit >= 0 {
			t.Errorf("%s: bit %d stands out", name, bit)
		}
	}
	// What the checks are worth: a bare encapsulation, which the parcels seal, does not pass.
	if fixedBit(encapsulations) < 0 {
		t.Error("the check does not tell a bare encapsulation from random bytes")
	}
}

// TestEachClassLooksRandom takes the larger classes, a few parcels of each.
func TestEachClassLooksRandom(t *testing.T) {
	north, _ := pair(t)
	for _, class := range SizeClasses {
		var all []byte
		for len(all) < 1<<20 {
			p := seal(t, north, "note", make([]byte, class*3/4-2000))[0]
			if len(p.Bytes) != class {
				t.Fatalf("%d bytes went into a parcel of %d", class*3/4-2000, len(p.Bytes))
			}
			all = append(all, p.Bytes...)
		}
		if !evenBytes(all) {
			t.Errorf("class %d: the bytes are uneven, chi-square %.0f", class, chiSquare(all))
		}
	}
}

// TestMailboxes: both sides name the same mailbox for each parcel, and know the next one before it is used.
func TestMailboxes(t *testing.T) {
	north, south := pair(t)
	for range 3 * BlockSize {
		here, ahead := south.Receiving()[0], south.Receiving()[1]
		p := sealAck(t, north)
		open(t, south, p)
		if p.Mailbox != here {
			t.Fatalf("parcel %d: North sends to %v, South waits at %v", p.Number, p.Mailbox, here)
		}
		want := here
		if south.Received()%BlockSize == 0 {
			want = ahead
		}
		if got := south.Receiving()[0]; got != want {
			t.Fatalf("after parcel %d South waits at %v, want %v", p.Number, got, want)
		}
	}
}

// TestMailboxesShareNothing: no right, address or tag of one block or direction is one of another.
func TestMailboxesShareNothing(t *testing.T) {
	north, south := pair(t)
	seen := map[[32]byte]bool{}
	for range 3 {
		first, back := sealAck(t, north), Parcel{}
		for range BlockSize - 1 {
			sealAck(t, north)
			back = sealAck(t, south)
		}
		sealAck(t, south)
		for _, m := range []Mailbox{first.Mailbox, back.Mailbox} {
			for _, v := range [][32]byte{m.Write, m.Read, m.Address()} {
				if seen[v] {
					t.Fatalf("%v shares a value with another", m)
				}
				seen[v] = true
			}
		}
	}
}
