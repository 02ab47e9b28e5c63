//go:build unix

package selector

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// The corpora: what most of a disk's text is (prose with few selectors), what a
// phone's exports are (a selector in every line), and bytes with none.
func corpora() map[string]string {
	prose := strings.Repeat("The lamp in the window was lit at eight, as it had been every evening since "+
		"2019. Nobody in the street could say who lit it; the house number is 14, the rent 1,250.50 a month. ", 40)
	dense := "[05/01/2024, 12:30:45] Samir: call +1 202-555-0147 or write to Desk@mail.example\n" +
		"see https://files.example/plan?id=7 and @lamplight_demo, (303) 555-0119\n"
	return map[string]string{
		"prose":   repeatTo(prose+dense, 1<<20),
		"chat":    repeatTo(dense, 1<<20),
		"digits":  repeatTo("4711 2024-01-05 12:30:45.123456 192.168.10.20 3.14159 0x1F 550e8400-e29b-41d4-a716-446655440000\n", 1<<20),
		"letters": repeatTo("abcdefghijklmnopqrstuvwxyz ", 1<<20),
		"arabic":  repeatTo("اللقاء في الحديقة كما اتفقنا، اتصل بي على +٩٦٤ ٧٧٠ ١٢٣ ٤٥٦٧ قبل المساء. ", 1<<20),
	}
}

func repeatTo(text string, size int) string {
	return strings.Repeat(text, size/len(text)+1)[:size]
}

func BenchmarkFind(b *testing.B) {
	for name, text := range corpora() {
		for _, region := range []string{"", "US"} {
			b.Run(name+"/region="+region, func(b *testing.B) {
				f := NewFinder(Options{Region: region})
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				hits, rounds, before := 0, 0, processTime()
				for b.Loop() {
					hits = len(f.Find(text))
					rounds++
				}
				spent := (processTime() - before).Seconds()
				b.ReportMetric(float64(hits), "hits/MiB")
				b.ReportMetric(float64(rounds*len(text))/1e6/spent, "MB/cpu-s")
			})
		}
	}
}

// processTime is the processor time taken so far: on a shared machine the clock
// on the wall measures the neighbours.
func processTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func BenchmarkParsePhone(b *testing.B) {
	for b.Loop() {
		if _, err := Parse(Phone, "+1 202-555-0147", Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
