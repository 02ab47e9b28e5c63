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

var (
	months = newList(`january february march april may june july august september october november
		december jan feb mar apr jun jul aug sep sept oct nov dec
		janvier février mars avril mai juin juillet août septembre octobre novembre décembre
		januar februar märz juni juli oktober dezember
		enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
		января февраля марта апреля мая июня июля августа сентября октября ноября декабря
		يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
		آذار نيسان أيار حزيران تموز آب أيلول`)
	weekdays = newList(`monday tuesday wednesday thursday friday saturday sunday
		mondays tuesdays wednesdays thursdays fridays saturdays sundays
		lundi mardi mercredi jeudi vendredi samedi dimanche
		montag dienstag mittwoch donnerstag freitag samstag sonntag
		lunes martes miércoles jueves viernes sábado domingo
		понедельник вторник среда среду четверг пятница пятницу суббота воскресенье
		الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد`)
	hours = newList(`one two three four five six seven eight nine ten eleven twelve
		une deux trois quatre cinq sept huit neuf dix onze douze`)
	minutes = newList(`oh ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
		twenty thirty forty fifty five quarter half zero hundred`)
	hourMarks = newList(`am pm a.m. p.m. a.m p.m hours hrs hr h uhr heures heure horas ore ч час часа часов
		zulu gmt utc local o'clock oclock صباحا مساء ظهرا`)
	moments = newList(`noon midday midnight dawn daybreak sunrise sunset dusk
		midi minuit mittag mitternacht mediodía medianoche полдень полночь الظهر`)
	dayParts = newList(`morning afternoon evening night tonight overnight lunchtime
		matin soir morgen abend mañana tarde noche утром вечером ночью صباح مساء ليلا`)
	dayWords  = newList(`today yesterday tomorrow hier aujourd'hui demain gestern heute ayer hoy вчера сегодня أمس اليوم`)
	hourWords = newList(`الساعة ساعت`)
	agoWords  = newList(`ago earlier later before after prior tard später`)
)

func timeForm(form string) *regexp.Regexp {
	return compileForm(`(?:^|[^\pL\pN.:/-])`, form, map[string]wordList{
		"MONTH": months, "WEEKDAY": weekdays, "HOUR": hours, "MINUTE": minutes, "MARK": hourMarks,
		"MOMENT": moments, "DAYPART": dayParts, "DAYWORD": dayWords, "AT": hourWords, "AGO": agoWords,
	})
}

var timeClues = []timeClue{
	// To the minute: 03:12, 20250312T0312Z, 3.12 am, 3h12, at 3.12, at 0312, 0312Z, 120312Z MAR 25.
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`\d{1,2} ?: ?\d{2}(?: ?: ?\d{2})?`)},
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`(?:19|20)\d\d-?\d{2}-?\d{2}t\d{2,6}z?`)},
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`\d{1,2}[.h]\d{2} ?{MARK}`)},
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`\d{1,2} ?h ?\d{2}`)},
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`(?:at|around|about|by|a|um|gegen|vers|before|after|until|since) \d{1,2}\.\d{2}`)},
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`(?:at|around|about|by|um|before|after|until|since) (?:[01]\d|2[0-3])[0-5]\d`)},
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`(?:[01]\d|2[0-3])[0-5]\d ?(?:z|{MARK})`)},
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`[0-3]\d(?:[01]\d|2[0-3])[0-5]\dz?(?: ?{MONTH} ?\d{2})?`)},
	// To the minute in words: half past three, three twelve in the morning, zero three twelve hours.
	{step: toTheMinute, needs: aPast, pattern: timeForm(`(?:half|quarter|ten|twenty|five|\d{1,2}|\d{1,2} minutes|minutes) (?:past|to) (?:{HOUR}|\d{1,2})`)},
	{step: toTheMinute, needs: anHour, pattern: timeForm(`{HOUR}[ -]{MINUTE}(?:[ -]{HOUR})? (?:{MARK}|in the {DAYPART}|at night)`)},
	{step: toTheMinute, needs: aZero, pattern: timeForm(`(?:zero|oh) (?:{HOUR}|zero)(?: (?:{MINUTE}|{HOUR}|zero))* ?{MARK}`)},
	{step: toTheMinute, needs: anAgo, pattern: timeForm(`(?:\d+|{HOUR}|a few|several|half an?|an?) (?:seconds?|minutes?|hours?|heures?|stunden?) (?:plus )?{AGO}`)},
	// To the hour: 3am, three o'clock, noon.
	{step: toTheHour, needs: aFigure, pattern: timeForm(`\d{1,2} ?{MARK}`)},
	{step: toTheHour, needs: anHour, pattern: timeForm(`{HOUR} (?:{MARK}|in the {DAYPART}|at night)`)},
	{step: toTheHour, needs: aMoment, pattern: timeForm(`{MOMENT}`)},
	{step: toTheHour, needs: anHourWord, pattern: timeForm(`{AT} ?\S+`)},
	{step: toTheHour, needs: aDayPart, vague: true, pattern: timeForm(`{DAYPART}`)},
	// To the day: 2025-03-12, 12.3.25, 12 March, March 12th, Tuesday, yesterday.
	{step: toTheDay, needs: aFigure, pattern: timeForm(`(?:19|20)\d\d[-./ ]?(?:0[1-9]|1[0-2])[-./ ]?(?:0[1-9]|[12]\d|3[01])`)},
	{step: toTheDay, needs: aFigure, pattern: timeForm(`\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2})`)},
	{step: toTheDay, needs: aFigure, pattern: timeForm(`\d{1,2}(?:st|nd|rd|th|er|º|\.)? ?(?:of |de |day of )?{MONTH}`)},
	{step: toTheDay, needs: aFigure, pattern: timeForm(`{MONTH}\.? (?:the )?\d{1,2}(?:st|nd|rd|th)?`)},
	{step: toTheDay, needs: aWeekday | aDayWord, pattern: timeForm(`{WEEKDAY}|{DAYWORD}`)},
	{step: toTheDay, needs: aDay, pattern: timeForm(`last night|(?:\d+|{HOUR}|a few|several) days? {AGO}`)},
	// To the week.
	{step: toTheWeek, needs: aWeek, pattern: timeForm(`(?:week|kw|semaine|woche) ?\d{1,2}|(?:this|last|next) week|(?:first|second|third|fourth|last) week of`)},
	{step: toTheWeek, needs: aFigure, pattern: timeForm(`(?:19|20)\d\d-?w\d{2}|(?:kw|w)\d{2}`)},
	{step: toTheWeek, needs: aMonth, vague: true, pattern: timeForm(`(?:early|mid|late|beginning of|middle of|end of)[ -]{MONTH}`)},
}
