package match

import (
	"math/rand/v2"
	"testing"
)

// exchange of a million numbers, of which we hold some.
func numbersHeld(rnd *rand.Rand, n int) []held {
	taken := map[uint64]bool{}
	for len(taken) < n {
		taken[12025000000+rnd.Uint64N(1_000_000)] = true
	}
	all := make([]held, 0, n)
	for number := range taken {
		all = append(all, held{number: number})
	}
	return all
}

// Where any of ours was as likely to match as any other, ranges finds one in
// fewer than falseAlarm of all looks, whatever we hold and how many match.
func TestHonestSetsRarelyLookLikeRanges(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	const looks = 4000
	alarms := 0
	for range looks {
		all := numbersHeld(rnd, 50+rnd.IntN(400))
		if rnd.IntN(2) == 0 { // ours stand in blocks, as a firm's numbers do
			for i := range all {
				all[i].number = all[i].number/50_000*50_000 + uint64(i)
			}
		}
		rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for i := range rnd.IntN(len(all)) {
			all[i].matched = true
		}
		if len(ranges(all)) > 0 {
			alarms++
		}
	}
	t.Logf("%d alarms in %d looks at sets that are none", alarms, looks)
	if most := 2 * falseAlarm * looks; float64(alarms) > most {
		t.Errorf("%d alarms in %d looks, the rate says at most %g", alarms, looks, falseAlarm*looks)
	}
}

func TestARangeIsFound(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{1_000, 10_000, 100_000} {
		all := numbersHeld(rnd, n)
		first, last := uint64(12025400000), uint64(12025400000+1_000_000/n*15) // about fifteen of ours
		for i, h := range all {
			all[i].matched = h.number >= first && h.number < last
		}
		found := ranges(all)
		if len(found) == 0 {
			t.Errorf("we hold %d of a million: a range from %d to %d was not found", n, first, last)
			continue
		}
		if s := found[0]; s.first < first || s.first >= last || s.chance >= falseAlarm {
			t.Errorf("we hold %d of a million: found %v by chance %g", n, s, s.chance)
		}
	}
}

func TestWhatIsNoRange(t *testing.T) {
	line := func(n int, matched func(int) bool) (all []held) {
		for i := range n {
			all = append(all, held{12025550000 + uint64(i), matched(i)})
		}
		return all
	}
	for name, all := range map[string][]held{
		"nothing":             nil,
		"nothing matched":     line(500, func(int) bool { return false }),
		"everything matched":  line(500, func(int) bool { return true }),
		"two numbers":         line(2, func(int) bool { return true }),
		"every second":        line(500, func(i int) bool { return i%2 == 0 }),
		"few, and all around": line(6, func(i int) bool { return i < 3 }),
	} {
		if found := ranges(all); len(found) > 0 {
			t.Errorf("%s: found %v", name, found)
		}
	}
}

func TestNumbersOfValues(t *testing.T) {
	for value, want := range map[string]uint64{"+12025550147": 12025550147, "490154203237518": 490154203237518, "desk@hall.example": 0, "": 0, "+": 0, "99999999999999999999": 0} {
		if got, ok := numberOf(value); ok && got != want || ok != (want != 0) {
			t.Errorf("%q is read as %d, %v", value, got, ok)
		}
	}
}
