package pattern_test

import (
	"fmt"
	"testing"
	"time"

	"parley/stix/pattern"
)

var benchPatterns = []struct{ name, text string }{
	{"one comparison", "[file:hashes.'SHA-256' = 'aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f']"},
	{"ten alternatives", "[" + repeated("domain-name:value = 'www.example.com'", " OR ", 10) + "]"},
	{"regular expression", `[email-message:subject MATCHES '^Final Report.+\\bexe$' AND email-message:from_ref.value LIKE '%@example.com']`},
	{"pair in a window", "([file:name = 'foo.dll'] FOLLOWEDBY [windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\foo']) WITHIN 300 SECONDS"},
	{"beacon", "[network-traffic:dst_ref.value ISSUBSET '198.51.100.0/24'] REPEATS 5 TIMES WITHIN 1800 SECONDS"},
}

func BenchmarkParse(b *testing.B) {
	for _, row := range benchPatterns {
		b.Run(row.name, func(b *testing.B) {
			b.SetBytes(int64(len(row.text)))
			b.ReportAllocs()
			for b.Loop() {
				mustParse(b, row.text)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "patterns/s")
		})
	}
}

// traffic makes observations of one connection each, a minute apart, one in a hundred to 198.51.100.0/24,
// and now and then a file and a key.
func traffic(b *testing.B, n int) []pattern.Observation {
	b.Helper()
	all := make([]pattern.Observation, n)
	for i := range all {
		address := fmt.Sprintf("203.0.113.%d", i%256)
		if i%100 == 0 {
			address = "198.51.100.7"
		}
		objects := map[string]pattern.Object{
			"network-traffic--1": {"type": "network-traffic", "dst_ref": "ipv4-addr--1", "dst_port": 443.0},
			"ipv4-addr--1":       {"type": "ipv4-addr", "value": address},
			"domain-name--1":     {"type": "domain-name", "value": fmt.Sprintf("host%d.example.com", i)},
			"file--1":            {"type": "file", "name": "readme.txt", "hashes": pattern.Object{"SHA-256": fmt.Sprintf("%064x", i)}},
			"email-message--1":   {"type": "email-message", "subject": "Final Report of the week", "from_ref": "email-addr--1"},
			"email-addr--1":      {"type": "email-addr", "value": "jdoe@example.com"},
		}
		switch i % 1000 {
		case 500:
			objects["file--1"]["name"] = "foo.dll"
		case 999:
			objects["windows-registry-key--1"] = pattern.Object{"type": "windows-registry-key", "key": `HKEY_LOCAL_MACHINE\foo`}
		}
		at := time.Unix(int64(i)*60, 0)
		o, err := pattern.NewObservation(at, at.Add(30*time.Second), 1, objects)
		if err != nil {
			b.Fatal(err)
		}
		all[i] = o
	}
	return all
}

func BenchmarkMatch(b *testing.B) {
	observations := traffic(b, 10_000)
	for _, row := range benchPatterns {
		b.Run(row.name, func(b *testing.B) {
			m := compiled(b, row.text, pattern.MatchOptions{})
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.Match(observations); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*len(observations))/b.Elapsed().Seconds(), "observations/s")
		})
	}
}

// BenchmarkMatchOne matches one observation with one pattern, as a stream is watched.
func BenchmarkMatchOne(b *testing.B) {
	observations := traffic(b, 1)
	for _, row := range benchPatterns[:3] {
		b.Run(row.name, func(b *testing.B) {
			m := compiled(b, row.text, pattern.MatchOptions{})
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.Match(observations); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "matches/s")
		})
	}
}
