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
		if s.PlaceGrain.shows(clue.step) && clue.step != "" {
			continue
		}
		texts := []string{l.rest}
		if clue.cased {
			texts = []string{l.text}
		}
		for _, text := range texts {
			if l.rest == "" {
				break
			}
			for _, found := range clue.pattern.FindAllString(text, -1) {
				findings = append(findings, Finding{
					Excerpt: excerpt(strings.TrimSpace(found)), Reason: placeReason, Blocking: true,
					Fix: "Say the " + string(s.PlaceGrain) + " and no more.",
				})
			}
		}
	}
	return findings
}

// placeClue is one form in which people write places.
type placeClue struct {
	step    PlaceGrain // the coarsest grain that shows it; none: no grain does
	cased   bool       // matched against the text as written, because capitals carry it
	pattern *regexp.Regexp
}

var (
	ordinals = folded(`first second third fourth fifth sixth seventh eighth ninth tenth last next corner
		premier première deuxième troisième erste zweite dritte primera segunda tercera
		первый второй третий الأول الثاني الثالث الاول`)
	buildings = folded(`house building flat apartment floor door room shop warehouse villa gate farm compound
		hut tent garage basement courtyard maison immeuble appartement étage haus wohnung stock casa piso
		edificio дом квартира этаж подъезд بيت منزل بناية شقة طابق عمارة`)
	streets = folded(`street road avenue lane boulevard alley highway square roundabout crossroads junction
		rue ruelle straße strasse gasse platz calle avenida plaza улица ул переулок проспект площадь
		شارع زقاق طريق میدان ميدان خیابان کوچه`)
)

var placeClues = []placeClue{
	// Coordinates: whole degrees are a grain, anything finer is none.
	{pattern: regexp.MustCompile(`[-+]?\b\d{1,3}[.,]\d{2,} ?°? ?[nsewo]?[ ,;/]{1,3}[-+]?\d{1,3}[.,]\d{2,}\b`)},
	{pattern: regexp.MustCompile(`\b\d{1,3}[.,]\d+ ?°? ?(?:n|s|e|w|north|south|east|west)\b`)},
	{pattern: regexp.MustCompile(`\b(?:lat|latitude|lon|lng|long|longitude)[ .:=]*[-+]?\d{1,3}[.,]\d+`)},
	{pattern: regexp.MustCompile(`\b\d{1,3} ?(?:°|º|deg|degrees) ?\d{1,2}(?:[.,]\d+)? ?(?:'|min|minutes|m\b)`)},
	{step: Degrees, pattern: regexp.MustCompile(`\b\d{1,3} ?(?:°|º|deg|degrees) ?(?:n|s|e|w|north|south|east|west)\b`)},
	{cased: true, pattern: regexp.MustCompile(`\b\d{1,2}[C-HJ-NP-X] ?[A-HJ-NP-Z]{2} ?(?:\d{1,5} ?\d{1,5})\b`)},
	{cased: true, pattern: regexp.MustCompile(`\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,4}\b`)},
	{pattern: regexp.MustCompile(`geo:|\bgeohash\b|///[\pL]+\.[\pL]+\.[\pL]+|what3words|w3w\.co`)},
	{pattern: regexp.MustCompile(`(?:maps\.|/maps|goo\.gl/maps|openstreetmap|osm\.org|yandex\.\w+/maps|bing\.com/maps|maps\.app)\S*`)},

	// Addresses and directions.
	{pattern: place(`(?:ORDINALS|\d{1,4}(?:st|nd|rd|th)?) (?:[\pL]+ )?(?:BUILDINGS)`)},
	{pattern: place(`(?:BUILDINGS|STREETS|block|plot|unit|po box|no|number) ?(?:no\.?|number|nr\.?|#|№|رقم)? ?\d{1,5}[a-d]?`)},
	{pattern: place(`\d{1,5}[a-d]?,? (?:[\pL]+ ){0,2}(?:STREETS)`)},
	{pattern: place(`(?:ORDINALS|\d{1,4}(?:st|nd|rd|th)) (?:[\pL]+ )?(?:STREETS)`)},
	{cased: true, pattern: regexp.MustCompile(`\b\p{Lu}[\pL'-]+ (?:Street|St\.|Road|Rd\.?|Avenue|Ave\.?|Lane|Boulevard|Blvd\.?|Alley|Square|Highway|Roundabout|Junction)(?:[^\pL]|$)`)},
	{cased: true, pattern: regexp.MustCompile(`\b(?:[Rr]ue|[Cc]alle|[Aa]venida|[Uu]litsa|[Vv]ia|[Rr]uelle) (?:d[eu] (?:l[ae]s? )?)?\p{Lu}[\pL'-]+`)},
	{cased: true, pattern: regexp.MustCompile(`\p{Lu}[\pL]+(?:straße|strasse|gasse|platz)(?:[^\pL]|$)`)},
	{pattern: place(`(?:` + folded(`شارع زقاق улица ул. улице خیابان کوچه`) + `) \S+`)},
	{pattern: place(`(?:\d+|HUNDREDS) ?(?:m|metres|meters|km|kilometres|kilometers|miles|yards|mètres|meter|метров) (?:north|south|east|west|from|of|off|away|behind|past|up|down|de|vom|от)`)},
	{pattern: place(`(?:next door to|opposite|behind|across from|adjacent to|above|below) the [\pL]+`)},
}

func place(form string) *regexp.Regexp {
	form = strings.NewReplacer(
		"ORDINALS", ordinals, "BUILDINGS", buildings, "STREETS", streets,
		"HUNDREDS", folded(`hundred fifty twenty ten two three four five`),
	).Replace(form)
	return regexp.MustCompile(`(?:^|[^\pL\pN])(?:` + form + `)(?:$|[^\pL\pN])`)
}
