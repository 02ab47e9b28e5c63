package draw_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/internal/draw"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

// week is what happened on some telephone in a week.
func week() draw.Timeline {
	tl := draw.Timeline{Title: "A week of E1", Description: "Messages, calls and pictures by application.", Events: []draw.Event{
		{Lane: "Telegram", Kind: draw.Message, From: at("2026-08-24T07:30:00Z"), Label: "Did you find the lamp I asked for?", Link: "/findings/F103"},
		{Lane: "Telegram", Kind: draw.Message, From: at("2026-08-24T07:31:00Z"), Label: "نعم، غدا في المحطة"},
		{Lane: "SMS", Kind: draw.Message, From: at("2026-08-25T18:00:00Z"), Label: "Your order is ready: come and fetch it before Thursday evening at the latest"},
		{Lane: "Calls", Kind: draw.Call, From: at("2026-08-26T09:00:00Z"), To: at("2026-08-26T09:40:00Z"), Label: "+12125550186"},
		{Lane: "Camera", Kind: draw.Picture, From: at("2026-08-28T12:00:00Z"), Before: 20 * time.Hour, After: 10 * time.Hour, Label: "IMG_0001.jpg", Note: "the clock had no zone"},
		{Lane: "Camera", Kind: draw.Picture, From: at("2026-08-30T23:00:00Z"), Label: "IMG_0002.jpg, the last one on the card"},
	}, Address: func(w draw.Window) string {
		q := url.Values{}
		w.Set(q)
		return "/evidence/E1/timeline?" + q.Encode()
	}}
	for i := range 120 {
		tl.Events = append(tl.Events, draw.Event{Lane: "Chat of the long name that nobody will ever cut for want of room", Kind: draw.Message, From: at("2026-08-24T00:00:00Z").Add(time.Duration(i*i) * 33 * time.Second), Label: "m"})
	}
	return tl
}

func TestTimelinesAreDrawn(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	closer := week()
	closer.Window = draw.Window{From: at("2026-08-24T07:00:00Z"), To: at("2026-08-24T08:00:00Z")}
	closer.Zone = berlin
	for name, tl := range map[string]draw.Timeline{"week": week(), "hour": closer, "never": {Title: "Nothing"}, "instant": {Title: "One", Events: week().Events[:1]}} {
		t.Run(name, func(t *testing.T) {
			d, err := tl.Draw()
			if err != nil {
				t.Fatal(err)
			}
			sound(t, d)
			golden(t, name, d)
		})
	}
}

