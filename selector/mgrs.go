package selector

import (
	"errors"
	"math"
	"strings"
)

// The letters of the Military Grid Reference System: no I and no O.
const (
	mgrsBands = "CDEFGHJKLMNPQRSTUVWX"     // of latitude, 8° each from 80° S, the last 12°
	mgrsLines = "ABCDEFGHJKLMNPQRSTUVWXYZ" // of squares
)

var errMGRS = errors.New("it is no grid reference: it has a zone, a band, a square and 4 to 10 digits, as in 4QFJ1234056781")

// readMGRS reads a grid reference (NGA.STND.0037) and gives the middle of the
// square that it names. Those of the polar regions are not read.
func readMGRS(raw string) (lat, lon float64, err error) {
	s := strings.ToUpper(strings.ReplaceAll(raw, " ", ""))
	zone, at := 0, 0
	for at < 2 && at < len(s) && classes[s[at]]&classDigit != 0 {
		zone = zone*10 + int(s[at]-'0')
		at++
	}
	if at == 0 || zone < 1 || zone > 60 || len(s) < at+3+4 {
		return 0, 0, errMGRS
	}
	band := strings.IndexByte(mgrsBands, s[at])
	column, row := strings.IndexByte(mgrsLines, s[at+1]), strings.IndexByte(mgrsLines, s[at+2])
	digits := s[at+3:]
	column -= (zone - 1) % 3 * 8
	if band < 0 || column < 0 || column > 7 || row < 0 || row > 19 || len(digits)%2 != 0 || len(digits) > 10 || !isDecimal(digits) {
		return 0, 0, errMGRS
	}
	if zone%2 == 0 {
		row = (row + 15) % 20 // the letters of even zones begin at F
	}
	half := len(digits) / 2
	step := math.Pow10(5 - half)
	easting := float64(column+1)*100_000 + (whole(digits[:half])+0.5)*step
	northing := float64(row)*100_000 + (whole(digits[half:])+0.5)*step
	return gridPlace(zone, band, easting, northing)
}

func whole(digits string) (n float64) {
	for i := range len(digits) {
		n = n*10 + float64(digits[i]-'0')
	}
	return n
}

// gridPlace adds the millions of metres that the row's letter leaves out: the
// place must lie in the band.
func gridPlace(zone, band int, easting, northing float64) (lat, lon float64, err error) {
	south := float64(band)*8 - 80
	north := south + 8
	if band == len(mgrsBands)-1 {
		north = 84
	}
	offset := 0.0
	if south < 0 {
		offset = 10_000_000
	}
	for millions := 0.0; millions <= 10_000_000; millions += 2_000_000 {
		lat, lon = utmPlace(zone, easting, northing+millions-offset)
		// A square of 100 km that the band's edge cuts reaches beyond it.
		if lat >= south-1 && lat <= north+1 && lat >= -80.5 {
			return lat, lon, nil
		}
	}
	return 0, 0, errMGRS
}

// utmPlace turns metres in a zone of the Universal Transverse Mercator projection,
// north of the equator positive, into degrees in WGS 84, after Krüger's series in
// the third flattening n to the fourth power (Karney 2011): better than a
// millimetre inside a zone.
func utmPlace(zone int, easting, northing float64) (lat, lon float64) {
	const (
		a  = 6378137.0
		f  = 1 / 298.257223563
		k0 = 0.9996
		n  = f / (2 - f)
	)
	const n2, n3, n4 = n * n, n * n * n, n * n * n * n
	A := a / (1 + n) * (1 + n2/4 + n4/64)
	xi, eta := northing/(k0*A), (easting-500_000)/(k0*A)
	x, y := xi, eta
	for j, beta := range [...]float64{
		n/2 - 2*n2/3 + 37*n3/96 - n4/360, n2/48 + n3/15 - 437*n4/1440, 17*n3/480 - 37*n4/840, 4397 * n4 / 161280,
	} {
		m := 2 * float64(j+1)
		x -= beta * math.Sin(m*xi) * math.Cosh(m*eta)
		y -= beta * math.Cos(m*xi) * math.Sinh(m*eta)
	}
	chi := math.Asin(math.Sin(x) / math.Cosh(y))
	phi := chi
	for j, delta := range [...]float64{
		2*n - 2*n2/3 - 2*n3 + 116*n4/45, 7*n2/3 - 8*n3/5 - 227*n4/45, 56*n3/15 - 136*n4/35, 4279 * n4 / 630,
	} {
		phi += delta * math.Sin(2*float64(j+1)*chi)
	}
	central := float64(zone)*6 - 183
	return phi * 180 / math.Pi, central + math.Atan2(math.Sinh(y), math.Cos(x))*180/math.Pi
}

// findMGRS reads the grid reference whose zone begins at i, and gives the end, or
// 0. A bare one needs eight digits or more: part numbers look like shorter ones.
func (f *Finder) findMGRS(text string, i int) int {
	at := i
	for at < len(text) && at-i < 2 && classes[text[at]]&classDigit != 0 {
		at++
	}
	gaps := 0
	gap := func() {
		if at < len(text) && text[at] == ' ' {
			at++
			gaps++
		}
	}
	letters := func(n int) bool {
		for range n {
			if at >= len(text) || !isUpper(text[at]) {
				return false
			}
			at++
		}
		return true
	}
	if wordBefore(text, i) || !letters(1) {
		return 0
	}
	gap()
	if !letters(2) {
		return 0
	}
	gap()
	first := at
	for at < len(text) && at-first < 10 && classes[text[at]]&classDigit != 0 {
		at++
	}
	count := at - first
	if count >= 2 && count <= 5 && at+count < len(text) && text[at] == ' ' && isDecimal(text[at+1:at+1+count]) {
		at += 1 + count
		count *= 2
		gaps++
	}
	if count < 4 || count%2 != 0 || wordAt(text, at) || i > 0 && strings.IndexByte("-/.#$", text[i-1]) >= 0 {
		return 0
	}
	label := f.label(text, i)
	if label != labelPlace && (label == labelOther || label == labelVersion || count < 8) {
		return 0
	}
	value, err := normalCoordinates(text[i:at])
	if err != nil {
		return 0
	}
	sure := Moderate
	if label == labelPlace || gaps >= 3 {
		sure = High
	}
	f.add(text, Coordinates, i, at, value, sure)
	return at
}
