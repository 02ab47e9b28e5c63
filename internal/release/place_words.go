package release

import "regexp"

// placeClue is one form in which people write places, matched against folded text.
type placeClue struct {
	step    PlaceGrain // the coarsest grain that shows it; none: no grain does
	cased   bool       // matched against the text as written, because capitals carry it
	needs   sign       // without one of these it never matches
	pattern *regexp.Regexp
	not     *regexp.Regexp // what is matched and is no place, or nil
}

// The words with which people say places.
var (
	ordinals = newList(`first second third fourth fifth sixth seventh eighth ninth tenth last next corner
		premier première deuxième troisième erste zweite dritte ersten zweiten dritten primera segunda tercera
		первый второй третий الأول الثاني الثالث`)
	buildings = newList(`house building flat apartment floor door room warehouse villa gate farm compound
		hut tent garage basement courtyard maison immeuble appartement étage haus wohnung stock stockwerk casa piso
		edificio дом квартира этаж подъезд بيت منزل بناية شقة طابق عمارة`)
	looks = newList(`red green blue yellow white grey gray black brown pink orange old new abandoned burnt ruined brick
		wooden stone concrete big small left right corner`)
	dwellings = newList(`house cottage villa barn hut shed farmhouse bungalow hangar mansion`)
	streets   = newList(`street road avenue lane boulevard alley highway square roundabout crossroads junction
		st rd ave blvd rue ruelle straße gasse platz calle avenida plaza улица ул переулок проспект площадь
		شارع زقاق طريق ميدان خیابان کوچه`)
	streetsWhole  = newList(`street road avenue lane boulevard alley square crescent ave blvd`)
	streetsBefore = newList(`شارع زقاق улица ул. улице خیابان کوچه`)
	numbered      = newList(`plot pier berth hangar exit milestone kilometre kilometer`)
	bearings      = newList(`north south east west from of off away behind past up down de vom от`)
	landmarks     = newList(`bakery mill church mosque temple synagogue chapel school university station hospital clinic market
		supermarket bank pharmacy hotel hostel cinema theatre bridge factory cemetery stadium library museum embassy consulate
		barracks checkpoint restaurant café bar tower fountain statue harbour roundabout crossroads kiosk butcher
		tavern pub courthouse prison airport playground gym
		boulangerie église école gare marché pharmacie hôtel pont mairie mosquée
		bäckerei kirche schule bahnhof apotheke brücke rathaus moschee tankstelle
		panadería iglesia escuela estación farmacia puente ayuntamiento mezquita
		церкви церковью школы школой вокзала вокзалом аптеки аптекой рынка рынком мечети мечетью моста мостом
		المسجد المدرسة المحطة السوق الصيدلية الجسر الكنيسة المستشفى مسجد مدرسة محطة صيدلية`)
	// What follows is read as a place only with a bearing behind it: "the third house" is a word of politics in Dutch.
	otherOrdinals = newList(`eerste tweede derde vierde vijfde zesde laatste terza terzo seconda ultima primeira segundo terceira terceiro
		birinci ikinci üçüncü dördüncü pierwszy drugi trzeci czwarty pierwszym drugim trzecim`)
	otherBuildings = newList(`huis woning deur casa portone edificio bina daire ev dom budynek mieszkanie domu budynku`)
	otherBearings  = newList(`na achter naast voor voorbij tegenover za obok przed dopo dietro accanto depois atrás depois`)
	// shopkeepers are shops by those who keep them, in the form in which they are compared.
	shopkeepers = newList(`chemist's baker's butcher's grocer's barber's tobacconist's newsagent's hairdresser's dentist's greengrocer's fishmonger's florist's`)
	// strides are what neighbours count a way in.
	strides = newList(`lampposts gates shops corners turnings stops`)
	beside  = newList(`opposite behind beside near adjacent outside under
		derrière hinter neben gegenüber за напротив возле خلف أمام بجانب قرب مقابل`)
	steps = newList(`hundred fifty twenty ten two three four five six eight`)
)

// ofPlace closes a landmark: what comes next is no thing that it is only a word of, as in "bank fraud".
const ofPlace = `(?:,|\.|;|:|!|\?|\)|$|\n| (?:and|or|in|on|at|of|near|where|when|until|there|before|after|with|which|that|is|was|to|for|from|as|by|und|in|et|y|и))`

