package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"parley/internal/draw"
	"parley/internal/legible"
	"parley/internal/node"
	"parley/internal/triage"
	"parley/selector"
)

// mostContacts is how many nodes of the graph can be told apart on a page.
const mostContacts = 60

// drawings makes the graph, the timeline and the map, as far as there is anything to
// show.
func drawings(r node.Results) (all []section, err error) {
	for _, make := range []func(node.Results) (section, bool, error){contacts, timeline, places} {
		s, some, err := make(r)
		if err != nil {
			return nil, err
		}
		if some {
			all = append(all, s)
		}
	}
	return all, nil
}

// contacts is who wrote to or called whom, as the applications wrote it.
func contacts(r node.Results) (section, bool, error) {
	type pair struct{ from, to string }
	names, counts, kinds := callNames(r.Artifacts), map[pair]float64{}, map[string]draw.Kind{}
	for _, a := range r.Artifacts {
		if a.Kind != triage.KindMessage && a.Kind != triage.KindCall || a.From == "" || a.To == "" {
			continue
		}
		p := pair{named(a.From, names), named(a.To, names)}
		counts[p]++
		kinds[p.from], kinds[p.to] = draw.Person, draw.Person
	}
	if len(counts) == 0 {
		return section{}, false, nil
	}
	g := draw.Graph{Title: "Who wrote to or called whom", Description: "Messages and calls of all applications together, as they wrote sender and recipient."}
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		g.Nodes = append(g.Nodes, draw.Node{ID: name, Label: name, Kind: kinds[name]})
	}
	pairs := slices.SortedFunc(maps.Keys(counts), func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	for _, p := range pairs {
		g.Edges = append(g.Edges, draw.Edge{From: p.from, To: p.to, Weight: counts[p], Directed: true, Label: strconv.Itoa(int(counts[p]))})
	}
	part, left, lines := g.Busiest(mostContacts)
	d, err := part.Draw(draw.Stress)
	s := section{ID: "contacts", Drawing: d}
	switch {
	case left > 0:
		s.Left = fmt.Sprintf("%s with the fewest messages and calls are left out.", legible.Plural(left, "other", "others"))
	case lines > 0:
		s.Left = fmt.Sprintf("%s with the fewest messages and calls are left out.", legible.Plural(lines, "line", "lines"))
	}
	return s, true, err
}

// callNames gives the names under which the device has its selectors as contacts.
func callNames(all []node.FoundArtifact) map[selector.Selector]string {
	names := map[selector.Selector]string{}
	for _, a := range all {
		if a.Kind != triage.KindContact || a.Name == "" {
			continue
		}
		for _, s := range a.Selectors {
			if names[s] == "" {
				names[s] = a.Name
			}
		}
	}
	return names
}

// named is a sender or recipient with the name that the device has for them.
func named(written string, names map[selector.Selector]string) string {
	written = strings.TrimSpace(written)
	s, err := selector.Detect(written, selector.Options{})
	if err != nil {
		return written
	}
	if name := names[s]; name != "" {
		return name + ", " + s.Value
	}
	return s.Value
}

// eventKinds are the signs of artifacts on a timeline.
var eventKinds = map[triage.ArtifactKind]draw.Kind{
	triage.KindMessage: draw.Message, triage.KindCall: draw.Call, triage.KindPicture: draw.Picture, triage.KindPlace: draw.Location,
	triage.KindAccount: draw.Account, triage.KindContact: draw.Person, triage.KindNetwork: draw.Device,
}

// timeline is when what was kept happened, a lane for each kind and application.
func timeline(r node.Results) (section, bool, error) {
	t := draw.Timeline{Title: "When it happened", Description: "Each artifact that has a time, in UTC. Some clocks tell no zone: their reading is shown as if it were UTC."}
	without := 0
	for _, a := range r.Artifacts {
		if a.Time.IsZero() {
			without++
			continue
		}
		if len(t.Events) == draw.MostEvents {
			continue
		}
		lane := string(a.Kind)
		if a.Application != "" {
			lane += ", " + a.Application
		}
		t.Events = append(t.Events, draw.Event{
			Label: label(a), Lane: lane, Kind: cmp.Or(eventKinds[a.Kind], draw.Other), From: a.Time, Note: fmt.Sprintf("A%d", a.Number),
		})
	}
	if len(t.Events) == 0 {
		return section{}, false, nil
	}
	d, err := t.Draw()
	s := section{ID: "timeline", Drawing: d}
	var left []string
	if without > 0 {
		left = append(left, fmt.Sprintf("%s no time.", legible.Plural(without, "artifact has", "artifacts have")))
	}
	if more := len(r.Artifacts) - without - len(t.Events); more > 0 {
		left = append(left, fmt.Sprintf("%s more are not shown.", legible.Grouped(more)))
	}
	s.Left = strings.Join(left, " ")
	return s, true, err
}

func label(a node.FoundArtifact) string {
	return cmp.Or(strings.Join(slices.DeleteFunc([]string{a.From, a.To}, func(s string) bool { return s == "" }), " → "), a.Name, a.Text, string(a.Kind))
}

// places is where pictures were taken, where applications say the device was, and what
// coordinates were written.
func places(r node.Results) (section, bool, error) {
	m := draw.Map{Title: "Where", Description: "Places of pictures and applications, and coordinates that were written. WGS 84."}
	for _, a := range r.Artifacts {
		note := fmt.Sprintf("A%d %s", a.Number, when(a.Time))
		switch {
		case a.Picture != nil && a.Picture.Located:
			m.Spots = append(m.Spots, draw.Spot{Label: a.Name, Kind: draw.Picture, Lat: a.Picture.Latitude, Lon: a.Picture.Longitude, Note: note})
		case a.Position != nil:
			m.Spots = append(m.Spots, draw.Spot{Label: label(a), Kind: draw.Location, Lat: a.Position.Latitude, Lon: a.Position.Longitude, Note: note})
		}
	}
	for _, s := range r.Selectors {
		if s.Kind != selector.Coordinates {
			continue
		}
		north, east, _ := strings.Cut(s.Value, ",")
		lat, errLat := strconv.ParseFloat(north, 64)
		lon, errLon := strconv.ParseFloat(east, 64)
		if errLat == nil && errLon == nil {
			m.Spots = append(m.Spots, draw.Spot{Label: s.Contexts[0].Raw, Kind: draw.Location, Lat: lat, Lon: lon, Note: "written, " + string(s.Confidence)})
		}
	}
	if len(m.Spots) == 0 {
		return section{}, false, nil
	}
	left := ""
	if more := len(m.Spots) - draw.MostSpots; more > 0 {
		m.Spots, left = m.Spots[:draw.MostSpots], fmt.Sprintf("%s more are not shown.", legible.Grouped(more))
	}
	d, err := m.Draw()
	return section{ID: "places", Drawing: d, Left: left}, true, err
}
