package media_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"parley/internal/media"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"case and punctuation", "“The Tip,” he said — FOILED it.", "the tip he said foiled it"},
		{"apostrophe parts", "don't", "don t"},
		{"accents", "Café naïve Ångström", "cafe naive angstrom"},
		{"combining marks after the letter", "e\u0301te\u0301", "ete"},
		{"ligatures and wide forms", "ﬁnal Ｔｅｘｔ ２", "final text 2"},
		{"fractions", "½ of it", "1 2 of it"},
		{"cyrillic yo and short i", "Ёлка Мой", "елка мои"},
		{"greek final sigma", "ΛΟΓΟΣ λόγος", "λογοσ λογοσ"},
		{"turkish i", "İstanbul ısı", "istanbul isi"},
		{"arabic vowel marks", "مُحَمَّد", "محمد"},
		{"arabic hamza forms of alef", "أحمد إحمد آحمد ٱحمد", "احمد احمد احمد احمد"},
		{"arabic alef maksura and Farsi ya", "على علی", "علي علي"},
		{"arabic ta marbuta", "مدرسة", "مدرسه"},
		{"tatweel", "ســـلام", "سلام"},
		{"farsi kaf", "کتاب", "كتاب"},
		{"arabic digits", "٧٠٠ ۷۰۰", "700 700"},
		{"one sign of four words", "ﷺ", "صلي الله عليه وسلم"},
		{"han letters are words", "情报 A", "情 报 a"},
		{"zero-width letters between do not part", "se\u200bcr\u00adet", "secret"},
		{"direction marks", "\u202esecret\u202c", "secret"},
		{"bytes that are not UTF-8 part", "a\xffb", "a b"},
		{"nothing", " \t—!", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := media.Fold(c.in); got != c.want {
				t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "Plain words", "ﷺ ½ ﬁ", "e\u0301\u200b", "a\xff\xc3", "情报", "한국어", "ĲŸ ẞ ǅ ϴ K", "ـأ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := media.Fold(s)
		if twice := media.Fold(once); twice != once {
			t.Errorf("folding is not stable: %q, then %q", once, twice)
		}
		if !utf8.ValidString(once) {
			t.Errorf("folded text is not UTF-8: %q", once)
		}
		if strings.Join(strings.Fields(once), " ") != once {
			t.Errorf("words are not parted by one space: %q", once)
		}
		if len(once) > 22*len(s) {
			t.Errorf("%d bytes became %d", len(s), len(once))
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for name, s := range map[string]string{"latin": story(200), "arabic": strings.Repeat("أعلنت الجماعة المسؤولية عن العملية ", 40)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			for b.Loop() {
				media.Fold(s)
			}
		})
	}
}
