package console

import (
	"fmt"
	"html/template"
	"regexp"
	"strconv"
	"strings"
	"time"

	"parley/internal/assess"
	"parley/internal/warning"
	"parley/stix"
)

// functions are what the templates can do beside reading fields.
var functions = template.FuncMap{
	"show":   func(v any) []piece { return pieces(textOf(v), longText) },
	"part":   func(v any) []piece { return pieces(textOf(v), partText) },
	"brief":  func(v any) []piece { return pieces(textOf(v), shortText) },
	"iso":    iso,
	"size":   func(n any) string { return size(whole(n)) },
	"figure": func(f *float64) string { return decimal(*f) },
	"count":  grouped,
	"plural": plural,
	"span":   span,
	"clock":  clock,
	"short":  shortID,
	"link":   link,
	"hex":    func(b []byte) string { return fmt.Sprintf("%x", b) },
	"upper":  func(v any) string { return strings.ToUpper(textOf(v)) },
	"likely": assess.Likelihood,
	"sizes": func() map[string]string {
		return map[string]string{
			"max-ours": "Largest set of ours", "max-theirs": "Largest set of theirs", "pad-ours": "Fill ours up to so many with decoys", "pad-theirs": "Fill theirs up to so many",
			"runs": "Runs", "days": "In so many days", "until": "Until the end of this day, such as 2027-01-31",
		}
	},
	"join": func(all []string) string { return strings.Join(all, ", ") },
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

// grouped writes a number with commas: 11,234.
func grouped(v any) string {
	s := fmt.Sprint(v)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func plural(n any, one, many string) string {
	s := grouped(n)
	if s == "1" {
		return s + " " + one
	}
	return s + " " + many
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

// decimal writes a number in full with commas: 1,000, 2.5.
func decimal(f float64) string {
	whole, fraction, has := strings.Cut(strconv.FormatFloat(f, 'f', -1, 64), ".")
	if has {
		return grouped(whole) + "." + fraction
	}
	return grouped(whole)
}

// size writes a number of bytes for people.
func size(n int64) string {
	switch {
	case n < 10_000:
		return grouped(n) + " B"
	case n < 10_000_000:
		return grouped((n+500)/1000) + " kB"
	}
	return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " MB"
}

// span writes a length of time in its two largest units: "2 d 3 h", "14 min".
func span(d time.Duration) string {
	d = d.Abs().Round(time.Minute)
	days, hours, minutes := int(d/(24*time.Hour)), int(d/time.Hour)%24, int(d/time.Minute)%60
	var parts []string
	for _, p := range []struct {
		n    int
		unit string
	}{{days, "d"}, {hours, "h"}, {minutes, "min"}} {
		if p.n > 0 && len(parts) < 2 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.unit))
		}
	}
	if len(parts) == 0 {
		return "0 min"
	}
	return strings.Join(parts, " ")
}

// clock says in words how a deadline stands.
func clock(d warning.Deadline) string {
	if d.Overdue {
		return fmt.Sprintf("%s overdue by %s", d.Step, span(d.Left))
	}
	return fmt.Sprintf("%s within %s", d.Step, span(d.Left))
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
