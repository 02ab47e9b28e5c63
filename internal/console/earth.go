package console

import (
	"fmt"
	"net/http"
	"strings"

	"parley/internal/draw"
	"parley/internal/store"
	"parley/internal/triage"
)

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
