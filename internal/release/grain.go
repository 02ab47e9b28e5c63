package release

import (
	"fmt"
	"math"
	"time"
)

// TimeGrain is the finest step of time that a tearline shows. A precise time is often how a source
// is found: the counterpart knows who was in the room at 03:12.
type TimeGrain string

// The steps of time, finest first. A week starts on Monday (ISO 8601), all in UTC.
const (
	Hour  TimeGrain = "hour"
	Day   TimeGrain = "day"
	Week  TimeGrain = "week"
	Month TimeGrain = "month"
)

// Floor returns the start of the step that t falls in, in UTC. An unknown grain is treated as
// Month, the coarsest, so that a mistake tells less and not more.
func (g TimeGrain) Floor(t time.Time) time.Time {
	t = t.UTC()
	y, m, d := t.Date()
	switch g {
	case Hour:
		return time.Date(y, m, d, t.Hour(), 0, 0, 0, time.UTC)
	case Day:
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	case Week:
		sinceMonday := (int(t.Weekday()) + 6) % 7
		return time.Date(y, m, d-sinceMonday, 0, 0, 0, 0, time.UTC)
	default:
		return time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
	}
}

// After returns the start of the next step after t. Ends of intervals use it, so that an interval
// still covers what it covered and never becomes empty, which STIX forbids.
func (g TimeGrain) After(t time.Time) time.Time {
	start := g.Floor(t)
	switch g {
	case Hour:
		return start.Add(time.Hour)
	case Day:
		return start.AddDate(0, 0, 1)
	case Week:
		return start.AddDate(0, 0, 7)
	default:
		return start.AddDate(0, 1, 0)
	}
}

// Holds says whether t is no finer than the grain.
func (g TimeGrain) Holds(t time.Time) bool { return g.Floor(t).Equal(t) }

func (g TimeGrain) rank() int {
	for i, step := range []TimeGrain{Hour, Day, Week} {
		if g == step {
			return i
		}
	}
	return 3
}

func (g TimeGrain) validate() error {
	switch g {
	case Hour, Day, Week, Month:
		return nil
	}
	return fmt.Errorf("time grain %q is none of hour, day, week, month", string(g))
}

// PlaceGrain is the finest place that a tearline shows.
type PlaceGrain string

// The steps of place, coarsest first. Degrees are whole degrees of latitude and longitude (WGS 84),
// some 111 km; the STIX precision property says so in metres.
const (
	Region  PlaceGrain = "region"
	Country PlaceGrain = "country"
	Degrees PlaceGrain = "degrees"
)

// degreePrecision is the farthest, in metres, that a point can lie from its coordinates rounded to
// whole degrees: half the diagonal of a one-degree cell at the equator, rounded up.
const degreePrecision = 79_000

// Round returns a coordinate as whole degrees.
func (g PlaceGrain) round(degrees float64) int { return int(math.Round(degrees)) }

func (g PlaceGrain) rank() int {
	for i, step := range []PlaceGrain{Region, Country, Degrees} {
		if g == step {
			return i
		}
	}
	return 0
}

// shows says whether a place of step p may be shown under grain g.
func (g PlaceGrain) shows(p PlaceGrain) bool { return p.rank() <= g.rank() }

func (g PlaceGrain) validate() error {
	switch g {
	case Region, Country, Degrees:
		return nil
	}
	return fmt.Errorf("place grain %q is none of region, country, degrees", string(g))
}
