package selector

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
)

// coordinateDecimals is about one metre.
const coordinateDecimals = 5

var errCoordinates = errors.New("coordinates are a latitude up to 90 and a longitude up to 180 degrees, as in 21.30944, -157.91686")

// normalCoordinates reads a latitude and a longitude in WGS 84: in decimals, in
// degrees, minutes and seconds, as a grid reference (MGRS), and links that show a
// place.
func normalCoordinates(raw string) (string, error) {
	if rest, ok := cutFold(raw, "geo:"); ok {
		rest, _, _ = strings.Cut(rest, ";")
		rest, _, _ = strings.Cut(rest, "?")
		raw = rest
	} else if strings.Contains(raw, "://") {
		value, ok := placeInLink(raw)
		if !ok {
			return "", errors.New("the link shows no place")
		}
		return value, nil
	}
	if lat, lon, ok := readDecimals(raw); ok {
		return coordinates(lat, lon)
	}
	if lat, lon, n := readDMS(raw); n > 0 && strings.TrimSpace(raw[n:]) == "" {
		return coordinates(lat, lon)
	}
	if lat, lon, err := readMGRS(raw); err == nil {
		return coordinates(lat, lon)
	}
	return "", errCoordinates
}

// coordinates gives the normal form, rounded to coordinateDecimals.
func coordinates(lat, lon float64) (string, error) {
	if !(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180) {
		return "", errCoordinates
	}
	return degrees(lat) + "," + degrees(lon), nil
}

