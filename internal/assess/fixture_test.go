package assess_test

import (
	"fmt"
	"testing"
	"time"

	"parley/internal/assess"
	"parley/stix"
)

// id returns the n-th id of a type, the same every time.
func id(typ string, n int) stix.ID {
	return stix.ID(fmt.Sprintf("%s--00000000-0000-4000-8000-%012d", typ, n))
}

// hour returns a moment so many hours into the demo.
func hour(n int) stix.Timestamp {
	return stix.NewTimestamp(time.Date(2026, time.March, 1, n, 0, 0, 0, time.UTC), 3)
}

func head(typ string, n int, text string, about ...stix.ID) assess.Head {
	return assess.Head{ID: id(typ, n), By: analyst, Created: hour(n), Text: text, About: about}
}

func yes() *bool            { b := true; return &b }
func no() *bool             { b := false; return &b }
func of(x float64) *float64 { return &x }

var (
	stateA, movementB, magazine = id("identity", 1), id("identity", 2), id("identity", 4)
	source1, source2, outlet2   = id("identity", 5), id("identity", 6), id("identity", 7)
	counter1, counter2          = id("identity", 8), id("identity", 9)
	analyst                     = id("identity", 99)
	meeting                     = id("incident", 1)
	intercepts, findings        = id("note", 1), id("note", 2)
)

// must fails the test when an object could not be built.
func must(t testing.TB) func(stix.Object, error) stix.Object {
	t.Helper()
	return func(o stix.Object, err error) stix.Object {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
}

func rated(n int, name, class string, letter assess.Letter) assess.Source {
	s := assess.Source{Head: head("identity", n, name), Class: class}
	if letter != "" {
		s.Reliability = []assess.Rating{{Letter: letter, Grader: analyst, Why: "record"}}
	}
	return s
}

// sources are the demo's people and papers.
func sources() []assess.Source {
	state := rated(1, "State A", "state", "")
	state.Interested, state.Interest = yes(), "would have to explain the contact"
	movement := rated(2, "Movement B", "movement", "")
	movement.Interested = yes()
	first := rated(5, "Source-1", "official", "F")
	first.Anonymous, first.Access, first.MayShareOriginWith = true, assess.Hearsay, []stix.ID{source2}
	second := rated(6, "Source-2", "official", "F")
	second.Anonymous, second.Access = true, assess.Hearsay
	return []assess.Source{
		state, movement, rated(4, "Magazine", "media", "B"), first, second,
		rated(7, "Second outlet", "media", "C"), rated(8, "Counter-1", "monitor", "B"),
		rated(9, "Counter-2", "monitor", "B"), rated(99, "Analyst", "analyst", ""),
	}
}

// told is a claim that an unnamed official made to a source, who made it to the magazine.
func told(n int, text string, proposition, source stix.ID) assess.Claim {
	return assess.Claim{
		Head: head("note", n, text), Role: assess.Claimed, PropositionRef: proposition, Stance: assess.Asserts,
		Claimant: magazine, SaidAt: hour(n),
		Chain: []assess.Hop{{How: "official, not named"}, {Who: source, How: "told"}, {Who: magazine, How: "published"}},
		Grade: assess.Grade{Reliability: "F", Credibility: 3, Grader: analyst, When: hour(n), Why: "plausible, not borne out"},
	}
}

func stance(n int, text string, proposition, claimant stix.ID, s assess.Stance) assess.Claim {
	return assess.Claim{
		Head: head("note", n, text), Role: assess.Claimed, PropositionRef: proposition,
		Stance: s, Claimant: claimant, SaidAt: hour(n),
	}
}

func proposition(n int, text string, about stix.ID) assess.Claim {
	return assess.Claim{Head: head("note", n, text, about), Role: assess.Proposition}
}

func counted(n int, text string, counter stix.ID, q assess.Quantity) assess.Claim {
	cl := stance(n, text, id("note", 4), counter, assess.Asserts)
	q.Counter, cl.Quantity = counter, &q
	return cl
}

// claims are the demo's propositions and claims.
func claims() []assess.Claim {
	rewrite := stance(20, "A second outlet: the first story, in other words.", intercepts, outlet2, assess.Asserts)
	rewrite.DerivedFrom = []stix.ID{id("note", 10), id("note", 11)}
	tip := stance(26, "A tip from the other side foiled the plot.", id("note", 3), outlet2, assess.Asserts)
	tip.Grade = assess.Grade{Reliability: "C", Credibility: 3, Grader: analyst}
	return []assess.Claim{
		proposition(1, "Intercepts went from State A to Movement B.", meeting),
		proposition(2, "Findings from phones and laptops went from Movement B to State A.", meeting),
		proposition(3, "A tip foiled the plot.", id("incident", 2)),
		proposition(4, "Attacks took place last year.", id("incident", 3)),
		told(10, "Source-1 says that intercepts were handed over.", intercepts, source1),
		told(11, "Source-2 says that intercepts were handed over.", intercepts, source2),
		told(12, "Source-1 says that findings came back.", findings, source1),
		told(13, "Source-2 says that findings came back.", findings, source2),
		rewrite,
		stance(21, "State A: there was no such meeting.", intercepts, stateA, assess.Denies),
		stance(22, "State A: there was no such meeting.", findings, stateA, assess.Denies),
		stance(23, "Movement B did not comment.", intercepts, movementB, assess.NoComment),
		counted(24, "Some 700 attacks last year.", counter1, assess.Quantity{
			What: "attacks", Period: "last year", Area: "third country", Best: of(700), Qualifier: assess.About,
		}),
		counted(25, "Little more than a thousand.", counter2, assess.Quantity{
			What: "attacks", Period: "last year", Low: of(1000), Qualifier: assess.LittleMoreThan,
		}),
		tip,
	}
}

func judgement() assess.Judgement {
	return assess.Judgement{
		Head: head("note", 30, "The account of the exchange is plausible."), PropositionRef: intercepts,
		Low: 45, High: 80, Words: "plausible", Confidence: assess.Low,
	}
}

// demo is the whole table as STIX.
func demo(t testing.TB) []stix.Object {
	t.Helper()
	must := must(t)
	var objects []stix.Object
	for _, s := range sources() {
		objects = append(objects, must(s.Identity()))
	}
	for _, cl := range claims() {
		objects = append(objects, must(cl.Note()))
	}
	objects = append(objects, must(judgement().Note()))
	plain := func(typ string, n int, name string) *stix.Builder {
		return stix.New(typ).ID(id(typ, n)).Created(hour(0)).Set("name", name)
	}
	return append(
		objects,
		must(plain("threat-actor", 3, "Group C").Build()),
		must(plain("incident", 1, "Meeting in a third country").Build()),
		must(plain("incident", 2, "Foiled plot").Build()),
		must(plain("incident", 3, "Attacks").Build()),
		must(plain("campaign", 1, "Slogans").Build()),
	)
}
