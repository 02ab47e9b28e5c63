package assess_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/assess"
	"parley/stix"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name string, v any) {
	t.Helper()
	got, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// find returns the assessment of one proposition.
func find(t testing.TB, all []assess.Assessment, proposition stix.ID) assess.Assessment {
	t.Helper()
	i := slices.IndexFunc(all, func(a assess.Assessment) bool { return a.Proposition == proposition })
	if i < 0 {
		t.Fatalf("no assessment of %s", proposition)
	}
	return all[i]
}

func weigh(t testing.TB, objects []stix.Object, confirmed ...assess.Confirmation) []assess.Assessment {
	t.Helper()
	all, faults := assess.Weigh(objects, assess.Options{Confirmations: confirmed})
	if len(faults) > 0 {
		t.Fatalf("faults: %v", faults)
	}
	return all
}

func TestDemoGolden(t *testing.T) {
	objects := demo(t)
	golden(t, "assessments.json", weigh(t, objects))
	golden(t, "counts.json", assess.Counts(objects))
}

// What the table of the demo says, said again in a test, apart from the golden file.
func TestDemo(t *testing.T) {
	all := weigh(t, demo(t))
	a := find(t, all, intercepts)
	if a.Origins() != "1–2 independent origins" || a.Repeats != 1 || a.Status != assess.Unconfirmed {
		t.Errorf("intercepts: %s, %d repeats, %s", a.Origins(), a.Repeats, a.Status)
	}
	if len(a.Denied) != 1 || a.Denied[0].Name != "State A" || !*a.Denied[0].Interested {
		t.Errorf("denied: %+v", a.Denied)
	}
	if len(a.NoComment) != 1 || a.NoComment[0] != id("note", 23) {
		t.Errorf("no comment: %v", a.NoComment)
	}
	if a.Claims[0].Graded() != "F3" || a.Claims[0].Letters.Range != (assess.Range{Best: "B", Worst: "E"}) {
		t.Errorf("the first claim counts as %s in %+v", a.Claims[0].Graded(), a.Claims[0].Letters)
	}
	if b := find(t, all, findings); b.Origins() != "1–2 independent origins" || b.Repeats != 0 || len(b.Denied) != 1 || b.Status != assess.Unconfirmed {
		t.Errorf("findings: %s, %d repeats, %d denials, %s", b.Origins(), b.Repeats, len(b.Denied), b.Status)
	}
}

func TestAnalystsWordOnOrigins(t *testing.T) {
	for _, c := range []struct {
		name    string
		a, b    stix.ID
		same    bool
		origins string
		repeats int
	}{
		{"the sources are one", source1, source2, true, "1 independent origin", 2},
		{"the sources are two", source1, source2, false, "2 independent origins", 1},
		{"the claims share an origin", id("note", 11), id("note", 10), true, "1 independent origin", 2},
		{"the claims do not", id("note", 10), id("note", 11), false, "2 independent origins", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := weigh(t, demo(t), assess.Confirmation{A: c.a, B: c.b, Same: c.same, By: analyst, Why: "asked"})
			if a := find(t, all, intercepts); a.Origins() != c.origins || a.Repeats != c.repeats {
				t.Errorf("%s, %d repeats", a.Origins(), a.Repeats)
			}
		})
	}
}

func TestConfirmationsAtFault(t *testing.T) {
	for name, c := range map[string]assess.Confirmation{
		"by nobody":             {A: source1, B: source2, Same: true},
		"a claim with a source": {A: source1, B: id("note", 10), Same: true, By: analyst},
		"one with itself":       {A: source1, B: source1, Same: true, By: analyst},
	} {
		t.Run(name, func(t *testing.T) {
			all, faults := assess.Weigh(demo(t), assess.Options{Confirmations: []assess.Confirmation{c}})
			if len(faults) != 1 || !strings.Contains(faults[0].Error(), "left out") {
				t.Errorf("faults %v", faults)
			}
			if a := find(t, all, intercepts); a.Origins() != "1–2 independent origins" {
				t.Errorf("it was used all the same: %s", a.Origins())
			}
		})
	}
}

func TestTwentyOutletsAreOneOrigin(t *testing.T) {
	objects := demo(t)
	for n := range 20 {
		outlet := stance(40+n, "As reported.", findings, outlet2, assess.Asserts)
		outlet.DerivedFrom = []stix.ID{id("note", 700)} // a story that we do not have
		objects = append(objects, must(t)(outlet.Note()))
	}
	objects = slices.DeleteFunc(objects, func(o stix.Object) bool { return o.ID() == id("note", 12) || o.ID() == id("note", 13) })
	if a := find(t, weigh(t, objects), findings); a.NMin != 1 || a.NMax != 1 || a.Repeats != 20 {
		t.Errorf("%s, %d repeats", a.Origins(), a.Repeats)
	}
}