func placeForm(form string) *regexp.Regexp {
	return compileForm(`(?:^|[^\pL\pN])`, form, map[string]wordList{
		"ORDINAL": ordinals, "BUILDING": buildings, "STREET": streets, "WHOLE": streetsWhole, "NUMBERED": numbered, "BEFORE": streetsBefore,
		"BEARING": bearings, "COUNT": steps, "LOOK": looks, "DWELLING": dwellings, "LANDMARK": landmarks, "BESIDE": beside, "SHOP": shopkeepers, "ORDINAL2": otherOrdinals, "BUILDING2": otherBuildings, "BEARING2": otherBearings, "STRIDE": strides, "AMOUNT": amounts,
	})
}

var placeClues = []placeClue{
	// Coordinates: whole degrees are a grain, anything finer is none.
	{needs: aFigure, pattern: regexp.MustCompile(`[-+]?\b\d{1,3}[.,]\d{2,} ?°? ?[nsewo]?[ ,;/]{1,3}[-+]?\d{1,3}[.,]\d{2,}\b`)},
	{needs: aFigure, pattern: regexp.MustCompile(`\b\d{1,3}[.,]\d+ ?°? ?(?:n|s|e|w|north|south|east|west)\b`)},
	{needs: aFigure, pattern: regexp.MustCompile(`\b[nsew] ?\d{1,3}(?:[.,]\d{2,}|[ °:]{1,2}\d{1,2}(?:[.,]\d+|[ ':]))`)},
	{needs: aFigure, pattern: regexp.MustCompile(`\b(?:lat|latitude|lon|lng|long|longitude)[ .:=]*[-+]?\d{1,3}[.,]\d+`)},
	{needs: aFigure, pattern: regexp.MustCompile(`\b\d{1,3} ?(?:°|º|d|deg|degrees) ?\d{1,2}(?:[.,]\d+)? ?(?:'|min|minutes|m\b|m\d)`)},
	{needs: aFigure, step: Degrees, pattern: regexp.MustCompile(`\b\d{1,3} ?(?:°|º|deg|degrees) ?(?:n|s|e|w|north|south|east|west)\b`)},
	{needs: aDegree, pattern: placeForm(`{AMOUNT}(?:[ -]{AMOUNT})? (?:degrees )?(?:point|decimal|comma) (?:{AMOUNT} ?|zero ?|oh ?)+(?:degrees )?(?:north|south|east|west)|{AMOUNT}(?:[ -]{AMOUNT})? degrees (?:and )?{AMOUNT}(?:[ -]{AMOUNT})? minutes`)},
	// Grid references, locators, plus codes, map links and other names of points.
	{needs: aFigure, cased: true, pattern: regexp.MustCompile(`\b\d{1,2}[C-HJ-NP-X] ?[A-HJ-NP-Z]{2} ?(?:\d{1,5} ?\d{1,5})\b`)},
	{needs: aFigure, cased: true, pattern: regexp.MustCompile(`\b\d{1,2} ?[C-HJ-NP-X] \d{6}(?:\.\d+)?(?: ?m?[Ee])?[ ,]{1,2}\d{7}\b`)},
	{needs: aFigure, cased: true, pattern: regexp.MustCompile(`\b[A-R]{2}\d{2}[a-x]{2}(?:\d{2})?\b`)},
	{needs: aFigure, cased: true, pattern: regexp.MustCompile(`\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,4}\b`)},
	{needs: aMap, pattern: regexp.MustCompile(`geo:|\bgeohash\b|what3words|w3w\.co|maps\.|/maps|openstreetmap|osm\.org`)},
	{needs: threeSlashes, pattern: regexp.MustCompile(`///[\pL]+\.[\pL]+\.[\pL]+`)},
	{needs: aFigure, cased: true, pattern: regexp.MustCompile(`\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b`), not: regexp.MustCompile(`[GTB]B$`)},
	{needs: aFigure, pattern: regexp.MustCompile(`\b(?:post ?code|zip(?: code)?|plz|code postal|индекс)[ :.]*\d{4,6}\b`)},

	// Addresses and directions.
	{needs: aBuilding, pattern: placeForm(`(?:{ORDINAL}|\d{1,4}(?:st|nd|rd|th)) (?:{LOOK} )?{BUILDING}`)},
	{needs: aBuilding, pattern: placeForm(`{ORDINAL2} {BUILDING2} {BEARING2}`)},
	{needs: aDwelling, pattern: placeForm(`{LOOK} {DWELLING}`), not: regexp.MustCompile(`white house`)},
	{needs: aDwelling, cased: true, pattern: regexp.MustCompile(`\bwhite house\b`)},
	{needs: aFigure, pattern: placeForm(`(?:{BUILDING}|{STREET}|{NUMBERED}|block no\.?|unit no\.?|p\.? ?o\.? box) ?(?:no\.?|number|nr\.?|#|№|رقم)? ?\d{1,5}[a-d]?`)},
	{needs: aStreet, pattern: placeForm(`(?:[1-9]\d{0,2}|1[0-8]\d\d|[3-9]\d{3})[a-d]?,? (?:[\pL'-]+ ){1,2}{WHOLE}`), not: regexp.MustCompile(` (?:of|on|in|by|the|per|to|and|from) (?:[\pL'-]+ )?\pL+\W*$|high street`)},
	{needs: aStreet, pattern: placeForm(`(?:{ORDINAL}|\d{1,4}(?:st|nd|rd|th)) (?:{LOOK} )?{STREET}`)},
	{needs: aStreet, cased: true, pattern: regexp.MustCompile(`\b\p{Lu}[\pL'-]+ (?:Street|St\.|Road|Rd\.?|Avenue|Ave\.?|Lane|Boulevard|Blvd\.?|Alley|Square|Highway|Roundabout|Junction)(?:[^\pL]|$)`)},
	{needs: aStreet | aVia, cased: true, pattern: regexp.MustCompile(`\b(?:[Rr]ue|[Cc]alle|[Aa]venida|[Uu]litsa|[Vv]ia|[Rr]uelle) (?:d[eu] (?:l[ae]s? )?)?\p{Lu}[\pL'-]+`), not: regexp.MustCompile(`^[Vv]ia (?:\p{Lu}{2,}|Telegram|Signal|WhatsApp|Tor|Internet)`)},
	{needs: aCompoundStreet, cased: true, pattern: regexp.MustCompile(`[\pL-]*(?:stra(?:ß|ss)e|gasse|platz)(?:[^\pL]|$)`), not: regexp.MustCompile(`(?i)^(?:(?:markt|arbeits|handels|park|stell|sitz|spiel|speicher|steck)?platz|(?:ein(?:bahn)?)?stra(?:ß|ss)e|(?:sack)?gasse)[^\pL]?$`)},
	{needs: aStreetBefore, pattern: placeForm(`{BEFORE} \S+`)},
	{needs: aLength | aFigure, pattern: placeForm(`(?:\d+|{COUNT}) ?(?:m|metres|meters|km|kilometres|kilometers|miles|yards|mètres|meter|метров) {BEARING}`)},
	{needs: aLength | aFigure, pattern: placeForm(`(?:\d+|{COUNT}|a few|several)(?: (?:doors|houses|streets|blocks|floors|storeys)) (?:down|up|away|from|past|north|south|east|west|along|further)`)},
	{needs: aLength | aFigure, pattern: placeForm(`(?:\d+|{AMOUNT})[ -]minutes?'? (?:walk|drive|ride|on foot)(?: away)?(?: (?:from|of|to))?`)},
	{needs: aBeside, pattern: placeForm(`(?:{BESIDE}|next (?:door )?to|in front of|across (?:the (?:road|street) )?from|(?:down|up) (?:the (?:road|street) )?from|(?:a)?round the corner from|above|below|en face|a cote|junto a|frente a|enfrente|detras) (?:de l'|de la |d'|de |du |des |del |l')?(?:the |a |an |la |le |les |el |los |der |die |das |dem |den |einem |einer |al )?(?:[\pL'-]+ )?{LANDMARK}` + ofPlace)},
	{needs: aLength, pattern: placeForm(`(?:\d+|{COUNT}|a few|several) (?:{STRIDE}|lamp posts|traffic lights|bus stops) (?:past|beyond|before|(?:down|up|along|away|further) (?:from|past))`)},
	{needs: aShop, pattern: placeForm(`(?:{BUILDING}|rooms?|place|floor|studio) (?:over|above|behind|beside|opposite|under|next to) (?:the|a) {SHOP}`)},
	{needs: aCorner, cased: true, pattern: regexp.MustCompile(`(?i:corner|junction|intersection|crossing) of (?:the )?\p{Lu}[\pL'-]+(?: \p{Lu}[\pL'-]+)? (?:and|&|with) (?:the )?\p{Lu}[\pL'-]+`)},
}
