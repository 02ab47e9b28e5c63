package triage

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/ncruces/go-sqlite3"
)

// Excerpt is what stands at a place.
type Excerpt struct {
	Place Place `json:"place"`
	// Raw holds the bytes at the place, as they lie in the file or the column.
	Raw []byte `json:"raw"`
	// Before, Match and After are those bytes with up to 60 characters on each
	// side, as text for a screen. For a file as a whole, Match is its beginning.
	Before string `json:"before"`
	Match  string `json:"match"`
	After  string `json:"after"`
	// Row holds all columns when the place is in a table.
	Row []Cell `json:"row,omitempty"`
}

// Cell is one value of a row; a blob that holds no text is given as its length.
type Cell struct {
	Column string `json:"column"`
	Value  string `json:"value"`
}

// errFound ends the search through a container.
var errFound = errors.New("found")

// showLength bounds the bytes of a place that Show gives.
const showLength = 64 << 10

// Show opens the place p in the evidence at path once more. The evidence is only
// read; an error says which part of the place is not there.
func Show(ctx context.Context, path string, p Place, opt Options) (Excerpt, error) {
	e, err := show(ctx, path, p, opt)
	if err != nil {
		return e, fmt.Errorf("show %s: %w", p, err)
	}
	return e, nil
}

func show(ctx context.Context, path string, p Place, opt Options) (e Excerpt, err error) {
	err = reach(ctx, path, p, opt, func(f *file, limits Limits) error {
		e, err = excerptOf(ctx, f, p, limits)
		return err
	})
	return e, err
}

// reach opens the file that a place is in, with the limits it is read within. A reader
// that panics on the way is an error, as it is a fault in a run.
func reach(ctx context.Context, path string, p Place, opt Options, each func(*file, Limits) error) (err error) {
	defer brokeOff(&err)
	if opt, err = opt.complete(); err != nil {
		return err
	}
	source, err := openSource(path)
	if err != nil {
		return err
	}
	defer source.close()
	source.findBeside(opt.Limits)
	it, rest, err := source.find(p.Chain)
	if err != nil {
		return err
	}
	disk := it.at.(*diskFile)
	disk.hold()
	defer disk.release()
	way := &showing{
		newReading(opt, faultSink{func(Fault) error { return nil }}),
		func(f *file) error { return each(f, opt.Limits) },
	}
	return way.descend(ctx, it, rest)
}

// find gives the file on disk that a chain begins with, and the rest of the chain.
func (s *source) find(chain []string) (item, []string, error) {
	if len(chain) == 0 || chain[0] != s.name {
		return item{}, nil, fmt.Errorf("the place is in other evidence than %q", s.name)
	}
	if !s.folder {
		it, err := s.item(chain[:1], s.base)
		return it, chain[1:], err
	}
	if len(chain) < 2 {
		return item{}, nil, errors.New("the place is the folder itself: name a file in it")
	}
	it, err := s.item(chain[:2], chain[1])
	return it, chain[2:], err
}

type showing struct {
	*reading
	each func(*file) error // called with the file at the end of the chain
}

// descend follows the chain through the containers.
func (s *showing) descend(ctx context.Context, it item, chain []string) error {
	f, err := glance(ctx, it, s.opt.Limits)
	if err != nil {
		return err
	}
	if len(chain) == 0 {
		return s.each(f)
	}
	format := formatOf(f)
	if format.entries == nil {
		return fmt.Errorf("%s is no archive", f.place())
	}
	err = format.entries(ctx, s.reading, f, func(child item) error {
		if child.raw != nil || child.name() != chain[0] {
			return nil
		}
		if err := s.descend(ctx, child, chain[1:]); err != nil {
			return stop{err}
		}
		return stop{errFound}
	})
	if errors.Is(err, errFound) {
		return nil
	}
	if err == nil {
		err = fmt.Errorf("%s has no entry %q", f.place(), chain[0])
	}
	return err
}

