package rules_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/internal/permit"
	"parley/internal/rules"
	"parley/stix"
	"parley/stix/marking"
)

// conditions are what random rules are made of; some of them cannot be worked out on every object.
var conditions = []string{
	"true", "false", `object.type == "report"`, "object.report", `object.labels.exists(l, l == "a")`, `object.labels[0] == "a"`,
	`marking.tlp in ["", "red"]`, `marking.acs.classification == "S"`, "counterpart.verified", `counterpart.assured("treatment")`,
	`purpose.use == "detection"`, "purpose.disclosed > 1", "1 / purpose.disclosed > 0", `object.id.startsWith("report")`, "now > marking.embargo_until",
}

func drawRules(r *rapid.T) []string {
	n := rapid.IntRange(0, 6).Draw(r, "rules")
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("%s rule-%d\n  when    %s\n  because it is drawn\n", rapid.SampledFrom([]string{"allow", "allow", "deny"}).Draw(r, "kind"), i,
			rapid.SampledFrom(conditions).Draw(r, "when"))
	}
	return all
}

func drawObject(r *rapid.T) rules.Object {
	texts := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", ""}), 0, 3)
	var all []marking.Marking
	for range rapid.IntRange(0, 2).Draw(r, "markings") {
		m := marking.Marking{TLP: rapid.SampledFrom([]marking.TLP{"", marking.Green, marking.Red}).Draw(r, "tlp")}
		switch rapid.IntRange(0, 8).Draw(r, "more") {
		case 0:
			m.Unknown = "is drawn"
		case 1:
			m.ACS = &marking.ACS{Classification: rapid.SampledFrom([]string{"U", "S"}).Draw(r, "class")}
		case 2:
			m.Handling = &marking.Handling{EmbargoUntil: noon.Add(time.Duration(rapid.IntRange(-1, 1).Draw(r, "hours")) * time.Hour)}
		case 3:
			m.Statement = rapid.String().Draw(r, "statement")
		}
		all = append(all, m)
	}
	o := rules.Object{
		ID: stix.ID(rapid.SampledFrom([]string{"report--x", "note--y", ""}).Draw(r, "id")), Type: rapid.SampledFrom([]string{"report", "note", ""}).Draw(r, "type"),
		Report: rapid.Bool().Draw(r, "report"), Ours: rapid.Bool().Draw(r, "ours"), Labels: texts.Draw(r, "labels"),
		Use: rapid.SampledFrom([]permit.Use{"", permit.Detection, permit.Background}).Draw(r, "use"),
	}
	if len(all) > 0 {
		o.Marked = rules.Mark(all...)
	}
	return o
}

func drawSitting(r *rapid.T, set *rules.Set) *rules.Sitting {
	to := rules.Counterpart{Name: "South", Verified: rapid.Bool().Draw(r, "verified")}
	if rapid.Bool().Draw(r, "assured") {
		to.Assurances = []rules.Assurance{{Undertaking: "treatment"}}
	}
	return set.For(to, rules.Purpose{
		Use: rapid.SampledFrom(permit.Uses()).Draw(r, "use"), TLP: rapid.SampledFrom([]marking.TLP{marking.Amber, marking.Red}).Draw(r, "tlp"),
		Disclosed: rapid.IntRange(0, 2).Draw(r, "disclosed"),
	}, noon)
}

// TestRulesDecideAsWritten: one that denies wins over all that allow; without one that allows nothing goes; what is taken
// away from the allowances lets nothing more go; the order decides nothing; asking again gives the same; nothing panics.
func TestRulesDecideAsWritten(t *testing.T) {
	read := func(r *rapid.T, all []string) *rules.Set {
		set, err := rules.Parse("drawn.rules", []byte("rules 1\n\n"+strings.Join(all, "\n")))
		if err != nil {
			r.Fatal(err)
		}
		return set
	}
	rapid.Check(t, func(r *rapid.T) {
		all := drawRules(r)
		set := read(r, all)
		o := drawObject(r)
		sitting := drawSitting(r, set)
		got := sitting.Decide(o)
		if again := sitting.Decide(o); again.Allowed != got.Allowed || again.Reason != got.Reason {
			r.Fatalf("%+v, and then %+v", got, again)
		}
		kinds := map[string]bool{}
		for _, rule := range set.Rules {
			kinds[rule.Name] = rule.Allows
		}
		switch {
		case got.Allowed && (len(got.By) != 1 || !kinds[got.By[0]]):
			r.Fatalf("it goes by %v", got.By)
		case got.Reason == "" || len(got.By) == 0:
			r.Fatalf("%+v gives no reason", got)
		}
	})
	rapid.Check(t, func(r *rapid.T) {
		all, o := drawRules(r), drawObject(r)
		to := rules.Counterpart{Name: "South", Verified: true}
		why := rules.Purpose{Use: permit.Detection, TLP: marking.Red, Disclosed: rapid.IntRange(0, 2).Draw(r, "disclosed")}
		decide := func(all []string) rules.Decision { return read(r, all).For(to, why, noon).Decide(o) }
		got := decide(all)
		if turned := decide(rapid.Permutation(all).Draw(r, "turned")); turned.Allowed != got.Allowed {
			r.Fatalf("%s in one order, %s in another", got.Verdict(), turned.Verdict())
		}
		if denied := decide(append(all, "deny always\n  when    true\n  because it is denied\n")); denied.Allowed {
			r.Fatalf("denied, and it goes by %v", denied.By)
		}
		var denials []string
		for _, one := range all {
			if strings.HasPrefix(one, "deny") {
				denials = append(denials, one)
			}
		}
		if without := decide(denials); without.Allowed {
			r.Fatalf("nothing allows it, and it goes by %v", without.By)
		}
		if more := decide(append(all, "allow always\n  when    true\n  because it is allowed\n")); got.Allowed && !more.Allowed {
			r.Fatalf("one more allowance refuses it: %s", more.Reason)
		}
	})
}

// FuzzParse: any text is read or refused by its place, and what is read decides on anything.
func FuzzParse(f *testing.F) {
	f.Add(rules.Default())
	f.Add([]byte("rules 1\n\nallow a\n  when object.labels.exists(l, l.matches('a*')) || 1/0 == 1\n  because x\n"))
	if demo, err := os.ReadFile(filepath.Join("..", "..", "demo", "files", "south", "release.rules")); err == nil {
		f.Add(demo)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		set, err := rules.Parse("x", text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "x:") {
				t.Fatalf("%v says not where", err)
			}
			return
		}
		set.Test(set.Cases)
		sitting := set.For(rules.Counterpart{Name: "South"}, rules.Purpose{Use: permit.Detection, TLP: marking.Red}, noon)
		if d := sitting.Decide(rules.Object{Type: "report", Labels: []string{"a"}}); d.Reason == "" {
			t.Fatalf("%+v gives no reason", d)
		}
	})
}
