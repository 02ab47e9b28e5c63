package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"parley/internal/draw"
	"parley/internal/store"
)

// sceneBody is a picture of so many things that the browser draws it, with a part
// of the table of the same.
type sceneBody struct {
	Evidence store.Evidence
	Title    string
	Data     string // where the browser gets it from
	Table    draw.Table
	Numbers  []int // of the rows
	All      int
	Note     string
	window
}

// windowedTable puts the part of a graph's table that the address asks for into a
// body.
func windowedTable(r *http.Request, g draw.Graph, b sceneBody) (sceneBody, error) {
	t, err := g.SceneTable()
	if err != nil {
		return b, err
	}
	b.All, b.Title, b.Table.Columns = len(t.Rows), g.Title, t.Columns
	if b.Table.Rows, b.window, err = windowed(r, t.Rows); err != nil {
		return b, err
	}
	for i := range b.Table.Rows {
		b.Numbers = append(b.Numbers, b.First-1+i)
	}
	return b, nil
}

// allContacts shows everybody who wrote or called, however many.
func (c *console) allContacts(r *http.Request) (view, error) {
	e, err := c.item(r)
	if err != nil {
		return view{}, err
	}
	g, note, err := c.contactsOf(r)
	if err != nil {
		return view{}, err
	}
	b, err := windowedTable(r, g, sceneBody{Evidence: e, Data: fmt.Sprintf("/evidence/E%d/contacts/all.json", e.ID), Note: note})
	return view{Page: "scene", Under: "evidence", Title: fmt.Sprintf("Contacts of E%d", e.ID), Body: b}, err
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

// scene sends what a browser draws a large graph from, to whoever is signed in.
func (c *console) scene(graph func(c *console, r *http.Request) (draw.Graph, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mine, r, ok := c.inHand(w, r, signInForm{To: "/"})
		if !ok {
			return
		}
		text, err := mine.sceneJSON(r, graph)
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

func (c *console) sceneJSON(r *http.Request, graph func(c *console, r *http.Request) (draw.Graph, error)) ([]byte, error) {
	g, err := graph(c, r)
	if err != nil {
		return nil, err
	}
	s, err := g.Scene()
	if err != nil {
		return nil, err
	}
	l := c.spoken.of(r)
	for i, kind := range s.Kinds {
		s.Kinds[i] = l.Say(kind)
	}
	return json.Marshal(s)
}

// scenes lists where browsers get large graphs from.
func scenes() map[string]func(c *console, r *http.Request) (draw.Graph, error) {
	return map[string]func(c *console, r *http.Request) (draw.Graph, error){
		"/evidence/{number}/contacts/all.json": func(c *console, r *http.Request) (draw.Graph, error) {
			g, _, err := c.contactsOf(r)
			return g, err
		},
		"/styleguide/canvas.json": func(*console, *http.Request) (draw.Graph, error) { return guideCrowd(), nil },
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
