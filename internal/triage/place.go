package triage

import "slices"

// Place says where in the evidence something is, to the byte or the row.
type Place struct {
	// Chain holds the names from the evidence inward, each as its container
	// writes it: ["phone.zip", "backup/inner.zip", "databases/mmssms.db"]. For
	// a folder the first is the folder's own name and the second the file's
	// path in it. A name a container has used before gets ";2", ";3" after it.
	Chain []string `json:"chain"`
	// Table is the table of a database. Row is the rowid there, or for a table
	// without rowids the number of the row in the order of its primary key,
	// from 1.
	Table string `json:"table,omitempty"`
	Row   int64  `json:"row,omitempty"`
	// Column is the column of the table; without Table, the JSON pointer
	// (RFC 6901) of the value in a JSON file.
	Column string `json:"column,omitempty"`
	// Offset and Length are in bytes: in the file as it lies in its container,
	// or in the column's text in UTF-8 when Table is set. Both are zero for a
	// file or a row as a whole.
	Offset int64 `json:"offset"`
	Length int64 `json:"length"`
}

// file reports whether p is a file as a whole.
func (p Place) file() bool {
	return p.Table == "" && p.Column == "" && p.Offset == 0 && p.Length == 0
}

// at gives the place of some bytes in the file p.
func (p Place) at(offset, length int64) Place {
	p.Offset, p.Length = offset, length
	return p
}

// row gives the place of a row of a table in the file p.
func (p Place) row(table string, row int64) Place {
	p.Table, p.Row = table, row
	return p
}

// Equal reports whether p and q are the same place.
func (p Place) Equal(q Place) bool {
	return slices.Equal(p.Chain, q.Chain) && p.Table == q.Table && p.Row == q.Row &&
		p.Column == q.Column && p.Offset == q.Offset && p.Length == q.Length
}
