// Package legible makes texts that an enemy wrote safe to read.
//
// Characters that hide, turn the line around or look like nothing become marks
// that are seen, such as U+202E; long texts are cut, and say so. It must never
// drop a character silently, nor escape for a format: it gives plain text,
// which whoever writes HTML or SVG escapes.
//
//	for _, p := range legible.Pieces(name, 240) { … } // parts, each text or a mark
//	line := legible.Plain(name, 240)                  // one string: "invoice⟨U+202E⟩gpj.exe"
package legible
