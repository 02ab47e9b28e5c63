package release

import "regexp"

// The words with which people say times, in several languages. A list ends where the next language begins.
var (
	months = newList(`january february march april may june july august september october november
		december jan feb mar apr jun jul aug sep sept oct nov dec
		janvier février mars avril mai juin juillet août septembre octobre novembre décembre
		januar februar märz juni juli oktober dezember
		enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
		styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
		stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
		gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
		janeiro fevereiro março maio junho julho setembro outubro novembro dezembro
		januari februari maart mei augustus ocak şubat nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
		siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca
		січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
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
		une deux trois quatre cinq sept huit neuf dix onze douze
		eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf
		una dos tres cuatro cinco seis siete ocho nueve diez doce
		два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать`)
	hoursOfHalf = newList(`первого второго третьего четвёртого пятого шестого седьмого восьмого девятого десятого
		одиннадцатого двенадцатого`)
	halves  = newList(`половине половина половину пол`)
	lessOne = newList(`без`)
	minutes = newList(`oh ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
		twenty thirty forty fifty five quarter half zero hundred`)
	minutesAlone = newList(`ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
		twenty thirty forty fifty fifteen`)
	amounts = newList(`one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
		seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety`)
	daysInWords = newList(`first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
		fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third
		twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first`)
	// daysBefore are days in words that stand before a month and in no other place mean one.
	daysBefore = newList(`pierwszego drugiego trzeciego czwartego piątego szóstego siódmego ósmego dziewiątego dziesiątego
		jedenastego dwunastego trzynastego czternastego piętnastego szesnastego siedemnastego osiemnastego dziewiętnastego
		dwudziestego trzydziestego
		первого второго третьего четвёртого пятого шестого седьмого восьмого девятого десятого одиннадцатого двенадцатого
		тринадцатого четырнадцатого пятнадцатого шестнадцатого семнадцатого восемнадцатого девятнадцатого двадцатого тридцатого
		ersten zweiten dritten vierten fünften sechsten siebten achten neunten zehnten elften zwölften dreizehnten vierzehnten
		fünfzehnten sechzehnten siebzehnten achtzehnten neunzehnten zwanzigsten dreißigsten
		zwölfter zehnter elfter dritter zweiter erster
		premier deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente
		primo due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici venti trenta
		doce once diez quince veinte treinta trece catorce dos tres cuatro cinco seis siete ocho nueve`)
	// clocks follow an hour and nothing else; spans follow how long something took as well.
	clocks = newList(`am pm a.m. p.m. a.m p.m uhr zulu gmt utc local o'clock oclock z
		صباحا مساء ظهرا`)
	spans   = newList(`hours hrs hr h heures heure horas ore ч час часа часов`)
	atSpans = newList(`at um gegen a vers в к около`)
	moments = newList(`noon midday midnight dawn daybreak sunrise sunset dusk
		midi minuit aube mittag mitternacht morgengrauen mediodía medianoche amanecer anochecer
		полдень полночь рассвете закате الظهر الفجر المغرب العشاء fajr dhuhr zuhr maghrib`)
	dayParts = newList(`morning afternoon evening night tonight overnight lunchtime
		matin soir morgen abend mañana madrugada tarde noche утром вечером ночью утра вечера ночи صباح مساء ليلا`)
	dayWords  = newList(`today yesterday tomorrow hier aujourd'hui demain gestern heute ayer hoy вчера сегодня أمس اليوم`)
	hourWords = newList(`الساعة ساعت`)
	agoWords  = newList(`ago earlier later before after prior tard später`)
)

// ofClause closes a time in words: what comes next is no thing that is counted.
const ofClause = `(?:,|\.|;|:|!|\?|\)|$| (?:when|while|sharp|exactly|precisely|on|utc|gmt|local|in the|at night|this|that|and the|o'clock))`

