package media_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/media"
)

func TestCommonRuns(t *testing.T) {
	const report = "Source says: the courier leaves the harbour at dawn on Friday with two phones. More follows."
	const tearline = "We assess that THE COURIER leaves the harbour — at dawn on Friday with two bags."
	runs := media.CommonRuns(report, tearline, 8)
	if len(runs) != 1 {
		t.Fatalf("%d runs, want 1: %v", len(runs), runs)
	}
	run := runs[0]
	if want := "the courier leaves the harbour at dawn on Friday with two"; run.Text != want || report[run.AStart:run.AEnd] != want {
		t.Errorf("in the report: %q and %q, want %q", run.Text, report[run.AStart:run.AEnd], want)
	}
	if want := "THE COURIER leaves the harbour — at dawn on Friday with two"; tearline[run.BStart:run.BEnd] != want {
		t.Errorf("in the tearline: %q, want %q", tearline[run.BStart:run.BEnd], want)
	}
	if run.Words != 11 {
		t.Errorf("%d words, want 11", run.Words)
	}
	if runs := media.CommonRuns(report, tearline, 12); len(runs) != 0 {
		t.Errorf("no run has 12 words, got %v", runs)
	}
}

func TestCommonRunsTakeTheLongestCopy(t *testing.T) {
	runs := media.CommonRuns("a b c d e f", "a b c x a b c d e y", 3)
	if len(runs) != 1 || runs[0].Text != "a b c d e" {
		t.Errorf("got %v", runs)
	}
}

func TestCommonRunsMayOverlap(t *testing.T) {
	runs := media.CommonRuns("a b c d e", "a b c d x b c d e", 3)
	if len(runs) != 2 || runs[0].Text != "a b c d" || runs[1].Text != "c d e" {
		t.Errorf("got %v", runs)
	}
}

func TestCommonRunsKeepWholeLetters(t *testing.T) {
	a := "le café\u0301 fermé à midi"
	for _, run := range media.CommonRuns(a, "cafe ferme", 1) {
		if run.Text != "café\u0301 fermé" {
			t.Errorf("got %q", run.Text)
		}
	}
}

func TestCommonRunsOfOneSentenceRepeated(t *testing.T) {
	a, b := strings.Repeat("a ", 20_000), strings.Repeat("a ", 20_000)
	runs := media.CommonRuns(a, b, 8)
	if len(runs) != 1 || runs[0].Words != 20_000 {
		t.Errorf("%d runs", len(runs))
	}
}

func TestShared(t *testing.T) {
	got := media.Shared("One, two three four five six seven eight.", "x one two three FOUR five six seven eight y")
	want := strings.Fields("one two three four five six seven eight")
	if len(got) != 1 || !slices.Equal(got[0], want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := media.Shared("one two three four five six seven", "one two three four five six seven"); got != nil {
		t.Errorf("seven words are not a copy: %v", got)
	}
}

// Whatever stands in both texts at the given length is covered, and whatever is reported is in both.
func TestCommonRunsCoverExactlyWhatIsShared(t *testing.T) {
	alphabet := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 30)
	rapid.Check(t, func(t *rapid.T) {
		a, b := alphabet.Draw(t, "a"), alphabet.Draw(t, "b")
		least := rapid.IntRange(1, 6).Draw(t, "least")
		sa, sb := strings.Join(a, " "), strings.Join(b, " ")
		covered := make([]bool, len(a))
		for _, run := range media.CommonRuns(sa, sb, least) {
			if sa[run.AStart:run.AEnd] != sb[run.BStart:run.BEnd] || run.Words < least {
				t.Fatalf("run %+v is not in both", run)
			}
			for i := run.AStart / 2; i < (run.AEnd+1)/2; i++ {
				covered[i] = true
			}
		}
		if want := sharedWords(a, b, least); !slices.Equal(covered, want) {
			t.Errorf("covered %v, want %v", covered, want)
		}
	})
}

// sharedWords is the definition, slowly: the words of a in any run of so many that b has too.
func sharedWords(a, b []string, least int) []bool {
	shared := make([]bool, len(a))
	for i := 0; i+least <= len(a); i++ {
		for j := 0; j+least <= len(b); j++ {
			if slices.Equal(a[i:i+least], b[j:j+least]) {
				for k := range least {
					shared[i+k] = true
				}
			}
		}
	}
	return shared
}

func FuzzCommonRuns(f *testing.F) {
	f.Add("one two three", "two three four", 2)
	f.Add("ﷺ ½", "½ ﷺ", 1)
	f.Add("a\xff b", "b a", 0)
	f.Fuzz(func(t *testing.T, a, b string, least int) {
		for _, run := range media.CommonRuns(a, b, least) {
			if run.Text != a[run.AStart:run.AEnd] || run.BStart >= run.BEnd || run.BEnd > len(b) {
				t.Errorf("run %+v does not stand in the texts", run)
			}
		}
	})
}

func BenchmarkCommonRuns(b *testing.B) {
	report, tearline := story(5000), storyOf(2, 200)+" "+story(20)
	b.SetBytes(int64(len(report) + len(tearline)))
	for b.Loop() {
		if len(media.CommonRuns(report, tearline, 8)) != 1 {
			b.Fatal("not found")
		}
	}
}
