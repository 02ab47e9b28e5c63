package draw

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"sync"
)

//go:embed outlines/*.bin.gz
var outlineFiles embed.FS

// outline is a coast, closed, or a border.
type outline struct {
	land   bool
	points []place // the first is not repeated
	around Area
}

// place is a point on the earth in degrees.
type place struct{ lon, lat float64 }

// The outlines are read when a map is first drawn, and do not change.
var (
	coarse = sync.OnceValues(func() ([]outline, error) { return readOutlines("110m") })
	fine   = sync.OnceValues(func() ([]outline, error) { return readOutlines("50m") })
)

// mostOutline bounds what a file of outlines takes in memory, in bytes. The
// files are the program's own: a fault in one shows in the first test.
const mostOutline = 8 << 20

// readOutlines reads a file as outlines/README.md has it.
func readOutlines(scale string) (all []outline, err error) {
	name := "outlines/" + scale + ".bin.gz"
	packed, err := outlineFiles.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read the outlines: %w", err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	body, err := io.ReadAll(io.LimitReader(z, mostOutline))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	r := bytes.NewReader(body)
	unit, err := binary.ReadUvarint(r)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	lines, err := binary.ReadUvarint(r)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	for range lines {
		o, err := readOutline(r, float64(unit))
		if err != nil {
			return nil, fmt.Errorf("read %s: line %d: %w", name, len(all), err)
		}
		all = append(all, o)
	}
	return all, nil
}

func readOutline(r *bytes.Reader, unit float64) (o outline, err error) {
	kind, err := binary.ReadUvarint(r)
	if err != nil {
		return o, err
	}
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return o, err
	}
	o = outline{land: kind == 1, around: Area{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}}
	x, y := int64(0), int64(0)
	for range n {
		dx, err := binary.ReadVarint(r)
		if err != nil {
			return o, err
		}
		dy, err := binary.ReadVarint(r)
		if err != nil {
			return o, err
		}
		x, y = x+dx, y+dy
		p := place{float64(x) / unit, float64(y) / unit}
		o.points = append(o.points, p)
		o.around = o.around.with(p)
	}
	return o, nil
}

// with is the area that holds a point too.
func (a Area) with(p place) Area {
	return Area{min(a.West, p.lon), min(a.South, p.lat), max(a.East, p.lon), max(a.North, p.lat)}
}

// meets tells whether two areas have a point in common.
func (a Area) meets(o Area) bool {
	return a.West <= o.East && o.West <= a.East && a.South <= o.North && o.South <= a.North
}

// holds tells whether a point lies in the area.
func (a Area) holds(p place) bool {
	return p.lon >= a.West && p.lon <= a.East && p.lat >= a.South && p.lat <= a.North
}

// sides are the four lines around an area: whether a point is on the inner
// side, and where a line crosses.
func (a Area) sides() [4]side {
	lon := func(at float64) func(p, q place) place {
		return func(p, q place) place { return place{at, p.lat + (q.lat-p.lat)*(at-p.lon)/(q.lon-p.lon)} }
	}
	lat := func(at float64) func(p, q place) place {
		return func(p, q place) place { return place{p.lon + (q.lon-p.lon)*(at-p.lat)/(q.lat-p.lat), at} }
	}
	return [4]side{
		{func(p place) bool { return p.lon >= a.West }, lon(a.West)},
		{func(p place) bool { return p.lon <= a.East }, lon(a.East)},
		{func(p place) bool { return p.lat >= a.South }, lat(a.South)},
		{func(p place) bool { return p.lat <= a.North }, lat(a.North)},
	}
}

type side struct {
	inner func(place) bool
	cross func(p, q place) place
}

// clipRing cuts a ring to an area, side by side (Sutherland and Hodgman, 1974).
func (a Area) clipRing(ring []place) []place {
	for _, s := range a.sides() {
		var kept []place
		for i, p := range ring {
			before := ring[(i+len(ring)-1)%len(ring)]
			if s.inner(p) != s.inner(before) {
				kept = append(kept, s.cross(before, p))
			}
			if s.inner(p) {
				kept = append(kept, p)
			}
		}
		ring = kept
	}
	return ring
}

// clipLine cuts a line to an area; it may come to several pieces.
func (a Area) clipLine(line []place) [][]place {
	pieces := [][]place{line}
	for _, s := range a.sides() {
		var kept [][]place
		for _, piece := range pieces {
			var now []place
			for i, p := range piece {
				if i > 0 && s.inner(p) != s.inner(piece[i-1]) {
					now = append(now, s.cross(piece[i-1], p))
				}
				if s.inner(p) {
					now = append(now, p)
				} else if len(now) > 0 {
					kept, now = append(kept, now), nil
				}
			}
			if len(now) > 0 {
				kept = append(kept, now)
			}
		}
		pieces = kept
	}
	return pieces
}
