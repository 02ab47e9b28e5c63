package main

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"

	"parley/internal/folder"
)

// toTerminal tells whether --out means standard output, which then holds nothing
// but what is written.
func toTerminal(out string) bool { return out == "" || out == "-" }

// writeOut has something written to a file, whole or not at all, or to standard
// output. to is where it goes, for the ledger.
func (a *app) writeOut(out string, write func(to string, w io.Writer) error) error {
	if toTerminal(out) {
		return write("standard output", a.out)
	}
	abs, err := filepath.Abs(out)
	if err != nil {
		return fmt.Errorf("write %s: %w", out, err)
	}
	var text bytes.Buffer
	if err := write(abs, &text); err != nil {
		return err
	}
	if err := folder.Replace(abs, text.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", out, err)
	}
	return nil
}

// sayWritten tells what was written to a file, and what was left out of it; beside
// standard output, only what was left.
func (a *app) sayWritten(out string, v any, what string, left []string) error {
	if toTerminal(out) {
		for _, line := range left {
			if !a.quiet {
				fmt.Fprintln(a.err, line)
			}
		}
		return nil
	}
	return a.print(v, func() {
		a.say("%s: %s", plain(out), what)
		for _, line := range left {
			a.say("  %s", line)
		}
	})
}
