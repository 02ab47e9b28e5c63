package assess_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/assess"
	"parley/stix"
)

var byText = cmp.Transformer("text", func(t stix.Timestamp) string { return t.String() })

func TestClaimsSurviveTheirNote(t *testing.T) {
	whole := told(10, "Source-1 says so. 多语言 ﷺ", intercepts, source1)
	whole.Chain[1].When, whole.Chain[1].Letter = hour(9), "F"
	whole.Quantity = &assess.Quantity{What: "attacks", Definition: "d", Unit: "u", Period: "p", Area: "a", Low: of(0), Best: of(1.5), High: of(2), Qualifier: assess.About, Counter: counter1, Method: "m"}
	whole.DerivedFrom = []stix.ID{id("note", 11)}
	whole.Modified = hour(12)
	for _, want := range append(claims(), whole) {
		note := must(t)(want.Note())
		got, found, err := assess.ReadClaim(note)
		if !found || err != nil {
			t.Fatalf("%s: found %v, %v", want.ID, found, err)
		}
		if want.Modified.IsZero() {
			want.Modified = want.Created
		}
		if want.PropositionRef != "" {
			want.About = append(want.About, want.PropositionRef)
		}
		if diff := cmp.Diff(want, got, byText); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.ID, diff)
		}
		if content, _ := note.String("content"); content != want.Text {
			t.Errorf("the note says %q", content)
		}
	}
}

func TestSourcesAndJudgementsSurvive(t *testing.T) {
	for _, want := range sources() {
		got, found, err := assess.ReadSource(must(t)(want.Identity()))
		want.Modified = want.Created
		if diff := cmp.Diff(want, got, byText); !found || err != nil || diff != "" {
			t.Errorf("found %v, %v (-want +got):\n%s", found, err, diff)
		}
	}
	want := judgement()
	want.Alternatives, want.WouldChange = []string{"planted"}, "a second origin"
	want.Assumptions, want.Supersedes = []stix.ID{id("note", 31)}, []stix.ID{id("note", 32)}
	want.Override = &assess.Override{Status: assess.Disputed, By: analyst, At: hour(31), Why: "as discussed"}
	want.Resolution = &assess.Resolution{Test: "the archive opens", Due: hour(90), Outcome: no()}
	got, found, err := assess.ReadJudgement(must(t)(want.Note()))
	want.Modified, want.About = want.Created, []stix.ID{intercepts}
	if diff := cmp.Diff(want, got, byText); !found || err != nil || diff != "" {
		t.Errorf("found %v, %v (-want +got):\n%s", found, err, diff)
	}
}

func TestWhatIsWrongIsNamedByItsPlace(t *testing.T) {
	claim := func(change func(*assess.Claim)) func() error {
		return func() error {
			cl := told(10, "text", intercepts, source1)
			change(&cl)
			_, err := cl.Note()
			return err
		}
	}
	quantity := func(q assess.Quantity) func() error {
		return claim(func(c *assess.Claim) { c.Quantity = &q })
	}
	judged := func(change func(*assess.Judgement)) func() error {
		return func() error { j := judgement(); change(&j); _, err := j.Note(); return err }
	}
	source := func(change func(*assess.Source)) func() error {
		return func() error { s := sources()[0]; change(&s); _, err := s.Identity(); return err }
	}
	for _, c := range []struct {
		place string
		write func() error
	}{
		{"role", claim(func(c *assess.Claim) { c.Role = "rumour" })},
		{"stance", claim(func(c *assess.Claim) { c.Stance = "hints" })},
		{"proposition_ref", claim(func(c *assess.Claim) { c.PropositionRef = "" })},
		{"proposition_ref", claim(func(c *assess.Claim) { c.PropositionRef = c.ID })},
		{"claimant_ref", claim(func(c *assess.Claim) { c.Claimant = "nobody" })},
		{"derived_from[0]", claim(func(c *assess.Claim) { c.DerivedFrom = []stix.ID{stateA} })},
		{"chain[1].letter", claim(func(c *assess.Claim) { c.Chain[1].Letter = "G" })},
		{"chain[0].how", claim(func(c *assess.Claim) { c.Chain[0] = assess.Hop{} })},
		{"chain", claim(func(c *assess.Claim) { c.Chain = make([]assess.Hop, 65) })},
		{"grade.reliability", claim(func(c *assess.Claim) { c.Grade.Reliability = "AB" })},
		{"grade.credibility", claim(func(c *assess.Claim) { c.Grade.Credibility = 7 })},
		{"grade.why", claim(func(c *assess.Claim) { c.Grade.Why = strings.Repeat("x", 5000) })},
		{"quantity", quantity(assess.Quantity{What: "attacks"})},
		{"quantity", quantity(assess.Quantity{Low: of(9), High: of(3)})},
		{"quantity", quantity(assess.Quantity{Best: of(math.NaN())})},
		{"quantity", quantity(assess.Quantity{Best: of(-1)})},
		{"quantity.qualifier", quantity(assess.Quantity{Best: of(1), Qualifier: "dozens"})},
		{"low", judged(func(j *assess.Judgement) { j.Low = 90 })},
		{"low", judged(func(j *assess.Judgement) { j.High = 101 })},
		{"confidence", judged(func(j *assess.Judgement) { j.Confidence = "likely" })},
		{"override", judged(func(j *assess.Judgement) { j.Override = &assess.Override{Status: assess.Confirmed} })},
		{"override.status", judged(func(j *assess.Judgement) { j.Override = &assess.Override{Status: "true"} })},
		{"access", source(func(s *assess.Source) { s.Access = "rumour" })},
		{"reliability[0].letter", source(func(s *assess.Source) { s.Reliability = []assess.Rating{{}} })},
		{"may_share_origin_with[0]", source(func(s *assess.Source) { s.MayShareOriginWith = []stix.ID{""} })},
	} {
		t.Run(c.place, func(t *testing.T) {
			if err := c.write(); err == nil || !strings.Contains(err.Error(), ": "+c.place+": must ") {
				t.Errorf("got %v, want %q named", err, c.place)
			}
		})
	}
}

