package release

import (
	"regexp"
	"strings"
)

const placeReason = "The place is finer than this release may show. It says who could have seen it, and who is there now."

// rulePlaceProperty finds places in properties that are finer than the grain.
func rulePlaceProperty(r *reading, _ Tearline, s *secrets) []Finding {
	var findings []Finding
	for i := range r.leaves {
		l := &r.leaves[i]
		step := map[string]PlaceGrain{"latitude": Degrees, "longitude": Degrees, "country": Country}[l.name]
		if step == "" || l.fixed && s.PlaceGrain.shows(step) {
			continue
		}
		findings = append(findings, Finding{
			Path: l.path, Excerpt: excerpt(l.text), Reason: placeReason, Blocking: true,
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
		if allowed || l.rest == "" || !clue.needs.metBy(l) {
			continue
		}
		text := l.rest
		if clue.cased {
			text = l.text
		}
		for _, found := range clue.pattern.FindAllString(text, -1) {
			findings = append(findings, Finding{
				Excerpt: excerpt(strings.TrimSpace(found)), Reason: placeReason, Blocking: true,
				Fix: "Say the " + string(s.PlaceGrain) + " and no more.",
			})
		}
	}
	return findings
}

// placeClue is one form in which people write places, matched against folded text.
type placeClue struct {
	step    PlaceGrain // the coarsest grain that shows it; none: no grain does
	cased   bool       // matched against the text as written, because capitals carry it
	needs   needs
	pattern *regexp.Regexp
}

var (
	ordinals = newList(`first second third fourth fifth sixth seventh eighth ninth tenth last next corner
		premier première deuxième troisième erste zweite dritte primera segunda tercera
		первый второй третий الأول الثاني الثالث`)
	buildings = newList(`house building flat apartment floor door room shop warehouse villa gate farm compound
		hut tent garage basement courtyard maison immeuble appartement étage haus wohnung stock casa piso
		edificio дом квартира этаж подъезд بيت منزل بناية شقة طابق عمارة`)
	streets = newList(`street road avenue lane boulevard alley highway square roundabout crossroads junction
		st rd ave blvd rue ruelle straße gasse platz calle avenida plaza улица ул переулок проспект площадь
		شارع زقاق طريق ميدان خیابان کوچه`)
	streetBefore = newList(`شارع زقاق улица ул. улице خیابان کوچه`)
	numbered     = newList(`block plot unit box no number`)
	bearings     = newList(`north south east west from of off away behind past up down de vom от`)
	beside       = newList(`door opposite behind across adjacent above below`)
	coordinates  = newList(`geo geohash what3words w3w maps map goo openstreetmap osm yandex`)
)

func placeForm(form string) *regexp.Regexp {
	return compileForm(`(?:^|[^\pL\pN])`, form, map[string]wordList{
		"ORDINAL": ordinals, "BUILDING": buildings, "STREET": streets, "NUMBERED": numbered, "BEFORE": streetBefore,
		"BEARING": bearings, "COUNT": newList(`hundred fifty twenty ten two three four five`),
	})
}

var placeClues = []placeClue{
	// Coordinates: whole degrees are a grain, anything finer is none.
	{needs: figures, pattern: regexp.MustCompile(`[-+]?\b\d{1,3}[.,]\d{2,} ?°? ?[nsewo]?[ ,;/]{1,3}[-+]?\d{1,3}[.,]\d{2,}\b`)},
	{needs: figures, pattern: regexp.MustCompile(`\b\d{1,3}[.,]\d+ ?°? ?(?:n|s|e|w|north|south|east|west)\b`)},
	{needs: figures, pattern: regexp.MustCompile(`\b(?:lat|latitude|lon|lng|long|longitude)[ .:=]*[-+]?\d{1,3}[.,]\d+`)},
	{needs: figures, pattern: regexp.MustCompile(`\b\d{1,3} ?(?:°|º|deg|degrees) ?\d{1,2}(?:[.,]\d+)? ?(?:'|min|minutes|m\b)`)},
	{needs: figures, step: Degrees, pattern: regexp.MustCompile(`\b\d{1,3} ?(?:°|º|deg|degrees) ?(?:n|s|e|w|north|south|east|west)\b`)},
	// Grid references, plus codes, map links and other names of points.
	{needs: figures, cased: true, pattern: regexp.MustCompile(`\b\d{1,2}[C-HJ-NP-X] ?[A-HJ-NP-Z]{2} ?(?:\d{1,5} ?\d{1,5})\b`)},
	{needs: figures, cased: true, pattern: regexp.MustCompile(`\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,4}\b`)},
	{needs: anyOf(coordinates), pattern: regexp.MustCompile(`geo:|\bgeohash\b|what3words|w3w\.co|maps\.|/maps|openstreetmap|osm\.org`)},
	{pattern: regexp.MustCompile(`///[\pL]+\.[\pL]+\.[\pL]+`)},

	// Addresses and directions.
	{needs: anyOf(buildings), pattern: placeForm(`(?:{ORDINAL}|\d{1,4}(?:st|nd|rd|th)?) (?:[\pL]+ )?{BUILDING}`)},
	{needs: figures, pattern: placeForm(`(?:{BUILDING}|{STREET}|{NUMBERED}) ?(?:no\.?|number|nr\.?|#|№|رقم)? ?\d{1,5}[a-d]?`)},
	{needs: anyOf(streets), pattern: placeForm(`\d{1,5}[a-d]?,? (?:[\pL]+ ){0,2}{STREET}`)},
	{needs: anyOf(streets), pattern: placeForm(`(?:{ORDINAL}|\d{1,4}(?:st|nd|rd|th)) (?:[\pL]+ )?{STREET}`)},
	{needs: anyOf(streets), cased: true, pattern: regexp.MustCompile(`\b\p{Lu}[\pL'-]+ (?:Street|St\.|Road|Rd\.?|Avenue|Ave\.?|Lane|Boulevard|Blvd\.?|Alley|Square|Highway|Roundabout|Junction)(?:[^\pL]|$)`)},
	{needs: anyOf(streets, newList(`ulitsa via`)), cased: true, pattern: regexp.MustCompile(`\b(?:[Rr]ue|[Cc]alle|[Aa]venida|[Uu]litsa|[Vv]ia|[Rr]uelle) (?:d[eu] (?:l[ae]s? )?)?\p{Lu}[\pL'-]+`)},
	{cased: true, pattern: regexp.MustCompile(`(?:stra(?:ß|ss)e|gasse|platz)(?:[^\pL]|$)`)},
	{needs: anyOf(streetBefore), pattern: placeForm(`{BEFORE} \S+`)},
	{needs: anyOf(bearings), pattern: placeForm(`(?:\d+|{COUNT}) ?(?:m|metres|meters|km|kilometres|kilometers|miles|yards|mètres|meter|метров) {BEARING}`)},
	{needs: anyOf(beside), pattern: placeForm(`(?:next door to|opposite|behind|across from|adjacent to|above|below) the [\pL]+`)},
}
