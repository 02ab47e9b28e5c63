package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
)

// scales are the two that are made, each with its points to a degree.
var scales = []struct {
	name string
	unit int
}{{"110m", 50}, {"50m", 100}}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: generate FOLDER-OF-WORLD-ATLAS FOLDER-OF-OUTLINES")
		os.Exit(2)
	}
	for _, s := range scales {
		if err := convert(filepath.Join(os.Args[1], "countries-"+s.name+".json"), filepath.Join(os.Args[2], s.name+".bin.gz"), s.unit); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// topology is as much of a TopoJSON file as is needed.
type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]float64
	Objects   map[string]geometry
}

type geometry struct {
	Type       string
	Arcs       json.RawMessage
	Geometries []geometry
}

func convert(from, to string, unit int) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var t topology
	if err := json.Unmarshal(text, &t); err != nil {
		return fmt.Errorf("read %s: %w", from, err)
	}
	land, err := t.Objects["land"].rings()
	if err != nil {
		return fmt.Errorf("read %s: the land: %w", from, err)
	}
	countries, err := t.Objects["countries"].rings()
	if err != nil {
		return fmt.Errorf("read %s: the countries: %w", from, err)
	}
	o := outlines{unit: unit}
	for _, ring := range land {
		for _, part := range cut(t.points(ring)) {
			o.add(part, true)
		}
	}
	// An arc is a border where two countries have it in their rings.
	users := map[int]int{}
	for _, ring := range countries {
		for _, arc := range ring {
			users[max(arc, ^arc)]++
		}
	}
	for arc := range t.Arcs {
		if users[arc] > 1 {
			for _, part := range split(t.points([]int{arc})) {
				o.add(part, false)
			}
		}
	}
	return o.write(to)
}

// rings are the rings of every polygon in a geometry, as numbers of arcs.
func (g geometry) rings() (all [][]int, err error) {
	switch g.Type {
	case "GeometryCollection":
		for _, one := range g.Geometries {
			rings, err := one.rings()
			if err != nil {
				return nil, err
			}
			all = append(all, rings...)
		}
	case "Polygon":
		err = json.Unmarshal(g.Arcs, &all)
	case "MultiPolygon":
		var polygons [][][]int
		err = json.Unmarshal(g.Arcs, &polygons)
		for _, p := range polygons {
			all = append(all, p...)
		}
	}
	return all, err
}

// points joins arcs to a line in degrees; the complement of an arc's number is
// the arc from its end.
func (t topology) points(arcs []int) (line [][2]float64) {
	for _, number := range arcs {
		var arc [][2]float64
		x, y := 0.0, 0.0
		for _, step := range t.Arcs[max(number, ^number)] {
			x, y = x+step[0], y+step[1]
			arc = append(arc, [2]float64{x*t.Transform.Scale[0] + t.Transform.Translate[0], y*t.Transform.Scale[1] + t.Transform.Translate[1]})
		}
		if number < 0 {
			for i, j := 0, len(arc)-1; i < j; i, j = i+1, j-1 {
				arc[i], arc[j] = arc[j], arc[i]
			}
		}
		if len(line) > 0 {
			arc = arc[1:] // an arc begins where the one before ended
		}
		line = append(line, arc...)
	}
	return line
}

// outlines collects lines in their compact form: see the reader, outlines.go.
type outlines struct {
	unit  int
	lines int
	body  []byte
}

func (o *outlines) add(line [][2]float64, ring bool) {
	var steps []byte
	n, x, y := 0, 0, 0
	for i, p := range line {
		px, py := int(math.Round(p[0]*float64(o.unit))), int(math.Round(p[1]*float64(o.unit)))
		if i > 0 && px == x && py == y {
			continue
		}
		steps = binary.AppendVarint(steps, int64(px-x))
		steps = binary.AppendVarint(steps, int64(py-y))
		n, x, y = n+1, px, py
	}
	if n < 2 || ring && n < 4 { // too small to be seen at this scale
		return
	}
	kind := uint64(0)
	if ring {
		kind = 1
	}
	o.lines++
	o.body = append(binary.AppendUvarint(binary.AppendUvarint(o.body, kind), uint64(n)), steps...)
}

func (o *outlines) write(to string) error {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	head := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(o.unit)), uint64(o.lines))
	if _, err := z.Write(append(head, o.body...)); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(to, b.Bytes(), 0o644)
}
