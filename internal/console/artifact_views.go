package console

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"parley/internal/draw"
	"parley/internal/legible"
	"parley/internal/store"
	"parley/internal/triage"
)

// mostDrawn is how many artifacts are read for one picture.
const mostDrawn = 20_000

// artifactRows are artifacts of evidence, with how many there are in all.
type artifactRows struct {
	Rows []triage.Artifact
	All  int
}

// cut says that not all of them were read, or nothing.
func (a artifactRows) cut() string {
	if a.All == len(a.Rows) {
		return ""
	}
	return fmt.Sprintf("Drawn from the first %s of %s artifacts.", legible.Grouped(len(a.Rows)), legible.Grouped(a.All))
}

// artifactsOf reads the artifacts of evidence, all or those of a kind.
func (c *console) artifactsOf(ctx context.Context, evidence int64, kind string) (artifactRows, error) {
	stored, err := c.node.Artifacts(ctx, evidence, kind)
	if err != nil {
		return artifactRows{}, err
	}
	all := artifactRows{All: len(stored)}
	for _, row := range stored[:min(len(stored), mostDrawn)] {
		var a triage.Artifact
		if err := json.Unmarshal(row.Body, &a); err != nil {
			return artifactRows{}, fmt.Errorf("read artifact %d of evidence E%d: %w", row.ID, evidence, err)
		}
		all.Rows = append(all.Rows, a)
	}
	return all, nil
}

// selectorLinks are the pages of the selectors in evidence, each by its value
// as [bare] writes it.
func (c *console) selectorLinks(ctx context.Context, evidence int64) (map[string]string, error) {
	all, err := c.node.Selectors(ctx, store.Scope{Evidence: evidence})
	links := map[string]string{}
	for _, t := range all {
		links[bare(t.Selector.Value)] = fmt.Sprintf("/selectors/S%d", t.ID)
	}
	return links, err
}

// move is one way to look closer, wider or elsewhere.
type move struct{ Name, To string }

type timelineBody struct {
	Evidence store.Evidence
	Kind     string
	Kinds    []triage.ArtifactKind
	Drawing  draw.Drawing
	Empty    bool
	Moves    []move
	Undated  int
}

// kindsOf are how artifacts are drawn.
var kindsOf = map[triage.ArtifactKind]draw.Kind{
	triage.KindMessage: draw.Message, triage.KindCall: draw.Call, triage.KindPicture: draw.Picture, triage.KindPlace: draw.Location,
	triage.KindContact: draw.Person, triage.KindAccount: draw.Account,
}

// timeline draws when the artifacts of evidence came about. The part of time
// that is shown is in the address.
func (c *console) timeline(r *http.Request) (view, error) {
	e, err := c.item(r)
	if err != nil {
		return view{}, err
	}
	q := r.URL.Query()
	b := timelineBody{Evidence: e, Kind: q.Get("kind"), Kinds: triage.ArtifactKinds()}
	all, err := c.artifactsOf(r.Context(), e.ID, b.Kind)
	if err != nil {
		return view{}, err
	}
	t := draw.Timeline{
		Title: "When", Description: "The artifacts that have a time, by the application that kept them.", Zone: zoneOf(r),
		Address: func(w draw.Window) string { return addressWith(r, w.Set) },
	}
	if t.Window, err = draw.ReadWindow(q); err != nil {
		return view{}, problem{http.StatusBadRequest, "Not a part of time", err.Error()}
	}
	for _, a := range all.Rows {
		if a.Time.IsZero() {
			b.Undated++
			continue
		}
		t.Events = append(t.Events, event(a))
	}
	b.Empty = len(t.Events) == 0
	if b.Drawing, err = t.Draw(); err != nil {
		return view{}, err
	}
	b.Drawing.Note = strings.TrimSpace(all.cut() + " " + b.Drawing.Note)
	b.Moves = windowMoves(t)
	return view{Page: "timeline", Under: "evidence", Title: fmt.Sprintf("Timeline of E%d", e.ID), Body: b}, nil
}

