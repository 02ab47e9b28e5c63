package console

import (
	"fmt"
	"html/template"
	"regexp"
	"strconv"
	"strings"
	"time"

	"parley/internal/catalogue"
	"parley/internal/legible"
	"parley/internal/warning"
	"parley/stix"
)

// Bounds on one text, in characters.
const (
	longText  = 20_000 // on a page of its own
	partText  = 4_000  // beside others like it
	shortText = 240    // in a row of a table
)

// functions are what the templates can do beside reading fields.
var functions = template.FuncMap{
	"show":   func(v any) []legible.Piece { return legible.Pieces(textOf(v), longText) },
	"part":   func(v any) []legible.Piece { return legible.Pieces(textOf(v), partText) },
	"brief":  func(v any) []legible.Piece { return legible.Pieces(textOf(v), shortText) },
	"iso":    iso,
	"size":   func(n any) string { return size(whole(n)) },
	"figure": func(f *float64) string { return legible.Decimal(*f) },
	"count":  legible.Grouped,
	"short":  shortID,
	"link":   link,
	"opens":  answerPage,
	"behind": behind,
	"hex":    func(b []byte) string { return fmt.Sprintf("%x", b) },
	"upper":  func(v any) string { return strings.ToUpper(textOf(v)) },
	"at":     func(id int64, here string) map[string]any { return map[string]any{"ID": id, "Here": here} },
	"sizes": func() map[string]string {
		return map[string]string{
			"max-ours": "Largest set of ours", "max-theirs": "Largest set of theirs", "pad-ours": "Fill ours up to so many with decoys", "pad-theirs": "Fill theirs up to so many",
			"runs": "Runs", "days": "In so many days", "until": "Until the end of this day, such as 2027-01-31",
		}
	},
}

func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return fmt.Sprint(v)
}

// iso writes a time as ISO 8601 has it, in UTC, to the second; "" for no time.
func iso(v any) string {
	var t time.Time
	switch v := v.(type) {
	case time.Time:
		t = v
	case stix.Timestamp:
		t = v.Time()
	}
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func whole(n any) int64 {
	switch n := n.(type) {
	case int:
		return int64(n)
	case int64:
		return n
	}
	return 0
}

// localTime writes a time in a zone, to the second; "" in UTC and for no time.
func localTime(v any, zone *time.Location) string {
	at, err := time.Parse(time.RFC3339, iso(v))
	if err != nil || zone == time.UTC {
		return ""
	}
	return at.In(zone).Format("2006-01-02 15:04:05 -07:00")
}

// size writes a number of bytes for people.
func size(n int64) string {
	switch {
	case n < 10_000:
		return legible.Grouped(n) + " B"
	case n < 10_000_000:
		return legible.Grouped((n+500)/1000) + " kB"
	}
	return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " MB"
}

// span writes a length of time in its two largest units: "2 d 3 h", "14 min".
func span(d time.Duration) string { return spanIn(catalogue.English(), d) }

func spanIn(l *catalogue.Catalogue, d time.Duration) string {
	d = d.Abs().Round(time.Minute)
	days, hours, minutes := int(d/(24*time.Hour)), int(d/time.Hour)%24, int(d/time.Minute)%60
	var parts []string
	for _, p := range []struct {
		n    int
		unit string
	}{{days, "d"}, {hours, "h"}, {minutes, "min"}} {
		if p.n > 0 && len(parts) < 2 {
			parts = append(parts, l.Plural(p.n, p.unit, p.unit))
		}
	}
	if len(parts) == 0 {
		return l.Plural(0, "min", "min")
	}
	return strings.Join(parts, " ")
}

// clock says in words how a deadline stands.
func clock(d warning.Deadline) string { return clockIn(catalogue.English(), d) }

func clockIn(l *catalogue.Catalogue, d warning.Deadline) string {
	step := l.Say(fmt.Sprint(d.Step))
	if d.Overdue {
		return l.Fill("{1} overdue by {2}", step, spanIn(l, d.Left))
	}
	return l.Fill("{1} within {2}", step, spanIn(l, d.Left))
}

// shortID is enough of an object's id to know it again: "note--5c498aa4".
// What is no id stays whole.
func shortID(v any) string {
	s := fmt.Sprint(v)
	id, err := stix.ParseID(s)
	if err != nil {
		return s
	}
	return s[:len(id.Type())+len("--")+8]
}

var subject = regexp.MustCompile(`^([WMREIQ])[1-9][0-9]{0,17}$`)

// link is the page of what a ledger's entry is on, such as W1, or "".
func link(on string) string {
	found := subject.FindStringSubmatch(on)
	if found == nil {
		return ""
	}
	pages := map[string]string{"W": "warnings", "M": "matches", "R": "releases", "E": "evidence", "I": "inbox", "Q": "consents"}
	return "/" + pages[found[1]] + "/" + on
}
