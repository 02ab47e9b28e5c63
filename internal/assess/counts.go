package assess

import (
	"cmp"
	"slices"

	"parley/stix"
)

// CountView is a group of counts that may stand on one axis: the same thing by the same definition,
// in the same unit, period and area. A count that does not say all of these (the unit apart) stands
// with its own counter's counts alone.
type CountView struct {
	What       string     `json:"what"`
	Definition string     `json:"definition"`
	Unit       string     `json:"unit"`
	Period     string     `json:"period"`
	Area       string     `json:"area"`
	Missing    []string   `json:"missing,omitempty"` // what is not said: check it before sharing an axis
	Rows       []CountRow `json:"rows"`              // one a counter, by its name
	Envelope   Envelope   `json:"envelope"`
}

// CountRow is what one counter counts, by its newest claim.
type CountRow struct {
	Counter  stix.ID   `json:"counter,omitempty"`
	Name     string    `json:"name"`
	Words    string    `json:"words"` // "little more than 1,000"
	Quantity Quantity  `json:"quantity"`
	Claims   []stix.ID `json:"claims"`            // that give this number, repetitions included
	Earlier  []stix.ID `json:"earlier,omitempty"` // that gave another number before
}

// countGroup tells groups apart; the counter only where the key is not whole.
type countGroup struct {
	countKey
	counter stix.ID
}

// Counts returns what was counted, one group for every axis. Nothing is averaged, and no number
// is taken over to another definition. Only claims that assert and were not taken back count.
// Objects at fault are left out; [Weigh] names them.
func Counts(objects []stix.Object) []CountView {
	f := open(objects)
	withdrawn := f.withdrawn()
	groups := map[countGroup][]Claim{}
	var order []countGroup
	for _, id := range f.said {
		cl := f.claims[id]
		if cl.Quantity == nil || cl.Stance != Asserts || withdrawn[id] {
			continue
		}
		g := groupOf(cl)
		if groups[g] == nil {
			order = append(order, g)
		}
		groups[g] = append(groups[g], cl)
	}
	slices.SortFunc(order, func(a, b countGroup) int {
		return cmp.Or(a.compare(b.countKey), cmp.Compare(f.name(a.counter), f.name(b.counter)), cmp.Compare(a.counter, b.counter))
	})
	views := make([]CountView, 0, len(order))
	for _, g := range order {
		views = append(views, f.countView(groups[g]))
	}
	return views
}

func groupOf(cl Claim) countGroup {
	key, whole := cl.Quantity.key()
	if whole {
		return countGroup{countKey: key}
	}
	return countGroup{key, cl.counter()}
}

// counter returns who counted: the one the quantity names, or else the claimant.
func (cl Claim) counter() stix.ID { return cmp.Or(cl.Quantity.Counter, cl.Claimant) }

func (f *casefile) countView(claims []Claim) CountView {
	q := claims[0].Quantity
	v := CountView{What: q.What, Definition: q.Definition, Unit: q.Unit, Period: q.Period, Area: q.Area}
	for _, part := range []struct{ name, value string }{
		{"what", q.What}, {"definition", q.Definition}, {"period", q.Period}, {"area", q.Area},
	} {
		if plain(part.value) == "" {
			v.Missing = append(v.Missing, part.name)
		}
	}
	for _, cl := range claims {
		v.add(f, cl)
	}
	slices.SortStableFunc(v.Rows, func(a, b CountRow) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Counter, b.Counter))
	})
	v.Envelope = envelope(v.Rows)
	return v
}

// add takes the next claim by time into its counter's row.
func (v *CountView) add(f *casefile, cl Claim) {
	i := slices.IndexFunc(v.Rows, func(r CountRow) bool { return r.Counter == cl.counter() })
	if i < 0 {
		i = len(v.Rows)
		v.Rows = append(v.Rows, CountRow{Counter: cl.counter(), Name: f.name(cl.counter())})
	}
	row := &v.Rows[i]
	if words := cl.Quantity.Words(); row.Words != words {
		row.Earlier = append(row.Earlier, row.Claims...)
		row.Claims, row.Words, row.Quantity = nil, words, *cl.Quantity
	}
	row.Claims = append(row.Claims, cl.ID)
}

// envelope spans all rows. One row that leaves an end open leaves it open for all.
func envelope(rows []CountRow) Envelope {
	e := Envelope{}
	for i, row := range rows {
		low, high := row.Quantity.bounds()
		if i == 0 {
			e = Envelope{low, high}
			continue
		}
		e.Low, e.High = outer(e.Low, low, -1), outer(e.High, high, +1)
	}
	return e
}

// outer returns the bound that lies further to the given side.
func outer(a, b Bound, side int) Bound {
	if a.Value == nil || b.Value == nil {
		return Bound{}
	}
	if order := cmp.Compare(*b.Value, *a.Value) * side; order > 0 || order == 0 && b.About {
		return b
	}
	return a
}
