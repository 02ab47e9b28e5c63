package node

import (
	"fmt"
	"testing"
	"time"

	"parley/internal/rules"
	"parley/stix"
)

// BenchmarkSimulate asks the rules that the program brings about 200 reports of 20 telephones each, for two counterparts
// and every use.
func BenchmarkSimulate(b *testing.B) {
	at := meet(b)
	const reports, phones = 200, 20
	for i := range reports {
		var objects []string
		var refs []stix.ID
		for k := range phones {
			id := numbered("phone-number", i*1000+k)
			objects = append(objects, fmt.Sprintf(`{"type":"phone-number","spec_version":"2.1","id":"%s","value":"+1202555%04d"}`, id, i*phones+k))
			refs = append(refs, id)
		}
		imported(b, at.North, "report.json", append(objects, reportObject(i, "Two men spoke of a lamp and a door.", refs...))...)
	}
	set, err := rules.Parse(rules.DefaultName, rules.Default())
	must(b, err)
	for b.Loop() {
		all, err := at.North.Simulate(b.Context(), set, noon.Add(-time.Hour))
		must(b, err)
		if want := reports * 2 * 5; len(all) != want {
			b.Fatalf("%d answers, want %d", len(all), want)
		}
	}
}
