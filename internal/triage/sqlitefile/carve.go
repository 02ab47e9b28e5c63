package sqlitefile

// Carve gives the records in a stretch, in their order. A record is one of these:
//
//   - a cell that a leaf lists;
//   - a whole cell, whose length is that which its header adds up to;
//   - a header and its values, whose types are those of exactly one shape;
//   - in a free block, the rest of such after the first four bytes.
//
// A record that ends beyond the stretch, or whose text is no text, is none.
//
// The work is bounded by the stretch's length: where an enemy's bytes cost more,
// the rest of the stretch is passed over.
func Carve(s Stretch, shapes []Shape) []Record {
	return newCarver(s, shapes).carve(s)
}

func newCarver(s Stretch, shapes []Shape) *carver {
	return &carver{shapes: shapes, left: workPerByte*len(s.Bytes) + workFree}
}

func (c *carver) carve(s Stretch) []Record {
	if s.Leaf == 0 {
		return c.stretch(s)
	}
	var found []Record
	for _, at := range s.cells() {
		if c.left < 0 {
			break
		}
		if r, n := c.cell(s.Bytes[at:], s.Offset+int64(at)); n > 0 {
			found = append(found, r)
		}
	}
	for _, unused := range s.unused() {
		found = append(found, c.stretch(unused)...)
	}
	return found
}

// stretch reads one record after another. In a free block each may have been one
// of its own before: its first four bytes are gone too.
func (c *carver) stretch(s Stretch) []Record {
	var found []Record
	follows := s.Block
	for at := 0; at < len(s.Bytes) && c.left > 0; {
		if s.Bytes[at] < 2 && !follows { // no record begins so: it is shorter than its header
			at++
			c.left--
			continue
		}
		r, n := c.next(s, at, follows)
		if n == 0 {
			at, follows = at+1, false
			continue
		}
		found = append(found, r)
		at, follows = at+n, s.Block
	}
	return found
}

func (c *carver) next(s Stretch, at int, follows bool) (Record, int) {
	b, offset := s.Bytes[at:], s.Offset+int64(at)
	if follows {
		if r, n := c.beheaded(b, offset); n > 0 {
			return r, n
		}
	}
	if r, n := c.cell(b, offset); n > 0 && len(r.Values) > 1 { // three numbers that agree are not enough
		return r, n
	}
	return c.headed(b, offset)
}

// What may be looked at: so many bytes for each byte of a stretch, and some more.
const (
	workPerByte = 256
	workFree    = 1 << 16
)

type carver struct {
	shapes []Shape
	left   int // bytes that may still be looked at
}

// cell reads a whole cell of a leaf: the length of the record, the rowid, the
// record.
func (c *carver) cell(b []byte, offset int64) (Record, int) {
	length, n1 := varint(b)
	if n1 == 0 || length < 3 || length > int64(len(b)) {
		return Record{}, 0
	}
	rowid, n2 := varint(b[n1:])
	if n2 == 0 || rowid <= 0 {
		return Record{}, 0
	}
	r, n := c.record(b[n1+n2:], offset+int64(n1+n2), false, int(length))
	if n == 0 || !r.written() {
		return Record{}, 0
	}
	r.Rowid, r.Offset, r.Length = rowid, offset, n1+n2+n
	return r, n1 + n2 + n
}

// headed reads a record without what stood before it.
func (c *carver) headed(b []byte, offset int64) (Record, int) {
	r, n := c.record(b, offset, true, 0)
	if r.Table == "" || !r.written() {
		return Record{}, 0
	}
	return r, n
}

// record reads a header and its values, of a certain length if that is known.
func (c *carver) record(b []byte, offset int64, strict bool, length int) (Record, int) {
	size, n := varint(b)
	if c.left--; n != 1 || size < 2 || size > int64(len(b)) {
		return Record{}, 0
	}
	c.left -= int(size)
	serials, body, ok := header(b[1:], int(size)-1)
	if whole := int(size) + body; !ok || whole > len(b) || length != 0 && whole != length {
		return Record{}, 0
	}
	table := c.shapeOf(serials, strict)
	if c.left -= body; c.left < 0 || strict && table == "" {
		return Record{}, 0
	}
	all, ok := values(serials, b[size:], offset+size)
	if !ok {
		return Record{}, 0
	}
	return Record{Table: table, Values: all, Offset: offset, Length: int(size) + body}, int(size) + body
}

// beheaded reads the cell that a free block was, whose first four bytes are gone.
// With them went the length, the rowid, the size of the header and perhaps the
// first serial type; that of a column that is the rowid is known to be zero.
func (c *carver) beheaded(b []byte, offset int64) (Record, int) {
	var found Record
	for _, shape := range c.shapes {
		for lost := range 2 {
			if lost == 1 && shape.Columns[0] != 'k' || len(shape.Columns) <= lost+1 {
				continue
			}
			r, n := c.headless(b, offset, shape, lost)
			if n == 0 {
				continue
			}
			if found.Table != "" && (found.Table != r.Table || found.Length != r.Length) {
				return Record{}, 0 // it could be either
			}
			found = r
		}
	}
	return found, found.Length
}

func (c *carver) headless(b []byte, offset int64, shape Shape, lost int) (Record, int) {
	const gone = 4
	serials, at, body := make([]int64, lost, len(shape.Columns)), gone, 0
	c.left -= len(shape.Columns)
	for len(serials) < len(shape.Columns) {
		if at >= len(b) || c.left < 0 {
			return Record{}, 0
		}
		serial, n := varint(b[at:])
		w := width(serial)
		if n == 0 || w < 0 {
			return Record{}, 0
		}
		serials, at, body = append(serials, serial), at+n, body+w
	}
	if at+body > len(b) || !shape.fits(serials, true) {
		return Record{}, 0
	}
	c.left -= body
	all, ok := values(serials, b[at:], offset+int64(at))
	r := Record{Table: shape.Table, Values: all, Offset: offset, Length: at + body}
	if !ok || !r.written() {
		return Record{}, 0
	}
	return r, at + body
}

// written reports whether the record holds something that a person may have
// written: chance makes numbers, but seldom text.
func (r Record) written() bool {
	for _, v := range r.Values {
		if text, ok := v.Data.(string); ok && len(text) > 2 {
			return true
		}
	}
	return false
}

// shapeOf gives the only table whose rows have these types; "" if there are more.
func (c *carver) shapeOf(serials []int64, strict bool) string {
	table := ""
	for _, shape := range c.shapes {
		c.left -= len(serials)
		if !shape.fits(serials, strict) {
			continue
		}
		if table != "" {
			return ""
		}
		table = shape.Table
	}
	return table
}

// fits reports whether a row of the table can have these types. Unless it is
// strict, columns that were added later may be missing, and a type may be one the
// column's affinity would only let pass.
func (s Shape) fits(serials []int64, strict bool) bool {
	if strict && len(serials) < 3 || len(serials) != len(s.Columns) && (strict || len(serials) > len(s.Columns) || len(serials) < 4) {
		return false
	}
	for i, serial := range serials {
		number := serial > 0 && serial <= 9
		switch s.Columns[i] {
		case 'k':
			if serial != 0 {
				return false
			}
		case 'i', 'r':
			if serial > 9 && (strict || serial%2 == 1) {
				return false
			}
		case 't':
			if number || strict && serial != 0 && serial%2 == 0 {
				return false
			}
		}
	}
	return true
}
