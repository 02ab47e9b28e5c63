package draw

import (
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
)

// Area is a part of the earth between two meridians and two parallels, in
// degrees, east and north positive. It does not cross the 180th meridian. The
// zero value is not set.
type Area struct {
	West, South, East, North float64
}

// World is as much of the earth as maps show.
var World = Area{-180, -84, 180, 84}

// smallest is the height and width of the smallest area, in degrees: some
// hundred metres.
const smallest = 0.002

// ReadArea reads an area from the value "area" of an address: west, south,
// east and north with commas. Without it the area is not set.
func ReadArea(q url.Values) (Area, error) {
	text := q.Get("area")
	if text == "" {
		return Area{}, nil
	}
	var v []float64
	for part := range strings.SplitSeq(text, ",") {
		f, err := strconv.ParseFloat(part, 64)
		if err != nil || len(part) > 20 || math.IsNaN(f) {
			return Area{}, fmt.Errorf("read an area: %q is not four numbers such as 5.9,47.3,15,55", text)
		}
		v = append(v, f)
	}
	if len(v) != 4 {
		return Area{}, fmt.Errorf("read an area: %q is not four numbers such as 5.9,47.3,15,55", text)
	}
	a := Area{v[0], v[1], v[2], v[3]}
	if a.West < -180 || a.East > 180 || a.South < -90 || a.North > 90 || a.West >= a.East || a.South >= a.North {
		return Area{}, fmt.Errorf("read an area: %q is not west, south, east and north of a part of the earth", text)
	}
	return a, nil
}

// Set writes an area into the values of an address.
func (a Area) Set(q url.Values) {
	q.Del("area")
	if a != (Area{}) {
		degrees := func(f float64) string { return strconv.FormatFloat(math.Round(f*1e4)/1e4, 'f', -1, 64) }
		q.Set("area", degrees(a.West)+","+degrees(a.South)+","+degrees(a.East)+","+degrees(a.North))
	}
}

// Zoomed is an area with the same middle that is so many times as wide and
// high, as far as the world goes.
func (a Area) Zoomed(times float64) Area {
	return a.sized((a.East-a.West)*times, (a.North-a.South)*times)
}

// Moved is the area that lies so many of its widths further east and so many of
// its heights further north.
func (a Area) Moved(east, north float64) Area {
	w, h := (a.East-a.West)*east, (a.North-a.South)*north
	return Area{a.West + w, a.South + h, a.East + w, a.North + h}.sized(a.East-a.West, a.North-a.South)
}

// sized is an area of a width and height with the same middle, pushed into the
// world.
func (a Area) sized(width, height float64) Area {
	width, height = min(max(width, smallest), World.East-World.West), min(max(height, smallest), World.North-World.South)
	lon, lat := (a.West+a.East)/2, (a.South+a.North)/2
	lon = min(max(lon, World.West+width/2), World.East-width/2)
	lat = min(max(lat, World.South+height/2), World.North-height/2)
	return Area{lon - width/2, lat - height/2, lon + width/2, lat + height/2}
}

// shaped widens an area until a picture of it is neither too flat nor too high.
func (a Area) shaped() Area {
	const widest, highest = 2.4, 1.5 // width to height
	shrink := math.Cos((a.South + a.North) / 2 * math.Pi / 180)
	w, h := a.East-a.West, a.North-a.South
	switch ratio := w * shrink / h; {
	case ratio > widest:
		h = w * shrink / widest
	case ratio < highest:
		w = h * highest / shrink
	}
	return a.sized(w, h)
}
