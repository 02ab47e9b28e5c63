package taxii_test

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// stored is an object as the model knows it: one version, in the order of being added.
type stored struct {
	typ     string
	n       int
	version int
	spec    string
}

func (o stored) text() string {
	return strings.Replace(object(o.typ, o.n, v(o.version)), "2.1", o.spec, 1)
}

func (o stored) String() string { return fmt.Sprint(idOf(o.typ, o.n), " ", o.version, " ", o.spec) }

// model is what the standard asks for, written as plainly as can be: it looks at everything, for
// every object.
func model(all []stored, types, specs, versions []string) (want []string) {
	among := func(s string, list []string) bool { return slices.Contains(list, s) }
	for _, o := range all {
		var same []stored // versions of the same object that the specification leaves over
		newest := ""
		for _, other := range all {
			if other.typ == o.typ && other.n == o.n {
				newest = max(newest, other.spec)
			}
		}
		fits := func(x stored) bool {
			return len(specs) == 0 && x.spec == newest || among(x.spec, specs)
		}
		for _, other := range all {
			if other.typ == o.typ && other.n == o.n && fits(other) {
				same = append(same, other)
			}
		}
		if !fits(o) || len(types) > 0 && !among(o.typ, types) {
			continue
		}
		sort.Slice(same, func(i, j int) bool { return same[i].version < same[j].version })
		first, last := same[0].version, same[len(same)-1].version
		wanted := among("all", versions) || among(v(o.version), versions) ||
			o.version == last && (len(versions) == 0 || among("last", versions)) || o.version == first && among("first", versions)
		if wanted {
			want = append(want, o.String())
		}
	}
	return want
}

// TestPagingGivesWhatTheFilterMeans draws a collection and a filter, and reads with changing limits
// both ways: by next, and by added_after.
func TestPagingGivesWhatTheFilterMeans(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newStation(t)
		drawn := rapid.SliceOfNDistinct(rapid.Custom(func(rt *rapid.T) stored {
			return stored{
				typ:     rapid.SampledFrom([]string{"indicator", "malware", "tool"}).Draw(rt, "type"),
				n:       rapid.IntRange(1, 3).Draw(rt, "n"),
				version: rapid.IntRange(1, 4).Draw(rt, "version"),
				spec:    rapid.SampledFrom([]string{"2.0", "2.1", "2.1"}).Draw(rt, "spec"),
			}
		}), 1, 40, stored.String).Draw(rt, "objects")
		for _, o := range drawn {
			s.post(o.text())
		}
		some := func(name string, from ...string) []string {
			return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, 2, rapid.ID[string]).Draw(rt, name)
		}
		types, specs := some("types", "indicator", "malware", "grouping"), some("specs", "2.0", "2.1")
		versions := some("versions", "first", "last", v(1), v(2), v(3))
		if rapid.Bool().Draw(rt, "all versions") {
			versions = []string{"all"}
		}
		var filter []string
		for name, list := range map[string][]string{"type": types, "spec_version": specs, "version": versions} {
			if len(list) > 0 {
				filter = append(filter, "match["+name+"]", strings.Join(list, ","))
			}
		}
		want := model(drawn, types, specs, versions)
		for _, byNext := range []bool{true, false} {
			got := walk(rt, s, filter, byNext, len(drawn))
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatalf("by next %v, filter %v: %s", byNext, filter, diff)
			}
		}
	})
}

// walk reads page by page.
func walk(rt *rapid.T, s *station, filter []string, byNext bool, most int) (got []string) {
	place := []string{}
	for range most + 1 {
		limit := rapid.IntRange(1, 5).Draw(rt, "limit")
		a := s.get("objects/" + query(slices.Concat(filter, place, []string{"limit", fmt.Sprint(limit)})...))
		page := a.list()
		if len(page.Objects) > limit || page.More && len(page.Objects) == 0 {
			rt.Fatalf("%d objects at limit %d, more %v", len(page.Objects), limit, page.More)
		}
		for _, o := range page.Objects {
			version := 0
			for n := range 5 {
				if o.Modified == v(n) {
					version = n
				}
			}
			got = append(got, fmt.Sprint(o.ID, " ", version, " ", o.Spec))
		}
		if !page.More {
			return got
		}
		place = []string{"added_after", a.header.Get("X-TAXII-Date-Added-Last")}
		if byNext {
			place = []string{"next", page.Next}
		}
	}
	rt.Fatalf("no end after %d pages", most+1)
	return nil
}
