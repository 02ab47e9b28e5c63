package release

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/internal/media"
	"parley/stix"
)

// Together is what two versions of a report say to somebody who has both, and neither says alone.
type Together struct {
	Releases [2]int64  `json:"releases"`
	To       [2]string `json:"to"`
	What     string    `json:"what"` // in one word, such as times
	Why      string    `json:"why"`
}

// together compares two versions. What goes to the same counterpart it holds together anyway.
func together(a, b versionRead) (found []Together) {
	if a.To == b.To {
		return nil
	}
	for _, look := range []func(a, b versionRead) (what string, why []string){
		togetherSources, togetherGrades, togetherTimes, togetherPlaces, togetherSayings, togetherSelectors, togetherObjects, togetherWords,
	} {
		what, why := look(a, b)
		for _, w := range why {
			found = append(found, Together{Releases: [2]int64{a.Release, b.Release}, To: [2]string{a.To, b.To}, What: what, Why: w})
		}
	}
	return found
}

func togetherSources(a, b versionRead) (string, []string) {
	x, y := a.tearline.SourceDescriptor, b.tearline.SourceDescriptor
	if x == "" || y == "" || fold(x) == fold(y) {
		return "", nil
	}
	return "source", []string{fmt.Sprintf("one source is described as %q and as %q: who reads both knows that it is both", x, y)}
}

func togetherGrades(a, b versionRead) (string, []string) {
	x, y := a.tearline.Grade, b.tearline.Grade
	if x == (Grade{}) || y == (Grade{}) || x == y {
		return "", nil
	}
	return "grade", []string{fmt.Sprintf("it is graded %s and %s: who reads both knows that one of the two was not meant", x, y)}
}

// togetherTimes finds times of one object that are given in steps of which two have less in common than either is.
func togetherTimes(a, b versionRead) (string, []string) {
	var why []string
	eachPair(a, b, func(original stix.ID, x, y stix.Object) {
		for name, p := range forms[x.Type()].properties {
			if p.manner != asTime && p.manner != asEnd {
				continue
			}
			s, t := stepOf(x, name), stepOf(y, name)
			if s.start.IsZero() || t.start.IsZero() || s == t {
				continue
			}
			if both := s.and(t); both.narrower(s) && both.narrower(t) {
				why = append(why, fmt.Sprintf("%s of %s lies %s for one and %s for the other: together %s", name, original, s, t, both))
			}
		}
	})
	slices.Sort(why)
	return "times", why
}

// eachPair gives the objects of the original that stand in both versions.
func eachPair(a, b versionRead, do func(original stix.ID, x, y stix.Object)) {
	in := func(r versionRead) map[stix.ID]stix.Object {
		all := map[stix.ID]stix.Object{}
		for _, o := range r.tearline.Objects {
			if original := r.originals[o.ID()]; original != "" {
				all[original] = o
			}
		}
		return all
	}
	theirs := in(b)
	for original, x := range in(a) {
		if y, both := theirs[original]; both {
			do(original, x, y)
		}
	}
}

// window is a stretch of time, from start to before end.
type window struct{ start, end time.Time }

// stepOf is the coarsest step of time that a value can stand for.
func stepOf(o stix.Object, name string) window {
	text, _ := o.String(name)
	at, err := stix.ParseTimestamp(text)
	if err != nil {
		return window{}
	}
	for _, grain := range []TimeGrain{Month, Week, Day} {
		if grain.Holds(at.Time()) {
			return window{at.Time(), grain.After(at.Time())}
		}
	}
	return window{at.Time(), Hour.After(at.Time())}
}

func (w window) and(other window) window {
	if other.start.After(w.start) {
		w.start = other.start
	}
	if other.end.Before(w.end) {
		w.end = other.end
	}
	return w
}

func (w window) narrower(than window) bool {
	return w.start.Before(w.end) && w.end.Sub(w.start) < than.end.Sub(than.start)
}

func (w window) String() string {
	return w.start.UTC().Format("2006-01-02") + " to " + w.end.Add(-time.Second).UTC().Format("2006-01-02")
}

