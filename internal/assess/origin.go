package assess

import (
	"cmp"
	"fmt"
	"slices"

	"parley/stix"
)

// Origin is where one or more claims began.
type Origin struct {
	Who    stix.ID   `json:"who,omitempty"`    // the identity, or the first one that can be named
	Name   string    `json:"name"`             // "Witness 3"; "not named, behind Source-1"
	Hidden bool      `json:"hidden,omitempty"` // nobody can name it, so it may be another hidden one
	Claims []stix.ID `json:"claims"`           // the claims that come straight from it
}

// place is what tells origins apart.
type place struct {
	who    stix.ID
	hidden bool
	claim  stix.ID // only where there is no one to name at all
}

// sharing holds what is known about origins being the same.
type sharing struct {
	same  map[stix.ID]stix.ID // identity → the identity that stands for it, by analysts' word
	may   map[stix.ID]map[stix.ID]bool
	apart map[stix.ID]map[stix.ID]bool // by analysts' word, and stronger than may
}

func (f *casefile) sharing(confirmed []Confirmation) *sharing {
	s := &sharing{map[stix.ID]stix.ID{}, map[stix.ID]map[stix.ID]bool{}, map[stix.ID]map[stix.ID]bool{}}
	for _, c := range confirmed {
		if c.Same && f.claims[c.A].ID == "" {
			a, b := s.who(c.A), s.who(c.B)
			s.same[max(a, b)] = min(a, b)
		}
	}
	for _, c := range confirmed {
		if !c.Same {
			link(s.apart, f.origin(s, c.A), f.origin(s, c.B))
		}
	}
	for id, source := range f.sources {
		for _, other := range source.MayShareOriginWith {
			if a, b := s.who(id), s.who(other); !s.apart[a][b] {
				link(s.may, a, b)
			}
		}
	}
	return s
}

// origin returns the identity at the origin of a claim, or the identity itself.
func (f *casefile) origin(s *sharing, id stix.ID) stix.ID {
	if claim, ok := f.claims[id]; ok {
		return f.place(s, claim).who
	}
	return s.who(id)
}

func link(edges map[stix.ID]map[stix.ID]bool, a, b stix.ID) {
	if a == b || a == "" || b == "" {
		return
	}
	for _, pair := range [][2]stix.ID{{a, b}, {b, a}} {
		if edges[pair[0]] == nil {
			edges[pair[0]] = map[stix.ID]bool{}
		}
		edges[pair[0]][pair[1]] = true
	}
}

// who returns the identity that stands for id.
func (s *sharing) who(id stix.ID) stix.ID {
	for s.same[id] != "" && s.same[id] != id {
		id = s.same[id]
	}
	return id
}

// place returns where a claim began: the first hop of its chain, or its claimant. The origin is
// hidden when that hop has no name, or only heard it from somebody.
func (f *casefile) place(s *sharing, cl Claim) place {
	for i, hop := range cl.hops() {
		if hop.Who != "" {
			return place{who: s.who(hop.Who), hidden: i > 0 || f.sources[hop.Who].Access == Hearsay}
		}
	}
	return place{hidden: true, claim: cl.ID}
}

// origins clusters the roots of some claims by the place where they began.
func (f *casefile) origins(s *sharing, d *derivation, roots []stix.ID) []Origin {
	found := map[place]*Origin{}
	for _, root := range roots {
		claim, here := f.claims[root]
		p := place{hidden: true, claim: root}
		if here && d.loops[root] == "" {
			p = f.place(s, claim)
		}
		if found[p] == nil {
			found[p] = &Origin{Who: p.who, Name: f.placeName(p), Hidden: p.hidden}
		}
		found[p].Claims = append(found[p].Claims, root)
	}
	origins := make([]Origin, 0, len(found))
	for _, o := range found {
		origins = append(origins, *o)
	}
	slices.SortFunc(origins, func(a, b Origin) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Who, b.Who), slices.Compare(a.Claims, b.Claims))
	})
	return origins
}

func (f *casefile) placeName(p place) string {
	switch {
	case p.who == "":
		return "not named"
	case p.hidden:
		return "not named, behind " + f.name(p.who)
	}
	return f.name(p.who)
}

// fewest returns how many of the origins are surely different: the size of a set of origins no two
// of which may be the same. Two hidden origins may always be the same unless an analyst has said
// that they are not. The set is built from the origins with the fewest possible doubles up, so it
// may fall short of the largest one and never exceeds the truth.
func (s *sharing) fewest(origins []Origin) int {
	hidden := 0
	for _, o := range origins {
		if o.Hidden {
			hidden++
		}
	}
	doubles := func(o Origin) int {
		n := len(s.may[o.Who])
		if o.Hidden {
			n += hidden - len(s.apart[o.Who])
		}
		return n
	}
	ordered := slices.Clone(origins)
	slices.SortStableFunc(ordered, func(a, b Origin) int { return cmp.Compare(doubles(a), doubles(b)) })
	sure := sureSet{sharing: s, who: map[stix.ID]bool{}, hidden: map[stix.ID]bool{}}
	for _, o := range ordered {
		sure.add(o)
	}
	return sure.size
}

// sureSet is a set of origins no two of which may be the same.
type sureSet struct {
	*sharing
	who, hidden map[stix.ID]bool
	size        int
}

func (s *sureSet) add(o Origin) {
	for other := range s.may[o.Who] {
		if s.who[other] {
			return
		}
	}
	if o.Hidden {
		told := 0 // how many of the hidden ones in the set are told apart from this one
		for other := range s.apart[o.Who] {
			if s.hidden[other] {
				told++
			}
		}
		if told < len(s.hidden) {
			return
		}
		s.hidden[o.Who] = true
	}
	s.who[o.Who] = true
	s.size++
}

// span writes how many independent origins there are: "1", "1–2".
func span(least, most int) string {
	if least == most {
		return fmt.Sprint(most)
	}
	return fmt.Sprintf("%d–%d", least, most)
}
