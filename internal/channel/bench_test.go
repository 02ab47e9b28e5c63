package channel

import (
	"crypto/rand"
	"testing"
)

// largest is a body that fills one parcel of the largest class.
func largest() []byte {
	return body(room(SizeClasses[len(SizeClasses)-1], false) - ackSize - dataSize - len("note"))
}

// settled is a channel whose next parcels make no turn.
func settled(b *testing.B) (north, south *Session) {
	north, south = pair(b)
	turn(b, north, south)
	open(b, south, sealAck(b, north))
	return north, south
}

func BenchmarkSeal1MiB(b *testing.B) {
	north, _ := settled(b)
	m := Message{Kind: "note", Body: largest()}
	b.SetBytes(int64(len(m.Body)))
	for b.Loop() {
		if _, err := north.Seal(rand.Reader, m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen1MiB(b *testing.B) {
	north, south := settled(b)
	m := largest()
	parcel := seal(b, north, "note", m)[0].Bytes
	before := *south
	b.SetBytes(int64(len(m)))
	for b.Loop() {
		*south = before
		if _, err := south.Open(parcel); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSealLongest seals the longest message, in some 65 parcels.
func BenchmarkSealLongest(b *testing.B) {
	north, _ := settled(b)
	m := Message{Kind: "note", Body: body(MaxMessage)}
	b.SetBytes(MaxMessage)
	for b.Loop() {
		if _, err := north.Seal(rand.Reader, m); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpenLongest opens all its parcels.
func BenchmarkOpenLongest(b *testing.B) {
	north, south := settled(b)
	parcels := seal(b, north, "note", body(MaxMessage))
	before := *south
	b.SetBytes(MaxMessage)
	for b.Loop() {
		*south = before
		for _, p := range parcels {
			if _, err := south.Open(p.Bytes); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkSeal4KiB(b *testing.B) {
	north, _ := settled(b)
	m := Message{Kind: "note", Body: body(1000)}
	for b.Loop() {
		if _, err := north.Seal(rand.Reader, m); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "parcels/s")
}

func BenchmarkOpen4KiB(b *testing.B) {
	north, south := settled(b)
	parcel := seal(b, north, "note", body(1000))[0].Bytes
	before := *south
	for b.Loop() {
		*south = before
		if _, err := south.Open(parcel); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "parcels/s")
}

// BenchmarkTurn is one parcel there and one back: two encapsulations, two decapsulations, two new keys.
func BenchmarkTurn(b *testing.B) {
	north, south := pair(b)
	for b.Loop() {
		turn(b, north, south)
	}
	b.ReportMetric(2*float64(b.N)/b.Elapsed().Seconds(), "parcels/s")
}

func BenchmarkIntroduce(b *testing.B) {
	for b.Loop() {
		introduce(b, "North", "South")
	}
}

// BenchmarkEstablish is nearly all the spoken fingerprint, which is made slow on purpose.
func BenchmarkEstablish(b *testing.B) {
	_, ns := introduce(b, "North", "South")
	si, _ := introduce(b, "South", "North")
	for b.Loop() {
		mine := *ns
		establish(b, &mine, si)
	}
}

func BenchmarkSpoken(b *testing.B) {
	ni, _ := introduce(b, "North", "South")
	si, _ := introduce(b, "South", "North")
	for b.Loop() {
		Spoken(ni, si)
	}
}

func BenchmarkStore(b *testing.B) {
	s := midway(b)
	for b.Loop() {
		copyOf(b, s)
	}
	b.ReportMetric(float64(len(state(b, s))), "bytes")
}

// BenchmarkUnknown is what a stranger's parcel costs us.
func BenchmarkUnknown(b *testing.B) {
	_, south := pair(b)
	parcel := make([]byte, SizeClasses[0])
	for b.Loop() {
		if _, err := south.Open(parcel); err == nil {
			b.Fatal("opened")
		}
	}
}
