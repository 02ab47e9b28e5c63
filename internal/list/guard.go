package list

import "strings"

// A spreadsheet takes a cell that begins with one of these for a formula, which
// may run programs. An e-mail address may begin with any of the first three.
const formula = "=+-@\t\r"

// guarded writes a cell so that it does nothing in a spreadsheet: with an
// apostrophe before it, which says that the rest is text. A plus and digits stay
// as they are: all that a spreadsheet makes of a phone number is that number, and
// everything else that reads the table wants it plain.
func guarded(cell string) string {
	if cell == "" || !strings.Contains(formula+"'", cell[:1]) || isNumber(cell) {
		return cell
	}
	return "'" + cell
}

// unguarded takes the apostrophe off again.
func unguarded(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.Contains(formula+"'", cell[1:2]) {
		return cell[1:]
	}
	return cell
}

func isNumber(cell string) bool {
	digits, plus := strings.CutPrefix(cell, "+")
	return plus && digits != "" && strings.Trim(digits, "0123456789") == ""
}
