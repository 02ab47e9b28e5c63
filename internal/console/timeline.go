package console

import (
	"fmt"
	"net/http"
	"strings"

	"parley/internal/draw"
	"parley/internal/store"
	"parley/internal/triage"
)

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
