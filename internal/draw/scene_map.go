package draw

import "fmt"

// sceneZoom is how many times larger than a picture a map's scene is.
const sceneZoom = 4.0

// Scene lays every place of the area out by itself, on the outlines of land and
// borders.
func (m Map) Scene() (Scene, error) {
	spots, err := m.placed()
	if err != nil {
		return Scene{}, err
	}
	p := m.Shown().projected()
	outlines, err := p.outlines()
	if err != nil {
		return Scene{}, err
	}
	s := newScene(m.Title)
	at := func(one place) dot {
		d := p.dot(one)
		return dot{d.x * sceneZoom, d.y * sceneZoom}
	}
	s.Width, s.Height = mapWidth*sceneZoom, p.height()*sceneZoom
	for _, o := range outlines {
		if !o.around.meets(p.Area) {
			continue
		}
		lines := [][]place{o.points}
		if !o.land {
			lines = p.clipLine(o.points)
		} else if lines[0] = p.clipRing(o.points); len(lines[0]) > 2 {
			lines[0] = append(lines[0], lines[0][0])
		}
		for _, line := range lines {
			dots := make([]dot, 0, len(line))
			for _, one := range line {
				if d := at(one); len(dots) == 0 || hypotenuse(d.x-dots[len(dots)-1].x, d.y-dots[len(dots)-1].y) > 1.5 {
					dots = append(dots, d)
				}
			}
			s.line("", dots...)
		}
	}
	for _, one := range spots {
		d := at(one.place())
		s.add(Node{Label: one.Label, Kind: one.Kind, Link: one.Link}, box{x: d.x - margin, y: d.y - margin})
	}
	s.Width, s.Height = mapWidth*sceneZoom, p.height()*sceneZoom
	return s, nil
}

// placed are the spots in the area, as they were given.
func (m Map) placed() (all []Spot, err error) {
	if len(m.Spots) > MostOfScene {
		return nil, TooManyError{"places", len(m.Spots), MostOfScene}
	}
	area := m.Shown()
	for _, s := range m.Spots {
		if s.possible() && area.holds(s.place()) {
			all = append(all, s)
		}
	}
	return all, nil
}

// SceneTable is the same as a table, in the order in which places were given.
func (m Map) SceneTable() (Table, error) {
	spots, err := m.placed()
	if err != nil {
		return Table{}, err
	}
	t := Table{Columns: columns("Place", "Kind", "Latitude#", "Longitude#")}
	for _, s := range spots {
		t.Rows = append(t.Rows, []Cell{{Text: s.Label, Link: s.Link}, {Text: kinds[s.Kind.known()].name}, {Text: fmt.Sprintf("%.5f", s.Lat)}, {Text: fmt.Sprintf("%.5f", s.Lon)}})
	}
	return t, nil
}
