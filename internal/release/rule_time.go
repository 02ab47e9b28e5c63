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
			Path: l.path, Excerpt: excerpt(l.text), Reason: timeReason, Blocking: true,
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
		if !s.TimeGrain.forbids(clue.step) {
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

type timeClue struct {
	step    timeStep
	vague   bool // somebody should look; it need not be a time, or not an exact one
	pattern *regexp.Regexp
}

var wholeHour = regexp.MustCompile(`^\D*\d{1,2}[:.h]00\D*$`)

// The words of the clues. Each list is folded like the texts it is compared with.
var (
	monthNames = folded(`january february march april may june july august september october november
		december jan feb mar apr jun jul aug sep sept oct nov dec
		janvier février mars avril mai juin juillet août septembre octobre novembre décembre
		januar februar märz juni juli oktober dezember
		enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
		января февраля марта апреля мая июня июля августа сентября октября ноября декабря
		يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
		آذار نيسان أيار حزيران تموز آب أيلول`)
	weekdayNames = folded(`monday tuesday wednesday thursday friday saturday sunday
		lundi mardi mercredi jeudi vendredi samedi dimanche
		montag dienstag mittwoch donnerstag freitag samstag sonntag
		lunes martes miércoles jueves viernes sábado domingo
		понедельник вторник среда среду четверг пятница пятницу суббота воскресенье
		الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد`)
	hourNames = folded(`one two three four five six seven eight nine ten eleven twelve
		une deux trois quatre cinq sept huit neuf dix onze douze`)
	minuteNames = folded(`oh ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
		twenty thirty forty fifty five quarter half zero hundred`)
	hourMarks = folded(`am pm a.m. p.m. a.m p.m hours hrs hr h uhr heures heure horas ore ч час часа часов
		zulu gmt utc local o'clock oclock صباحا مساء ظهرا`)
	momentNames = folded(`noon midday midnight dawn daybreak sunrise sunset dusk
		midi minuit mittag mitternacht mediodía medianoche полдень полночь الظهر`)
	dayParts = folded(`morning afternoon evening night tonight overnight lunchtime
		matin soir morgen abend mañana tarde noche утром вечером ночью صباح مساء ليلا`)
	dayWords = folded(`today yesterday tomorrow hier aujourd'hui demain gestern heute ayer hoy вчера сегодня أمس اليوم`)
)

// timeClues are the forms in which people write times, all matched against folded text.
var timeClues = []timeClue{
	{step: toTheMinute, pattern: clue(`\d{1,2} ?: ?\d{2}(?: ?: ?\d{2})?`)},
	{step: toTheMinute, pattern: clue(`(?:19|20)\d\d-?\d{2}-?\d{2}t\d{2,6}z?`)},
	{step: toTheMinute, pattern: clue(`\d{1,2}[.h]\d{2} ?(?:HOURMARKS)`)},
	{step: toTheMinute, pattern: clue(`\d{1,2} ?h ?\d{2}`)},
	{step: toTheMinute, pattern: clue(`(?:at|around|about|by|a|um|gegen|vers|before|after|until|since) \d{1,2}\.\d{2}`)},
	{step: toTheMinute, pattern: clue(`(?:at|around|about|by|um|before|after|until|since) (?:[01]\d|2[0-3])[0-5]\d`)},
	{step: toTheMinute, pattern: clue(`(?:[01]\d|2[0-3])[0-5]\d ?(?:z|HOURMARKS)`)},
	{step: toTheMinute, pattern: clue(`[0-3]\d(?:[01]\d|2[0-3])[0-5]\dz?(?: ?(?:MONTHS) ?\d{2})?`)},
	{step: toTheMinute, pattern: clue(`(?:half|quarter|ten|twenty|five|\d{1,2}|\d{1,2} minutes|minutes) (?:past|to) (?:HOURS|\d{1,2})`)},
	{step: toTheMinute, pattern: clue(`(?:HOURS)[ -](?:MINUTES)(?:[ -](?:HOURS))? (?:HOURMARKS|in the (?:DAYPARTS)|at night)`)},
	{step: toTheMinute, pattern: clue(`(?:zero|oh) (?:HOURS|zero)(?: (?:MINUTES|HOURS|zero))* ?(?:HOURMARKS)`)},
	{step: toTheMinute, pattern: clue(`(?:\d+|HOURS|a few|several|half an?|an?) (?:seconds?|minutes?|hours?|heures?|stunden?) (?:ago|earlier|later|before|after|prior|plus tard|spater)`)},
	{step: toTheHour, pattern: clue(`\d{1,2} ?(?:HOURMARKS)`)},
	{step: toTheHour, pattern: clue(`(?:HOURS) (?:HOURMARKS|in the (?:DAYPARTS)|at night)`)},
	{step: toTheHour, pattern: clue(`(?:MOMENTS)`)},
	{step: toTheHour, pattern: clue(`(?:` + folded(`الساعة ساعت`) + `) ?\S+`)},
	{step: toTheHour, vague: true, pattern: clue(`(?:DAYPARTS)`)},
	{step: toTheDay, pattern: clue(`(?:19|20)\d\d[-./ ]?(?:0[1-9]|1[0-2])[-./ ]?(?:0[1-9]|[12]\d|3[01])`)},
	{step: toTheDay, pattern: clue(`\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2})`)},
	{step: toTheDay, pattern: clue(`\d{1,2}(?:st|nd|rd|th|er|º|\.)? ?(?:of |de |day of )?(?:MONTHS)`)},
	{step: toTheDay, pattern: clue(`(?:MONTHS)\.? (?:the )?\d{1,2}(?:st|nd|rd|th)?`)},
	{step: toTheDay, pattern: clue(`(?:WEEKDAYS)s?`)},
	{step: toTheDay, pattern: clue(`(?:DAYWORDS|last night|(?:\d+|HOURS|a few|several) days? (?:ago|earlier|later|before|after))`)},
	{step: toTheWeek, pattern: clue(`(?:week|kw|semaine|woche) ?\d{1,2}|(?:19|20)\d\d-?w\d{2}|(?:this|last|next) week|(?:first|second|third|fourth|last) week of`)},
	{step: toTheWeek, vague: true, pattern: clue(`(?:early|mid|late|beginning of|middle of|end of)[ -](?:MONTHS)`)},
}

// clue compiles a form; the words in capitals stand for the lists. Borders are spelt out because
// the regexp package knows the borders of ASCII words only.
func clue(form string) *regexp.Regexp {
	form = strings.NewReplacer(
		"HOURMARKS", hourMarks, "MONTHS", monthNames, "WEEKDAYS", weekdayNames, "HOURS", hourNames,
		"MINUTES", minuteNames, "MOMENTS", momentNames, "DAYPARTS", dayParts, "DAYWORDS", dayWords,
	).Replace(form)
	return regexp.MustCompile(`(?:^|[^\pL\pN.:/-])(?:` + form + `)(?:$|[^\pL\pN])`)
}

// folded writes a list of words as alternatives, in the form in which texts are compared.
func folded(list string) string {
	words := strings.Fields(list)
	for i, word := range words {
		words[i] = regexp.QuoteMeta(fold(word))
	}
	return strings.Join(unique(words), "|")
}
