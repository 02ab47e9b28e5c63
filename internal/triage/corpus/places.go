package corpus

import (
	"fmt"
	"math"
	"strconv"

	"parley/selector"
)

func decimals(x float64, n int) string { return strconv.FormatFloat(x, 'f', n, 64) }

// point draws a place with six decimals whose rounding to five is clear.
func point(s *source) (lat, lon float64) {
	lat = math.Round((s.Float64()*150-75)*1e5) / 1e5
	lon = math.Round((s.Float64()*340-170)*1e5) / 1e5
	return lat, lon
}

func place(lat, lon float64) string { return decimals(lat, 5) + "," + decimals(lon, 5) }

func makeCoordinates(s *source) value {
	lat, lon := point(s)
	normal := place(lat, lon)
	a, b := decimals(lat, 5)+s.pick("", "1", "2"), decimals(lon, 5)+s.pick("", "1")
	withURL := func(raw, url string) value {
		return value{raw: raw, normal: normal, also: []selector.Selector{{Kind: selector.URL, Value: url}}}
	}
	switch s.IntN(9) {
	case 0:
		return value{raw: "geo:" + a + "," + b, normal: normal}
	case 1:
		u := "https://maps.google.com/?q=" + a + "," + b
		return withURL(u, u)
	case 2:
		u := fmt.Sprintf("https://www.openstreetmap.org/?mlat=%s&mlon=%s", a, b)
		return withURL(u+"#map=17/1/1", u)
	case 3:
		u := "https://www.google.com/maps/@" + a + "," + b + ",17z"
		return withURL(u, u)
	case 4:
		u := "https://maps.apple.com/?ll=" + a + "," + b
		return withURL(u, u)
	case 5, 6:
		return dms(s)
	case 7:
		return value{raw: a + s.pick(", ", ",", " ") + b, normal: normal, label: s.pick("GPS", "lat/lon", "location", "координаты"), field: "location"}
	}
	return value{raw: a + s.pick(", ", ",") + b, normal: normal}
}

// dms draws a place in whole tenths of seconds.
func dms(s *source) value {
	part := func(most int, plus, minus string) (string, float64) {
		d, m, tenths := s.IntN(most), s.IntN(60), s.IntN(600)
		side, sign := plus, 1.0
		if s.IntN(2) == 0 {
			side, sign = minus, -1
		}
		text := fmt.Sprintf(s.pick("%d°%02d'%04.1f\"%s", "%d° %d' %.1f\" %s", "%d°%d′%.1f″%s"), d, m, float64(tenths)/10, side)
		return text, sign * (float64(d) + float64(m)/60 + float64(tenths)/36000)
	}
	a, lat := part(80, "N", "S")
	b, lon := part(179, "E", "W")
	return value{raw: a + s.pick(" ", ", ") + b, normal: place(lat, lon)}
}

func lookCoordinates(s *source) string {
	return s.pick("12.50, 13.75", "3.1415926, 2.7182818, 1.4142135", "v1.23456", "0.70710, 0.70711", "95.12345, 200.12345", "pow(3.14159, 2.71828)", "1.0.0, 2.0.0",
		"21° outside, 22° inside", "rotate 90° N", s.digits(2)+"ABC"+s.digits(3), "part 10KAB"+s.digits(3), "61XYZ12345678", "31UIO12345678", "48.85, 2.29", "order 31UDQ"+s.digits(8),
		"ratio 1.61803; 2.61803; 4.23606", "geo:here", "https://maps.google.com/?q="+word(s), "$12.34567, $23.45678")
}
