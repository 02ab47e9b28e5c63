package media_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/media"
)

// story returns n different words, the same every time.
func story(n int) string { return storyOf(1, n) }

// storyOf returns n words; different seeds share no word.
func storyOf(seed, n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = fmt.Sprintf("w%dx%d", seed, i)
	}
	return strings.Join(words, " ")
}

func text(t testing.TB, s string) media.Text {
	t.Helper()
	fingerprint, err := media.NewText(s)
	if err != nil {
		t.Fatal(err)
	}
	return fingerprint
}

func TestSimilarity(t *testing.T) {
	hundred := story(100) // 96 shingles
	for _, c := range []struct {
		name, a, b string
		want       float64
	}{
		{"the same", hundred, hundred, 1},
		{"the same but for dress", "The tip, it is said, foiled it", "THE TIP IT IS SAID FOILED IT.", 1},
		{"nothing in common", hundred, storyOf(2, 100), 0},
		{"first half", hundred, story(52), 48.0 / 96},
		{"one word changed in the middle", hundred, strings.Replace(hundred, "w1x50 ", "other ", 1), 91.0 / 101},
		{"two short texts alike", "no comment", "No comment!", 1},
		{"two short texts unlike", "no comment", "no answer", 0},
		{"no words", "", "—", 0},
		{"words against none", hundred, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := media.Similarity(text(t, c.a), text(t, c.b)); math.Abs(got-c.want) > 1e-12 {
				t.Errorf("similarity %v, want %v", got, c.want)
			}
		})
	}
}

func TestSimilarityOfLongTextsIsEstimated(t *testing.T) {
	long, half := text(t, story(20_004)), text(t, story(10_004))
	if got := media.Similarity(long, half); math.Abs(got-0.5) > 0.15 {
		t.Errorf("half of a long text is estimated at %v", got)
	}
	if got := media.Similarity(long, long); got != 1 {
		t.Errorf("a long text resembles itself by %v", got)
	}
	if got := media.Similarity(long, text(t, story(1000))); got > 0.2 {
		t.Errorf("a twentieth is estimated at %v", got)
	}
}

func TestTextTooLongIsRefused(t *testing.T) {
	_, err := media.NewText(strings.Repeat("a", media.MaxText+1))
	if err == nil || !strings.Contains(err.Error(), "cut it into parts") {
		t.Errorf("got %v", err)
	}
	if _, err := media.NewText(strings.Repeat("a", media.MaxText)); err != nil {
		t.Error(err)
	}
}

func TestSimilarityIsSymmetricAndBounded(t *testing.T) {
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 40)
	rapid.Check(t, func(t *rapid.T) {
		a, _ := media.NewText(strings.Join(words.Draw(t, "a"), " "))
		b, _ := media.NewText(strings.Join(words.Draw(t, "b"), " "))
		ab, ba := media.Similarity(a, b), media.Similarity(b, a)
		if ab != ba || ab < 0 || ab > 1 {
			t.Errorf("similarity %v one way and %v the other", ab, ba)
		}
		if a.Words() > 0 && media.Similarity(a, a) != 1 {
			t.Error("a text does not resemble itself")
		}
	})
}

func TestIndexFindsRewrites(t *testing.T) {
	var x media.Index
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 500 {
		x.Add(fmt.Sprintf("story-%03d", i), text(t, storyOf(i, 200)))
	}
	missed := 0
	for i := range 500 {
		words := strings.Fields(storyOf(i, 200))
		for range 16 { // one word in twelve is exchanged: a similarity of about a half
			words[rng.IntN(len(words))] = "other"
		}
		hits := x.Near(text(t, strings.Join(words, " ")), 0.3, 10)
		if len(hits) == 0 {
			missed++
			continue
		}
		if want := fmt.Sprintf("story-%03d", i); hits[0].ID != want || len(hits) != 1 {
			t.Errorf("rewrite of %s found %v", want, hits)
		}
	}
	if missed > 1 {
		t.Errorf("%d of 500 rewrites were not found", missed)
	}
}

func TestIndexOrderAndLimits(t *testing.T) {
	var x media.Index
	whole := text(t, story(100))
	if hits := x.Near(whole, 0, 5); len(hits) != 0 {
		t.Errorf("an empty index found %v", hits)
	}
	x.Add("empty", text(t, ""))
	x.Add("most", text(t, story(90)))
	x.Add("b", whole)
	x.Add("a", whole)
	if x.Len() != 3 {
		t.Errorf("%d texts are kept, want 3: one without words is not", x.Len())
	}
	hits := x.Near(whole, 0.5, 10)
	want := []media.TextHit{{ID: "a", Similarity: 1}, {ID: "b", Similarity: 1}, {ID: "most", Similarity: 86.0 / 96}}
	if fmt.Sprint(hits) != fmt.Sprint(want) {
		t.Errorf("found %v, want %v", hits, want)
	}
	if hits := x.Near(whole, 0.95, 10); len(hits) != 2 {
		t.Errorf("at 0.95 found %v", hits)
	}
	if hits := x.Near(whole, 0.5, 1); len(hits) != 1 || hits[0].ID != "a" {
		t.Errorf("at most one: %v", hits)
	}
	if hits := x.Near(text(t, ""), 0, 10); len(hits) != 0 {
		t.Errorf("a text without words found %v", hits)
	}
}

func BenchmarkNewText(b *testing.B) {
	s := story(500)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		if _, err := media.NewText(s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIndex(b *testing.B) {
	var x media.Index
	for i := range 10_000 {
		x.Add(fmt.Sprint(i), text(b, storyOf(i, 100)))
	}
	q := text(b, storyOf(77, 100))
	b.ResetTimer()
	for b.Loop() {
		if len(x.Near(q, 0.3, 10)) != 1 {
			b.Fatal("not found")
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "queries/s")
}
