// Package draw makes graphs, timelines, maps and charts: each a picture in SVG
// that is laid out here, and a table of the same data.
//
// A picture needs no script, no network and no font of its own. It has classes
// and presentation attributes alone, so that it is shown under the strictest
// policy of a page; its colours come from [Style] and from currentColor, so
// that it follows the page's theme and prints sharply. The same input gives the
// same bytes.
//
// Labels may have been written by an enemy: they are shown as text, with what
// hides made visible. Names are never cut but for the absurd (more than
// [MostOfLabel] characters); a text from right to left runs so. Every count has
// a bound: beyond it a drawing is refused with [TooManyError], or what lies
// close together becomes one mark with its number.
//
// It must never fetch anything, refer to anything outside the picture but the
// links it was given, which lead to the page's own site, or make up a value: what
// is not drawn is said in the note, and what is uncertain is drawn so.
//
//	g := draw.Graph{Title: "Who wrote to whom", Nodes: nodes, Edges: edges}
//	d, err := g.Draw(draw.Stress)
//	// d.SVG goes into a page as it is, beside d.Table; d.Note says what is left out
//
// [Graph.Place] gives the layout alone, as data: a view that draws with a
// canvas reads its JSON.
package draw