func degrees(x float64) string {
	s := strconv.FormatFloat(x, 'f', coordinateDecimals, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return s
}

// readDecimals reads the whole of raw as two decimal numbers.
func readDecimals(raw string) (lat, lon float64, ok bool) {
	first, rest := readDecimal(raw)
	if first.end == 0 {
		return 0, 0, false
	}
	rest = strings.TrimLeft(rest, " ")
	if after, cut := strings.CutPrefix(rest, ","); cut {
		rest = after
	} else if after, cut := strings.CutPrefix(rest, ";"); cut {
		rest = after
	}
	second, rest := readDecimal(strings.TrimLeft(rest, " "))
	return first.value, second.value, second.end > 0 && strings.TrimSpace(rest) == ""
}

// decimal is a number of degrees as it was written.
type decimal struct {
	value    float64
	decimals int
	end      int // bytes; 0 if there is none
}

// decimalsAt counts the digits after the point of the number at i.
func decimalsAt(text string, i int) int {
	for i < len(text) && classes[text[i]]&classDigit != 0 {
		i++
	}
	count := 0
	for i++; i < len(text) && classes[text[i]]&classDigit != 0; i++ {
		count++
	}
	return count
}

// readDecimal reads a number with up to three digits before the point from the
// beginning of s, and gives what follows it.
func readDecimal(s string) (decimal, string) {
	at := 0
	if at < len(s) && (s[at] == '-' || s[at] == '+') {
		at++
	}
	whole := at
	for at < len(s) && classes[s[at]]&classDigit != 0 {
		at++
	}
	if at == whole || at-whole > 3 {
		return decimal{}, s
	}
	d := decimal{}
	if at+1 < len(s) && s[at] == '.' && classes[s[at+1]]&classDigit != 0 {
		at++
		for at < len(s) && classes[s[at]]&classDigit != 0 && d.decimals < 20 {
			at++
			d.decimals++
		}
	}
	value, err := strconv.ParseFloat(s[:at], 64)
	if err != nil {
		return decimal{}, s
	}
	d.value, d.end = value, at
	return d, s[at:]
}

// How many decimals a pair of numbers needs to be taken for a place: alone, and
// after a word that says so.
const (
	bareDecimals     = 5
	labelledDecimals = 3
)

// findDegrees reads a pair of decimal degrees whose first digit is at i, and gives
// the end, or 0.
func (f *Finder) findDegrees(text string, i int) int {
	start := i
	if decimalsAt(text, i) < labelledDecimals {
		return 0
	}
	if start > 0 && (text[start-1] == '-' || text[start-1] == '+') {
		start--
	}
	first, rest := readDecimal(text[start:min(len(text), start+32)])
	if first.end == 0 || first.decimals < labelledDecimals || i < f.urlEnd || !pairStarts(text, start) {
		return 0
	}
	gap := len(rest) - len(strings.TrimLeft(rest, ",; "))
	if gap == 0 || gap > 3 || strings.Count(rest[:gap], ",")+strings.Count(rest[:gap], ";") > 1 {
		return 0
	}
	comma := strings.Trim(rest[:gap], " ") != ""
	second, _ := readDecimal(text[start+first.end+gap : min(len(text), start+first.end+gap+32)])
	end := start + first.end + gap + second.end
	if second.end == 0 || second.decimals < labelledDecimals || !pairEnds(text, end) {
		return 0
	}
	least := min(first.decimals, second.decimals)
	sure := Moderate
	switch label := f.label(text, start); {
	case label == labelPlace:
		sure = High
	case label == labelVersion || !comma || least < bareDecimals || abs(first.value) < 1 && abs(second.value) < 1:
		return 0
	}
	value, err := coordinates(first.value, second.value)
	if err != nil {
		return 0
	}
	f.add(text, Coordinates, start, end, value, sure)
	return end
}

func abs(x float64) float64 { return max(x, -x) }

// pairStarts: the pair is not the tail of a row of numbers, nor what a function is
// called with.
func pairStarts(text string, start int) bool {
	if start == 0 {
		return true
	}
	if wordBefore(text, start) {
		return false
	}
	switch text[start-1] {
	case '.', '/', '$', '-', '+', '*', '\\':
		return false
	case '(':
		return !wordBefore(text, start-1)
	}
	before := strings.TrimRight(text[max(0, start-4):start], " ")
	if n := len(before); n > 1 && (before[n-1] == ',' || before[n-1] == ';') {
		return classes[before[n-2]]&classDigit == 0
	}
	return true
}

// pairEnds: no third number follows.
func pairEnds(text string, end int) bool {
	if end >= len(text) {
		return true
	}
	if wordAt(text, end) || text[end] == '.' && end+1 < len(text) && wordAt(text, end+1) || text[end] == '%' {
		return false
	}
	after := text[end:min(len(text), end+4)]
	after = strings.TrimLeft(after, " ")
	if after == "" || after[0] != ',' && after[0] != ';' {
		return true
	}
	after = strings.TrimLeft(after[1:], " -")
	return after == "" || classes[after[0]]&classDigit == 0
}

// findGeo reads a geo link (RFC 5870) whose colon is at i.
func (f *Finder) findGeo(text string, i int) {
	start := i - len("geo")
	if start < 0 || !strings.EqualFold(text[start:i], "geo") || wordBefore(text, start) {
		return
	}
	end := i + 1
	for end < len(text) && end-start < 64 && (classes[text[end]]&classDigit != 0 || strings.IndexByte(".,-", text[end]) >= 0) {
		end++
	}
	for end > i && (text[end-1] == '.' || text[end-1] == ',') {
		end--
	}
	if value, err := normalCoordinates(text[start:end]); err == nil {
		f.add(text, Coordinates, start, end, value, High)
	}
}

// placeInLink gives the place that a link to a map shows.
func placeInLink(raw string) (string, bool) {
	_, rest, err := cutScheme(raw)
	if err != nil {
		return "", false
	}
	host, tail, _ := strings.Cut(refang(rest), "/")
	host = strings.TrimPrefix(strings.ToLower(host), "www.")
	path, query, _ := strings.Cut(tail, "?")
	query, fragment, _ := strings.Cut(query, "#")
	if fragment == "" {
		path, fragment, _ = strings.Cut(path, "#")
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return "", false
	}
	pair := ""
	switch {
	case strings.HasPrefix(host, "google.") && strings.HasPrefix(path, "maps") || strings.HasPrefix(host, "maps.google.") || host == "maps.app.goo.gl":
		pair = firstPair(values.Get("q"), values.Get("ll"), values.Get("query"), values.Get("center"), values.Get("daddr"), atPair(path))
	case host == "maps.apple.com" || host == "waze.com" || host == "ul.waze.com":
		pair = firstPair(values.Get("ll"), values.Get("q"), values.Get("daddr"))
	case host == "openstreetmap.org" || host == "osm.org":
		pair = firstPair(values.Get("mlat")+","+values.Get("mlon"), mapPair(fragment))
	case strings.HasPrefix(host, "yandex.") || strings.HasPrefix(host, "maps.yandex."):
		pair = firstPair(turned(values.Get("pt")), turned(values.Get("ll")))
	}
	lat, lon, ok := readDecimals(pair)
	if !ok {
		return "", false
	}
	value, err := coordinates(lat, lon)
	return value, err == nil
}

func firstPair(candidates ...string) string {
	for _, c := range candidates {
		if _, _, ok := readDecimals(c); ok {
			return c
		}
	}
	return ""
}

// atPair reads the @lat,lon,zoom of Google's paths.
func atPair(path string) string {
	_, after, found := strings.Cut(path, "@")
	parts := strings.SplitN(after, ",", 3)
	if !found || len(parts) < 2 {
		return ""
	}
	return parts[0] + "," + parts[1]
}

// mapPair reads the map=zoom/lat/lon of OpenStreetMap's fragments.
func mapPair(fragment string) string {
	parts := strings.Split(strings.TrimPrefix(fragment, "map="), "/")
	if len(parts) < 3 {
		return ""
	}
	return parts[1] + "," + parts[2]
}

// turned: Yandex writes the longitude first.
func turned(pair string) string {
	lon, lat, _ := strings.Cut(pair, ",")
	return lat + "," + lon
}
