// Command generate makes the outlines that maps are drawn with, from Natural
// Earth's data as the npm package world-atlas has it (version 2.0.2, Natural
// Earth 4.1.0, which is in the public domain):
//
//	npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
//	go run ./internal/draw/generate package internal/draw/outlines
//
// It reads countries-110m.json and countries-50m.json (TopoJSON) and writes
// 110m.bin.gz and 50m.bin.gz: every coastline as a closed ring, every border as
// a line, each point as its distance from the one before. The same input gives
// the same bytes. It must never be part of a node: it runs when the outlines
// change, and the result is in the repository.
package main
