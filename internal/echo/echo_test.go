package echo_test

import (
	"encoding/json"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/demo"
	"parley/internal/echo"
	"parley/selector"
)

var key = echo.Key{1, 2, 3}

func common(a, b []int64) (n int) {
	for _, m := range a {
		if _, found := slices.BinarySearch(b, m); found {
			n++
		}
	}
	return n
}

// vocabulary is small, so that single words repeat everywhere.
var vocabulary = strings.Fields(`audience account boat bridge brother call camera caravan carrier channel city code cousin crate
	crew customs date desk door driver engine envelope factory farm ferry fire garage gate group guard hall harbour helper
	hill house island job key lamp lantern letter list lorry man market message metal mill money month mountain neighbour
	night north number office oil order paper parcel partner party phone picture place plan plate police port post price
	quay question radio rail report river road room rope route sailor school sea shop sign signal silver sister station
	stone street student summer table tank taxi teacher ticket tower town trader train truck uncle van village voice wagon
	wall warehouse watch water week west window winter wire woman word worker yard year young zone`)

func prose(r *rand.Rand, words int) string {
	all := make([]string, words)
	for i := range all {
		all[i] = vocabulary[r.IntN(len(vocabulary))]
	}
	return strings.Join(all, " ")
}

// TestARunLeavesAMark: eight words in a row that two texts share leave one in both,
// and twelve leave two, whatever stands around them.
func TestARunLeavesAMark(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		word := rapid.SampledFrom(vocabulary)
		text := func(least, most int, label string) string {
			return strings.Join(rapid.SliceOfN(word, least, most).Draw(rt, label), " ")
		}
		n := rapid.IntRange(echo.LeastRun, 30).Draw(rt, "run")
		run := text(n, n, "words")
		a := text(0, 30, "before a") + " " + run + " " + text(0, 30, "after a")
		b := text(0, 30, "before b") + ". " + strings.ToUpper(run) + "! " + text(0, 30, "after b")
		want := 1
		if n >= echo.LeastWords && len(slices.Compact(slices.Sorted(slices.Values(key.Marks(run))))) >= echo.LeastMarks {
			want = echo.LeastMarks
		}
		if got := common(key.Marks(a), key.Marks(b)); got < want {
			rt.Fatalf("%d marks for a run of %d words, want %d at least", got, n, want)
		}
		if s := echo.Shared(a, b); s.Words < n {
			rt.Fatalf("%d words are the same, want %d", s.Words, n)
		}
	})
}

// TestMarksSayNothingWithoutTheKey: under another key none is the same, and a text
// leaves no more than about two in five of its shingles.
func TestMarksSayNothingWithoutTheKey(t *testing.T) {
	text := prose(rand.New(rand.NewPCG(1, 1)), 2000)
	marks := key.Marks(text)
	if n := common(marks, echo.Key{9}.Marks(text)); n != 0 {
		t.Errorf("%d marks are the same under two keys", n)
	}
	if len(marks) < 700 || len(marks) > 900 {
		t.Errorf("%d marks of 2,000 words, want some 800", len(marks))
	}
	if n := len(key.Marks(prose(rand.New(rand.NewPCG(1, 2)), 50_000))); n > echo.MostWords/2 {
		t.Errorf("%d marks of a book", n)
	}
	for _, short := range []string{"", "four words are none", "\xff\xfe"} {
		if key.Marks(short) != nil {
			t.Errorf("%q has marks", short)
		}
	}
	phone := selector.Selector{Kind: selector.Phone, Value: "+12025550147"}
	if a, b := key.Selectors([]selector.Selector{phone, phone}), (echo.Key{}).Selectors([]selector.Selector{phone}); len(a) != 1 || a[0] == b[0] {
		t.Errorf("a selector's marks are %v and %v", a, b)
	}
}

func TestProbable(t *testing.T) {
	for _, c := range []struct {
		s    echo.Strength
		want bool
	}{
		{echo.Strength{}, false},
		{echo.Strength{Words: 11}, false},
		{echo.Strength{Words: 12}, true},
		{echo.Strength{Selectors: 2, Of: 2}, false},
		{echo.Strength{Selectors: 3, Of: 3}, true},
		{echo.Strength{Selectors: 3, Of: 6}, true},
		{echo.Strength{Selectors: 3, Of: 7}, false},
		{echo.Strength{Words: 11, Selectors: 2, Of: 2}, false},
	} {
		if got := echo.Probable(c.s); got != c.want {
			t.Errorf("%+v: %v", c.s, got)
		}
	}
}

