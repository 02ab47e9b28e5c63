package media_test

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/media"
)

func random(rng *rand.Rand) (h [32]byte) {
	for i := range 4 {
		binary.BigEndian.PutUint64(h[8*i:], rng.Uint64())
	}
	return h
}

// flip changes n different bits.
func flip(rng *rand.Rand, h [32]byte, n int) [32]byte {
	for _, bit := range rng.Perm(256)[:n] {
		h[bit/8] ^= 1 << (bit % 8)
	}
	return h
}

func apart(a, b [32]byte) (d int) {
	for i := range a {
		d += bits.OnesCount8(a[i] ^ b[i])
	}
	return d
}

func TestPicturesWithin(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	query := random(rng)
	var p media.Pictures
	if hits := p.Within(query, media.PictureRadius); len(hits) != 0 {
		t.Errorf("an empty index found %v", hits)
	}
	for _, d := range []int{32, 31, 0, 7} {
		p.Add(fmt.Sprintf("at-%d", d), flip(rng, query, d))
	}
	p.Add("again", query)
	for range 5000 {
		p.Add("other", random(rng))
	}
	want := "[{again 0} {at-0 0} {at-7 7} {at-31 31}]"
	if got := fmt.Sprint(p.Within(query, media.PictureRadius)); got != want {
		t.Errorf("found %v, want %v", got, want)
	}
	if got := fmt.Sprint(p.Within(query, 32)); got != "[{again 0} {at-0 0} {at-7 7} {at-31 31} {at-32 32}]" {
		t.Errorf("past the index's reach: %v", got)
	}
	if got := p.Within(query, -1); len(got) != 0 {
		t.Errorf("no distance is below 0: %v", got)
	}
	if p.Len() != 5005 {
		t.Errorf("%d hashes", p.Len())
	}
}

// The index finds exactly what comparing every hash finds, also when hashes crowd together.
func TestPicturesAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		centre := random(rng)
		radius := rapid.IntRange(0, 40).Draw(t, "radius")
		spread := rapid.IntRange(1, 80).Draw(t, "spread")
		var p media.Pictures
		var want []string
		for i := range 300 {
			h := random(rng)
			if i%4 == 0 {
				h = flip(rng, centre, rng.IntN(spread))
			}
			id := fmt.Sprintf("%03d", i)
			p.Add(id, h)
			if apart(h, centre) <= radius {
				want = append(want, id)
			}
		}
		var got []string
		for _, hit := range p.Within(centre, radius) {
			got = append(got, hit.ID)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("found %v, want %v", got, want)
		}
	})
}

func BenchmarkPictures(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		rng := rand.New(rand.NewPCG(1, 2))
		var p media.Pictures
		for i := range n {
			p.Add(fmt.Sprint(i), random(rng))
		}
		query := random(rng)
		p.Add("same", flip(rng, query, 20))
		// Unrelated pictures are the usual query; a radius of 32 is past the index and compares all.
		for name, radius := range map[string]int{"index": media.PictureRadius, "all": media.PictureRadius + 1} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					if len(p.Within(query, radius)) != 1 {
						b.Fatal("not found")
					}
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "queries/s")
			})
		}
	}
}
