package assess

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"parley/stix"
)

// Options is what Weigh is told beside the objects.
type Options struct {
	// Confirmations are what analysts found out about origins being the same.
	Confirmations []Confirmation
	// Withdrawn are claims that whoever made them takes back, though their notes do not say so.
	Withdrawn []stix.ID
	// Echoes are claims that probably repeat what we ourselves said to others. They are shown, and
	// bring no origin.
	Echoes []stix.ID
}

// Confirmation is an analyst's word on two claims, or on two identities: they share an origin, or
// they do not. It answers a [Suggestion], or a source's may_share_origin_with.
type Confirmation struct {
	A, B stix.ID
	Same bool
	By   stix.ID // the analyst; a confirmation by nobody is a fault
	At   stix.Timestamp
	Why  string
}

// Assessment is how one proposition stands: every value beside the others.
type Assessment struct {
	Proposition stix.ID     `json:"proposition"`
	Text        string      `json:"text"`
	Status      Status      `json:"status"`
	Computed    Status      `json:"computed"` // by the rules, before an override
	Override    *Override   `json:"override,omitempty"`
	NMin        int         `json:"n_min"` // origins that are surely independent
	NMax        int         `json:"n_max"` // origins, if none of those that may be the same are
	Repeats     int         `json:"repeats"`
	OriginList  []Origin    `json:"origins"` // of what is said for it
	Claims      []ClaimView `json:"claims"`  // every stance, by when it was said
	Denied      []Denial    `json:"denied"`
	NoComment   []stix.ID   `json:"no_comment"`
	Judgements  []Judged    `json:"judgements"`
	Reasons     []string    `json:"reasons"` // which rule decided, with which claims
}

// Denial says who denies it. An interested party would deny it either way, so its denial is shown
// and moves nothing. Interested is nil where it is not known.
type Denial struct {
	Claim      stix.ID `json:"claim"`
	Who        stix.ID `json:"who,omitempty"`
	Name       string  `json:"name"`
	Interested *bool   `json:"interested"`
	Interest   string  `json:"interest,omitempty"`
}

// Judged is a judgement that stands, with its id and text.
type Judged struct {
	ID   stix.ID `json:"id"`
	By   stix.ID `json:"by,omitempty"`
	Text string  `json:"text"`
	Judgement
}

// Origins writes the number of independent origins: "1–2 independent origins".
func (a Assessment) Origins() string {
	noun := "independent origins"
	if a.NMax == 1 {
		noun = "independent origin"
	}
	return span(a.NMin, a.NMax) + " " + noun
}

// Weigh returns one assessment for every proposition among the objects, by its text and id, and
// what was left out. Of each object the newest version counts; revoked ones do not. Objects that
// carry no extension of this package are used for names alone.
func Weigh(objects []stix.Object, opt Options) ([]Assessment, []Fault) {
	file := open(objects)
	confirmed := file.confirmations(opt.Confirmations)
	w := &weighing{file: file, derivation: file.derive(confirmed, opt), sharing: file.sharing(confirmed)}
	said := map[stix.ID][]stix.ID{}
	for _, id := range file.said {
		proposition := file.claims[id].PropositionRef
		said[proposition] = append(said[proposition], id)
	}
	judged := map[stix.ID][]Judgement{}
	for _, j := range file.judgements {
		judged[j.PropositionRef] = append(judged[j.PropositionRef], j)
	}
	assessments := []Assessment{}
	for _, id := range slices.Sorted(maps.Keys(file.claims)) {
		if claim := file.claims[id]; claim.Role == Proposition {
			assessments = append(assessments, w.weigh(claim, said[id], judged[id]))
		}
	}
	slices.SortStableFunc(assessments, func(a, b Assessment) int { return cmp.Compare(a.Text, b.Text) })
	return assessments, file.sortedFaults()
}

