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
		if allowed || l.rest == "" || clue.needs&l.signs == 0 {
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
	needs   sign       // without one of these it never matches
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
	streetsBefore = newList(`شارع زقاق улица ул. улице خیابان کوچه`)
	numbered      = newList(`block plot unit box`)
	bearings      = newList(`north south east west from of off away behind past up down de vom от`)
)

func placeForm(form string) *regexp.Regexp {
	return compileForm(`(?:^|[^\pL\pN])`, form, map[string]wordList{
		"ORDINAL": ordinals, "BUILDING": buildings, "STREET": streets, "NUMBERED": numbered, "BEFORE": streetsBefore,
		"BEARING": bearings, "COUNT": newList(`hundred fifty twenty ten two three four five`),
	})
}

var placeClues = []placeClue{
	// Coordinates: whole degrees are a grain, anything finer is none.
	{needs: aFigure, pattern: regexp.MustCompile(`[-+]?\b\d{1,3}[.,]\d{2,} ?°? ?[nsewo]?[ ,;/]{1,3}[-+]?\d{1,3}[.,]\d{2,}\b`)},
	{needs: aFigure, pattern: regexp.MustCompile(`\b\d{1,3}[.,]\d+ ?°? ?(?:n|s|e|w|north|south|east|west)\b`)},
	{needs: aFigure, pattern: regexp.MustCompile(`\b(?:lat|latitude|lon|lng|long|longitude)[ .:=]*[-+]?\d{1,3}[.,]\d+`)},
	{needs: aFigure, pattern: regexp.MustCompile(`\b\d{1,3} ?(?:°|º|deg|degrees) ?\d{1,2}(?:[.,]\d+)? ?(?:'|min|minutes|m\b)`)},
	{needs: aFigure, step: Degrees, pattern: regexp.MustCompile(`\b\d{1,3} ?(?:°|º|deg|degrees) ?(?:n|s|e|w|north|south|east|west)\b`)},
	// Grid references, plus codes, map links and other names of points.
	{needs: aFigure, cased: true, pattern: regexp.MustCompile(`\b\d{1,2}[C-HJ-NP-X] ?[A-HJ-NP-Z]{2} ?(?:\d{1,5} ?\d{1,5})\b`)},
	{needs: aFigure, cased: true, pattern: regexp.MustCompile(`\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,4}\b`)},
	{needs: aMap, pattern: regexp.MustCompile(`geo:|\bgeohash\b|what3words|w3w\.co|maps\.|/maps|openstreetmap|osm\.org`)},
	{needs: threeSlashes, pattern: regexp.MustCompile(`///[\pL]+\.[\pL]+\.[\pL]+`)},

	// Addresses and directions.
	{needs: aBuilding, pattern: placeForm(`(?:{ORDINAL}|\d{1,4}(?:st|nd|rd|th)?) (?:[\pL]+ )?{BUILDING}`)},
	{needs: aFigure, pattern: placeForm(`(?:{BUILDING}|{STREET}|{NUMBERED}) ?(?:no\.?|number|nr\.?|#|№|رقم)? ?\d{1,5}[a-d]?`)},
	{needs: aStreet, pattern: placeForm(`\d{1,5}[a-d]?,? (?:[\pL]+ ){0,2}{STREET}`)},
	{needs: aStreet, pattern: placeForm(`(?:{ORDINAL}|\d{1,4}(?:st|nd|rd|th)) (?:[\pL]+ )?{STREET}`)},
	{needs: aStreet, cased: true, pattern: regexp.MustCompile(`\b\p{Lu}[\pL'-]+ (?:Street|St\.|Road|Rd\.?|Avenue|Ave\.?|Lane|Boulevard|Blvd\.?|Alley|Square|Highway|Roundabout|Junction)(?:[^\pL]|$)`)},
	{needs: aStreet | aVia, cased: true, pattern: regexp.MustCompile(`\b(?:[Rr]ue|[Cc]alle|[Aa]venida|[Uu]litsa|[Vv]ia|[Rr]uelle) (?:d[eu] (?:l[ae]s? )?)?\p{Lu}[\pL'-]+`)},
	{needs: aCompoundStreet, cased: true, pattern: regexp.MustCompile(`(?:stra(?:ß|ss)e|gasse|platz)(?:[^\pL]|$)`)},
	{needs: aStreetBefore, pattern: placeForm(`{BEFORE} \S+`)},
	{needs: aBearing, pattern: placeForm(`(?:\d+|{COUNT}) ?(?:m|metres|meters|km|kilometres|kilometers|miles|yards|mètres|meter|метров) {BEARING}`)},
	{needs: aBeside, pattern: placeForm(`(?:next door to|opposite|behind|across from|adjacent to|above|below) the [\pL]+`)},
}