// event is an artifact with a time.
func event(a triage.Artifact) draw.Event {
	between := a.From
	if a.To != "" {
		between = strings.TrimSpace(a.From + " → " + a.To)
	}
	lane := a.Application
	if lane == "" {
		lane = string(a.Kind) + "s"
	}
	label := strings.TrimSpace(between + ": " + a.Text)
	if a.Text == "" {
		label = strings.TrimSpace(between + " " + a.Name)
	}
	return draw.Event{Label: strings.TrimPrefix(label, ": "), Lane: lane, Kind: kindsOf[a.Kind], From: a.Time, Note: a.Place.String()}
}

// windowMoves are the ways on from a part of time.
func windowMoves(t draw.Timeline) []move {
	w := t.Shown()
	moves := []move{
		{"← earlier", t.Address(w.Moved(-0.5))}, {"closer", t.Address(w.Zoomed(0.5))}, {"wider", t.Address(w.Zoomed(2))}, {"later →", t.Address(w.Moved(0.5))},
	}
	if !t.Window.From.IsZero() {
		moves = append(moves, move{"all of it", t.Address(draw.Window{})})
	}
	return moves
}

type mapBody struct {
	Evidence store.Evidence
	Drawing  draw.Drawing
	Empty    bool
	Moves    []move
}

// earth draws where pictures were taken and what places applications kept. The
// area is in the address.
func (c *console) earth(r *http.Request) (view, error) {
	e, err := c.item(r)
	if err != nil {
		return view{}, err
	}
	all, err := c.artifactsOf(r.Context(), e.ID, "")
	if err != nil {
		return view{}, err
	}
	m := draw.Map{
		Title: "Where", Description: "Where pictures were taken, and places that applications kept.",
		Address: func(a draw.Area) string { return addressWith(r, a.Set) },
	}
	if m.Area, err = draw.ReadArea(r.URL.Query()); err != nil {
		return view{}, problem{http.StatusBadRequest, "Not a part of the earth", err.Error()}
	}
	for _, a := range all.Rows {
		if s, located := spot(a); located {
			m.Spots = append(m.Spots, s)
		}
	}
	b := mapBody{Evidence: e, Empty: len(m.Spots) == 0, Moves: areaMoves(m)}
	if b.Drawing, err = m.Draw(); err != nil {
		return view{}, err
	}
	b.Drawing.Note = strings.TrimSpace(all.cut() + " " + b.Drawing.Note)
	return view{Page: "map", Under: "evidence", Title: fmt.Sprintf("Map of E%d", e.ID), Body: b}, nil
}

// spot is where an artifact lies on the earth.
func spot(a triage.Artifact) (draw.Spot, bool) {
	s := draw.Spot{Label: a.Name, Kind: kindsOf[a.Kind], Note: strings.TrimSpace(iso(a.Time) + " " + a.Place.String())}
	switch {
	case a.Position != nil:
		s.Lat, s.Lon = a.Position.Latitude, a.Position.Longitude
	case a.Picture != nil && a.Picture.Located:
		s.Lat, s.Lon = a.Picture.Latitude, a.Picture.Longitude
	default:
		return s, false
	}
	if s.Label == "" {
		s.Label = a.Application
	}
	return s, true
}

// areaMoves are the ways on from a part of the earth.
func areaMoves(m draw.Map) []move {
	a := m.Shown()
	moves := []move{
		{"closer", m.Address(a.Zoomed(0.5))},
		{"wider", m.Address(a.Zoomed(2))},
		{"← west", m.Address(a.Moved(-0.5, 0))},
		{"east →", m.Address(a.Moved(0.5, 0))},
		{"↑ north", m.Address(a.Moved(0, 0.5))},
		{"south ↓", m.Address(a.Moved(0, -0.5))},
		{"the world", m.Address(draw.World)},
	}
	if m.Area != (draw.Area{}) {
		moves = append(moves, move{"all places", m.Address(draw.Area{})})
	}
	return moves
}