// togetherPlaces finds places of one object that are told in different ways.
func togetherPlaces(a, b versionRead) (string, []string) {
	var why []string
	eachPair(a, b, func(original stix.ID, x, y stix.Object) {
		if x.Type() != "location" {
			return
		}
		one, other := placeOf(x), placeOf(y)
		if one != other && !strings.Contains(one, other) && !strings.Contains(other, one) {
			why = append(why, fmt.Sprintf("%s lies in %s for one and in %s for the other: together they narrow it down", original, one, other))
		}
	})
	slices.Sort(why)
	return "places", why
}

func placeOf(o stix.Object) string {
	var parts []string
	for _, name := range []string{"region", "country", "latitude", "longitude"} {
		if value := shown(o, name); value != "" {
			parts = append(parts, name+" "+value)
		}
	}
	return strings.Join(parts, ", ")
}

// togetherSayings finds times and places that both texts tell, each in other words.
func togetherSayings(a, b versionRead) (string, []string) {
	var why []string
	for _, kind := range []struct {
		name string
		in   func(l *leaf) []string
	}{{"when", timesSaid}, {"where", placesSaid}} {
		x, y := kind.in(textOf(a)), kind.in(textOf(b))
		if len(x) > 0 && len(y) > 0 && !slices.Equal(x, y) {
			why = append(why, fmt.Sprintf("both texts say %s, one %q and the other %q: read them together", kind.name, strings.Join(x, "; "), strings.Join(y, "; ")))
		}
	}
	return "sayings", why
}

func textOf(r versionRead) *leaf {
	l := &leaf{text: r.tearline.Title + "\n" + r.tearline.Text, looked: new(looked)}
	l.rest = fold(l.text)
	l.words = wordsOf(l.rest)
	l.signs = signsOf(l.rest, l.words)
	return l
}

// timesSaid are the times that a text tells, however coarse: months alone too, with what stands before them.
func timesSaid(l *leaf) (said []string) {
	for _, clue := range timeClues {
		if clue.needs&l.signs != 0 {
			said = append(said, clue.pattern.FindAllString(l.rest, -1)...)
		}
	}
	return trimmed(said)
}

func placesSaid(l *leaf) (said []string) {
	for _, clue := range placeClues {
		if clue.needs&l.signs == 0 {
			continue
		}
		text := l.rest
		if clue.cased {
			text = l.text
		}
		said = append(said, clue.pattern.FindAllString(text, -1)...)
	}
	return trimmed(said)
}

func trimmed(all []string) []string {
	for i, s := range all {
		all[i] = strings.Trim(s, " \n.,;:!?()")
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func togetherSelectors(a, b versionRead) (string, []string) {
	both := union(a.selectors, b.selectors)
	if len(both) == len(a.selectors) || len(both) == len(b.selectors) {
		return "", nil
	}
	return "selectors", []string{fmt.Sprintf("one has %d selectors and the other %d: together they are %d of one matter", len(a.selectors), len(b.selectors), len(both))}
}

func togetherObjects(a, b versionRead) (string, []string) {
	x, y := keptOf(a), keptOf(b)
	both := union(x, y)
	if len(both) == len(x) || len(both) == len(y) {
		return "", nil
	}
	return "objects", []string{fmt.Sprintf("one has %d objects of the report and the other %d: together they are %d", len(x), len(y), len(both))}
}

// keptOf lists the originals of which something stands in a version, other than selectors.
func keptOf(r versionRead) (all []stix.ID) {
	for _, o := range r.tearline.Objects {
		if original := r.originals[o.ID()]; original != "" && selectorOf(o) == "" {
			all = append(all, original)
		}
	}
	slices.Sort(all)
	return all
}

func union[T ~string](a, b []T) []T {
	all := map[T]bool{}
	for _, x := range slices.Concat(a, b) {
		all[x] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// togetherWords finds the same words in both: two counterparts who compare see that one hand wrote them.
func togetherWords(a, b versionRead) (string, []string) {
	runs := media.CommonRuns(a.tearline.Text, b.tearline.Text, sharedWords)
	if len(runs) == 0 {
		return "", nil
	}
	longest := slices.MaxFunc(runs, func(x, y media.Run) int { return len(x.Text) - len(y.Text) })
	return "words", []string{fmt.Sprintf("both have the words %q: who compares sees that they are of one hand, though the senders' names differ", excerpt(longest.Text))}
}
