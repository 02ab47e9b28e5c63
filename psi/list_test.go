package psi

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func mustListKey(t testing.TB, seed byte) *ListKey {
	t.Helper()
	return must(NewListKey(testSeed(seed)))(t)
}

func mustFilter(t testing.TB, k *ListKey, generation uint64, items [][]byte) *Filter {
	t.Helper()
	return must(NewFilter(k.PublicKey(), generation, must(k.Evaluate(context.Background(), items))(t)))(t)
}

// randomValues are distinct values such as a key gives, without its work.
func randomValues(r *rand.Rand, n int) []Value {
	out := make([]Value, n)
	for i := range out {
		out[i] = wide{uint64(r.Uint32() & 0xffff), r.Uint64()}.value()
	}
	slices.SortFunc(out, compareValues)
	return slices.Compact(out)
}

func TestCheckFindsWhatIsListed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		list, items := drawSets(rt)
		pad := rapid.SampledFrom([]int{0, 45}).Draw(rt, "pad")
		k := mustListKey(t, 1)
		check := must(NewCheck(testSeed(2), k.PublicKey(), items, pad))(t)
		answer := must(k.Answer(check.Query(), 50))(t)
		got := must(check.Held(answer, mustFilter(t, k, 1, list)))(t)
		if want := intersect(items, list); !slices.Equal(got, want) {
			rt.Fatalf("listed are %v, want %v", got, want)
		}
	})
}

// A list is evaluated in batches of any size, by whoever goes on with it.
func TestEvaluateInBatches(t *testing.T) {
	items := numbered("item", 50)
	whole := must(mustListKey(t, 1).Evaluate(t.Context(), items))(t)
	var parts []Value
	for batch := range slices.Chunk(items, 7) {
		parts = append(parts, must(mustListKey(t, 1).Evaluate(t.Context(), batch))(t)...)
	}
	if !slices.Equal(whole, parts) {
		t.Error("batches give other values than the whole")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := mustListKey(t, 1).Evaluate(ctx, items); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: %v", err)
	}
	_, err := mustListKey(t, 1).Evaluate(t.Context(), [][]byte{{1}, {}})
	wantRefused(t, err, ErrItems, "item 1 has 0 bytes")
}

func TestFilterIsReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfDistinct(rapid.Custom(func(t *rapid.T) Value {
			// Near each other, near the ends, or anywhere.
			v := wide{lo: uint64(rapid.IntRange(0, 300).Draw(t, "low"))}
			if rapid.Bool().Draw(t, "anywhere") {
				v = wide{uint64(rapid.Uint16().Draw(t, "hi")), rapid.Uint64().Draw(t, "lo")}
			}
			if rapid.Bool().Draw(t, "from the end") {
				v = wide{0xffff, ^uint64(0)}.sub(v)
			}
			return v.value()
		}), func(v Value) Value { return v }).Draw(t, "values")
		f, err := NewFilter(make([]byte, elementSize), 7, values)
		if err != nil {
			t.Fatal(err)
		}
		data, _ := f.MarshalBinary()
		if len(data) > filterHeadSize+codedLimit(len(values)) {
			t.Errorf("%d values take %d bytes", len(values), len(data))
		}
		g, err := ParseFilter(data, len(values))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(f.values, g.values) || f.digest != g.digest || g.Generation() != 7 {
			t.Errorf("read as %v, written from %v", g.values, f.values)
		}
		for _, v := range values {
			if !g.Contains(v) {
				t.Errorf("%x is missing", v)
			}
		}
	})
}

// A million values take at most 9 MB; they take less than 7.8.
func TestFilterOfAMillion(t *testing.T) {
	f := must(NewFilter(make([]byte, elementSize), 1, randomValues(rand.New(rand.NewPCG(1, 2)), 1_000_000)))(t)
	data := must(f.MarshalBinary())(t)
	if len(data) > 7_800_000 {
		t.Errorf("a filter of %d has %d bytes", f.Len(), len(data))
	}
	if g := must(ParseFilter(data, MaxListItems))(t); g.Digest() != f.Digest() {
		t.Error("read as another filter")
	}
}

