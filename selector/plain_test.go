package selector

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// findPlainly is FindField without marks: it looks at every byte.
func (f *Finder) findPlainly(name, text string) []Hit {
	f.reset(name)
	for i := 0; i < len(text); i++ {
		start := i
		for i < len(text) && classes[text[i]]&classHost != 0 {
			i++
		}
		if i-start >= tokenStep && i-start <= maxToken {
			f.token(text, start, i)
		}
	}
	f.walk(text, 0, len(text))
	for i := 0; i < len(text); {
		next := strings.Index(text[i:], " dot ")
		if next < 0 {
			break
		}
		i = max(i+next+1, f.findSpelledWord(text, i+next))
	}
	f.opt.Vocabulary.find(f, text)
	slices.SortStableFunc(f.hits, byPlace)
	return f.hits
}

// checkPlainly holds what Find finds to what the walk to every byte finds.
func checkPlainly(t *testing.T, quick, plain *Finder, name, text string) {
	t.Helper()
	got, want := quick.FindField(name, text), plain.findPlainly(name, text)
	if slices.Equal(got, want) {
		return
	}
	for _, hit := range want {
		if !slices.Contains(got, hit) {
			t.Errorf("not found: %s %q at %d", hit.Selector, hit.Raw, hit.Start)
		}
	}
	for _, hit := range got {
		if !slices.Contains(want, hit) {
			t.Errorf("found alone: %s %q at %d", hit.Selector, hit.Raw, hit.Start)
		}
	}
	t.Fatalf("in %.2000q", text)
}

// pieces are what texts are put together from to meet all readers at their edges.
var pieces = strings.Split("0|1|2|7|12|19|20|35|42|100|202|255|555|2024|0147|12345|1234567|2025550147|00|+|+1|-|.| |  |/|(|)|[|]|{|}|@|:|://|]//|#|%|=|,|;|\n|\t|\""+
	"|[.]|(dot)|[at]|{at}|[dot]| dot | at |(.)|a|b|e|f|x|z|A|F|T|N|S|W|E|é|д|的|٠|۱|०|１|\u00a0|\u202f|\xff|\xd9|\xe0|°|'|′|desk|example|org|com|de|id|t.me|wa.me|www.|x.com|"+
	"http|hxxps|https|tg|geo|signal|imsi|imei|lat|ip|v|version|order|telegram id|mac|pgp|DE89|GB|4QFJ|1234|5678|abcd|ab12|EF01|00:00:5e:00:53:01|0000.5e00.5301|fe80|2001:db8::1|21.309, -157.916|21.30944 -157.91686|,-7.12345|+1\u00a0202\u00a0555\u00a00147|202\u202f|5\u2011|"+
	"192.0.2.7|21.30944|-157.91686|21°18'34.0\"N|1PMycacnJaSqwwJqjawXBErnLsZ7RkXUAs|550e8400-e29b-41d4-a716-446655440000|e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855|"+
	"00-00-5E-00-53-01|4111 1111 1111 1111|lamp.42|_|--|...|1.2.3.4|0x|TestOfSomethingLong|Some_Long_Name_Of_Code|aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "|")

// randomText draws a text of pieces; some are repeated until they are long.
func randomText(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(60) {
		part := pieces[r.IntN(len(pieces))]
		for range r.IntN(3) {
			part += pieces[r.IntN(len(pieces))]
		}
		times := 1
		if r.IntN(20) == 0 {
			times = r.IntN(300)
		}
		b.WriteString(strings.Repeat(part, times))
		if r.IntN(3) == 0 {
			b.WriteByte(" \n,.:-"[r.IntN(6)])
		}
	}
	return b.String()
}

func TestQuickIsPlainOnRandomText(t *testing.T) {
	for _, region := range []string{"US", "DE", ""} {
		quick, plain := NewFinder(Options{Region: region}), NewFinder(Options{Region: region})
		for seed := range uint64(20_000) {
			text := randomText(rand.New(rand.NewPCG(seed, 7)))
			t.Run("", func(t *testing.T) { checkPlainly(t, quick, plain, []string{"", "imsi", "telegram_id"}[seed%3], text) })
		}
	}
}

// TestQuickIsPlainOnFiles reads this repository's own files: source, prose, tables,
// databases and pictures, and the corpora of the benchmarks.
func TestQuickIsPlainOnFiles(t *testing.T) {
	quick, plain := NewFinder(Options{Region: "US"}), NewFinder(Options{Region: "US"})
	for name, text := range corpora() {
		t.Run(name, func(t *testing.T) { checkPlainly(t, quick, plain, "", text[:256<<10]) })
	}
	for _, pattern := range []string{"*.go", "../docs/*/*.md", "../internal/triage/testdata/*/*", "../internal/*/*.go", "../*.*"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(paths), err)
		}
		for _, path := range paths {
			raw, err := os.ReadFile(path)
			if err != nil {
				continue
			}
			text := string(raw[:min(len(raw), 256<<10)])
			t.Run(fmt.Sprintf("%s-%d", path, len(text)), func(t *testing.T) { checkPlainly(t, quick, plain, "", text) })
		}
	}
}

func FuzzQuickIsPlain(f *testing.F) {
	for seed := range uint64(50) {
		f.Add(randomText(rand.New(rand.NewPCG(seed, 8))), "field")
	}
	quick, plain := NewFinder(Options{Region: "US"}), NewFinder(Options{Region: "US"})
	f.Fuzz(func(t *testing.T, text, name string) { checkPlainly(t, quick, plain, name, text) })
}
