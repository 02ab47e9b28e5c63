//go:build unix

package rules_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"parley/internal/permit"
	"parley/internal/rules"
	"parley/stix"
	"parley/stix/marking"
)

// BenchmarkEvaluate asks the rules that the program brings about the objects of a release: as they come,
// many of them alike; and each by itself, worked out anew.
func BenchmarkEvaluate(b *testing.B) {
	const more = `
deny of-the-id
  when    object.id == "nothing"
  because whoever looks at the id has every object looked at
`
	marks := []*rules.Marked{
		nil, rules.Mark(marking.Marking{TLP: marking.Red}), rules.Mark(marking.Marking{TLP: marking.Green}, marking.Marking{PAP: marking.PAPAmber}),
	}
	types := []string{"indicator", "phone-number", "relationship", "domain-name", "observed-data", "report"}
	objects := make([]rules.Object, 1000)
	for i := range objects {
		typ := types[i%len(types)]
		objects[i] = rules.Object{ID: stix.ID(fmt.Sprintf("%s--7b0e4d5c-52f1-4c1e-8f0a-%012d", typ, i)), Type: typ, Ours: true, Marked: marks[i%len(marks)]}
	}
	for name, text := range map[string]string{"release": "", "each": more} {
		b.Run(name, func(b *testing.B) {
			set, err := rules.Parse(rules.DefaultName, append(rules.Default(), text...))
			if err != nil {
				b.Fatal(err)
			}
			evaluate(b, set, objects)
		})
	}
}

func evaluate(b *testing.B, set *rules.Set, objects []rules.Object) {
	to, why := rules.Counterpart{Name: "South", Verified: true}, rules.Purpose{Use: permit.Detection, TLP: marking.Red}
	before := processor(b)
	for b.Loop() {
		sitting := set.For(to, why, noon)
		for _, o := range objects {
			if d := sitting.Decide(o); !d.Allowed {
				b.Fatal(d.Reason)
			}
		}
	}
	asked := float64(b.N) * float64(len(objects))
	b.ReportMetric(asked/(processor(b)-before).Seconds(), "objects/s/core")
	b.ReportMetric(0, "ns/op")
}

// processor is the time that processors have spent on this program, its collection of garbage included:
// what a core does a second, whatever else the machine has to do.
func processor(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := rules.Parse(rules.DefaultName, rules.Default()); err != nil {
			b.Fatal(err)
		}
	}
}
