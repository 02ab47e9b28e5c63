package assess_test

import (
	"strings"
	"testing"

	"parley/internal/assess"
	"parley/stix"
)

// voice is a claim on the proposition by a source of its own.
type voice struct {
	stance     assess.Stance
	letter     assess.Letter
	figure     int
	interested *bool
}

// objectsOf makes one proposition with these voices. The first is witness 1.
func objectsOf(t testing.TB, voices ...voice) []stix.Object {
	t.Helper()
	must := must(t)
	objects := []stix.Object{must(proposition(1, "The meeting took place.", meeting).Note())}
	for i, v := range voices {
		s := rated(50+i, "Witness", "witness", v.letter)
		s.Interested = v.interested
		cl := stance(50+i, "Says so.", intercepts, s.ID, v.stance)
		cl.Grade = assess.Grade{Credibility: v.figure, Grader: analyst}
		objects = append(objects, must(s.Identity()), must(cl.Note()))
	}
	return objects
}

func TestStatusLadder(t *testing.T) {
	for _, c := range []struct {
		name   string
		voices []voice
		want   assess.Status
		reason string
	}{
		{"nobody says it", nil, assess.Unconfirmed, "0 independent origins"},
		{"one good source", []voice{{assess.Asserts, "A", 2, no()}}, assess.Unconfirmed, "1 independent origin,"},
		{"two origins, one of them C", []voice{{assess.Asserts, "C", 3, no()}, {assess.Asserts, "E", 2, no()}}, assess.Confirmed, "two independent origins"},
		{"two origins below C", []voice{{assess.Asserts, "D", 2, no()}, {assess.Asserts, "E", 2, no()}}, assess.Unconfirmed, ""},
		{"two origins, one not logical", []voice{{assess.Asserts, "B", 2, no()}, {assess.Asserts, "B", 4, no()}}, assess.Unconfirmed, ""},
		{"two origins, one not judged", []voice{{assess.Asserts, "B", 2, no()}, {assess.Asserts, "B", 6, no()}}, assess.Unconfirmed, ""},
		{"one in part", []voice{{assess.Asserts, "A", 2, no()}, {assess.Partly, "A", 2, no()}}, assess.Unconfirmed, ""},
		{"contradicted by an equal", []voice{{assess.Asserts, "B", 2, no()}, {assess.Denies, "B", 2, no()}}, assess.Disputed, "graded no worse"},
		{"contradicted by a worse letter", []voice{{assess.Asserts, "B", 2, no()}, {assess.Denies, "C", 2, no()}}, assess.Unconfirmed, ""},
		{"contradicted by a better letter and a worse figure", []voice{{assess.Asserts, "C", 2, no()}, {assess.Denies, "B", 3, no()}}, assess.Disputed, ""},
		{"contradicted by one who cannot be judged", []voice{{assess.Asserts, "D", 2, no()}, {assess.Denies, "F", 2, no()}}, assess.Unconfirmed, ""},
		{"denied by an interested party", []voice{{assess.Asserts, "D", 2, no()}, {assess.Denies, "A", 2, yes()}}, assess.Unconfirmed, "which is interested"},
		{"denied by one of unknown interest", []voice{{assess.Asserts, "D", 2, no()}, {assess.Denies, "A", 2, nil}}, assess.Unconfirmed, "interest is not known"},
		{"dispute comes before confirmation", []voice{{assess.Asserts, "B", 2, no()}, {assess.Asserts, "B", 2, no()}, {assess.Denies, "A", 2, no()}}, assess.Disputed, ""},
		{"the contrary confirmed", []voice{{assess.Asserts, "A", 2, no()}, {assess.Denies, "B", 2, no()}, {assess.Denies, "D", 3, no()}}, assess.Refuted, "the contrary"},
		{"the contrary said by interested parties", []voice{{assess.Asserts, "A", 2, no()}, {assess.Denies, "B", 2, yes()}, {assess.Denies, "B", 2, yes()}}, assess.Unconfirmed, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := weigh(t, objectsOf(t, c.voices...))[0]
			if a.Status != c.want || !strings.Contains(strings.Join(a.Reasons, "\n"), c.reason) {
				t.Errorf("%s for %q, want %s and %q", a.Status, a.Reasons, c.want, c.reason)
			}
		})
	}
}

