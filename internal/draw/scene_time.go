package draw

import (
	"slices"
	"time"

	"parley/internal/legible"
)

// Of a timeline's scene, in pixels.
const (
	sceneWide  = 4000.0 // the window of time
	sceneLeft  = 160.0  // names of lanes
	sceneRow   = 12.0
	sceneRows  = 60 // of a lane; events beyond lie in the last
	sceneTicks = 24
)

// Scene lays every event of the window out by itself, in the order of time.
func (t Timeline) Scene() (Scene, error) {
	if len(t.Events) > MostOfScene {
		return Scene{}, TooManyError{"events", len(t.Events), MostOfScene}
	}
	w := t.Shown()
	lanes, _ := t.lanes(w)
	s := newScene(t.Title)
	var places []dot // of events, lane by lane
	y := 40.0
	for _, l := range lanes {
		ends := make([]float64, 0, sceneRows)
		for _, e := range l.events {
			x := sceneLeft + sceneWide*float64(e.From.Sub(w.From))/float64(w.Length())
			row := slices.IndexFunc(ends, func(end float64) bool { return end <= x })
			switch {
			case row >= 0:
			case len(ends) < sceneRows:
				row, ends = len(ends), append(ends, 0)
			default:
				row = sceneRows - 1
			}
			ends[row] = x + sceneRow
			places = append(places, dot{x, y + sceneRow*float64(row)})
		}
		s.line(oneLine(l.name, 40).text(), dot{0, y - sceneRow}, dot{sceneLeft + sceneWide, y - sceneRow})
		y += sceneRow * float64(len(ends)+2)
	}
	if t.Zone == nil {
		t.Zone = time.UTC
	}
	if w.Length() > 0 {
		for _, one := range ticks(w, t.Zone, sceneTicks) {
			x := sceneLeft + sceneWide*float64(one.at.Sub(w.From))/float64(w.Length())
			s.line(join(one.text, one.day), dot{x, 0}, dot{x, y})
		}
	}
	for _, one := range inTime(lanes) {
		d := places[one.at]
		s.add(Node{Label: one.event.Label, Kind: one.event.Kind, Link: one.event.Link}, box{x: d.x - margin, y: d.y - margin})
	}
	return s, nil
}

// SceneTable is the same as a table, in the order of time.
func (t Timeline) SceneTable() (Table, error) {
	if len(t.Events) > MostOfScene {
		return Table{}, TooManyError{"events", len(t.Events), MostOfScene}
	}
	lanes, _ := t.lanes(t.Shown())
	table := Table{Columns: columns("What", "Kind", "When", "Where")}
	for _, one := range inTime(lanes) {
		e := one.event
		table.Rows = append(table.Rows, []Cell{{Text: e.Label, Link: e.Link}, {Text: kinds[e.Kind.known()].name}, {Text: e.From.UTC().Format(time.RFC3339)}, {Text: e.Lane}})
	}
	return table, nil
}

// timed is an event with its place in the lanes, from the first lane's first.
type timed struct {
	event Event
	at    int
}

// inTime are the events of all lanes by time.
func inTime(lanes []lane) (all []timed) {
	for _, l := range lanes {
		for _, e := range l.events {
			all = append(all, timed{e, len(all)})
		}
	}
	slices.SortStableFunc(all, func(a, b timed) int { return a.event.From.Compare(b.event.From) })
	return all
}

// text is a label's lines as one.
func (l label) text() string {
	if len(l.lines) == 0 {
		return ""
	}
	return legible.Plain(l.lines[0], labelOfScene)
}
