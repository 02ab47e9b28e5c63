package draw

import (
	"cmp"
	"slices"
	"time"

	"parley/internal/legible"
)

// Bounds of a timeline.
const (
	MostEvents    = 20_000
	mostLanes     = 40
	mostNamed     = 60 // events of a lane that are drawn one by one
	mostRows      = 14 // of a lane
	mostTableRows = 500
	otherLane     = "all others"
)

// Event is something that happened.
type Event struct {
	Label string    `json:"label"`
	Lane  string    `json:"lane,omitempty"` // events of one lane stand together
	Kind  Kind      `json:"kind"`
	Link  string    `json:"link,omitempty"`
	Note  string    `json:"note,omitempty"`
	From  time.Time `json:"from"`
	To    time.Time `json:"to,omitzero"` // zero: it took no time

	// How much earlier it may have begun, and how much later ended.
	Before time.Duration `json:"before,omitempty"`
	After  time.Duration `json:"after,omitempty"`
}

// ended is the event's last known instant.
func (e Event) ended() time.Time {
	if e.To.Before(e.From) {
		return e.From
	}
	return e.To
}

// Timeline is what happened, from left to right.
type Timeline struct {
	Title       string         `json:"title"`
	Description string         `json:"description,omitempty"`
	Events      []Event        `json:"events"` // in any order
	Window      Window         `json:"window"`
	Zone        *time.Location `json:"-"` // of what is written at the axis; nil: UTC

	// Address is where the same page shows another window; nil: bunches of
	// events lead nowhere.
	Address func(Window) string `json:"-"`
}

// Shown is the window that is drawn: the one that was asked for, or one that
// holds every event.
func (t Timeline) Shown() Window {
	if !t.Window.From.IsZero() {
		return t.Window
	}
	w := Window{}
	for _, e := range t.Events {
		from, to := e.From.Add(-e.Before), e.ended().Add(e.After)
		if w.From.IsZero() || from.Before(w.From) {
			w.From = from
		}
		if to.After(w.To) {
			w.To = to
		}
	}
	if w.From.IsZero() {
		return w
	}
	w.From, w.To = w.From.UTC(), w.To.UTC()
	if w.Length() > longestWindow { // the clock of some device was never set: what came last matters
		w.From = w.To.Add(-longestWindow)
	}
	edge := max(w.Length()/40, 2*time.Second)
	return Window{w.From.Add(-edge), w.To.Add(edge)}.whole()
}

// Draw draws the events of the window. Where there are too many to name, what
// lies close together is one bar with its number.
func (t Timeline) Draw() (Drawing, error) {
	if len(t.Events) > MostEvents {
		return Drawing{}, TooManyError{"events", len(t.Events), MostEvents}
	}
	if t.Zone == nil {
		t.Zone = time.UTC
	}
	w := t.Shown()
	lanes, outside := t.lanes(w)
	var c canvas
	height := t.drawLanes(&c, lanes, w)
	var used []Kind
	for _, l := range lanes {
		for _, e := range l.events {
			used = append(used, e.Kind)
		}
	}
	width, height := legend(&c, used, timelineWidth, height)
	d := picture("timeline", t.Title, t.Description, width, height, &c)
	if outside > 0 {
		d.Note = legible.Plural(outside, "event lies", "events lie") + " outside what is shown."
	}
	d.Table = t.table(lanes, &d.Note)
	return d, nil
}

// lane is a row of the timeline, with its events in the order of time.
type lane struct {
	name   string
	events []Event
}

// lanes sorts the events of a window, and counts those outside it. Lanes come
// by their first event; those of the fewest events beyond the bound are put
// together.
func (t Timeline) lanes(w Window) (all []lane, outside int) {
	at := map[string]int{}
	events := slices.Clone(t.Events)
	slices.SortStableFunc(events, func(a, b Event) int { return a.From.Compare(b.From) })
	count := map[string]int{}
	for _, e := range events {
		count[e.Lane]++
	}
	kept := count
	if len(count) > mostLanes {
		kept = largest(count, mostLanes-1)
	}
	for _, e := range events {
		if !w.holds(e.From.Add(-e.Before), e.ended().Add(e.After)) {
			outside++
			continue
		}
		name := e.Lane
		if _, keeps := kept[name]; !keeps {
			name = otherLane
		}
		i, known := at[name]
		if !known {
			i = len(all)
			at[name], all = i, append(all, lane{name: name})
		}
		all[i].events = append(all[i].events, e)
	}
	return all, outside
}

// largest keeps the names with the greatest numbers.
func largest(count map[string]int, most int) map[string]int {
	type one struct {
		name string
		n    int
	}
	var all []one
	for name, n := range count {
		all = append(all, one{name, n})
	}
	slices.SortFunc(all, func(a, b one) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.name, b.name)) })
	kept := map[string]int{}
	for _, o := range all[:most] {
		kept[o.name] = o.n
	}
	return kept
}

func (t Timeline) table(lanes []lane, note *string) Table {
	table := Table{Columns: columns("From", "To", "Not sure by", "Where", "What", "Kind")}
	var all []Event
	for _, l := range lanes {
		all = append(all, l.events...)
	}
	slices.SortStableFunc(all, func(a, b Event) int { return a.From.Compare(b.From) })
	for _, e := range all[:min(len(all), mostTableRows)] {
		to, doubt := "", ""
		if e.ended().After(e.From) {
			to = e.To.In(t.Zone).Format(time.RFC3339)
		}
		if e.Before > 0 || e.After > 0 {
			doubt = "−" + e.Before.String() + " +" + e.After.String()
		}
		table.Rows = append(table.Rows, []Cell{
			{Text: e.From.In(t.Zone).Format(time.RFC3339)}, {Text: to}, {Text: doubt}, {Text: e.Lane}, {Text: join(e.Label, e.Note), Link: e.Link}, {Text: kinds[e.Kind.known()].name},
		})
	}
	if more := len(all) - mostTableRows; more > 0 {
		*note = join(*note, "The table has the first "+legible.Grouped(mostTableRows)+" of "+legible.Grouped(len(all))+" events: look closer to see the rest.")
	}
	return table
}

// join puts two texts after one another.
func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}