func timeForm(form string) *regexp.Regexp {
	return compileForm(`(?:^|[^\pL\pN.:/-])`, form, map[string]wordList{
		"MONTH": months, "WEEKDAY": weekdays, "HOUR": hours, "MINUTE": minutes, "MINUTE2": minutesAlone, "CLOCK": clocks, "SPAN": spans,
		"ATSPAN": atSpans, "MOMENT": moments, "DAYPART": dayParts, "DAYWORD": dayWords, "AT": hourWords, "AGO": agoWords,
		"AMOUNT": amounts, "NTH": daysInWords, "BEFORE": daysBefore, "HALF": halves, "OFHALF": hoursOfHalf, "LESS": lessOne,
	})
}

var timeClues = []timeClue{
	// To the minute: 03:12, 0 3 : 1 2, 20250312T0312Z, 3.12 am, 03-12 utc, 3h12, at 3.12, at 0312, 0312Z, 120312Z MAR 25, day 71.1339.
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`\d ?\d? ?: ?\d ?\d(?: ?: ?\d ?\d)?`)},
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`(?:19|20)\d\d-?\d{2}-?\d{2}t\d{2,6}z?`)},
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`[0-2]?\d[-. ][0-5]\d ?{CLOCK}`)},
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`\d{1,2}[.h]\d{2} ?{SPAN}`)},
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`\d{1,2} ?h ?\d{2}`)},
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`(?:at|around|about|by|a|um|gegen|vers|before|after|until|since) \d{1,2}\.\d{2}`)},
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`(?:at|around|about|um|until|since) (?:[01]\d|2[0-3])[0-5]\d`)},
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`(?:[01]\d|2[0-3])[0-5]\d ?(?:z|{CLOCK}|{SPAN})`)},
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`[0-3]\d(?:[01]\d|2[0-3])[0-5]\dz?(?: ?{MONTH} ?\d{2})?`)},
	{step: toTheMinute, needs: aFigure, pattern: timeForm(`(?:day|doy|jd|mjd) ?\d{1,7}\.\d{3,}`)},
	// To the minute in words: half past three, halb vier, three twelve in the morning, zero three twelve hours, just past three.
	{step: toTheMinute, needs: anHour | aFigure, pattern: timeForm(`(?:half|quarter|ten|twenty|five|\d{1,2}|\d{1,2} minutes|minutes) (?:past|to|of) (?:{HOUR}|\d{1,2})` + ofClause)},
	{step: toTheMinute, needs: anHour | aFigure, pattern: timeForm(`(?:half|quarter|ten|twenty|five|minutes) past (?:{HOUR}|\d{1,2})`)},
	{step: toTheMinute, needs: aHalf, pattern: timeForm(`(?:half|halb|dreiviertel) {HOUR}` + ofClause + `|viertel (?:nach|vor|auf) {HOUR}|{HALF} {OFHALF}|{LESS} \pL+ {HOUR}`)},
	{step: toTheMinute, needs: anHour, pattern: timeForm(`{HOUR}[ -]{MINUTE}(?:[ -]{HOUR})? (?:{CLOCK}|hours|in the {DAYPART}|at night)`)},
	{step: toTheMinute, needs: anHour, pattern: timeForm(`(?:at|around|until|since) {HOUR}[ -]{MINUTE2}(?:[ -]{HOUR})?` + ofClause)},
	{step: toTheMinute, needs: anHour, pattern: timeForm(`(?:just|shortly|soon|a little|a bit|right|not long|kurz) (?:past|after|before|nach|vor) {HOUR}(?:ish)?` + ofClause)},
	{step: toTheMinute, needs: anHour, pattern: timeForm(`a las? {HOUR}(?: y | menos | de la | en punto|,|\.|;|$)(?:media|cuarto|\pL+)?`)},
	{step: toTheMinute, needs: anHour, pattern: timeForm(`{HOUR} heures? (?:et|moins|\pL+[- ]?\pL*) ?(?:quart|demie|cinq|dix|vingt|douze|quinze|trente|quarante|cinquante)`)},
	{step: toTheMinute, needs: aZero, pattern: timeForm(`(?:zero|oh) (?:{HOUR}|zero)(?: (?:{MINUTE}|{HOUR}|zero))* ?(?:{CLOCK}|hours)`)},
	{step: toTheMinute, needs: anAgo, pattern: timeForm(`(?:\d+|{HOUR}|a few|several|half an?|an?) (?:seconds?|minutes?|hours?|heures?|stunden?) (?:plus )?{AGO}`)},
	{step: toTheMinute, needs: aMinute, pattern: timeForm(`(?:\d+|{AMOUNT}(?:[ -]{AMOUNT})?|a few|several|some) (?:minutes?|mins?) (?:into|past|before|after|until|till|(?:to|of) (?:{HOUR}|{MOMENT}))`)},
	// To the hour: 3am, three o'clock, at 3 hours, three sharp, noon.
	{step: toTheHour, needs: aFigure, pattern: timeForm(`\d{1,2} ?{CLOCK}|{ATSPAN} (?:[01]?\d|2[0-4]) ?{SPAN}`)},
	{step: toTheHour, needs: aFigure, vague: true, pattern: timeForm(`\d{1,2} ?{SPAN}`)},
	{step: toTheHour, needs: anHour, pattern: timeForm(`{HOUR} (?:{CLOCK}|sharp|on the dot|in the {DAYPART}|at night|de la {DAYPART}|{DAYPART})|{ATSPAN} {HOUR} {SPAN}`)},
	{step: toTheHour, needs: anHour, pattern: timeForm(`(?:at|around|about|until|since|past|nearly|almost) {HOUR} (?:sharp|exactly|precisely|when|in the|at night|that {DAYPART}|local)`)},
	{step: toTheHour, needs: anHour, vague: true, pattern: timeForm(`(?:at|around|until|since) {HOUR}` + ofClause)},
	{step: toTheHour, needs: aMoment, pattern: timeForm(`{MOMENT}`)},
	{step: toTheHour, needs: anHourWord, pattern: timeForm(`{AT} ?\S+`)},
	{step: toTheHour, needs: aDayPart, vague: true, pattern: timeForm(`{DAYPART}`)},
	// To the day: 2025-03-12, 12.3.25, 12 March, March 12th, the twelfth of March, the 12th, Tuesday, yesterday.
	{step: toTheDay, needs: aFigure, pattern: timeForm(`(?:19|20)\d\d[-./ ]?(?:0[1-9]|1[0-2])[-./ ]?(?:0[1-9]|[12]\d|3[01])`)},
	{step: toTheDay, needs: aFigure, pattern: timeForm(`\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2})`)},
	{step: toTheDay, needs: aFigure, pattern: timeForm(`\d{1,2}(?:st|nd|rd|th|er|º|\.)? ?(?:of |de |day of )?{MONTH}`)},
	{step: toTheDay, needs: aFigure, pattern: timeForm(`{MONTH}\.? (?:the )?\d{1,2}(?:st|nd|rd|th)?`)},
	{step: toTheDay, needs: aFigure, pattern: timeForm(`the \d{1,2}(?:st|nd|rd|th)(?:,|\.|;|$| (?:by|at|and|or|to|was|is|that|when|of (?:this|that|last|next|the) month))`)},
	{step: toTheDay, needs: aDayNumber, pattern: timeForm(`{NTH} (?:day )?of (?:{MONTH}|(?:this|that|last|next|the) month)|{MONTH} the {NTH}|on the {NTH}(?:,|\.|;|$)`)},
	{step: toTheDay, needs: aMonth, pattern: timeForm(`{BEFORE} (?:{BEFORE} |de )?{MONTH}`)},
	{step: toTheDay, needs: aWeekday | aDayWord, pattern: timeForm(`{WEEKDAY}|{DAYWORD}`)},
	{step: toTheDay, needs: aDay, pattern: timeForm(`last night|the (?:other|day before|next|same) (?:day|night)|(?:\d+|{HOUR}|a few|several) days? {AGO}`)},
	// To the week.
	{step: toTheWeek, needs: aWeek, pattern: timeForm(`(?:week|kw|semaine|woche) ?\d{1,2}|(?:this|last|next) week|(?:first|second|third|fourth|last) week of`)},
	{step: toTheWeek, needs: aFigure, pattern: timeForm(`(?:19|20)\d\d-?w\d{2}|(?:kw|w)\d{2}`)},
	{step: toTheWeek, needs: aMonth, vague: true, pattern: timeForm(`(?:early|mid|late|beginning of|middle of|end of)[ -]{MONTH}`)},
}
