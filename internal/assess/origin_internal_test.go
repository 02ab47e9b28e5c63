package assess

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"parley/stix"
)

// The number that is called surely independent never exceeds the true least number: that of the
// smallest grouping in which all members of a group may be the same.
func TestFewestNeverExceedsTheTruth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &sharing{same: map[stix.ID]stix.ID{}, may: map[stix.ID]map[stix.ID]bool{}, apart: map[stix.ID]map[stix.ID]bool{}}
		n := rapid.IntRange(0, 6).Draw(t, "origins")
		origins := make([]Origin, n)
		for i := range origins {
			origins[i] = Origin{Who: stix.ID(fmt.Sprint("who ", i)), Hidden: rapid.Bool().Draw(t, "hidden")}
		}
		for i := range n {
			for j := range i {
				switch rapid.IntRange(0, 3).Draw(t, "edge") {
				case 0:
					link(s.may, origins[i].Who, origins[j].Who)
				case 1:
					link(s.apart, origins[i].Who, origins[j].Who)
				}
			}
		}
		may := func(a, b Origin) bool {
			return s.may[a.Who][b.Who] || a.Hidden && b.Hidden && !s.apart[a.Who][b.Who]
		}
		got, truth := s.fewest(origins), smallestGrouping(origins, may, nil)
		if got > truth || n > 0 && got < 1 {
			t.Errorf("%d, but they may be only %d", got, truth)
		}
	})
}

// smallestGrouping tries every way of putting the origins into groups.
func smallestGrouping(rest []Origin, may func(a, b Origin) bool, groups [][]Origin) int {
	if len(rest) == 0 {
		return len(groups)
	}
	fewest := smallestGrouping(rest[1:], may, append(groups, []Origin{rest[0]}))
	for i, group := range groups {
		fits := true
		for _, member := range group {
			fits = fits && may(member, rest[0])
		}
		if fits {
			groups[i] = append(group, rest[0])
			fewest = min(fewest, smallestGrouping(rest[1:], may, groups))
			groups[i] = group
		}
	}
	return fewest
}
