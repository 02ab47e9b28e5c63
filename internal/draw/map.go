package draw

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"parley/internal/legible"
)

// MostSpots is how many places one map takes.
const MostSpots = 20_000

// Spot is a place on a map.
type Spot struct {
	Label  string  `json:"label"`
	Kind   Kind    `json:"kind"`
	Link   string  `json:"link,omitempty"`
	Note   string  `json:"note,omitempty"`
	Lat    float64 `json:"lat"`              // degrees, north positive, WGS 84
	Lon    float64 `json:"lon"`              // east positive
	Radius float64 `json:"radius,omitempty"` // metres within which it lies; 0: not known
}

func (s Spot) place() place { return place{s.Lon, s.Lat} }

// possible tells whether there is such a place on the earth.
func (s Spot) possible() bool { return math.Abs(s.Lat) <= 90 && math.Abs(s.Lon) <= 180 }

// Map shows places on outlines of land and borders.
type Map struct {
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	Spots       []Spot `json:"spots"`
	Area        Area   `json:"area,omitzero"` // not set: around all spots

	// Address is where the same page shows another area; nil: bunches of places
	// lead nowhere.
	Address func(Area) string `json:"-"`
}

// Shown is the area that is drawn.
func (m Map) Shown() Area {
	if m.Area != (Area{}) {
		return m.Area.sized(m.Area.East-m.Area.West, m.Area.North-m.Area.South).shaped()
	}
	a := Area{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, s := range m.Spots {
		if s.possible() {
			a = a.with(s.place())
		}
	}
	if a.West > a.East {
		return World.shaped()
	}
	const around, least = 1.3, 2.0 // a lone place shows with what country it is in
	return a.sized(max((a.East-a.West)*around, least), max((a.North-a.South)*around, least)).shaped()
}

// metresPerDegree is that of a meridian.
const metresPerDegree = 111_320

// mapWidth is a map's width in pixels.
const mapWidth = 1000.0

// projection is equirectangular, true to length at the middle parallel.
type projection struct {
	Area
	across, up float64 // pixels a degree
}

func (a Area) projected() projection {
	across := mapWidth / (a.East - a.West)
	return projection{a, across, across / math.Cos((a.South+a.North)/2*math.Pi/180)}
}

func (p projection) height() float64 { return math.Round((p.North - p.South) * p.up) }

func (p projection) dot(at place) dot {
	return dot{(at.lon - p.West) * p.across, (p.North - at.lat) * p.up}
}

// outlines are those of the scale that an area is shown at.
func (p projection) outlines() ([]outline, error) {
	if p.East-p.West < 90 {
		return fine()
	}
	return coarse()
}

// bunch is one place, or several that lie too close together to be told apart.
type bunch struct {
	at     dot // their middle
	spots  []Spot
	around Area
}

// bunchWidth is how far apart two signs must be, in pixels.
const bunchWidth = 26.0

// bunches puts close places together, the result not depending on their order.
func (m Map) bunches(p projection) (all []*bunch, outside int) {
	spots := slices.Clone(m.Spots)
	slices.SortStableFunc(spots, func(a, b Spot) int {
		return cmp.Or(cmp.Compare(a.Lon, b.Lon), cmp.Compare(b.Lat, a.Lat), strings.Compare(a.Label, b.Label))
	})
	type cell struct{ x, y int }
	near := map[cell][]*bunch{}
	find := func(d dot, c cell) *bunch {
		for x := c.x - 1; x <= c.x+1; x++ {
			for y := c.y - 1; y <= c.y+1; y++ {
				for _, b := range near[cell{x, y}] {
					if hypotenuse(b.at.x-d.x, b.at.y-d.y) < bunchWidth {
						return b
					}
				}
			}
		}
		return nil
	}
	for _, s := range spots {
		if !s.possible() || !p.holds(s.place()) {
			outside++
			continue
		}
		d := p.dot(s.place())
		c := cell{int(d.x / bunchWidth), int(d.y / bunchWidth)}
		b := find(d, c)
		if b == nil {
			b = &bunch{at: d, around: Area{s.Lon, s.Lat, s.Lon, s.Lat}}
			near[c], all = append(near[c], b), append(all, b)
		}
		b.spots, b.around = append(b.spots, s), b.around.with(s.place())
	}
	return all, outside
}

// Draw draws the map.
func (m Map) Draw() (Drawing, error) {
	if len(m.Spots) > MostSpots {
		return Drawing{}, TooManyError{"places", len(m.Spots), MostSpots}
	}
	p := m.Shown().projected()
	outlines, err := p.outlines()
	if err != nil {
		return Drawing{}, err
	}
	var c canvas
	c.begin("svg", "class", "land-and-sea", "width", num(mapWidth), "height", num(p.height()))
	c.rect("sea", box{0, 0, mapWidth, p.height()})
	p.drawOutlines(&c, outlines)
	p.drawGrid(&c)
	all, outside := m.bunches(p)
	unnamed := m.drawBunches(&c, p, all)
	c.end()
	p.drawScale(&c)
	var used []Kind
	for _, b := range all {
		for _, s := range b.spots {
			used = append(used, s.Kind)
		}
	}
	width, height := legend(&c, used, mapWidth, p.height()+26)
	d := picture("map", m.Title, m.Description, width, height, &c)
	d.Note = mapNote(outside, unnamed, p)
	d.Table = m.table(all, &d.Note)
	return d, nil
}

func mapNote(outside, unnamed int, p projection) (note string) {
	if outside > 0 {
		note = legible.Plural(outside, "place lies", "places lie") + " outside what is shown."
	}
	if unnamed > 0 {
		note = join(note, legible.Plural(unnamed, "name has", "names have")+" no room on the map; the table has them all.")
	}
	if p.East-p.West < 4 {
		note = join(note, "The outlines are made for countries, and rough at this scale.")
	}
	return note
}

func (m Map) table(all []*bunch, note *string) Table {
	t := Table{Columns: columns("Place", "Latitude#", "Longitude#", "Within", "Kind", "Note")}
	n := 0
	for _, b := range all {
		for _, s := range b.spots {
			if n++; n > mostTableRows {
				continue
			}
			within := "not known"
			if s.Radius > 0 {
				within = distance(s.Radius)
			}
			t.Rows = append(t.Rows, []Cell{{Text: s.Label, Link: s.Link}, {Text: fmt.Sprintf("%.5f", s.Lat)}, {Text: fmt.Sprintf("%.5f", s.Lon)}, {Text: within}, {Text: kinds[s.Kind.known()].name}, {Text: s.Note}})
		}
	}
	if n > mostTableRows {
		*note = join(*note, "The table has the first "+legible.Grouped(mostTableRows)+" of "+legible.Grouped(n)+" places: look closer to see the rest.")
	}
	return t
}

// distance writes metres for people.
func distance(m float64) string {
	if m < 1000 {
		return legible.Decimal(math.Round(m)) + " m"
	}
	return legible.Decimal(math.Round(m/100)/10) + " km"
}
