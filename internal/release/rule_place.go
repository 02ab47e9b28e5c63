package release

import "strings"

const placeReason = "The place is finer than this release may show. It says who could have seen it, and who is there now."

// rulePlaceProperty finds places in properties that are finer than the grain.
func rulePlaceProperty(r *reading, _ Tearline, s *secrets) []Finding {
	var findings []Finding
	for i := range r.leaves {
		l := &r.leaves[i]
		var step PlaceGrain
		switch l.name {
		case "latitude", "longitude":
			step = Degrees
		case "country":
			step = Country
		default:
			continue
		}
		if l.fixed && s.PlaceGrain.shows(step) {
			continue
		}
		findings = append(findings, Finding{
			Path: l.path(), Excerpt: excerpt(l.text), Reason: placeReason, Blocking: true,
			Fix: "Build the tearline again with places to the " + string(s.PlaceGrain) + ".",
		})
	}
	return findings
}

// rulePlace finds coordinates, map links and addresses in words.
func rulePlace(l *leaf, s *secrets) []Finding {
	var findings []Finding
	for _, clue := range placeClues {
		allowed := clue.step != "" && s.PlaceGrain.shows(clue.step)
		if allowed || l.rest == "" || clue.needs&l.signs == 0 {
			continue
		}
		text := l.rest
		if clue.cased {
			text = l.text
		}
		for _, found := range clue.pattern.FindAllString(text, -1) {
			if clue.not != nil && clue.not.MatchString(found) {
				continue
			}
			findings = append(findings, Finding{
				Excerpt: excerpt(strings.TrimSpace(found)), Reason: placeReason, Blocking: true,
				Fix: "Say the " + string(s.PlaceGrain) + " and no more.",
			})
		}
	}
	return findings
}
