package main

import "math"

// The 180th meridian is the edge of every map, and some land crosses it. In the
// source such a ring jumps from one side to the other.

// cut makes rings of one that may cross the meridian, so that each stays on one
// side.
func cut(ring [][2]float64) (parts [][][2]float64) {
	ring = unwound(ring)
	last := len(ring) - 1
	if around := ring[last][0] - ring[0][0]; math.Abs(around) > 180 { // around a pole: closed by way of it
		pole := math.Copysign(90, ring[0][1])
		ring = append(ring, [2]float64{ring[last][0], pole}, [2]float64{ring[0][0], pole})
	}
	for _, turn := range []float64{-360, 0, 360} {
		moved := make([][2]float64, len(ring))
		for i, p := range ring {
			moved[i] = [2]float64{p[0] + turn, p[1]}
		}
		if part := east(west(moved)); len(part) > 3 {
			parts = append(parts, part)
		}
	}
	return parts
}

// unwound goes on beyond 180 degrees where a line jumps.
func unwound(line [][2]float64) [][2]float64 {
	all := make([][2]float64, len(line))
	turn := 0.0
	for i, p := range line {
		if i > 0 {
			switch d := p[0] - line[i-1][0]; {
			case d > 180:
				turn -= 360
			case d < -180:
				turn += 360
			}
		}
		all[i] = [2]float64{p[0] + turn, p[1]}
	}
	return all
}

// west keeps what is east of 180 degrees west, and east the rest.
func west(ring [][2]float64) [][2]float64 { return clip(ring, -180, 1) }
func east(ring [][2]float64) [][2]float64 { return clip(ring, 180, -1) }

func clip(ring [][2]float64, edge, sign float64) (kept [][2]float64) {
	inner := func(p [2]float64) bool { return (p[0]-edge)*sign >= 0 }
	for i, p := range ring {
		before := ring[(i+len(ring)-1)%len(ring)]
		if inner(p) != inner(before) {
			kept = append(kept, [2]float64{edge, before[1] + (p[1]-before[1])*(edge-before[0])/(p[0]-before[0])})
		}
		if inner(p) {
			kept = append(kept, p)
		}
	}
	return kept
}

// split makes pieces of a line that jumps.
func split(line [][2]float64) (pieces [][][2]float64) {
	first := 0
	for i := 1; i <= len(line); i++ {
		if i == len(line) || math.Abs(line[i][0]-line[i-1][0]) > 180 {
			pieces = append(pieces, line[first:i])
			first = i
		}
	}
	return pieces
}
