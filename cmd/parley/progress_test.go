package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"parley/internal/node"
)

// TestProgressOfLongWork: nothing in the first two seconds; then what is done, how
// far, in bytes, with the time left; and nothing is left of it in the end.
func TestProgressOfLongWork(t *testing.T) {
	var screen bytes.Buffer
	clock := time.Date(2026, 9, 10, 12, 0, 0, 0, time.UTC)
	p := &progress{out: &late{out: &screen, now: func() time.Time { return clock }, after: clock.Add(quickly)}}
	step := node.ImportProgress{Source: "feed.json", Phase: "checking", Done: 1 << 20, Total: 8 << 20}
	p.importing(step)
	if screen.Len() > 0 {
		t.Errorf("work that is quick shows %q", screen.String())
	}
	clock = clock.Add(quickly)
	step.Done = 2 << 20
	p.importing(step)
	for _, want := range []string{"feed.json: checking", "25%", "/8.4 MB", "B/s", "[0s:"} {
		if !strings.Contains(screen.String(), want) {
			t.Errorf("it shows %q, want %q in it", screen.String(), want)
		}
	}
	screen.Reset()
	p.importing(node.ImportProgress{Source: "feed.json", Phase: "keeping", Done: 1, Total: 8 << 20})
	if !strings.Contains(screen.String(), "keeping") {
		t.Errorf("the next phase shows %q", screen.String())
	}
	p.importing(node.ImportProgress{Source: "https://feeds.example/a\x1b[2J", Phase: "fetching", Done: 1 << 20, Total: -1})
	if strings.Contains(screen.String(), "\x1b[2J") || !strings.Contains(screen.String(), "fetching") {
		t.Errorf("an unknown length shows %q", screen.String())
	}
	p.end()
	if shown := screen.String(); !strings.HasSuffix(strings.TrimRight(shown, " \r"), "") || strings.HasSuffix(strings.TrimSpace(shown), "%") {
		t.Errorf("%q is left", shown)
	}
	p.end()
}

// TestNobodyWatches: no bar where standard error is no terminal, for JSON, or when
// it is not wanted.
func TestNobodyWatches(t *testing.T) {
	for _, a := range []*app{{err: &bytes.Buffer{}}, {quiet: true}, {asJSON: true}} {
		p := a.progress()
		p.importing(node.ImportProgress{Source: "a", Phase: "checking", Done: 1, Total: 2})
		if p.out != nil || p.bar != nil {
			t.Errorf("%+v shows progress", a)
		}
		p.end()
	}
}
