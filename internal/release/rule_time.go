package release

import (
	"regexp"
	"strings"

	"parley/stix"
)

// ruleTimeProperty finds times in properties that are finer than the grain.
func ruleTimeProperty(r *reading, _ Tearline, s *secrets) []Finding {
	var findings []Finding
	for i := range r.leaves {
		l := &r.leaves[i]
		if !l.isTime() || l.published {
			continue
		}
		at, err := stix.ParseTimestamp(l.text)
		if err != nil || s.TimeGrain.Holds(at.Time()) {
			continue
		}
		findings = append(findings, Finding{
			Path: l.path(), Excerpt: excerpt(l.text), Reason: timeReason, Blocking: true,
			Fix: "Build the tearline again with times to the " + string(s.TimeGrain) + ".",
		})
	}
	return findings
}

const timeReason = "The time is finer than this release may show. Whoever was there knows who else knew it."

// ruleTime finds times in words that are finer than the grain, in the languages of the word lists.
func ruleTime(l *leaf, s *secrets) []Finding {
	var findings []Finding
	for _, clue := range timeClues {
		if !s.TimeGrain.forbids(clue.step) || clue.needs&l.signs == 0 {
			continue
		}
		for _, found := range clue.pattern.FindAllString(l.rest, -1) {
			if s.TimeGrain == Hour && wholeHour.MatchString(found) {
				continue
			}
			findings = append(findings, Finding{
				Excerpt: excerpt(strings.TrimSpace(found)), Reason: timeReason, Blocking: !clue.vague,
				Fix: "Say the " + string(s.TimeGrain) + " and no more.",
			})
		}
	}
	return findings
}

// forbids says whether a clue that is exact to one step may not show under the grain.
func (g TimeGrain) forbids(step timeStep) bool { return int(step) < g.rank() }

// timeStep is how exact a clue is; the steps that are grains have the ranks of the grains.
type timeStep int

const (
	toTheMinute timeStep = -1
	toTheHour   timeStep = 0
	toTheDay    timeStep = 1
	toTheWeek   timeStep = 2
)

// timeClue is one form in which people write times, matched against folded text.
type timeClue struct {
	step    timeStep
	vague   bool // somebody should look; it need not be a time, or not an exact one
	needs   sign // without one of these it never matches
	pattern *regexp.Regexp
}

var wholeHour = regexp.MustCompile(`^\D*\d{1,2}[:.h]00\D*$`)
