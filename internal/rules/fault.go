package rules

import "fmt"

// Fault is what is wrong with a file of rules, and where.
type Fault struct {
	File         string
	Line, Column int // from 1; columns count characters
	Problem      string
}

func (f *Fault) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Problem)
}

// place is where something stands in a file.
type place struct {
	file         string
	line, column int
}

func (p place) String() string { return fmt.Sprintf("%s:%d", p.file, p.line) }

func (p place) fault(format string, args ...any) error {
	return &Fault{File: p.file, Line: p.line, Column: p.column, Problem: fmt.Sprintf(format, args...)}
}
