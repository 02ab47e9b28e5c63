package main

import (
	"os"
	"strings"

	"golang.org/x/term"

	"parley/internal/release"
)

// sayProse prints the texts of a tearline with the selectors that were not cleared underlined: by the terminal, or
// between underscores where there is none.
func (a *app) sayProse(all []release.Prose) {
	before, after := "_", "_"
	if f, ok := a.out.(*os.File); ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb" {
		before, after = "\x1b[4m", "\x1b[24m"
	}
	for _, p := range all {
		a.say("")
		a.say("  %s", plain(p.Path))
		for line := range strings.Lines(underlined(p, before, after)) {
			a.say("    %s", strings.TrimRight(line, "\n"))
		}
	}
}

// underlined is a text made safe to print, with what was not cleared between two marks.
func underlined(p release.Prose, before, after string) string {
	var b strings.Builder
	at := 0
	for _, span := range p.Uncleared {
		b.WriteString(plainText(p.Text[at:span.Start]) + before + plainText(p.Text[span.Start:span.End]) + after)
		at = span.End
	}
	b.WriteString(plainText(p.Text[at:]))
	return b.String()
}