// corpus are the texts of the demonstration: stories, notes, tearlines, messages.
func corpus(t *testing.T) (texts map[string]string) {
	t.Helper()
	texts = map[string]string{}
	err := fs.WalkDir(demo.Files(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(demo.Files(), name)
		switch {
		case err != nil:
			return err
		case strings.HasSuffix(name, ".txt"):
			texts[name] = string(b)
		case strings.HasSuffix(name, ".json") && !strings.HasSuffix(name, "expected.json"):
			var bundle struct {
				Objects []struct{ ID, Content, Description string }
			}
			if err := json.Unmarshal(b, &bundle); err != nil {
				return nil // not a bundle
			}
			for _, o := range bundle.Objects {
				if text := o.Content + o.Description; text != "" {
					texts[o.ID] = text
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// TestFalseAlarmsOfTheDemonstration holds each text against every other. Those that
// are found must be those that repeat one another.
func TestFalseAlarmsOfTheDemonstration(t *testing.T) {
	texts := corpus(t)
	var e struct {
		Alike [][]string `json:"stories_alike"`
	}
	b, err := fs.ReadFile(demo.Files(), demo.Expected)
	if err == nil {
		err = json.Unmarshal(b, &e)
	}
	if err != nil {
		t.Fatal(err)
	}
	alike := func(a, b string) bool {
		return slices.ContainsFunc(e.Alike, func(group []string) bool { return slices.Contains(group, a) && slices.Contains(group, b) })
	}
	pairs, found, wrong := 0, 0, 0
	for a, given := range texts {
		for b, told := range texts {
			if a == b {
				continue
			}
			pairs++
			if s := echo.Shared(told, given); echo.Probable(echo.Strength{Words: s.Words}) {
				found++
				if !alike(a, b) {
					wrong++
					t.Logf("%s and %s: %q", a, b, s.Runs)
				}
			}
		}
	}
	t.Logf("%d texts, %d pairs: %d found, %d of them are not said to repeat one another", len(texts), pairs, found, wrong)
	if found == 0 {
		t.Error("nothing was found: the test looks in the wrong place")
	}
}

// phrases are what tearlines are made of, whoever writes them.
var phrases = []string{
	"we judge it likely that somebody means to harm the", "it is known from a person with direct access that the",
	"use only to find this in your own systems", "no action against a person rests on it alone",
	"look for these numbers and tell us what you find about the", "we have no information on the",
}

// written is a text of two or three stock phrases and words of its own.
func written(r *rand.Rand) string {
	var all []string
	for range 2 + r.IntN(2) {
		all = append(all, phrases[r.IntN(len(phrases))], prose(r, 8+r.IntN(12)))
	}
	return strings.Join(all, " ")
}

// TestRatesOnGeneratedTexts measures how often texts that nobody copied are called an
// echo, and how often a copy is found in which some words were changed.
func TestRatesOnGeneratedTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(2026, 11))
	texts := make([]string, 200)
	for i := range texts {
		texts[i] = written(r)
	}
	holders := map[int64]int{}
	for _, text := range texts {
		for _, m := range key.Marks(text) {
			holders[m]++
		}
	}
	uncommon := func(text string) []int64 {
		return slices.DeleteFunc(key.Marks(text), func(m int64) bool { return holders[m] >= echo.MostHolders })
	}
	pairs, words, alarms := 0, 0, 0
	for i := range texts {
		told := uncommon(texts[i])
		for j := range i {
			pairs++
			if !echo.Probable(echo.Strength{Words: echo.Shared(texts[i], texts[j]).Words}) {
				continue
			}
			words++
			if common(told, uncommon(texts[j])) >= echo.LeastMarks {
				alarms++
			}
		}
	}
	t.Logf("of %d pairs of tearlines with stock phrases %d share enough words (%.1f %%), and %d are false alarms (%.3f %%)",
		pairs, words, 100*float64(words)/float64(pairs), alarms, 100*float64(alarms)/float64(pairs))
	if rate := float64(alarms) / float64(pairs); rate > 0.001 {
		t.Errorf("%.4f of the pairs are false alarms", rate)
	}
	for _, c := range []struct {
		changed int // in 100
		least   float64
	}{{0, 1}, {5, 0.95}, {10, 0.85}, {20, 0.4}} {
		found := 0
		for _, given := range texts {
			words := strings.Fields(given)
			for i := range words {
				if r.IntN(100) < c.changed {
					words[i] = vocabulary[r.IntN(len(vocabulary))]
				}
			}
			told := prose(r, 10) + " " + strings.Join(words, " ") + " " + prose(r, 10)
			if common(uncommon(told), uncommon(given)) >= echo.LeastMarks && echo.Probable(echo.Strength{Words: echo.Shared(told, given).Words}) {
				found++
			}
		}
		rate := float64(found) / float64(len(texts))
		t.Logf("found with %d %% of the words changed: %.1f %%", c.changed, 100*rate)
		if rate < c.least {
			t.Errorf("with %d %% of the words changed %.3f are found, want %.2f", c.changed, rate, c.least)
		}
	}
}
