package list

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"parley/selector"
)

// Entry is one selector as it is written, with where it was found.
type Entry struct {
	selector.Selector
	Findings int64  `json:"findings"`
	Source   string `json:"source"` // of the first: evidence, a list, a bundle
	Place    string `json:"place"`  // in it
	// Confidence is the highest of the findings; empty where no form decided.
	Confidence selector.Confidence `json:"confidence,omitempty"`
}

// WriteTable writes a table with a header, as [Read] reads it. No cell of it does
// anything in a spreadsheet: see docs/formats/lists.md.
func WriteTable(w io.Writer, all []Entry) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"kind", "value", "findings", "source", "place", "confidence"}}
	for _, e := range all {
		rows = append(rows, []string{string(e.Kind), guarded(e.Value), strconv.FormatInt(e.Findings, 10), guarded(printable(e.Source)), guarded(printable(e.Place)), string(e.Confidence)})
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

// WriteCells writes any table, whose first row is its heading. What cannot be printed
// and what a spreadsheet would act on is written as [WriteTable] writes it.
func WriteCells(w io.Writer, rows [][]string) error {
	out := csv.NewWriter(w)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = guarded(printable(cell))
		}
		if err := out.Write(cells); err != nil {
			return fmt.Errorf("write table: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

// printable shows what an enemy called a file without what moves a cursor or cuts
// a table short.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if strconv.IsPrint(r) {
			return r
		}
		return '·'
	}, text)
}

// WriteLines writes a selector a line, with its kind before it.
func WriteLines(w io.Writer, all []Entry) error {
	out := bufio.NewWriter(w)
	for _, e := range all {
		fmt.Fprintln(out, e.Selector)
	}
	if err := out.Flush(); err != nil { // keeps the first error of any write above
		return fmt.Errorf("write lines: %w", err)
	}
	return nil
}

// WriteEntries writes a JSON list.
func WriteEntries(w io.Writer, all []Entry) error {
	shown := make([]Entry, len(all))
	for i, e := range all {
		e.Source, e.Place = printable(e.Source), printable(e.Place)
		shown[i] = e
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(shown); err != nil {
		return fmt.Errorf("write entries: %w", err)
	}
	return nil
}
