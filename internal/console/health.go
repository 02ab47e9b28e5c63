package console

import (
	"cmp"
	"net/http"
	"slices"

	"parley/internal/node"
)

// healthBody is how the node stands, what needs somebody first.
type healthBody struct {
	node.Health
	Rows  []node.Symptom
	Acts  int
	Looks int // that somebody should look at
}

// nodeHealth asks the relays, so it is made when somebody opens it and not by
// every page.
func (c *console) nodeHealth(r *http.Request) (view, error) {
	h, err := c.node.Health(r.Context(), node.HealthOptions{})
	if err != nil {
		return view{}, err
	}
	b := healthBody{Health: h, Rows: slices.Clone(h.Symptoms)}
	order := map[string]int{node.Act: 0, node.Look: 1, node.Fine: 2}
	slices.SortStableFunc(b.Rows, func(a, b node.Symptom) int { return cmp.Compare(order[a.Word], order[b.Word]) })
	for _, s := range b.Rows {
		switch s.Word {
		case node.Act:
			b.Acts++
		case node.Look:
			b.Looks++
		}
	}
	return view{Page: "health", Title: "Health", Body: b}, nil
}