func TestANoteMustBeAboutSomething(t *testing.T) {
	cl := assess.Claim{Head: head("note", 1, "It is so."), Role: assess.Proposition}
	if _, err := cl.Note(); err == nil || !strings.Contains(err.Error(), "about something") {
		t.Errorf("got %v", err)
	}
}

// noteWith makes a note whose claim extension is this JSON.
func noteWith(n int, extension string) ([]byte, error) {
	return json.Marshal(map[string]any{
		"type": "note", "spec_version": "2.1", "id": id("note", n), "created": hour(1), "modified": hour(1),
		"content": "text", "object_refs": []stix.ID{intercepts},
		"extensions": map[stix.ID]json.RawMessage{assess.ExtClaim: json.RawMessage(extension)},
	})
}

func TestOneFaultyObjectIsLeftOutAndNamed(t *testing.T) {
	for name, extension := range map[string]string{
		"not an object": `"claim"`,
		"wrong types":   `{"role": 5}`,
		"no stance":     fmt.Sprintf(`{"role": "claim", "proposition_ref": %q}`, intercepts),
		"no such":       `{"role": "claim", "stance": "asserts", "proposition_ref": "note--00000000-0000-4000-8000-000000000999"}`,
	} {
		t.Run(name, func(t *testing.T) {
			data, err := noteWith(800, extension)
			if err != nil {
				t.Fatal(err)
			}
			bad := must(t)(stix.ParseObject(data))
			all, faults := assess.Weigh(append(demo(t), bad), assess.Options{})
			if len(faults) == 0 || faults[0].Object != id("note", 800) {
				t.Errorf("faults %v", faults)
			}
			if diff := cmp.Diff(text(t, weigh(t, demo(t))), text(t, all)); diff != "" {
				t.Errorf("it changed the others: %s", diff)
			}
		})
	}
}

func FuzzWeigh(f *testing.F) {
	f.Add(`{"role":"proposition"}`, `{"role":"claim","stance":"asserts","proposition_ref":"`+string(id("note", 1))+`","derived_from":["`+string(id("note", 3))+`"]}`)
	f.Add(`{}`, `null`)
	f.Add(`{"role":"proposition"}`, `{"role":"claim","stance":"retracts","chain":[{"how":"x"}],"quantity":{"low":1e308}}`)
	f.Fuzz(func(t *testing.T, first, second string) {
		var objects []stix.Object
		for i, extension := range []string{first, second, second} {
			data, err := noteWith(i+1, extension)
			if err != nil {
				return
			}
			if o, err := stix.ParseObject(data); err == nil {
				objects = append(objects, o)
			}
		}
		all, faults := assess.Weigh(objects, assess.Options{})
		for _, a := range all {
			if a.NMin > a.NMax || len(a.Reasons) == 0 {
				t.Errorf("%+v", a)
			}
		}
		for _, fault := range faults {
			if fault.Object == "" || fault.Problem == "" {
				t.Errorf("a fault without a place: %+v", fault)
			}
		}
		assess.Counts(objects)
	})
}

func BenchmarkWeigh(b *testing.B) {
	must := must(b)
	objects := []stix.Object{}
	for _, s := range sources() {
		objects = append(objects, must(s.Identity()))
	}
	const propositions, each = 500, 20
	for p := range propositions {
		objects = append(objects, must(proposition(1000+p, "It is so.", meeting).Note()))
		for i := range each {
			cl := told(10_000+p*each+i, "Said.", id("note", 1000+p), source1)
			if i > 0 {
				cl.DerivedFrom = []stix.ID{id("note", 10_000+p*each+i-1)}
			}
			objects = append(objects, must(cl.Note()))
		}
	}
	b.ResetTimer()
	for b.Loop() {
		if all, _ := assess.Weigh(objects, assess.Options{}); len(all) != propositions || all[0].Repeats != each-1 {
			b.Fatal(len(all), all[0].Repeats)
		}
	}
	b.ReportMetric(float64(propositions*each*b.N)/b.Elapsed().Seconds(), "claims/s")
}
