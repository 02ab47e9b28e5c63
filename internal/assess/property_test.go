package assess_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/assess"
	"parley/stix"
)

// world is some sources and claims on one proposition, as hostile and tangled as they come.
type world struct {
	sources []assess.Source
	claims  []assess.Claim
}

func drawWorld(t *rapid.T) world {
	w := world{}
	letters := rapid.SampledFrom([]assess.Letter{"", "A", "B", "C", "D", "E", "F"})
	trilean := rapid.SampledFrom([]*bool{nil, yes(), no()})
	for i := range rapid.IntRange(1, 5).Draw(t, "sources") {
		s := rated(50+i, fmt.Sprint("Source ", i), "", letters.Draw(t, "rated"))
		s.Anonymous, s.Interested = rapid.Bool().Draw(t, "anonymous"), trilean.Draw(t, "interested")
		s.Access = rapid.SampledFrom([]assess.Access{"", assess.Hearsay}).Draw(t, "access")
		if other := rapid.IntRange(0, 5).Draw(t, "shares"); other != i {
			s.MayShareOriginWith = []stix.ID{id("identity", 50+other)}
		}
		w.sources = append(w.sources, s)
	}
	stances := rapid.SampledFrom([]assess.Stance{assess.Asserts, assess.Asserts, assess.Asserts, assess.Denies, assess.NoComment, assess.Partly, assess.Retracts})
	who := rapid.Custom(func(t *rapid.T) stix.ID {
		n := rapid.IntRange(-1, len(w.sources)-1).Draw(t, "who")
		return map[bool]stix.ID{true: "", false: id("identity", 50+n)}[n < 0]
	})
	n := rapid.IntRange(0, 7).Draw(t, "claims")
	for i := range n {
		cl := stance(50+i, "Says so.", intercepts, who.Draw(t, "claimant"), stances.Draw(t, "stance"))
		for range rapid.IntRange(0, 3).Draw(t, "hops") {
			cl.Chain = append(cl.Chain, assess.Hop{How: "told", Who: who.Draw(t, "hop"), Letter: letters.Draw(t, "letter")})
		}
		cl.Grade = assess.Grade{Reliability: letters.Draw(t, "graded"), Credibility: rapid.IntRange(0, 6).Draw(t, "figure")}
		if of := rapid.IntRange(-6, n).Draw(t, "repeats"); of >= 0 && of != i {
			cl.DerivedFrom = []stix.ID{id("note", 50+of)}
		}
		w.claims = append(w.claims, cl)
	}
	return w
}

func (w world) weigh(t *rapid.T) assess.Assessment {
	all, _ := assess.Weigh(w.objects(t), assess.Options{})
	if len(all) != 1 {
		t.Fatalf("%d assessments", len(all))
	}
	return all[0]
}

func (w world) objects(t *rapid.T) []stix.Object {
	built := func(o stix.Object, err error) stix.Object {
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	objects := []stix.Object{built(proposition(1, "It is so.", meeting).Note())}
	for _, s := range w.sources {
		objects = append(objects, built(s.Identity()))
	}
	for _, cl := range w.claims {
		objects = append(objects, built(cl.Note()))
	}
	return objects
}

func TestARepetitionChangesNothingButRepeats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		var standing []stix.ID
		before := w.weigh(t)
		for _, c := range before.Claims {
			if c.Stance == assess.Asserts && !c.Withdrawn {
				standing = append(standing, c.ID)
			}
		}
		if len(standing) == 0 {
			t.Skip("nothing to repeat")
		}
		repeat := stance(90, "As reported.", intercepts, outlet2, assess.Asserts)
		repeat.DerivedFrom = []stix.ID{rapid.SampledFrom(standing).Draw(t, "of")}
		repeat.Grade = assess.Grade{Reliability: "A", Credibility: rapid.IntRange(1, 6).Draw(t, "figure")}
		w.claims = append(w.claims, repeat)
		after := w.weigh(t)
		if after.NMin != before.NMin || after.NMax != before.NMax || after.Repeats != before.Repeats+1 {
			t.Errorf("%s and %d repeats became %s and %d", before.Origins(), before.Repeats, after.Origins(), after.Repeats)
		}
		straight := slices.ContainsFunc(before.Claims, func(c assess.ClaimView) bool {
			return c.Stance == assess.Asserts && !c.Withdrawn && !c.Repeat
		})
		if straight && after.Status != before.Status {
			t.Errorf("%s became %s", before.Status, after.Status)
		}
	})
}

