// Package list reads and writes lists of selectors, as people keep them: one a
// line, tables with and without a header from spreadsheets and other tools, and
// the JSON that Parley itself prints.
//
// [Read] finds out how a list is laid out, or is told, and gives one [Row] for
// each selector. A line that holds none is given with the reason, and reading
// goes on: whoever reads decides whether the rest counts.
//
//	layout, err := list.Read(file, list.Options{Region: "US"}, keep, complain)
//
// The package must never guess. What a header does not say and the values do not
// show is asked for: which of two columns is meant, and what kind a word stands
// for that is no kind. It holds one line in memory at a time, opens no file, and
// what it writes does nothing in a spreadsheet.
package list
