package legible

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// marked writes pieces on one line: marks in brackets, breaks as a bar.
func marked(all []Piece) string {
	var b strings.Builder
	for _, p := range all {
		switch {
		case p.Break:
			b.WriteByte('|')
		case p.Mark != "":
			b.WriteString("[" + p.Mark + "]")
		default:
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestHiddenCharactersAreSeen(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		"plain words, as they are":     "plain words, as they are",
		"two\nlines\tand a tab":        "two\nlines\tand a tab",
		"windows\r\nlines":             "windows\nlines",
		"a\rb":                         "a[U+000D]b",
		"invoice\u202egpj.exe":         "invoice[U+202E]gpj.exe",
		"zero\u200b\u200b\u200bwidth":  "zero[U+200B ×3]width",
		"no\u00a0break":                "no[U+00A0]break",
		"soft\u00adhyphen":             "soft[U+00AD]hyphen",
		"joiner\u200dand\u2060word":    "joiner[U+200D]and[U+2060]word",
		"filler\u3164s\u115f\uffa0":    "filler[U+3164]s[U+115F][U+FFA0]",
		"blank\u2800braille":           "blank[U+2800]braille",
		"variant\ufe0f":                "variant[U+FE0F]",
		"tag\U000e0041":                "tag[U+E0041]",
		"bell\a escape\x1b[2J":         "bell[U+0007] escape[U+001B][2J",
		"broken \xff\xfe bytes":        "broken [byte FF][byte FE] bytes",
		"shown as such: \ufffd":        "shown as such: \ufffd",
		"نورة بترسون":                  "نورة بترسون",
		"e\u0301 stays":                "e\u0301 stays",
		"z" + accents + " runs over":   "z" + accents[:maxAccents*2] + "[4 accents] runs over",
		"😀 is seen":                    "😀 is seen",
		"phone.zip!/data/data/com.x/y": "phone.zip!/data/|data/com.x/y",
		strings.Repeat("x", 33):        strings.Repeat("x", 32) + "|x",
	} {
		if got := marked(Pieces(text, 20_000)); got != want {
			t.Errorf("%+q\n is %q\nnot %q", text, got, want)
		}
	}
}

// accents are eight of them, two bytes each: more than one letter may carry.
const accents = "\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307"

func TestLongTextsAreCut(t *testing.T) {
	got := Pieces("0123456789", 4)
	want := []Piece{{Text: "0123"}, {Mark: "… 6 more", Name: "characters that are not shown here", Cut: true}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got := marked(Pieces("0123", 4)); got != "0123" {
		t.Errorf("a text that just fits is %q", got)
	}
	if got := Pieces(strings.Repeat("\u202e", 1<<20), 240); len(got) != 1 || got[0].Mark != "U+202E ×1048576" {
		t.Errorf("a megabyte of one character is %d pieces", len(got))
	}
}

func TestPlainSetsMarksInBrackets(t *testing.T) {
	if got, want := Plain("invoice\u202egpj.exe\xff, long", 18), "invoice⟨U+202E⟩gpj.exe⟨byte FF⟩, ⟨… 4 more⟩"; got != want {
		t.Errorf("%q", got)
	}
}

func TestMarksAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"\u202e": "right-to-left override", "\xff": "not UTF-8", "\U000e0041": "a character that is not seen", "a" + accents: "more than belong on one letter",
	} {
		all := Pieces(text, 20_000)
		if got := all[len(all)-1].Name; got != want {
			t.Errorf("%+q is named %q", text, got)
		}
	}
}

// checkPieces holds for every text: what a reader sees holds nothing hidden,
// nothing that was visible is lost or turned around, and there is no more of
// it than was asked for.
func checkPieces(t interface{ Fatalf(string, ...any) }, text string, most int) {
	var seen strings.Builder
	for _, p := range Pieces(text, most) {
		if p.Mark != "" && p.Text != "" || p.Mark != "" && p.Name == "" {
			t.Fatalf("%+q: piece %+v", text, p)
		}
		seen.WriteString(p.Text)
	}
	if !utf8.ValidString(seen.String()) {
		t.Fatalf("%+q shows invalid UTF-8", text)
	}
	if n := utf8.RuneCountInString(seen.String()); n > most {
		t.Fatalf("%+q shows %d characters of at most %d", text, n, most)
	}
	rest := []rune(strings.ReplaceAll(text, "\r\n", "\n"))
	for _, r := range seen.String() {
		if hidden(r, utf8.RuneLen(r)) {
			t.Fatalf("%+q shows %U", text, r)
		}
		for len(rest) > 0 && rest[0] != r {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			t.Fatalf("%+q shows %U out of turn", text, r)
		}
		rest = rest[1:]
	}
}

func TestPiecesOfAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"\u202e", "\u200b", "\xff", "\r\n", accents, "\u2800", "/path/"})))
		checkPieces(t, strings.Join(parts.Draw(t, "text"), ""), rapid.IntRange(0, 50).Draw(t, "most"))
	})
}

func FuzzPieces(f *testing.F) {
	for _, s := range []string{"", "invoice\u202egpj.exe", "\xff\u200b", "a" + accents, "\r\r\n"} {
		f.Add(s, 10)
	}
	f.Fuzz(func(t *testing.T, s string, most int) {
		checkPieces(t, s, max(0, min(most, 1000)))
	})
}
