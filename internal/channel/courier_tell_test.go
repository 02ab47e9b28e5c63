package channel

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// feature is one figure of every spell.
type feature struct {
	name   string
	values []float64
}

// What is written down of a request. Up to the distance from the last of its
// kind, in ticks, no clock is needed that is finer than a tick.
const (
	count = iota
	like
	requestBytes
	answerBytes
	distance
	fineDistance
	requestTime
	relayTime
	answerTime
	rest
	phase
	whats
	coarse = fineDistance
)

var (
	kindNames = [kinds]string{"put", "fetch", "other"}
	whatNames = [whats]string{
		"count", "after its like", "request's bytes", "answer's bytes", "ticks from the last", "time from the last",
		"request's time", "relay's time", "answer's time", "rest after it", "place in the tick",
	}
)

// measured is what was written down of one request.
type measured struct {
	at   time.Time
	kind int
	of   [whats]float64
}

// measures writes down every request at the door, with times in seconds.
func (k *talk) measures(tick time.Duration) (all []measured) {
	type of struct{ line, kind int }
	last, before := map[of]time.Time{}, map[int]int{}
	for _, a := range k.door.requests() {
		m := measured{at: a.answered, kind: a.kind()}
		m.of = [whats]float64{
			count: 1, requestBytes: float64(a.in), answerBytes: float64(a.out), rest: a.rest.Seconds(),
			requestTime: a.last.Sub(a.first).Seconds(), relayTime: a.answered.Sub(a.last).Seconds(),
			answerTime: a.finished.Sub(a.answered).Seconds(), phase: float64(a.first.UnixNano()%int64(tick)) / 1e9,
		}
		if at, ok := last[of{a.line, m.kind}]; ok {
			m.of[fineDistance] = a.first.Sub(at).Seconds()
			m.of[distance] = math.Round(m.of[fineDistance] / tick.Seconds())
		}
		if kind, ok := before[a.line]; ok && kind == m.kind {
			m.of[like] = 1
		}
		last[of{a.line, m.kind}], before[a.line] = a.first, m.kind
		all = append(all, m)
	}
	return all
}

// features are what a classifier is given of each spell of a talk.
func (k *talk) features(tick time.Duration, whats int) (all []feature) {
	measures := k.measures(tick)
	for kind := range kinds {
		for what := range whats {
			name := kindNames[kind] + ": " + whatNames[what]
			f := []feature{{name: name + ", low"}, {name: name + ", middle"}, {name: name + ", high"}, {name: name + ", sum"}, {name: name + ", spread"}}
			for _, s := range k.spells {
				of := s.of(measures, kind, what)
				for i, v := range []float64{quantile(of, 0.1), quantile(of, 0.5), quantile(of, 0.9), sum(of), spread(of)} {
					f[i].values = append(f[i].values, v)
				}
			}
			all = append(all, f...)
		}
	}
	return all
}

// of lists one measure of the requests that were answered in the spell, sorted.
func (s spell) of(all []measured, kind, what int) (values []float64) {
	for _, m := range all {
		if m.kind == kind && !m.at.Before(s.from) && m.at.Before(s.to) {
			values = append(values, m.of[what])
		}
	}
	slices.Sort(values)
	return values
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