func TestClaimsThatRepeatOneAnotherInACircle(t *testing.T) {
	one := stance(40, "As reported.", findings, outlet2, assess.Asserts)
	two := stance(41, "As reported.", findings, magazine, assess.Asserts)
	one.DerivedFrom, two.DerivedFrom = []stix.ID{two.ID}, []stix.ID{one.ID}
	objects := []stix.Object{
		must(t)(proposition(2, "Findings came back.", meeting).Note()), must(t)(one.Note()), must(t)(two.Note()),
	}
	all, faults := assess.Weigh(objects, assess.Options{})
	if a := find(t, all, findings); a.NMin != 1 || a.NMax != 1 || !a.OriginList[0].Hidden {
		t.Errorf("%s: %+v", a.Origins(), a.OriginList)
	}
	if len(faults) != 1 || faults[0].Path != "derived_from" {
		t.Errorf("faults %v", faults)
	}
}

func TestRetractedClaimsAreNoOrigin(t *testing.T) {
	objects := append(demo(t), must(t)(stance(40, "The magazine takes it back.", intercepts, magazine, assess.Retracts).Note()))
	a := find(t, weigh(t, objects), intercepts)
	if a.NMax != 0 || !a.Claims[0].Withdrawn {
		t.Errorf("%s, withdrawn %v", a.Origins(), a.Claims[0].Withdrawn)
	}
	if b := find(t, weigh(t, objects), findings); b.NMax != 2 {
		t.Errorf("another proposition lost its origins: %s", b.Origins())
	}
}

// TestEchoesAndWhatWasWithdrawnAreNoOrigin: both are shown, and what rests on an echo
// alone brings none either.
func TestEchoesAndWhatWasWithdrawnAreNoOrigin(t *testing.T) {
	before := find(t, weigh(t, demo(t)), intercepts)
	for name, opt := range map[string]assess.Options{
		"an echo":               {Echoes: []stix.ID{id("note", 10)}},
		"withdrawn":             {Withdrawn: []stix.ID{id("note", 10)}},
		"both, and one unknown": {Echoes: []stix.ID{id("note", 10), id("note", 999)}, Withdrawn: []stix.ID{id("note", 10)}},
	} {
		assessments, _ := assess.Weigh(demo(t), opt)
		a := find(t, assessments, intercepts)
		if len(a.Claims) != len(before.Claims) || a.NMax >= before.NMax && a.NMin >= before.NMin {
			t.Errorf("%s: %d claims, %s, where it was %s", name, len(a.Claims), a.Origins(), before.Origins())
		}
		i := slices.IndexFunc(a.Claims, func(c assess.ClaimView) bool { return c.ID == id("note", 10) })
		if c := a.Claims[i]; c.Echo != (len(opt.Echoes) > 0) || c.Withdrawn != (len(opt.Withdrawn) > 0) {
			t.Errorf("%s: the claim is shown as %+v", name, c)
		}
	}
	all := append(demo(t), must(t)(func() assess.Claim {
		c := told(50, "A paper repeats it.", intercepts, outlet2)
		c.DerivedFrom = []stix.ID{id("note", 10)}
		return c
	}().Note()))
	assessments, _ := assess.Weigh(all, assess.Options{Echoes: []stix.ID{id("note", 10)}})
	withEcho, _ := assess.Weigh(demo(t), assess.Options{Echoes: []stix.ID{id("note", 10)}})
	if a, b := find(t, assessments, intercepts), find(t, withEcho, intercepts); a.NMax != b.NMax {
		t.Errorf("a repetition of an echo brings an origin: %s, where it was %s", a.Origins(), b.Origins())
	}
}

func TestRegradingIsANewVersionWithItsHistory(t *testing.T) {
	regraded := told(10, "Source-1 says that intercepts were handed over.", intercepts, source1)
	regraded.Modified = hour(50)
	regraded.Grade = assess.Grade{Reliability: "F", Credibility: 2, Grader: analyst, When: hour(50), Why: "borne out in part"}
	objects := append(demo(t), must(t)(regraded.Note()))
	cl := find(t, weigh(t, objects), intercepts).Claims[0]
	if cl.Graded() != "F2" || len(cl.Earlier) != 1 || cl.Earlier[0].Credibility != 3 {
		t.Errorf("graded %s after %v", cl.Graded(), cl.Earlier)
	}
}

func TestRevokedObjectsDoNotCount(t *testing.T) {
	cl := told(11, "", intercepts, source2)
	revoked := must(t)(stix.New("note").ID(cl.ID).Created(cl.Created).Set("modified", hour(60)).Set("revoked", true).
		Set("content", "taken out").Set("object_refs", []stix.ID{intercepts}).Build())
	if a := find(t, weigh(t, append(demo(t), revoked)), intercepts); a.Origins() != "1 independent origin" {
		t.Errorf("%s", a.Origins())
	}
	back := cl
	back.Modified = hour(70)
	if a := find(t, weigh(t, append(demo(t), revoked, must(t)(back.Note()))), intercepts); a.Origins() != "1 independent origin" {
		t.Errorf("%s: a later version took the revocation back", a.Origins())
	}
}

func TestTwoObjectsOfOneVersion(t *testing.T) {
	other := told(10, "Something else.", intercepts, source1)
	objects := append(demo(t), must(t)(other.Note()))
	first, faults := assess.Weigh(objects, assess.Options{})
	if len(faults) != 1 || faults[0].Path != "modified" {
		t.Errorf("faults %v", faults)
	}
	slices.Reverse(objects)
	if again, _ := assess.Weigh(objects, assess.Options{}); cmp.Diff(text(t, first), text(t, again)) != "" {
		t.Error("which of the two counts depends on the order")
	}
}

func text(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
