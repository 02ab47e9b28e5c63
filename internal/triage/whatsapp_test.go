package triage_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"parley/internal/triage"
)

// The line that begins a message, as telephones of many languages write it.
func TestWhatsAppInManyLanguages(t *testing.T) {
	at := time.Date(2024, 1, 25, 14, 30, 0, 0, time.UTC)
	for language, line := range map[string]string{
		"British, Android":    "25/01/2024, 14:30 - Samir: hello",
		"British, iPhone":     "[25/01/2024, 14:30:00] Samir: hello",
		"American":            "1/25/24, 2:30\u202fPM - Samir: hello",
		"American, iPhone":    "[1/25/24, 2:30:00\u202fPM] Samir: hello",
		"German":              "25.01.24, 14:30 - Samir: hello",
		"French":              "25/01/2024 à 14:30 - Samir: hello",
		"Spanish":             "25/1/24, 2:30 p. m. - Samir: hello",
		"Spanish, hard space": "25/1/24, 2:30 p.\u00a0m. - Samir: hello",
		"Portuguese":          "25/01/2024 14:30 - Samir: hello",
		"Dutch":               "25-01-2024 14:30 - Samir: hello",
		"Swedish":             "2024-01-25 14:30 - Samir: hello",
		"Finnish":             "25.1.2024 klo 14.30 - Samir: hello",
		"Turkish":             "25.01.2024 14:30 - Samir: hello",
		"Hungarian":           "2024. 01. 25. 14:30 - Samir: hello",
		"Japanese":            "2024/01/25 14:30 - Samir: hello",
		"Chinese":             "2024/1/25 下午2:30 - Samir: hello",
		"Korean":              "2024. 1. 25. 오후 2:30 - Samir: hello",
		"Arabic":              "\u200f٢٥\u200f/١\u200f/٢٠٢٤، ٢:٣٠ م - Samir: hello",
		"Persian digits":      "۲۵/۱/۲۰۲۴, ۱۴:۳۰ - Samir: hello",
	} {
		r, path := runBytes(t, "chat.txt", []byte(line+"\nand more\n"), us)
		if len(r.artifacts) != 1 || !r.artifacts[0].Time.Equal(at) || r.artifacts[0].From != "Samir" || r.artifacts[0].Text != "hello\nand more" {
			t.Errorf("%s: %+v", language, r.artifacts)
		}
		checkArtifacts(t, path, r, us)
	}
}

// One date that can be read only with the month first says how all are meant.
func TestWhatsAppMonthFirst(t *testing.T) {
	american := "1/5/24, 2:30 PM - Samir: one\n1/25/24, 2:31 PM - Samir: two\n"
	r, _ := runBytes(t, "chat.txt", []byte(american), triage.Options{})
	want := time.Date(2024, 1, 5, 14, 30, 0, 0, time.UTC)
	if len(r.artifacts) != 2 || !r.artifacts[0].Time.Equal(want) {
		t.Errorf("%+v", r.artifacts)
	}
}

// A message of many short lines takes memory for its text, not for its text again
// with each line.
func TestWhatsAppOfShortLines(t *testing.T) {
	chat := "25/01/2024, 14:30 - Samir: hello\n" + strings.Repeat("a\n", 60_000)
	path := write(t, "chat.txt", []byte(chat))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r, _ := run(t, path, us)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 256<<20 || len(r.artifacts) != 1 || len(r.artifacts[0].Text) != 64<<10 {
		t.Errorf("%d bytes of memory, %d artifacts", took, len(r.artifacts))
	}
}
