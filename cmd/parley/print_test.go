package main

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// What an enemy wrote cannot move the cursor, clear the screen, hide text or
// turn it around.
func TestPlainTextIsHarmless(t *testing.T) {
	for in, want := range map[string]string{
		"Samir, +1 202":      "Samir, +1 202",
		"نورة بترسون":        "نورة بترسون",
		"\x1b[2Jgone":        "·[2Jgone",
		"a\rb\tc\nd":         "a·b·c·d",
		"gnp.\u202eexe":      "gnp.·exe",
		"zero\u200bwidth":    "zero·width",
		"bell\a and \u009b1": "bell· and ·1",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestPlainTextKeepsItsLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		for _, r := range plain(text) {
			if r < ' ' || r == 0x7f {
				t.Fatalf("%q lets %U through", text, r)
			}
		}
		if lines := strings.Count(plainText(text), "\n"); lines != strings.Count(text, "\n") {
			t.Fatalf("%q has other lines when it is printed", text)
		}
	})
}

func TestCutKeepsWholeCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, most := rapid.String().Draw(t, "text"), rapid.IntRange(1, 40).Draw(t, "most")
		got := cut(text, most)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > most {
			t.Fatalf("cut(%q, %d) is %q", text, most, got)
		}
	})
}

func TestNumbersAreReadAsTheyArePrinted(t *testing.T) {
	for _, given := range []string{"E12", "e12", "12"} {
		if n, err := number("E", given); err != nil || n != 12 {
			t.Errorf("number(%q) is %d, %v", given, n, err)
		}
	}
	for _, given := range []string{"", "E", "M12", "E0", "-1", "E1.5", "E99999999999999999999", "E 1"} {
		if n, err := number("E", given); err == nil {
			t.Errorf("number(%q) is %d, want an error", given, n)
		}
	}
}

func TestSizesAndTimesForPeople(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 9_999: "9999 B", 274_000: "274 kB", 12_340_000: "12.3 MB"} {
		if got := size(n); got != want {
			t.Errorf("size(%d) is %q, want %q", n, got, want)
		}
	}
	for d, want := range map[time.Duration]string{0: "0m", 15 * time.Minute: "15m", 90 * time.Minute: "1h30m", 24 * time.Hour: "24h", 29 * time.Second: "0m"} {
		if got := short(d); got != want {
			t.Errorf("short(%s) is %q, want %q", d, got, want)
		}
	}
	if got := when(time.Time{}); got != "–" {
		t.Errorf("no time is %q", got)
	}
}

func TestFingerprintsAreReadInLines(t *testing.T) {
	got := groups("11111 22222 33333 44444 55555", 2)
	if strings.Join(got, "|") != "11111 22222|33333 44444|55555" {
		t.Errorf("got %q", got)
	}
}