func TestAnInterestedDenialMovesNoStatus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		before := w.weigh(t)
		denier := rated(90, "Denier", "state", "A")
		denier.Interested = rapid.SampledFrom([]*bool{yes(), nil}).Draw(t, "interested")
		denial := stance(90, "Not so.", intercepts, denier.ID, assess.Denies)
		denial.Grade = assess.Grade{Reliability: "A", Credibility: rapid.IntRange(1, 6).Draw(t, "figure")}
		w.sources, w.claims = append(w.sources, denier), append(w.claims, denial)
		after := w.weigh(t)
		if after.Status != before.Status || after.NMin != before.NMin || after.NMax != before.NMax {
			t.Errorf("%s with %s became %s with %s", before.Status, before.Origins(), after.Status, after.Origins())
		}
		if len(after.Denied) != len(before.Denied)+1 {
			t.Error("the denial is not shown")
		}
	})
}

// Every letter and figure that comes out was put in by somebody, or is unknown, or is the cap.
func TestGradesAreNeverMixedIntoNewOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, c := range drawWorld(t).weigh(t).Claims {
			given := map[string]bool{"F": true, string(c.Given.Reliability): true}
			for _, hop := range c.Chain {
				given[string(hop.Letter)] = true
			}
			if !given[string(c.Letters.Letter)] {
				t.Errorf("letter %s of %+v", c.Letters.Letter, c)
			}
			for _, end := range []string{c.Letters.Range.Best, c.Letters.Range.Worst} {
				if !given[end] && end != "A" && end != "E" {
					t.Errorf("%+v is no interval of %+v", c.Letters.Range, c)
				}
			}
			figure := c.Credibility.Figure
			kept := figure == c.Given.Credibility || figure == 6 && c.Given.Credibility == 0
			if capped := figure == 2 && c.Given.Credibility == 1; !kept && !capped || c.Credibility.Capped != capped {
				t.Errorf("figure %d of %d", figure, c.Given.Credibility)
			}
			if unknown := c.Credibility.Range.Best != c.Credibility.Range.Worst; unknown != (figure == 6) {
				t.Errorf("figure %d is %+v", figure, c.Credibility.Range)
			}
			if best, _ := strconv.Atoi(c.Credibility.Range.Best); best > figure {
				t.Errorf("figure %d is outside %+v", figure, c.Credibility.Range)
			}
		}
	})
}

func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objects := drawWorld(t).objects(t)
		confirmed := []assess.Confirmation{{A: id("identity", 50), B: id("identity", 51), Same: rapid.Bool().Draw(t, "same"), By: analyst}}
		first, faults := assess.Weigh(objects, assess.Options{Confirmations: confirmed})
		want := printed(t, first, faults)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		rng.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
		again, faults := assess.Weigh(append(objects, objects...), assess.Options{Confirmations: confirmed})
		if got := printed(t, again, faults); got != want {
			t.Errorf("in another order, and twice:\n%s\nfirst:\n%s", got, want)
		}
	})
}

func TestOriginsAreWithinTheirBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawWorld(t).weigh(t)
		if a.NMin > a.NMax || a.NMax != len(a.OriginList) || (a.NMin == 0) != (a.NMax == 0) {
			t.Errorf("%s of %v", a.Origins(), a.OriginList)
		}
	})
}

func printed(t *rapid.T, all []assess.Assessment, faults []assess.Fault) string {
	data, err := json.Marshal([]any{all, faults})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
