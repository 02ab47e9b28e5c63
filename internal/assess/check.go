package assess

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"parley/stix"
)

// Limits on one object. Notes come from counterparts.
const (
	maxHops  = 64
	maxRefs  = 256
	maxWords = 4096 // bytes of one free text in an extension
)

// Fault is an object, or a part of one, that was left out, and why.
type Fault struct {
	Object  stix.ID
	Path    string // within the extension: "chain[2].letter"
	Problem string // as a clause: "must be A to F"
}

// Error names the object, the place and the problem.
func (f Fault) Error() string {
	if f.Path == "" {
		return fmt.Sprintf("%s: %s", f.Object, f.Problem)
	}
	return fmt.Sprintf("%s: %s: %s", f.Object, f.Path, f.Problem)
}

// check collects what is wrong with one object.
type check struct {
	object stix.ID
	faults []error
}

func (c *check) must(ok bool, path, problem string) {
	if !ok {
		c.faults = append(c.faults, Fault{c.object, path, problem})
	}
}

func (c *check) text(path, s string) {
	if len(s) > maxWords {
		c.must(false, path, fmt.Sprintf("must be at most %d bytes", maxWords))
	}
}

func (c *check) ref(path string, id stix.ID, types ...string) {
	_, err := stix.ParseID(string(id))
	if id != "" && (err != nil || !slices.Contains(types, id.Type())) {
		c.must(false, path, fmt.Sprintf("must be an id of type %v", types))
	}
}

func (c *check) refs(path string, ids []stix.ID, types ...string) {
	c.must(len(ids) <= maxRefs, path, fmt.Sprintf("must have at most %d entries", maxRefs))
	for i, id := range ids[:min(len(ids), maxRefs)] {
		c.must(id != "", fmt.Sprintf("%s[%d]", path, i), "must not be empty")
		c.ref(fmt.Sprintf("%s[%d]", path, i), id, types...)
	}
}

func (c *check) letter(path string, l Letter) {
	c.must(l == "" || len(l) == 1 && "A" <= l && l <= "F", path, "must be A to F")
}

func (c *check) err() error { return errors.Join(c.faults...) }

// Check returns every [Fault] of the claim, joined, or nil.
func (cl Claim) Check() error {
	c := &check{object: cl.ID}
	roles := []Role{Proposition, Claimed, Assumption}
	c.must(slices.Contains(roles, cl.Role), "role", "must be proposition, claim or assumption")
	if cl.Role == Claimed {
		stances := []Stance{Asserts, Denies, NoComment, Partly, Retracts}
		c.must(slices.Contains(stances, cl.Stance), "stance", "must be asserts, denies, no-comment, partly or retracts")
		c.must(cl.PropositionRef != "", "proposition_ref", "must name the proposition")
		c.must(cl.PropositionRef != cl.ID, "proposition_ref", "must be another note")
	}
	c.ref("proposition_ref", cl.PropositionRef, "note")
	c.ref("claimant_ref", cl.Claimant, actors...)
	c.refs("derived_from", cl.DerivedFrom, "note")
	c.must(len(cl.Chain) <= maxHops, "chain", fmt.Sprintf("must have at most %d hops", maxHops))
	for i, hop := range cl.Chain[:min(len(cl.Chain), maxHops)] {
		path := fmt.Sprintf("chain[%d].", i)
		c.must(hop != (Hop{}), path+"how", "must be given where a hop has no name")
		c.ref(path+"who", hop.Who, actors...)
		c.letter(path+"letter", hop.Letter)
		c.text(path+"how", hop.How)
	}
	c.letter("grade.reliability", cl.Grade.Reliability)
	c.must(cl.Grade.Credibility >= 0 && cl.Grade.Credibility <= UnknownCredibility, "grade.credibility", "must be 1 to 6")
	c.ref("grade.grader", cl.Grade.Grader, "identity")
	c.text("grade.why", cl.Grade.Why)
	if cl.Quantity != nil {
		cl.Quantity.check(c)
	}
	return c.err()
}

// actors are the types of object that can say something.
var actors = []string{"identity", "threat-actor", "intrusion-set"}

// Check returns every [Fault] of the source, joined, or nil.
func (s Source) Check() error {
	c := &check{object: s.ID}
	access := []Access{"", FirstHand, Hearsay, Document, Device, Intercept}
	c.must(slices.Contains(access, s.Access), "access", "must be first-hand, hearsay, document, device or intercept")
	c.must(len(s.Reliability) <= maxRefs, "reliability", fmt.Sprintf("must have at most %d entries", maxRefs))
	for i, r := range s.Reliability[:min(len(s.Reliability), maxRefs)] {
		path := fmt.Sprintf("reliability[%d].", i)
		c.must(r.Letter != "", path+"letter", "must be A to F")
		c.letter(path+"letter", r.Letter)
		c.text(path+"why", r.Why)
	}
	c.text("class", s.Class)
	c.text("interest", s.Interest)
	c.text("descriptor", s.Descriptor)
	c.refs("may_share_origin_with", s.MayShareOriginWith, actors...)
	return c.err()
}

// Check returns every [Fault] of the judgement, joined, or nil.
func (j Judgement) Check() error {
	c := &check{object: j.ID}
	c.must(j.PropositionRef != "", "proposition_ref", "must name the proposition")
	c.ref("proposition_ref", j.PropositionRef, "note")
	c.must(finite(j.Low) && finite(j.High) && 0 <= j.Low && j.Low <= j.High && j.High <= 100,
		"low", "must be percent, with 0 ≤ low ≤ high ≤ 100")
	c.must(slices.Contains([]Confidence{"", Low, Moderate, High}, j.Confidence), "confidence", "must be low, moderate or high")
	c.text("words", j.Words)
	c.text("would_change", j.WouldChange)
	c.refs("assumption_refs", j.Assumptions, "note")
	c.refs("supersedes", j.Supersedes, "note")
	c.must(len(j.Alternatives) <= maxRefs, "alternatives", fmt.Sprintf("must have at most %d entries", maxRefs))
	if o := j.Override; o != nil {
		c.must(slices.Contains(ladder, o.Status), "override.status", "must be refuted, disputed, confirmed, probable or unconfirmed")
		c.must(o.By != "" && o.Why != "" && !o.At.IsZero(), "override", "must say by whom, when and why")
		c.ref("override.by", o.By, "identity")
		c.text("override.why", o.Why)
	}
	return c.err()
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
