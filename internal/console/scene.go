package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"parley/internal/draw"
	"parley/internal/store"
)

// many is a picture of so many things that the browser draws it.
type many interface {
	Scene() (draw.Scene, error)
	SceneTable() (draw.Table, error)
}

// sceneBody is such a picture, with a part of the table of the same.
type sceneBody struct {
	Evidence store.Evidence
	Of       string // "contacts", "timeline" or "map"
	Title    string
	Data     string // where the browser gets it from
	Table    draw.Table
	Numbers  []int // of the rows
	All      int
	Note     string
	window
}

// everything makes the page of everything that there is of evidence. What is asked for
// after the address is asked for of the data too.
func everything(of, title string, gather func(c *console, r *http.Request) (many, string, error)) page {
	return func(c *console, r *http.Request) (view, error) {
		e, err := c.item(r)
		if err != nil {
			return view{}, err
		}
		m, note, err := gather(c, r)
		if err != nil {
			return view{}, err
		}
		t, err := m.SceneTable()
		if err != nil {
			return view{}, err
		}
		b := sceneBody{Evidence: e, Of: of, Title: title, All: len(t.Rows), Note: note, Table: draw.Table{Columns: t.Columns}}
		b.Data = fmt.Sprintf("/evidence/E%d/%s/all.json", e.ID, of)
		if b.Table.Rows, b.window, err = windowed(r, t.Rows); err != nil {
			return view{}, err
		}
		for i := range b.Table.Rows {
			b.Numbers = append(b.Numbers, b.First-1+i)
		}
		names := map[string]string{"contacts": "Contacts of E%d", "timeline": "Timeline of E%d", "map": "Map of E%d"}
		return view{Page: "scene", Under: "evidence", Title: fmt.Sprintf(names[of], e.ID), Body: b}, nil
	}
}

// contactsOf is the whole graph of contacts of the evidence in the address.
func (c *console) contactsOf(r *http.Request) (g draw.Graph, note string, err error) {
	e, err := c.item(r)
	if err != nil {
		return g, "", err
	}
	all, err := c.artifactsOf(r.Context(), e.ID, "")
	if err != nil {
		return g, "", err
	}
	links, err := c.selectorLinks(r.Context(), e.ID)
	return contactGraph(e.ID, all.Rows, links), all.cut(), err
}

func manyContacts(c *console, r *http.Request) (many, string, error) { return c.contactsOf(r) }

// manyEvents are all artifacts that have a time.
func manyEvents(c *console, r *http.Request) (many, string, error) {
	e, err := c.item(r)
	if err != nil {
		return nil, "", err
	}
	all, err := c.artifactsOf(r.Context(), e.ID, "")
	t := draw.Timeline{Title: "When", Zone: zoneOf(r)}
	for _, a := range all.Rows {
		if !a.Time.IsZero() {
			t.Events = append(t.Events, event(a))
		}
	}
	return t, all.cut(), err
}

// manySpots are all artifacts that have a place on the earth.
func manySpots(c *console, r *http.Request) (many, string, error) {
	e, err := c.item(r)
	if err != nil {
		return nil, "", err
	}
	all, err := c.artifactsOf(r.Context(), e.ID, "")
	m := draw.Map{Title: "Where"}
	for _, a := range all.Rows {
		if s, located := spot(a); located {
			m.Spots = append(m.Spots, s)
		}
	}
	return m, all.cut(), err
}

// scene sends what a browser draws a large graph from, to whoever is signed in.
func (c *console) scene(gather func(c *console, r *http.Request) (many, string, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mine, r, ok := c.inHand(w, r, signInForm{To: "/"})
		if !ok {
			return
		}
		text, err := mine.sceneJSON(r, gather)
		if err != nil {
			mine.show(w, r, func(*console, *http.Request) (view, error) { return view{}, err }, tried{})
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		if r.Method != http.MethodHead {
			_, _ = w.Write(text) // a browser that has gone is no fault of ours
		}
	})
}

func (c *console) sceneJSON(r *http.Request, gather func(c *console, r *http.Request) (many, string, error)) ([]byte, error) {
	m, _, err := gather(c, r)
	if err != nil {
		return nil, err
	}
	s, err := m.Scene()
	if err != nil {
		return nil, err
	}
	l := c.spoken.of(r)
	for i, kind := range s.Kinds {
		s.Kinds[i] = l.Say(kind)
	}
	return json.Marshal(s)
}

// scenes lists where browsers get such pictures from.
func scenes() map[string]func(c *console, r *http.Request) (many, string, error) {
	return map[string]func(c *console, r *http.Request) (many, string, error){
		"/evidence/{number}/contacts/all.json": manyContacts,
		"/evidence/{number}/timeline/all.json": manyEvents,
		"/evidence/{number}/map/all.json":      manySpots,
		"/styleguide/canvas.json":              func(*console, *http.Request) (many, string, error) { return guideCrowd(), "", nil },
	}
}

// guideCrowd is the style guide's large graph: groups that a few people join.
func guideCrowd() draw.Graph {
	const people, groups = 1200, 24
	g := draw.Graph{Title: "A canvas: contacts"}
	for i := range people {
		g.Nodes = append(g.Nodes, draw.Node{ID: strconv.Itoa(i), Label: fmt.Sprintf("%s %d", guideNames[i%len(guideNames)], i), Kind: []draw.Kind{draw.Person, draw.Account, draw.Group}[i%3]})
		first := i % groups
		if i >= groups {
			g.Edges = append(g.Edges, draw.Edge{From: strconv.Itoa(i), To: strconv.Itoa(first), Weight: float64(1 + i%7)})
		}
		if i >= groups && i%11 == 0 {
			g.Edges = append(g.Edges, draw.Edge{From: strconv.Itoa(i), To: strconv.Itoa((i*7 + 1) % groups), Weight: 1})
		}
	}
	return g
}