func excerptOf(ctx context.Context, f *file, p Place, limits Limits) (Excerpt, error) {
	if p.Table != "" && isPDF(f) {
		return pdfExcerpt(ctx, f, p)
	}
	if p.Table != "" {
		return rowExcerpt(ctx, f, p, limits)
	}
	length := min(p.Length, showLength)
	if p.file() {
		length = min(f.size, contextRunes)
	}
	if p.Offset > f.size || p.Offset+length > f.size {
		return Excerpt{}, fmt.Errorf("the file has %d bytes only", f.size)
	}
	from := max(0, p.Offset-4*contextRunes)
	raw, err := f.bytes(from, p.Offset+length+4*contextRunes)
	if err != nil {
		return Excerpt{}, err
	}
	start := int(p.Offset - from)
	e := Excerpt{Place: p, Raw: raw[start : start+int(length)]}
	encoded := formatOf(f).encoding(f)
	if encoded.order == nil && wideEnd(e.Raw, 0) == len(e.Raw) {
		encoded.order = binary.LittleEndian // a run of such text in bytes that are none
	}
	text := func(raw []byte) string {
		decoded, _ := encoded.decode(raw)
		return decoded
	}
	e.around(text(raw[:start]), text(e.Raw), text(raw[start+int(length):]))
	return e, nil
}

// around fills in the texts.
func (e *Excerpt) around(before, match, after string) {
	e.Before = clean(before[contextBefore(before, len(before)):])
	e.Match = clean(match)
	e.After = clean(after[:contextAfter(after, 0)])
}

// bytes reads from one offset to another, or to the end.
func (f *file) bytes(from, to int64) ([]byte, error) {
	to = min(to, f.size)
	raw := make([]byte, to-from)
	if at, err := f.readerAt(); err == nil {
		_, err := io.ReadFull(io.NewSectionReader(at, from, to-from), raw)
		return raw, err
	}
	stream, err := f.reader()
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	if _, err := io.CopyN(io.Discard, stream, from); err != nil {
		return nil, err
	}
	_, err = io.ReadFull(stream, raw)
	return raw, err
}

// rowExcerpt reads the row again.
func rowExcerpt(ctx context.Context, f *file, p Place, limits Limits) (Excerpt, error) {
	e := Excerpt{Place: p}
	var db *database
	var err error
	switch {
	case isSQLite(f):
		db, err = openDatabase(ctx, f, limits)
	case isWriteAheadLog(f):
		db, err = logged(ctx, f, limits)
	default:
		err = errors.New("the file is no database")
	}
	if err != nil {
		return e, err
	}
	defer db.close()
	t, ok := db.table(p.Table)
	if !ok {
		return e, fmt.Errorf("the database has no table %q", p.Table)
	}
	err = db.rows(ctx, t.one(p.Row), func(values *sqlite3.Stmt) error {
		return e.cells(values, t, p)
	})
	if err == nil && e.Row == nil {
		err = fmt.Errorf("the table has no row %d", p.Row)
	}
	return e, err
}

// one is the query for a single row.
func (t table) one(row int64) string {
	if t.rowid != "" {
		return fmt.Sprintf("%s WHERE %s = %d", t.query(), t.rowid, row)
	}
	return fmt.Sprintf("%s LIMIT 1 OFFSET %d", t.query(), max(row-1, 0))
}

func (e *Excerpt) cells(values *sqlite3.Stmt, t table, p Place) error {
	first := values.ColumnCount() - len(t.columns)
	for i, column := range t.columns {
		kind := values.ColumnType(first + i)
		text := values.ColumnText(first + i) // of a blob, its bytes
		shown := text
		if kind == sqlite3.BLOB && !isPlain([]byte(text)) {
			shown = fmt.Sprintf("(%d bytes)", len(text))
		}
		e.Row = append(e.Row, Cell{Column: column, Value: clean(shown)})
		if column != p.Column {
			continue
		}
		if p.Offset+p.Length > int64(len(text)) {
			return fmt.Errorf("column %s of the row has %d bytes only", column, len(text))
		}
		start, end := int(p.Offset), int(p.Offset+p.Length)
		e.Raw = []byte(text[start:end])
		e.around(text[:start], text[start:end], text[end:])
	}
	return nil
}
