package triage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"parley/internal/triage/sqlitefile"
)

const (
	carvedRecords = 200_000  // of one database that artifacts are read from
	carvedBytes   = 64 << 20 // of these
	carvedShapes  = 200      // tables whose rows are looked for
)

// carving gathers what a database has freed.
type carving struct {
	r       *reading
	db      *database
	place   Place // of the file the bytes stand in
	shapes  []sqlitefile.Shape
	records map[string][]record
	seen    map[[16]byte]bool // records, by what is in them: pages that were copied hold them again
	bytes   int               // of records
	short   bool              // not all are in records
}

// carve scans what the database's file holds beside its rows, then reads the
// artifacts in it.
func (r *reading) carve(ctx context.Context, f *file, db *database) error {
	at, err := f.readerAt()
	if err != nil {
		return err
	}
	file, err := sqlitefile.Open(at, f.size)
	if err != nil {
		return err
	}
	c := newCarving(r, db, f.place())
	if err := file.Freed(func(s sqlitefile.Stretch) error { return c.stretch(ctx, s) }); err != nil {
		return err
	}
	return c.applications(ctx)
}

func newCarving(r *reading, db *database, place Place) *carving {
	c := &carving{r: r, db: db, place: place, records: make(map[string][]record), seen: make(map[[16]byte]bool)}
	if db != nil {
		c.shapes = db.shapes()
		db.allow(r.opt.Limits)
	}
	return c
}

// applications reads the artifacts in the records carved.
func (c *carving) applications(ctx context.Context) error {
	if len(c.records) == 0 {
		return nil
	}
	freed := *c.db
	freed.carved = c.records
	freed.allow(c.r.opt.Limits)
	if err := c.r.applications(ctx, &freed); err != nil || !c.short {
		return err
	}
	return c.r.fault(c.place, errCarved)
}

var errCarved = fmt.Errorf("it has more than %d rows in freed space, or %d bytes in them: the others were only scanned for selectors", carvedRecords, carvedBytes)

// stretch scans the records in some freed bytes. One that a row in use repeats is
// passed over: pages that were put in order leave such behind.
func (c *carving) stretch(ctx context.Context, s sqlitefile.Stretch) error {
	if err := ctx.Err(); err != nil {
		return stop{err}
	}
	for _, carved := range sqlitefile.Carve(s, c.shapes) {
		repeats, err := c.repeats(ctx, carved)
		if err != nil {
			return err
		}
		if repeats || c.again(carved) {
			continue
		}
		if err := c.scan(carved); err != nil {
			return err
		}
		if carved.Table != "" {
			c.keep(carved)
		}
	}
	return nil
}

// again reports whether the same record was carved before.
func (c *carving) again(carved sqlitefile.Record) bool {
	sum := sha256.New()
	for _, value := range carved.Values {
		fmt.Fprintf(sum, "%T %v\x00", value.Data, value.Data)
	}
	key := [16]byte(sum.Sum(nil)[:16])
	if !c.seen[key] && len(c.seen) < carvedRecords {
		c.seen[key] = true
		return false
	}
	return c.seen[key]
}

func (c *carving) scan(carved sqlitefile.Record) error {
	for _, value := range carved.Values {
		text, ok := value.Data.(string)
		if blob, is := value.Data.([]byte); is && isPlain(blob) {
			text, ok = string(blob), true
		}
		if !ok || c.r.tooShort(len(text)) {
			continue
		}
		err := c.r.findings(text, func(start, end int) Place {
			return c.place.at(value.Offset+int64(start), int64(end-start))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *carving) keep(carved sqlitefile.Record) {
	c.bytes += carved.Length
	if c.short = c.short || len(c.seen) >= carvedRecords || c.bytes > carvedBytes; c.short {
		return
	}
	t, _ := c.db.table(carved.Table)
	r := record{
		id: carved.Rowid, deleted: true, place: c.place.at(carved.Offset, int64(carved.Length)), values: make(map[string]any, len(t.columns)),
	}
	for i, value := range carved.Values {
		r.values[t.columns[i]] = value.Data
		if value.Data == nil && t.affinities[i] == 'k' && carved.Rowid != 0 {
			r.values[t.columns[i]] = carved.Rowid
		}
	}
	name := strings.ToLower(t.name)
	c.records[name] = append(c.records[name], r)
}

// repeats reports whether the row in use with the record's rowid is the same.
func (c *carving) repeats(ctx context.Context, carved sqlitefile.Record) (bool, error) {
	if carved.Table == "" || carved.Rowid == 0 {
		return false, nil
	}
	live, err := c.db.find(ctx, carved.Table, carved.Rowid, "*")
	if err != nil || live.values == nil {
		return false, err
	}
	t, _ := c.db.table(carved.Table)
	for i, value := range carved.Values {
		if t.affinities[i] != 'k' && !sameValue(value.Data, live.values[t.columns[i]]) {
			return false, nil
		}
	}
	return true, nil
}

func sameValue(a, b any) bool {
	if x, ok := a.([]byte); ok {
		y, ok := b.([]byte)
		return ok && bytes.Equal(x, y)
	}
	if x, ok := a.(int64); ok {
		if y, ok := b.(float64); ok { // SQLite stores a whole number so
			return float64(x) == y
		}
	}
	if _, ok := b.([]byte); ok {
		return false
	}
	return a == b
}

// shapes gives what the rows of the tables look like, for those whose stored
// columns are known.
func (db *database) shapes() []sqlitefile.Shape {
	var shapes []sqlitefile.Shape
	for _, t := range db.tables {
		if t.rowid == "" || t.computed || len(t.columns) == 0 || len(shapes) >= carvedShapes {
			continue
		}
		shapes = append(shapes, sqlitefile.Shape{Table: t.name, Columns: string(t.affinities)})
	}
	return shapes
}
