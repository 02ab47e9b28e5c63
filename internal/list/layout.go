package list

import (
	"fmt"
	"strings"
)

// Form is how the records of a list are written.
type Form string

// The forms that are read.
const (
	Lines   Form = "lines"   // a selector a line
	Table   Form = "table"   // cells with a separator between them
	Entries Form = "entries" // a JSON list of objects
)

// Layout says how a list was understood.
type Layout struct {
	Form      Form     `json:"form"`
	Separator string   `json:"separator,omitempty"` // of a table
	Header    bool     `json:"header,omitempty"`    // the first record names the columns
	Columns   []Column `json:"columns"`
}

// Column is one column, and what was found out about it.
type Column struct {
	Number int    `json:"number"`         // from 1
	Name   string `json:"name,omitempty"` // as the header has it
	Role   Role   `json:"role,omitempty"` // empty: it is not used

	// Overlooked says that the column is not used, since its name says nothing, though half of what
	// stands in it at the list's beginning are selectors.
	Overlooked bool `json:"overlooked,omitempty"`
}

// of gives the column's cell of a record.
func (c Column) of(record []string) string {
	if c.Number > len(record) {
		return ""
	}
	return record[c.Number-1]
}

// Overlooked gives the names of the columns that seem to hold selectors and are not used.
func (l Layout) Overlooked() (names []string) {
	for _, c := range l.Columns {
		if c.Overlooked {
			names = append(names, c.Name)
		}
	}
	return names
}

// String says it in words: `"Mobile" phone, 3 note`.
func (l Layout) String() string {
	var used, unused []string
	for _, c := range l.Columns {
		name := fmt.Sprint(c.Number)
		if c.Name != "" {
			name = fmt.Sprintf("%q", c.Name)
		}
		if c.Role == "" {
			unused = append(unused, name)
			continue
		}
		used = append(used, name+" "+string(c.Role))
	}
	text := strings.Join(used, ", ")
	if len(unused) > 0 {
		text += "; not used: " + strings.Join(unused, ", ")
	}
	return text
}
