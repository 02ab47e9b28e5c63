package channel

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// evidence is all spells of one way, and the features of them, each in ranks
// of its own talk: somebody who watches a line knows what is usual on it.
type evidence struct {
	busy     []bool
	features []feature
}

func evidenceOf(talks []*talk, tick time.Duration, whats int) (e evidence) {
	for _, k := range talks {
		for _, s := range k.spells {
			e.busy = append(e.busy, s.busy)
		}
		for i, f := range k.features(tick, whats) {
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

// falseAlarm is how often busy may be said to be told from quiet though nothing leaks.
const falseAlarm = 0.001

// deals is how often the coins are dealt out anew.
const deals = 9999

// verdict is how many spells were told, and how often as many are told when
// the coins are dealt out anew: then it is luck, whatever the features are.
type verdict struct {
	right, of int
	luck      float64
}

func (v verdict) told() bool { return v.luck < falseAlarm }

func (e evidence) judge() verdict {
	hat := e.hat()
	v := verdict{right(hat, e.busy), len(e.busy), 0}
	rnd := rand.New(rand.NewPCG(1, 2))
	busy, as := slices.Clone(e.busy), 1 // the coins as they fell
	for range deals {
		rnd.Shuffle(len(busy), func(i, j int) { busy[i], busy[j] = busy[j], busy[i] })
		if right(hat, busy) >= v.right {
			as++
		}
	}
	v.luck = float64(as) / (deals + 1)
	return v
}

// tell says what was found: how many spells were told, and the features that
// tell the most.
func (e evidence) tell(t *testing.T) verdict {
	t.Helper()
	v := e.judge()
	t.Logf("right in %d of %d spells; dealt anew, the coins give as many with a chance of %.4f", v.right, v.of, v.luck)
	tells := func(f feature) float64 { return math.Abs(auc(f.values, e.busy) - 0.5) }
	slices.SortFunc(e.features, func(a, b feature) int { return cmp.Compare(tells(b), tells(a)) })
	for _, f := range e.features[:min(5, len(e.features))] {
		t.Logf("more of it in busy spells in %.3f of pairs (one of %d): %s", auc(f.values, e.busy), len(e.features), f.name)
	}
	return v
}

// byLuck is the chance that k or more of n are right, each with chance q.
func byLuck(k, n int, q float64) (p float64) {
	for i := k; i <= n; i++ {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(i + 1))
		c, _ := math.Lgamma(float64(n - i + 1))
		p += math.Exp(a - b - c + float64(i)*math.Log(q) + float64(n-i)*math.Log(1-q))
	}
	return p
}

// power is how likely somebody who is right about q of all spells is found in n.
func power(n int, q float64) float64 {
	k := n / 2
	for byLuck(k, n, 0.5) >= falseAlarm {
		k++
	}
	return byLuck(k, n, q)
}
