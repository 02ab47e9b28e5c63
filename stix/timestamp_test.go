package stix_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/stix"
	"pgregory.net/rapid"
)

func mustTime(t testing.TB, s string) stix.Timestamp {
	t.Helper()
	parsed, err := stix.ParseTimestamp(s)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestParseTimestamp(t *testing.T) {
	for _, c := range []struct {
		text   string
		want   time.Time
		digits int
	}{
		{"2016-01-20T12:31:12Z", time.Date(2016, 1, 20, 12, 31, 12, 0, time.UTC), 0},
		{"2016-01-20T12:31:12.123Z", time.Date(2016, 1, 20, 12, 31, 12, 123e6, time.UTC), 3},
		{"2016-01-20T12:31:12.1Z", time.Date(2016, 1, 20, 12, 31, 12, 1e8, time.UTC), 1},
		{"2016-01-20T12:31:12.123456789012Z", time.Date(2016, 1, 20, 12, 31, 12, 123456789, time.UTC), 12},
		{"2024-02-29T23:59:59.999Z", time.Date(2024, 2, 29, 23, 59, 59, 999e6, time.UTC), 3},
		{"2016-12-31T23:59:60Z", time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC), 0},
		{"0000-01-01T00:00:00Z", time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), 0},
	} {
		got, err := stix.ParseTimestamp(c.text)
		if err != nil || !got.Time().Equal(c.want) || got.String() != c.text || got.Digits() != c.digits {
			t.Errorf("%s: %v, %s, %d digits, %v", c.text, got.Time(), got, got.Digits(), err)
		}
	}
	for _, bad := range []string{
		"", "Z", "2016-01-20", "2016-01-20T12:31:12", "2016-01-20T12:31:12+00:00", "2016-01-20T12:31:12.Z",
		"2016-01-20t12:31:12Z", "2016-01-20T12:31:12z", "2016-01-20 12:31:12Z", "2016-1-20T12:31:12Z",
		"2016-02-30T12:31:12Z", "2023-02-29T12:31:12Z", "2016-13-20T12:31:12Z", "2016-00-20T12:31:12Z",
		"2016-01-00T12:31:12Z", "2016-01-20T24:00:00Z", "2016-01-20T12:60:12Z", "2016-01-20T12:31:61Z",
		"2016-01-20T12:31:60Z", "2016-01-20T12:31:12.12aZ", "2016-01-20T12:31:12,123Z", "2016-01-20T12:31:12ZZ",
		"٢016-01-20T12:31:12Z", "2016-01-20T12:31:12." + strings.Repeat("1", 31) + "Z",
	} {
		if got, err := stix.ParseTimestamp(bad); err == nil || !got.IsZero() {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestTimestampsCompareByMoment(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"2016-01-20T12:31:12Z", "2016-01-20T12:31:12.000Z", 0},
		{"2016-01-20T12:31:12.5Z", "2016-01-20T12:31:12.500000Z", 0},
		{"2016-01-20T12:31:12.000000000000Z", "2016-01-20T12:31:12Z", 0},
		{"2016-01-20T12:31:12.000000000001Z", "2016-01-20T12:31:12Z", 1},
		{"2016-01-20T12:31:12.0000000001Z", "2016-01-20T12:31:12.0000000002Z", -1},
		{"2016-01-20T12:31:12.0000000010Z", "2016-01-20T12:31:12.00000000091Z", 1},
		{"2016-01-20T12:31:12.001Z", "2016-01-20T12:31:12Z", 1},
		{"2015-01-20T12:31:12.9Z", "2016-01-20T12:31:12Z", -1},
	} {
		a, b := mustTime(t, c.a), mustTime(t, c.b)
		if a.Compare(b) != c.want || b.Compare(a) != -c.want {
			t.Errorf("%s and %s compare as %d and %d, want %d", a, b, a.Compare(b), b.Compare(a), c.want)
		}
	}
}

func TestNewTimestamp(t *testing.T) {
	moment := time.Date(2026, 3, 1, 10, 30, 0, 123456789, time.FixedZone("", 3600))
	for digits, want := range map[int]string{
		-1: "2026-03-01T09:30:00Z", 0: "2026-03-01T09:30:00Z", 3: "2026-03-01T09:30:00.123Z",
		6: "2026-03-01T09:30:00.123456Z", 9: "2026-03-01T09:30:00.123456789Z", 12: "2026-03-01T09:30:00.123456789Z",
	} {
		if got := stix.NewTimestamp(moment, digits).String(); got != want {
			t.Errorf("%d digits: %s, want %s", digits, got, want)
		}
	}
	if !stix.NewTimestamp(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), 3).IsZero() {
		t.Error("the year 10000 is written")
	}
	var zero stix.Timestamp
	if _, err := zero.MarshalText(); err == nil {
		t.Error("a timestamp that is not set is written")
	}
	if err := zero.UnmarshalText([]byte("yesterday")); err == nil || !zero.IsZero() {
		t.Error("yesterday is read")
	}
}

func TestTimestampRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		moment := time.Unix(rapid.Int64Range(-62e9, 250e9).Draw(t, "second"), rapid.Int64Range(0, 1e9-1).Draw(t, "nanosecond"))
		made := stix.NewTimestamp(moment, 9)
		read, err := stix.ParseTimestamp(made.String())
		if err != nil || read != made || !read.Time().Equal(moment) {
			t.Fatalf("%v came back as %v: %v", moment, read.Time(), err)
		}
	})
}

// stixShape is narrower than what Go's reader takes: no offsets, no commas, no single digits.
var stixShape = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,30})?Z$`)

// Whatever is accepted is what Go's own reader makes of it, leap seconds apart.
func FuzzParseTimestamp(f *testing.F) {
	for _, s := range []string{"2016-01-20T12:31:12.123Z", "2016-12-31T23:59:60Z", "2016-02-30T12:31:12Z", "", "Z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := stix.ParseTimestamp(s)
		want, goErr := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			if goErr == nil && stixShape.MatchString(s) {
				t.Fatalf("%q is refused: %v", s, err)
			}
			return
		}
		if got.String() != s || got.Compare(got) != 0 {
			t.Fatalf("%q came back as %q", s, got)
		}
		if !strings.Contains(s, ":60") && (goErr != nil || !got.Time().Equal(want)) {
			t.Fatalf("%q is %v, want %v (%v)", s, got.Time(), want, goErr)
		}
	})
}
