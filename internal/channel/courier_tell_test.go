package channel

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// feature is one figure of every spell: of a talk, or of several.
type feature struct {
	name   string
	values []float64
}

// features are what a classifier is given of each spell of a talk. Without
// times they are counts, sizes, the order of requests, and their distance in
// whole ticks.
func (k *talk) features(tick time.Duration, times bool) (all []feature) {
	requests := k.door.requests()
	for i, s := range k.spells {
		names, values := s.features(requests, tick, times)
		if all == nil {
			for _, n := range names {
				all = append(all, feature{n, make([]float64, len(k.spells))})
			}
		}
		for j, v := range values {
			all[j].values[i] = v
		}
	}
	return all
}

// features of the requests that were answered within the spell.
func (s spell) features(requests []asked, tick time.Duration, times bool) (names []string, values []float64) {
	add := func(name string, v float64) { names, values = append(names, name), append(values, v) }
	before := map[[2]int]asked{} // of the same kind, on the same connection
	last := map[int]int{}        // the kind of the last request on a connection
	again := 0                   // requests that follow another of their kind
	series := map[string][]float64{}
	for _, a := range requests {
		kind := a.kind()
		key := [2]int{a.line, kind}
		b, after := before[key]
		before[key] = a
		same := kind != puts && last[a.line] == kind+1
		last[a.line] = kind + 1
		if a.answered.Before(s.from) || !a.answered.Before(s.to) {
			continue
		}
		if same {
			again++
		}
		note := func(what string, v float64) {
			name := fmt.Sprint([]string{"put", "fetch", "other"}[kind], " ", what)
			series[name] = append(series[name], v)
		}
		note("request's bytes", float64(a.in))
		note("answer's bytes", float64(a.out))
		if after {
			gap := a.first.Sub(b.first).Seconds()
			if !times {
				gap = math.Round(gap / tick.Seconds())
			}
			note("distance", gap)
		}
		if times {
			note("request's time", a.last.Sub(a.first).Seconds())
			note("relay's time", a.answered.Sub(a.last).Seconds())
			note("answer's time", a.finished.Sub(a.answered).Seconds())
			note("rest", a.rest)
			note("phase", math.Mod(float64(a.first.UnixNano())/float64(tick), 1))
		}
	}
	whats := []string{"request's bytes", "answer's bytes", "distance"}
	if times {
		whats = append(whats, "request's time", "relay's time", "answer's time", "rest", "phase")
	}
	add("requests after their like", float64(again))
	for _, kind := range []string{"put", "fetch", "other"} {
		add(kind+" count", float64(len(series[kind+" answer's bytes"])))
		for _, what := range whats {
			of := series[kind+" "+what]
			slices.Sort(of)
			for _, q := range []float64{0.1, 0.5, 0.9} {
				add(fmt.Sprintf("%s %s %.1f", kind, what, q), quantile(of, q))
			}
			add(kind+" "+what+" sum", sum(of))
			add(kind+" "+what+" spread", spread(of))
		}
	}
	return names, values
}

func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[int(math.Round(q*float64(len(sorted)-1)))]
}

func sum(all []float64) (s float64) {
	for _, v := range all {
		s += v
	}
	return s
}

func spread(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	mean, v := sum(all)/float64(len(all)), 0.0
	for _, x := range all {
		v += (x - mean) * (x - mean)
	}
	return math.Sqrt(v / float64(len(all)))
}

// ranks puts the place of each value among all of them in the value's stead,
// equal ones on the middle of their places, in deviations from the mean. One
// moment at which the machine did something else counts for no more than another.
func ranks(values []float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	r := make([]float64, len(values))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && values[order[j]] == values[order[i]] {
			j++
		}
		for _, at := range order[i:j] {
			r[at] = float64(i+j-1)/2 - float64(len(values)-1)/2
		}
		i = j
	}
	if scale := spread(r); scale > 0 {
		for i := range r {
			r[i] /= scale
		}
	}
	return r
}

// evidence is all spells of one way, and the features of them, each in ranks
// of its own talk: somebody who watches a line knows what is usual on it.
type evidence struct {
	busy     []bool
	features []feature
}

func evidenceOf(talks []*talk, tick time.Duration, times bool) (e evidence) {
	for _, k := range talks {
		for _, s := range k.spells {
			e.busy = append(e.busy, s.busy)
		}
		for i, f := range k.features(tick, times) {
			if i == len(e.features) {
				e.features = append(e.features, feature{name: f.name})
			}
			e.features[i].values = append(e.features[i].values, ranks(f.values)...)
		}
	}
	e.features = slices.DeleteFunc(e.features, func(f feature) bool { return spread(f.values) == 0 })
	return e
}

// auc is how often a busy spell has more of a feature than a quiet one: 0.5 says nothing.
func auc(values []float64, busy []bool) float64 {
	more, pairs := 0.0, 0.0
	for i, v := range values {
		for j, w := range values {
			if !busy[i] || busy[j] {
				continue
			}
			pairs++
			switch {
			case v > w:
				more++
			case v == w:
				more += 0.5
			}
		}
	}
	return more / max(pairs, 1)
}

// ridge is how far the classifier is held back from believing: least squares
// on all features, with their weights held small.
const ridge = 1.0

// hat is the matrix that makes the classifier's answers about all spells of
// what it was told of them: K(K+ridge)⁻¹, with K the likeness of each two.
func (e evidence) hat() [][]float64 {
	n := len(e.busy)
	k, kr := square(n), square(n)
	for i := range n {
		for j := range n {
			v := 1.0
			for _, f := range e.features {
				v += f.values[i] * f.values[j]
			}
			k[i][j] = v / float64(len(e.features)+1)
			kr[i][j] = k[i][j]
		}
		kr[i][i] += ridge
	}
	return solve(kr, k)
}

func square(n int) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
	}
	return m
}

// solve gives a⁻¹b, of a that is symmetric and positive.
func solve(a, b [][]float64) [][]float64 {
	for i := range a {
		d := 1 / a[i][i]
		for j := range a {
			a[i][j] *= d
			b[i][j] *= d
		}
		for r := range a {
			if f := a[r][i]; r != i && f != 0 {
				for j := range a {
					a[r][j] -= f * a[i][j]
					b[r][j] -= f * b[i][j]
				}
			}
		}
	}
	return b
}

// right counts the spells that the classifier tells, each after it learnt from
// all others. For least squares that needs no learning anew: leaving one out
// takes its own part from the answer about it.
func right(hat [][]float64, busy []bool) (n int) {
	for i, row := range hat {
		says := 0.0
		for j, h := range row {
			switch {
			case j == i:
			case busy[j]:
				says += h
			default:
				says -= h
			}
		}
		if says > 0 == busy[i] {
			n++
		}
	}
	return n
}

// verdict is how many spells were told, and how often as many are when the
// coins are dealt out anew.
type verdict struct {
	right, of int
	luck      float64
}

func (e evidence) judge(deals int) verdict {
	hat := e.hat()
	v := verdict{right(hat, e.busy), len(e.busy), 0}
	rnd := rand.New(rand.NewPCG(1, 2))
	as := 1 // the coins as they fell
	for range deals {
		busy := slices.Clone(e.busy)
		rnd.Shuffle(len(busy), func(i, j int) { busy[i], busy[j] = busy[j], busy[i] })
		if right(hat, busy) >= v.right {
			as++
		}
	}
	v.luck = float64(as) / float64(deals+1)
	return v
}