func TestCredibilityOneNeedsTwoOrigins(t *testing.T) {
	alone := weigh(t, objectsOf(t, voice{assess.Asserts, "A", 1, no()}))[0]
	if got := alone.Claims[0].Credibility; got.Figure != 2 || !got.Capped || alone.Claims[0].Given.Credibility != 1 {
		t.Errorf("alone: %+v of %v", got, alone.Claims[0].Given)
	}
	if !strings.Contains(strings.Join(alone.Reasons, "\n"), "capped: ") {
		t.Errorf("the cap is not said: %q", alone.Reasons)
	}
	two := weigh(t, objectsOf(t, voice{assess.Asserts, "A", 1, no()}, voice{assess.Asserts, "B", 2, no()}))[0]
	if got := two.Claims[0].Credibility; got.Figure != 1 || got.Capped {
		t.Errorf("with a second origin: %+v", got)
	}
}

func TestUnknownIsAnInterval(t *testing.T) {
	alone := weigh(t, objectsOf(t, voice{assess.Asserts, "F", 6, nil}))[0].Claims[0]
	if alone.Letters.Range != (assess.Range{Best: "A", Worst: "E"}) || alone.Credibility.Range != (assess.Range{Best: "2", Worst: "5"}) {
		t.Errorf("%+v, %+v", alone.Letters, alone.Credibility)
	}
}

func TestJudgements(t *testing.T) {
	judged := func(n int, low, high float64, change func(*assess.Judgement)) stix.Object {
		j := assess.Judgement{Head: head("note", n, "It is likely."), PropositionRef: intercepts, Low: low, High: high}
		if change != nil {
			change(&j)
		}
		return must(t)(j.Note())
	}
	overriding := func(j *assess.Judgement) {
		j.Override = &assess.Override{Status: assess.Confirmed, By: analyst, At: hour(80), Why: "seen the document"}
	}
	for _, c := range []struct {
		name             string
		judgements       []stix.Object
		status, computed assess.Status
	}{
		{"likely", []stix.Object{judged(70, 55, 80, nil)}, assess.Probable, assess.Probable},
		{"perhaps likely", []stix.Object{judged(70, 45, 80, nil)}, assess.Unconfirmed, assess.Unconfirmed},
		{"two that differ are not averaged", []stix.Object{judged(70, 5, 20, nil), judged(71, 80, 95, nil)}, assess.Probable, assess.Probable},
		{"superseded", []stix.Object{judged(70, 80, 95, nil), judged(71, 5, 20, func(j *assess.Judgement) { j.Supersedes = []stix.ID{id("note", 70)} })}, assess.Unconfirmed, assess.Unconfirmed},
		{"overridden", []stix.Object{judged(70, 5, 20, overriding)}, assess.Confirmed, assess.Unconfirmed},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := weigh(t, append(objectsOf(t, voice{assess.Asserts, "B", 2, no()}), c.judgements...))[0]
			if a.Status != c.status || a.Computed != c.computed {
				t.Errorf("%s, by the rules %s; want %s and %s", a.Status, a.Computed, c.status, c.computed)
			}
			if said := strings.Contains(strings.Join(a.Reasons, "\n"), "overridden: confirmed by "+string(analyst)); said != (a.Override != nil) {
				t.Errorf("reasons %q", a.Reasons)
			}
		})
	}
}

func TestLikelihoodWords(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      string
	}{
		{55, 80, "likely (55–80 %)"},
		{45, 80, "roughly even chance to likely (45–80 %)"},
		{57, 57, "likely (57 %)"},
		{95, 99, "almost certain (95–99 %)"},
		{0, 100, "almost no chance to almost certain (0–100 %)"},
		{0, 0, "0 %"},
		{100, 100, "100 %"},
	} {
		if got := assess.Likelihood(c.low, c.high); got != c.want {
			t.Errorf("Likelihood(%g, %g) = %q, want %q", c.low, c.high, got, c.want)
		}
	}
}

func TestReliabilityHasItsDate(t *testing.T) {
	s := rated(50, "Witness", "witness", "")
	s.Reliability = []assess.Rating{{Letter: "B"}, {Letter: "E", Since: hour(52), Why: "made things up"}}
	early, late := stance(51, "Says so.", intercepts, s.ID, assess.Asserts), stance(53, "Says so.", intercepts, s.ID, assess.Asserts)
	must := must(t)
	a := weigh(t, []stix.Object{
		must(proposition(1, "It is so.", meeting).Note()), must(s.Identity()), must(early.Note()), must(late.Note()),
	})[0]
	if a.Claims[0].Letters.Letter != "B" || a.Claims[1].Letters.Letter != "E" {
		t.Errorf("%+v, then %+v", a.Claims[0].Letters, a.Claims[1].Letters)
	}
}
