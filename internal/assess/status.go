package assess

import (
	"fmt"
	"slices"
	"strings"

	"parley/stix"
)

// Status is how a proposition stands, by rules. Denied is no status: it is a flag beside it.
type Status string

// The statuses, in the order in which their rules are tried.
const (
	Refuted     Status = "refuted"     // the contrary is confirmed
	Disputed    Status = "disputed"    // a disinterested origin, graded no worse, contradicts it
	Confirmed   Status = "confirmed"   // two independent origins at the least, one of them A to C, logical
	Probable    Status = "probable"    // an analyst judges it at 55 percent or more
	Unconfirmed Status = "unconfirmed" // none of these
)

var ladder = []Status{Refuted, Disputed, Confirmed, Probable, Unconfirmed}

// probableFrom is where "likely" begins in ICD 203, in percent.
const probableFrom = 55

// side is all that is said for a proposition, or all that counts against it.
type side struct {
	claims  []*ClaimView // by when they were said
	origins []Origin
	least   int // independent origins, at the least
}

// straight returns the claims that come straight from their origin. A repetition weighs nothing.
func (s side) straight() []*ClaimView {
	return slices.DeleteFunc(slices.Clone(s.claims), func(c *ClaimView) bool { return c.Repeat })
}

// decide tries the rules of the ladder in order.
func (w *weighing) decide(a *Assessment, pro, contra side) {
	a.Computed = Unconfirmed
	switch {
	case w.refuted(a, contra), w.disputed(a, pro, contra), w.confirmed(a, pro), probable(a):
	default:
		a.Reasons = append(a.Reasons, fmt.Sprintf("unconfirmed: %s, and no other rule holds", a.Origins()))
	}
	a.Status = a.Computed
}

func (w *weighing) refuted(a *Assessment, contra side) bool {
	claims, ok := w.confirms(contra)
	if ok {
		a.Computed = Refuted
		a.Reasons = append(a.Reasons, fmt.Sprintf("refuted: the contrary is confirmed by disinterested origins: %s", list(claims)))
	}
	return ok
}

func (w *weighing) confirmed(a *Assessment, pro side) bool {
	claims, ok := w.confirms(pro)
	if ok {
		a.Computed = Confirmed
		a.Reasons = append(a.Reasons, fmt.Sprintf("confirmed: at least two independent origins, one of them A to C, logical: %s", list(claims)))
	}
	return ok
}

// confirms returns the claims of a side that together confirm it: straight from their origins,
// logical (credibility 1 to 3: the Admiralty code calls 4 and 5 not logical, and 6 is unknown), of
// at least two origins that are surely different, at least one of them A to C.
func (w *weighing) confirms(s side) (claims []*ClaimView, ok bool) {
	var ids []stix.ID
	reliable := false
	for _, c := range s.claims {
		if !c.straight || c.Credibility.Figure > 3 {
			continue
		}
		claims, ids = append(claims, c), append(ids, c.ID)
		reliable = reliable || c.Letters.Letter <= "C"
	}
	origins := w.file.origins(w.sharing, w.derivation, w.derivation.roots(ids))
	return claims, reliable && w.sharing.fewest(origins) >= 2
}

// disputed holds when a denial by a disinterested origin is not worse than what is said for it.
func (w *weighing) disputed(a *Assessment, pro, contra side) bool {
	rivals := pro.straight()
	if len(rivals) == 0 {
		rivals = pro.claims
	}
	if len(rivals) == 0 {
		return false
	}
	best := frontier(rivals)
	for _, denial := range contra.straight() {
		if !slices.ContainsFunc(best, func(g grade) bool { return g.better(denial.grade()) }) {
			a.Computed = Disputed
			a.Reasons = append(a.Reasons, fmt.Sprintf("disputed: contradicted by a disinterested origin graded no worse: %s", denial.label()))
			return true
		}
	}
	return false
}

func probable(a *Assessment) bool {
	for _, j := range a.Judgements {
		if j.Low >= probableFrom {
			a.Computed = Probable
			a.Reasons = append(a.Reasons, fmt.Sprintf("probable: judged at %g–%g %% in %s", j.Low, j.High, j.ID))
			return true
		}
	}
	return false
}

// grade is a letter and a figure. They are compared apart and never made into one value.
type grade struct {
	letter Letter
	figure int
}

func (c *ClaimView) grade() grade { return grade{c.Letters.Letter, c.Credibility.Figure} }

// better tells whether g is at least as good as other in both, and better in one. Unknown is
// behind every known value here, since what is unknown cannot be shown to be no worse.
func (g grade) better(other grade) bool {
	return g.letter <= other.letter && g.figure <= other.figure && g != other
}

// frontier returns the grades that none of the claims betters.
func frontier(claims []*ClaimView) (best []grade) {
	for _, c := range claims {
		g := c.grade()
		if slices.ContainsFunc(best, func(b grade) bool { return b == g || b.better(g) }) {
			continue
		}
		best = slices.DeleteFunc(best, g.better)
		best = append(best, g)
	}
	return best
}

// override replaces the status by what the newest judgement that overrides it says.
func override(a *Assessment) {
	for _, j := range a.Judgements {
		if o := j.Override; o != nil && (a.Override == nil || o.At.Compare(a.Override.At) >= 0) {
			a.Override, a.Status = o, o.Status
		}
	}
	if a.Override != nil {
		a.Reasons = append(a.Reasons, fmt.Sprintf("overridden: %s by %s at %s (%s); the rules say %s",
			a.Override.Status, a.Override.By, a.Override.At, a.Override.Why, a.Computed))
	}
}

func (c *ClaimView) label() string {
	return fmt.Sprintf("%s (%s, %s)", c.ID, c.ClaimantName, c.Graded())
}

func list(claims []*ClaimView) string {
	labels := make([]string, len(claims))
	for i, c := range claims {
		labels[i] = c.label()
	}
	return strings.Join(labels, "; ")
}
