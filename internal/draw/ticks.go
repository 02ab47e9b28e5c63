package draw

import (
	"math"
	"time"
)

// tick is a place on the axis of time.
type tick struct {
	at   time.Time
	text string
	day  string // what it belongs to, where that is new: the day, or the year
}

// step is a distance of ticks that people count in.
type step struct {
	seconds, days, months int
	text, day             string // how a tick is written, and what it belongs to
}

func (s step) length() time.Duration {
	return time.Duration(s.seconds)*time.Second + time.Duration(float64(s.days)+30.44*float64(s.months))*24*time.Hour
}

// steps are those that are taken, from seconds to centuries.
var steps = func() (all []step) {
	for _, n := range []int{1, 2, 5, 10, 15, 30} {
		all = append(all, step{seconds: n, text: "15:04:05", day: "2 Jan 2006"})
	}
	for _, n := range []int{1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720} {
		all = append(all, step{seconds: n * 60, text: "15:04", day: "2 Jan 2006"})
	}
	for _, n := range []int{1, 2, 7, 14} {
		all = append(all, step{days: n, text: "2 Jan", day: "2006"})
	}
	for _, n := range []int{1, 2, 3, 6} {
		all = append(all, step{months: n, text: "Jan", day: "2006"})
	}
	for _, n := range []int{1, 2, 5, 10, 20, 50, 100} {
		all = append(all, step{months: 12 * n, text: "2006"})
	}
	return all
}()

// ticks are the places on an axis that a reader counts by: as many as there is
// room for and no more, at round times of the zone.
func ticks(w Window, zone *time.Location, most int) []tick {
	s := steps[len(steps)-1]
	for _, one := range steps {
		if float64(w.Length())/float64(one.length()) <= float64(most) {
			s = one
			break
		}
	}
	var all []tick
	day := ""
	for at := s.first(w.From.In(zone)); !at.After(w.To) && len(all) <= 2*most; at = s.next(at) {
		if at.Before(w.From) {
			continue
		}
		t := tick{at: at, text: at.Format(s.text)}
		if s.day != "" && at.Format(s.day) != day {
			day = at.Format(s.day)
			t.day = day
		}
		all = append(all, t)
	}
	return all
}

// first is the last round time that is not after t.
func (s step) first(t time.Time) time.Time {
	y, m, d := t.Date()
	switch {
	case s.months > 0:
		months := floor(y*12+int(m)-1, s.months)
		return time.Date(months/12, time.Month(months%12+1), 1, 0, 0, 0, 0, t.Location())
	case s.days > 0:
		noon := time.Date(y, m, d, 0, 0, 0, 0, t.Location())
		number := int(math.Floor(float64(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()) / 86400)) // since a Thursday
		if s.days%7 == 0 {
			return noon.AddDate(0, 0, floor(number-4, s.days)+4-number) // Mondays
		}
		return noon.AddDate(0, 0, floor(number, s.days)-number)
	}
	hour, minute, second := t.Clock()
	return time.Date(y, m, d, 0, 0, floor(hour*3600+minute*60+second, s.seconds), 0, t.Location())
}

// next is the round time after one. Where the clocks are put back, an hour
// comes twice, and is passed over the second time.
func (s step) next(t time.Time) time.Time {
	y, m, d := t.Date()
	hour, minute, second := t.Clock()
	if s.seconds > 0 {
		n := time.Date(y, m, d, hour, minute, second+s.seconds, 0, t.Location())
		if !n.After(t) {
			n = t.Add(time.Duration(s.seconds) * time.Second)
		}
		return n
	}
	return time.Date(y, m+time.Month(s.months), d+s.days, 0, 0, 0, 0, t.Location())
}

// floor is the greatest multiple of step that is not more than n.
func floor(n, step int) int {
	if r := n % step; r != 0 {
		if r < 0 {
			r += step
		}
		return n - r
	}
	return n
}