func TestDifferenceLeadsFromOneFilterToTheNext(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		pool := randomValues(r, rapid.IntRange(0, 60).Draw(rt, "pool"))
		pick := func() (out []Value) {
			for _, v := range pool {
				if r.IntN(2) == 0 {
					out = append(out, v)
				}
			}
			return out
		}
		key := make([]byte, elementSize)
		from, to := must(NewFilter(key, 3, pick()))(t), must(NewFilter(key, 9, pick()))(t)
		got := must(from.Apply(must(from.Difference(to))(t), 60))(t)
		if got.Digest() != to.Digest() || !slices.Equal(got.values, to.values) {
			rt.Fatal("the difference leads elsewhere")
		}
	})
}

func TestAlteredFiltersAreRefused(t *testing.T) {
	f := must(NewFilter(make([]byte, elementSize), 5, randomValues(rand.New(rand.NewPCG(1, 2)), 100)))(t)
	data := must(f.MarshalBinary())(t)
	for bit := range 8 * len(data) {
		altered := bytes.Clone(data)
		altered[bit/8] ^= 1 << (bit % 8)
		if g, err := ParseFilter(altered, 200); g != nil || !errors.Is(err, ErrFilter) {
			t.Fatalf("with bit %d altered: %v", bit, err)
		}
	}
	for n := range len(data) {
		if _, err := ParseFilter(data[:n], 200); !errors.Is(err, ErrFilter) {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
	_, err := ParseFilter(append(bytes.Clone(data), 0), 200)
	wantRefused(t, err, ErrFilter, "1 bytes stand after the last value")
	_, err = ParseFilter(data, 99)
	wantRefused(t, err, ErrFilter, "100 values, at most 99 are allowed")
	_, err = NewFilter(make([]byte, elementSize), 1, []Value{{1}, {2}, {1}})
	wantRefused(t, err, ErrFilter, "stands in it twice")
}

func TestDifferencesOfOtherVersionsAreRefused(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	values, key := randomValues(r, 100), bytes.Repeat([]byte{1}, elementSize)
	one, two := must(NewFilter(key, 1, values))(t), must(NewFilter(key, 2, values[5:]))(t)
	three := must(NewFilter(key, 3, append(randomValues(r, 4), values[5:]...)))(t)
	first, second := must(one.Difference(two))(t), must(two.Difference(three))(t)
	if got := must(must(one.Apply(first, 200))(t).Apply(second, 200))(t); got.Digest() != three.Digest() {
		t.Error("two differences lead elsewhere")
	}
	_, err := one.Apply(second, 200)
	wantRefused(t, err, ErrFilter, "the difference is for generation 2, the filter is of 1")
	_, err = two.Apply(first, 200)
	wantRefused(t, err, ErrFilter, "the difference is for generation 1, the filter is of 2")
	_, err = must(NewFilter(key, 1, values[1:]))(t).Apply(first, 200)
	wantRefused(t, err, ErrFilter, "for another filter of generation 1")
	_, err = must(NewFilter(make([]byte, elementSize), 1, values))(t).Apply(first, 200)
	wantRefused(t, err, ErrFilter, "of another list")
	_, err = two.Apply(second, 98)
	wantRefused(t, err, ErrFilter, "there would be more than 98")
	_, err = two.Difference(one)
	wantRefused(t, err, ErrFilter, "nor does an earlier one")
	for bit := range 8 * len(second) {
		altered := bytes.Clone(second)
		altered[bit/8] ^= 1 << (bit % 8)
		if g, err := two.Apply(altered, 200); g != nil || !errors.Is(err, ErrFilter) {
			t.Fatalf("with bit %d altered: %v", bit, err)
		}
	}
}

func TestCheckOfAnotherKeyIsRefused(t *testing.T) {
	items := numbered("item", 20)
	k, other := mustListKey(t, 1), mustListKey(t, 2)
	f := mustFilter(t, k, 1, items[:10])
	check := must(NewCheck(testSeed(3), k.PublicKey(), items, 0))(t)
	_, err := check.Held(must(other.Answer(check.Query(), 20))(t), f)
	wantRefused(t, err, ErrProof, "was not made with the list's key")
	_, err = check.Held(must(k.Answer(check.Query(), 20))(t), mustFilter(t, other, 1, items))
	wantRefused(t, err, ErrFilter, "another list")

	answer := must(k.Answer(check.Query(), 20))(t)
	wrong := bytes.Clone(answer)
	e := times(t, check.elements[7], testScalar(1))
	copy(wrong[headerSize+7*elementSize:], e[:])
	_, err = check.Held(wrong, f)
	wantRefused(t, err, ErrProof, "was not made with the list's key")
	for why, e := range badElements(t) {
		bad := bytes.Clone(answer)
		copy(bad[headerSize+7*elementSize:], e[:])
		_, err = check.Held(bad, f)
		wantRefused(t, err, ErrMessage, "element 7 "+why)
		bad = bytes.Clone(check.Query())
		copy(bad[headerSize:], e[:])
		if _, err = k.Answer(bad, 20); !errors.Is(err, ErrMessage) {
			t.Errorf("a query whose first element %s: %v", why, err)
		}
	}
	later := must(NewCheck(testSeed(4), k.PublicKey(), items, 0))(t)
	_, err = later.Held(answer, f)
	wantRefused(t, err, ErrMessage, "belongs to another run")
	_, err = k.Answer(check.Query(), 19)
	wantRefused(t, err, ErrMessage, "check of 20 items, 1 to 19 are allowed")
	twice := bytes.Clone(check.Query())
	copy(twice[headerSize+elementSize:], twice[headerSize:headerSize+elementSize])
	_, err = k.Answer(twice, 20)
	wantRefused(t, err, ErrMessage, "element 1 is not above the one before it")
}

func TestZeroedListKeysAndChecksRefuse(t *testing.T) {
	k := mustListKey(t, 1)
	f := mustFilter(t, k, 1, numbered("item", 2))
	check := must(NewCheck(testSeed(3), k.PublicKey(), numbered("item", 2), 0))(t)
	answer := must(k.Answer(check.Query(), 2))(t)
	k.Zero()
	k.Zero()
	check.Zero()
	_, err1 := k.Evaluate(t.Context(), numbered("item", 1))
	_, err2 := k.Answer(check.Query(), 2)
	_, err3 := check.Held(answer, f)
	for i, err := range []error{err1, err2, err3} {
		if !errors.Is(err, ErrZeroed) {
			t.Errorf("call %d: got %v, want %v", i, err, ErrZeroed)
		}
	}
}

// TestACheckIsCountedBeforeItIsAnswered: by its header, which its length bears
// out.
func TestACheckIsCountedBeforeItIsAnswered(t *testing.T) {
	key, err := NewListKey(Seed{1})
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewCheck(Seed{2}, key.PublicKey(), [][]byte{[]byte("a"), []byte("b"), []byte("c")}, 0)
	if err != nil {
		t.Fatal(err)
	}
	query := c.Query()
	if n, err := CheckItems(query); n != 3 || err != nil {
		t.Errorf("%d items, %v; want 3", n, err)
	}
	for what, bad := range map[string][]byte{"nothing": nil, "a short one": query[:len(query)-1], "a long one": append(query, 0), "a head": query[:headerSize]} {
		if _, err := CheckItems(bad); !errors.Is(err, ErrMessage) {
			t.Errorf("%s: got %v", what, err)
		}
	}
}
