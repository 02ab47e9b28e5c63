package draw

import (
	"fmt"
	"net/url"
	"time"
)

// Window is the part of time that a timeline shows. The zero value is all of
// it.
type Window struct {
	From, To time.Time
}

// Bounds of a window.
const (
	shortestWindow = time.Second
	longestWindow  = 250 * 365 * 24 * time.Hour
)

// ReadWindow reads a window from the values "from" and "to" of an address, as
// RFC 3339 has times or as days. Without them it is all of time.
func ReadWindow(q url.Values) (Window, error) {
	if q.Get("from") == "" && q.Get("to") == "" {
		return Window{}, nil
	}
	from, err := readTime("from", q)
	if err != nil {
		return Window{}, err
	}
	to, err := readTime("to", q)
	if err != nil {
		return Window{}, err
	}
	w := Window{from, to}
	if d := to.Sub(from); d < shortestWindow || d > longestWindow {
		return Window{}, fmt.Errorf("read a window of time: from %s to %s is not between a second and 250 years", q.Get("from"), q.Get("to"))
	}
	return w, nil
}

func readTime(name string, q url.Values) (time.Time, error) {
	text := q.Get(name)
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() > 0 {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("read a window of time: %s=%q is no time such as 2026-08-24T07:30:00Z or 2026-08-24", name, text)
}

// Set writes a window into the values of an address.
func (w Window) Set(q url.Values) {
	q.Del("from")
	q.Del("to")
	if !w.From.IsZero() {
		q.Set("from", w.From.UTC().Format(time.RFC3339))
		q.Set("to", w.To.UTC().Format(time.RFC3339))
	}
}

// Length is how long a window is.
func (w Window) Length() time.Duration { return w.To.Sub(w.From) }

// Zoomed is a window with the same middle that is so many times as long.
func (w Window) Zoomed(times float64) Window {
	half := time.Duration(float64(w.Length()) * times / 2)
	half = min(max(half, shortestWindow), longestWindow/2)
	middle := w.From.Add(w.Length() / 2)
	return Window{middle.Add(-half), middle.Add(half)}.whole()
}

// Moved is the window that lies so many of its lengths later; earlier where
// that is negative.
func (w Window) Moved(lengths float64) Window {
	d := time.Duration(float64(w.Length()) * lengths)
	return Window{w.From.Add(d), w.To.Add(d)}.whole()
}

// whole widens a window to whole seconds, as addresses have them.
func (w Window) whole() Window {
	from, to := w.From.Truncate(time.Second), w.To.Truncate(time.Second)
	if to.Before(w.To) {
		to = to.Add(time.Second)
	}
	return Window{from, to}
}

// holds tells whether any part of a span lies in the window.
func (w Window) holds(from, to time.Time) bool { return !to.Before(w.From) && !from.After(w.To) }