// confirmations returns those that an analyst answers for and that name two things of one sort.
func (f *casefile) confirmations(all []Confirmation) (valid []Confirmation) {
	for _, c := range all {
		_, aClaim := f.claims[c.A]
		_, bClaim := f.claims[c.B]
		switch {
		case c.By == "":
			f.fault(c.A, Fault{c.A, "", fmt.Sprintf("the confirmation with %s names no analyst; it is left out", c.B)})
		case c.A == c.B || aClaim != bClaim:
			f.fault(c.A, Fault{c.A, "", fmt.Sprintf("the confirmation with %s must name two claims or two identities; it is left out", c.B)})
		default:
			valid = append(valid, c)
		}
	}
	return valid
}

// weighing is a case file with what was worked out for all of it.
type weighing struct {
	file       *casefile
	derivation *derivation
	sharing    *sharing
}

func (w *weighing) weigh(proposition Claim, said []stix.ID, judgements []Judgement) Assessment {
	a := Assessment{
		Proposition: proposition.ID, Text: proposition.Text,
		Claims: make([]ClaimView, 0, len(said)), Denied: []Denial{}, NoComment: []stix.ID{}, Judgements: []Judged{},
	}
	for _, j := range judgements {
		a.Judgements = append(a.Judgements, Judged{j.ID, j.By, j.Text, j})
	}
	for _, id := range said {
		a.Claims = append(a.Claims, w.view(w.file.claims[id]))
	}
	pro := w.side(a.Claims, func(c *ClaimView) bool { return c.Stance == Asserts })
	contra := w.side(a.Claims, func(c *ClaimView) bool {
		return c.Stance == Denies && c.interested != nil && !*c.interested
	})
	a.OriginList, a.NMin, a.NMax = pro.origins, pro.least, len(pro.origins)
	for _, c := range pro.claims {
		if c.Repeat {
			a.Repeats++
		}
	}
	w.stances(&a)
	w.decide(&a, pro, contra)
	override(&a)
	return a
}

// side gathers the claims of one side that still stand, finds their origins, marks repetitions and
// caps their figures.
func (w *weighing) side(claims []ClaimView, of func(*ClaimView) bool) side {
	s := side{}
	var ids []stix.ID
	for i := range claims {
		if c := &claims[i]; of(c) && !c.Withdrawn {
			s.claims, ids = append(s.claims, c), append(ids, c.ID)
		}
	}
	s.origins = w.file.origins(w.sharing, w.derivation, w.derivation.roots(ids))
	s.least = w.sharing.fewest(s.origins)
	originOf := map[stix.ID]int{}
	for i, o := range s.origins {
		for _, id := range o.Claims {
			originOf[id] = i
		}
	}
	heard := map[int]stix.ID{}
	for _, c := range s.claims {
		c.Credibility = credibility(c.Given, s.least)
		if !c.straight {
			c.Repeat, c.RepeatOf = true, w.derivation.parents[c.ID]
		} else if first := heard[originOf[c.ID]]; first != "" {
			c.Repeat, c.RepeatOf = true, []stix.ID{first}
		} else {
			heard[originOf[c.ID]] = c.ID
		}
	}
	return s
}

// stances notes what was denied, not commented on and capped.
func (w *weighing) stances(a *Assessment) {
	for i := range a.Claims {
		c := &a.Claims[i]
		if c.Echo {
			a.Reasons = append(a.Reasons, fmt.Sprintf("probably an echo of what we said ourselves, and no origin: %s", c.label()))
		}
		switch {
		case c.Withdrawn:
			a.Reasons = append(a.Reasons, fmt.Sprintf("taken back: %s", c.label()))
		case c.Stance == Denies:
			a.Denied = append(a.Denied, Denial{c.ID, c.Claimant, c.ClaimantName, c.interested, c.interest})
			if why := whyShownOnly(c.interested); why != "" {
				a.Reasons = append(a.Reasons, fmt.Sprintf("denied by %s, %s: shown, and moves nothing", c.ClaimantName, why))
			}
		case c.Stance == NoComment:
			a.NoComment = append(a.NoComment, c.ID)
		}
		if c.Credibility.Capped {
			a.Reasons = append(a.Reasons, fmt.Sprintf("capped: %s was graded 1, which needs two independent origins at the least; it counts as 2", c.ID))
		}
	}
}

func whyShownOnly(interested *bool) string {
	switch {
	case interested == nil:
		return "whose interest is not known"
	case *interested:
		return "which is interested"
	}
	return ""
}
