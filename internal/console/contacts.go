package console

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"parley/internal/draw"
	"parley/internal/legible"
	"parley/internal/store"
	"parley/internal/triage"
)

// sizes of the graph of contacts that a reader may ask for.
var contactSizes = []int{30, 60, 120, draw.MostNodes}

type contactsBody struct {
	Evidence store.Evidence
	Drawing  draw.Drawing
	Most     int
	Sizes    []int
	Left     int // nodes that are not drawn
	Lines    int // between those that are, not drawn
	All      int
}

// contacts draws who wrote and called whom, as the evidence has it.
func (c *console) contacts(r *http.Request) (view, error) {
	e, err := c.item(r)
	if err != nil {
		return view{}, err
	}
	b := contactsBody{Evidence: e, Most: 60, Sizes: contactSizes}
	if text := r.URL.Query().Get("most"); text != "" {
		if b.Most, err = strconv.Atoi(text); err != nil || !slices.Contains(contactSizes, b.Most) {
			return view{}, problem{http.StatusBadRequest, "Not a size", "The address says most=, and none of 30, 60, 120 and 300 after it."}
		}
	}
	g, cut, err := c.contactsOf(r)
	if err != nil {
		return view{}, err
	}
	b.All = len(g.Nodes)
	g, b.Left, b.Lines = g.Busiest(b.Most)
	if b.Drawing, err = g.Draw(draw.Stress); err != nil {
		return view{}, err
	}
	b.Drawing.Note = strings.TrimSpace(cut + " " + b.Drawing.Note)
	return view{Page: "contacts", Under: "evidence", Title: fmt.Sprintf("Contacts of E%d", e.ID), Body: b}, nil
}

// correspondence collects what went between two of those in evidence.
type correspondence struct {
	nodes map[string]draw.Node
	names map[string]string // of the address book: a number's digits or an address in small letters
	links map[string]string // pages of selectors
	sent  map[[2]string]int
}

// contactGraph joins those who wrote to or called each other. A name that an
// application shows and a number are two nodes, though both may be one person:
// the evidence does not say so.
func contactGraph(evidence int64, all []triage.Artifact, links map[string]string) draw.Graph {
	device := fmt.Sprintf("E%d", evidence)
	c := correspondence{
		nodes: map[string]draw.Node{device: {ID: device, Label: device + ", who had it", Kind: draw.Device}},
		names: map[string]string{}, links: links, sent: map[[2]string]int{},
	}
	for _, a := range all {
		if a.Kind == triage.KindContact && a.Name != "" {
			for _, s := range a.Selectors {
				c.name(bare(s.Value), a.Name)
			}
		}
	}
	for _, a := range all {
		if a.Kind == triage.KindMessage || a.Kind == triage.KindCall {
			if from, to := c.ends(a, device); from != to {
				c.sent[[2]string{from, to}]++
			}
		}
	}
	return c.graph(device)
}

// mostNames is how many names one number shows, where the address book has more
// than one for it.
const mostNames = 3

// name notes a name of the address book.
func (c correspondence) name(id, name string) {
	known := strings.Split(c.names[id], " / ")
	switch {
	case c.names[id] == "":
		c.names[id] = name
	case !slices.Contains(known, name) && len(known) < mostNames:
		c.names[id] += " / " + name
	}
}

// ends are who wrote an artifact and to whom. Where nobody is named it is whoever
// had the device, or the chat.
func (c correspondence) ends(a triage.Artifact, device string) (from, to string) {
	from, to = device, device
	if a.From != "" {
		from = c.person(a.From)
	}
	switch {
	case a.To != "":
		to = c.person(a.To)
	case a.Name != "" && a.Name != a.From:
		to = "chat " + a.Name
		c.nodes[to] = draw.Node{ID: to, Label: a.Name, Kind: draw.Group, Note: "a chat of " + a.Application}
	}
	return from, to
}

// person is the node of somebody as the application wrote them.
func (c correspondence) person(text string) string {
	id := bare(text)
	if _, known := c.nodes[id]; known {
		return id
	}
	n := draw.Node{ID: id, Label: text, Kind: draw.Person, Link: c.links[id]}
	if strings.ContainsAny(text, "0123456789@") {
		n.Kind = draw.Account
		if name := c.names[id]; name != "" {
			n.Label, n.Note = name+" "+text, "the name is that of the address book"
		}
	}
	c.nodes[id] = n
	return id
}

// bare is a number or an address without what people write differently.
func bare(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	if len(digits) >= 7 && !strings.ContainsFunc(text, func(r rune) bool { return r >= 'a' && r <= 'z' || r == '@' }) {
		return digits
	}
	return text
}

// graph makes one line of what went there and back.
func (c correspondence) graph(device string) draw.Graph {
	g := draw.Graph{Title: "Who wrote to whom, and called", Description: "Messages and calls, a line for each two that had any; wider for more."}
	order := slices.SortedFunc(maps.Keys(c.sent), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(c.sent[b], c.sent[a]), strings.Compare(a[0], b[0]), strings.Compare(a[1], b[1]))
	})
	used, done := map[string]bool{}, map[[2]string]bool{}
	for _, ends := range order {
		back := [2]string{ends[1], ends[0]}
		if done[back] {
			continue
		}
		done[ends] = true
		used[ends[0]], used[ends[1]] = true, true
		there, here := c.sent[ends], c.sent[back]
		e := draw.Edge{From: ends[0], To: ends[1], Weight: float64(there + here), Label: legible.Grouped(there), Directed: here == 0}
		if here > 0 {
			e.Label = fmt.Sprintf("%s, %s back", legible.Grouped(there), legible.Grouped(here))
		}
		g.Edges = append(g.Edges, e)
	}
	slices.SortStableFunc(g.Edges, func(a, b draw.Edge) int { return cmp.Compare(b.Weight, a.Weight) })
	for _, id := range slices.Sorted(maps.Keys(used)) {
		g.Nodes = append(g.Nodes, c.nodes[id])
	}
	return g
}
