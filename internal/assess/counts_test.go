package assess_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/assess"
	"parley/stix"
)

func TestQuantityWords(t *testing.T) {
	for _, c := range []struct {
		q    assess.Quantity
		want string
	}{
		{assess.Quantity{Best: of(700), Qualifier: assess.About}, "about 700"},
		{assess.Quantity{Low: of(1000), Qualifier: assess.LittleMoreThan}, "little more than 1,000"},
		{assess.Quantity{Low: of(5)}, "at least 5"},
		{assess.Quantity{High: of(5)}, "at most 5"},
		{assess.Quantity{High: of(500), Qualifier: assess.LittleLessThan}, "little less than 500"},
		{assess.Quantity{Best: of(700)}, "700"},
		{assess.Quantity{Best: of(12), Qualifier: assess.Exactly}, "exactly 12"},
		{assess.Quantity{Low: of(600), Best: of(700), High: of(900)}, "between 600 and 900, best 700"},
		{assess.Quantity{Low: of(600), High: of(900)}, "between 600 and 900"},
		{assess.Quantity{Low: of(3), High: of(3)}, "3"},
		{assess.Quantity{Best: of(1234567.5)}, "1,234,567.5"},
		{assess.Quantity{}, "not given"},
	} {
		if got := c.q.Words(); got != c.want {
			t.Errorf("%+v is %q, want %q", c.q, got, c.want)
		}
	}
}

// attacks is a count that says all that must match.
func attacks(q assess.Quantity) assess.Quantity {
	q.What, q.Definition, q.Period, q.Area = "attacks", "with at least one death", "2025", "Third Country"
	return q
}

func countsOf(t testing.TB, claims ...assess.Claim) []assess.CountView {
	t.Helper()
	objects := []stix.Object{must(t)(proposition(4, "Attacks took place.", meeting).Note())}
	for _, s := range sources() {
		objects = append(objects, must(t)(s.Identity()))
	}
	for _, cl := range claims {
		objects = append(objects, must(t)(cl.Note()))
	}
	return assess.Counts(objects)
}

func TestCountsOfOneThingShareAnAxis(t *testing.T) {
	second := attacks(assess.Quantity{Low: of(1000), Qualifier: assess.LittleMoreThan})
	second.What, second.Area = " ATTACKS", "third  country"
	views := countsOf(t,
		counted(40, "Some 700.", counter1, attacks(assess.Quantity{Best: of(700), Qualifier: assess.About})),
		counted(41, "Little more than a thousand.", counter2, second),
	)
	if len(views) != 1 || len(views[0].Rows) != 2 || len(views[0].Missing) != 0 {
		t.Fatalf("%+v", views)
	}
	if got := views[0].Envelope.String(); got != "about 700 – open" {
		t.Errorf("envelope %s", got)
	}
}

func TestEnvelopeSpansTheRows(t *testing.T) {
	views := countsOf(t,
		counted(40, "", counter1, attacks(assess.Quantity{Low: of(600), Best: of(700), High: of(900)})),
		counted(41, "", counter2, attacks(assess.Quantity{Best: of(650)})),
		counted(42, "", magazine, attacks(assess.Quantity{Low: of(800), High: of(1100)})),
	)
	if got := views[0].Envelope.String(); got != "600 – 1,100" {
		t.Errorf("envelope %s", got)
	}
}

func TestCountsOfDifferentThingsDoNot(t *testing.T) {
	base := attacks(assess.Quantity{Best: of(700)})
	for name, change := range map[string]func(*assess.Quantity){
		"what":       func(q *assess.Quantity) { q.What = "plots" },
		"definition": func(q *assess.Quantity) { q.Definition = "any" },
		"unit":       func(q *assess.Quantity) { q.Unit = "tens" },
		"period":     func(q *assess.Quantity) { q.Period = "2024" },
		"area":       func(q *assess.Quantity) { q.Area = "elsewhere" },
		"unsaid":     func(q *assess.Quantity) { q.Definition = "" },
	} {
		t.Run(name, func(t *testing.T) {
			other := base
			change(&other)
			views := countsOf(t, counted(40, "", counter1, base), counted(41, "", counter2, other))
			if len(views) != 2 {
				t.Errorf("%d axes: %+v", len(views), views)
			}
		})
	}
}

func TestNothingSaidIsNotTheSame(t *testing.T) {
	q := assess.Quantity{What: "attacks", Best: of(700)}
	if views := countsOf(t, counted(40, "", counter1, q), counted(41, "", counter2, q)); len(views) != 2 {
		t.Errorf("two counters who do not say what they count share an axis: %+v", views)
	}
}

func TestOneRowACounter(t *testing.T) {
	repeat := counted(42, "The same, elsewhere.", counter1, attacks(assess.Quantity{Best: of(720)}))
	repeat.Claimant, repeat.DerivedFrom = outlet2, []stix.ID{id("note", 41)}
	views := countsOf(t,
		counted(40, "First.", counter1, attacks(assess.Quantity{Best: of(700)})),
		counted(41, "Mended.", counter1, attacks(assess.Quantity{Best: of(720)})),
		repeat,
	)
	row := views[0].Rows[0]
	if len(views[0].Rows) != 1 || row.Words != "720" || len(row.Claims) != 2 || len(row.Earlier) != 1 || row.Earlier[0] != id("note", 40) {
		t.Errorf("%+v", views[0].Rows)
	}
}

func TestDeniedAndRetractedCountsDoNotCount(t *testing.T) {
	denied := counted(40, "", counter1, attacks(assess.Quantity{Best: of(700)}))
	denied.Stance = assess.Denies
	back := stance(42, "Taken back.", id("note", 4), counter2, assess.Retracts)
	views := countsOf(t, denied, counted(41, "", counter2, attacks(assess.Quantity{Best: of(9)})), back)
	if len(views) != 0 {
		t.Errorf("%+v", views)
	}
}

// An envelope's ends are ends that somebody gave; none is computed between them.
func TestEnvelopeInventsNoNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		given := map[float64]bool{}
		low, high := math.Inf(1), math.Inf(-1)
		objects := []stix.Object{}
		add := func(o stix.Object, err error) {
			if err != nil {
				t.Fatal(err)
			}
			objects = append(objects, o)
		}
		add(proposition(4, "Attacks.", meeting).Note())
		for i := range rapid.IntRange(1, 5).Draw(t, "counters") {
			a := float64(rapid.IntRange(0, 1000).Draw(t, "low"))
			b := a + float64(rapid.IntRange(0, 1000).Draw(t, "more"))
			given[a], given[b] = true, true
			low, high = min(low, a), max(high, b)
			add(counted(40+i, "", id("identity", 60+i), attacks(assess.Quantity{Low: &a, High: &b})).Note())
		}
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
		e := assess.Counts(objects)[0].Envelope
		if *e.Low.Value != low || *e.High.Value != high || !given[*e.Low.Value] || !given[*e.High.Value] {
			t.Errorf("envelope %s of %g to %g", e, low, high)
		}
	})
}