// A window is in the address, and a reader zooms, moves and comes back.
func TestWindowsOfTime(t *testing.T) {
	w := draw.Window{From: at("2026-08-24T00:00:00Z"), To: at("2026-08-25T00:00:00Z")}
	q := url.Values{"lane": {"SMS"}}
	w.Set(q)
	if got := q.Encode(); got != "from=2026-08-24T00%3A00%3A00Z&lane=SMS&to=2026-08-25T00%3A00%3A00Z" {
		t.Error(got)
	}
	if back, err := draw.ReadWindow(q); err != nil || back != w {
		t.Errorf("%v, %v", back, err)
	}
	draw.Window{}.Set(q)
	if got := q.Encode(); got != "lane=SMS" {
		t.Error(got)
	}
	for _, c := range []struct {
		got      draw.Window
		from, to string
	}{
		{w.Zoomed(0.5), "2026-08-24T06:00:00Z", "2026-08-24T18:00:00Z"},
		{w.Zoomed(2), "2026-08-23T12:00:00Z", "2026-08-25T12:00:00Z"},
		{w.Moved(1), "2026-08-25T00:00:00Z", "2026-08-26T00:00:00Z"},
		{w.Moved(-0.5), "2026-08-23T12:00:00Z", "2026-08-24T12:00:00Z"},
	} {
		if c.got.From != at(c.from) || c.got.To != at(c.to) {
			t.Errorf("%v, not from %s to %s", c.got, c.from, c.to)
		}
	}
	for bad, words := range map[string]string{
		"from=2026-08-24": `to="" is no time`, "from=x&to=2026-08-24": `from="x" is no time`, "from=2026-08-24&to=2026-08-24": "between a second and 250 years",
		"from=2026-08-25&to=2026-08-24": "between", "from=0001-01-01&to=2026-08-24": "between",
	} {
		q, err := url.ParseQuery(bad)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := draw.ReadWindow(q); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// Whatever the events: the picture is sound, all are counted, none is named
// twice, the same events give the same bytes.
func TestAnyTimeline(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom(hostile), rapid.SampledFrom(people))
	second := rapid.Int64Range(-3e9, 2e11)
	rapid.Check(t, func(t *rapid.T) {
		tl := draw.Timeline{Title: text.Draw(t, "title")}
		base, wide := second.Draw(t, "base"), rapid.SampledFrom([]int64{1, 60, 4000, 1e6, 1e9, 2e11}).Draw(t, "wide")
		for range rapid.IntRange(0, 80).Draw(t, "events") {
			e := draw.Event{Label: text.Draw(t, "label"), Lane: text.Draw(t, "lane"), Kind: draw.Kind(text.Draw(t, "kind")), Link: text.Draw(t, "link"), From: time.Unix(base+rapid.Int64Range(0, wide).Draw(t, "from"), 0)}
			e.To = e.From.Add(time.Duration(rapid.IntRange(-5, 100).Draw(t, "long")) * time.Minute)
			e.Before = time.Duration(rapid.IntRange(0, 100).Draw(t, "before")) * time.Hour
			tl.Events = append(tl.Events, e)
		}
		if rapid.Bool().Draw(t, "a window") {
			from := time.Unix(base, 0)
			tl.Window = draw.Window{From: from, To: from.Add(time.Duration(rapid.IntRange(1, 1e6).Draw(t, "length")) * time.Second)}
		}
		d, err := tl.Draw()
		if err != nil {
			t.Fatal(err)
		}
		sound(t, d)
		insidePicture(t, d)
		outside := 0
		if d.Note != "" {
			if _, err := fmt.Sscanf(d.Note, "%d ", &outside); err != nil {
				t.Fatal(err)
			}
		}
		if len(d.Table.Rows)+outside != len(tl.Events) {
			t.Fatalf("%d rows and %d outside of %d events", len(d.Table.Rows), outside, len(tl.Events))
		}
		if again, err := tl.Draw(); err != nil || again.SVG != d.SVG {
			t.Fatal("the same events are drawn otherwise", err)
		}
	})
}

// The axis counts in steps that people count in, from seconds to decades, and
// says what day or year it is once.
func TestTicksAreRound(t *testing.T) {
	for window, want := range map[string]string{
		"2026-08-24T07:30:00Z 10s":     "07:30:00 07:30:02 07:30:04 07:30:06 07:30:08 07:30:10 24 Aug 2026",
		"2026-08-24T07:00:00Z 1h":      "07:00 07:10 07:20 07:30 07:40 07:50 08:00 24 Aug 2026",
		"2026-08-24T20:00:00Z 24h":     "21:00 00:00 03:00 06:00 09:00 12:00 15:00 18:00 24 Aug 2026 25 Aug 2026",
		"2026-08-24T00:00:00Z 168h":    "24 Aug 25 Aug 26 Aug 27 Aug 28 Aug 29 Aug 30 Aug 31 Aug 2026",
		"2025-12-01T00:00:00Z 1500h":   "1 Dec 8 Dec 15 Dec 22 Dec 29 Dec 5 Jan 12 Jan 19 Jan 26 Jan 2025 2026",
		"2020-01-01T00:00:00Z 35000h":  "Jan Jul Jan Jul Jan Jul Jan Jul 2020 2021 2022 2023",
		"1950-01-01T00:00:00Z 700000h": "1950 1960 1970 1980 1990 2000 2010 2020",
	} {
		from, length, _ := strings.Cut(window, " ")
		d, err := time.ParseDuration(length)
		if err != nil {
			t.Fatal(err)
		}
		w := draw.Window{From: at(from), To: at(from).Add(d)}
		if got := draw.TickWords(w, time.UTC, 9); got != want {
			t.Errorf("%s\n%s, not\n%s", window, got, want)
		}
	}
}

// Where the clocks change, ticks stay at round hours and go on.
func TestTicksWhereClocksChange(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for from, want := range map[string]string{
		"2026-03-28T23:00:00Z": "00:00 01:00 03:00 04:00 05:00 06:00 29 Mar 2026",
		"2026-10-24T22:00:00Z": "00:00 01:00 02:00 03:00 04:00 25 Oct 2026",
	} {
		w := draw.Window{From: at(from), To: at(from).Add(5 * time.Hour)}
		if got := draw.TickWords(w, berlin, 6); got != want {
			t.Errorf("%s\n%s, not\n%s", from, got, want)
		}
	}
}

func BenchmarkTimeline(b *testing.B) {
	tl := draw.Timeline{Title: "Many"}
	for i := range draw.MostEvents {
		tl.Events = append(tl.Events, draw.Event{Lane: fmt.Sprint(i % 30), From: at("2026-08-24T00:00:00Z").Add(time.Duration(i*i) * time.Second)})
	}
	before := processorTime(b)
	for b.Loop() {
		if _, err := tl.Draw(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((processorTime(b)-before).Seconds()*1000/float64(b.N), "cpu-ms/timeline")
}
