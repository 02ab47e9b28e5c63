package psi

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func testSeed(n byte) Seed { return Seed{0: 0x5e, 31: n} }

func numbered(name string, n int) [][]byte {
	items := make([][]byte, n)
	for i := range items {
		items[i] = fmt.Appendf(nil, "%s %d", name, i)
	}
	return items
}

func mustCount(t testing.TB, seed byte, items [][]byte) *CountParty {
	t.Helper()
	p, err := NewCountParty(testSeed(seed), items)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// drawSets gives two sets that may share items.
func drawSets(t *rapid.T) (a, b [][]byte) {
	item := rapid.SliceOfN(rapid.Byte(), 1, 20)
	pool := rapid.SliceOfNDistinct(item, 2, 40, func(b []byte) string { return string(b) }).Draw(t, "pool")
	cut := rapid.IntRange(1, len(pool)).Draw(t, "end of a")
	from := rapid.IntRange(0, len(pool)-1).Draw(t, "start of b")
	return pool[:cut], pool[from:]
}

// intersect is the plain intersection: indexes into a.
func intersect(a, b [][]byte) []int {
	out := []int{}
	for i, x := range a {
		if slices.ContainsFunc(b, func(y []byte) bool { return bytes.Equal(x, y) }) {
			out = append(out, i)
		}
	}
	return out
}

func TestCountIsThatOfThePlainIntersection(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := drawSets(rt)
		want := intersect(a, b)
		ca, cb := mustCount(t, 1, a), mustCount(t, 2, b)
		if n := must(ca.Count(must(cb.Answer(ca.Query(), len(a)))(t)))(t); n != len(want) {
			rt.Fatalf("a counts %d, the sets share %d", n, len(want))
		}
		if n := must(cb.Count(must(ca.Answer(cb.Query(), len(b)))(t)))(t); n != len(want) {
			rt.Fatalf("b counts %d, the sets share %d", n, len(want))
		}
	})
}

// A side that is killed and begins again from its seed sends the same bytes,
// in whatever order it reads its items.
func TestRunsRepeatBitForBit(t *testing.T) {
	items, theirs := numbered("item", 300), numbered("item", 200)
	shuffled := slices.Clone(items)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) {
		shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
	})
	countQuery := mustCount(t, 2, theirs).Query()
	i, j := pairOptions(func(o *OverlapOptions) { o.Chunk = 64 })
	messages := func(items [][]byte) [][]byte {
		c, o := mustCount(t, 1, items), mustBegin(t, i, Items(items))
		out := [][]byte{c.Query(), must(c.Answer(countQuery, 200))(t), o.PublicKey()}
		for _, s := range must(play(t.Context(), o, mustBegin(t, j, Items(theirs))))(t) {
			out = append(out, s.message)
		}
		return out
	}
	first := messages(items)
	for _, again := range [][][]byte{messages(items), messages(shuffled)} {
		for i := range first {
			if !bytes.Equal(first[i], again[i]) {
				t.Errorf("message %d differs", i)
			}
		}
	}
}

// An answer is read by a party made anew, as after a restart.
func TestAnswersSurviveARestart(t *testing.T) {
	a, b := numbered("item", 150), numbered("item", 130)
	answer := must(mustCount(t, 2, b).Answer(mustCount(t, 1, a).Query(), 150))(t)
	if n := must(mustCount(t, 1, a).Count(answer))(t); n != 130 {
		t.Errorf("count %d, want 130", n)
	}
}

func TestPublicKeyIsThePartys(t *testing.T) {
	key := must(PublicKey(testSeed(1)))(t)
	i, _ := pairOptions(nil)
	o := mustBegin(t, i, Items(numbered("item", 1)))
	wantBytes(t, "public key", key, o.PublicKey())
	wantBytes(t, "key of the hello", key, must(o.Begin())(t)[headerSize:][:elementSize])
	if _, err := PublicKey(Seed{}); !errors.Is(err, errZeroSeed) {
		t.Errorf("an empty seed: %v", err)
	}
}

func TestSeedsGiveUnrelatedMessages(t *testing.T) {
	items := numbered("item", 3)
	if bytes.Equal(mustCount(t, 1, items).Query(), mustCount(t, 2, items).Query()) {
		t.Error("two seeds give one count query")
	}
	i, _ := pairOptions(nil)
	one := mustBegin(t, i, Items(items))
	i.Seed = testSeed(2)
	two := mustBegin(t, i, Items(items))
	if bytes.Equal(one.PublicKey(), two.PublicKey()) || one.heads[0] == two.heads[0] || slices.Equal(one.query, two.query) {
		t.Error("two seeds give one key or one query")
	}
}

func TestZeroedPartiesRefuse(t *testing.T) {
	items := numbered("item", 2)
	query := mustCount(t, 2, items).Query()
	c := mustCount(t, 1, items)
	c.Zero()
	c.Zero()
	if !isZero(c.key) || !isZero(c.blind) {
		t.Error("a secret is left")
	}
	if c.Query() != nil {
		t.Error("a wiped party makes queries")
	}
	_, err1 := c.Answer(query, 2)
	_, err2 := c.Count(query)
	for i, err := range []error{err1, err2} {
		if !errors.Is(err, ErrZeroed) {
			t.Errorf("call %d: got %v, want %v", i, err, ErrZeroed)
		}
	}
}
