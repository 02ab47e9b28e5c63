package ntfs

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"parley/internal/triage/volume"
)

// Flags of an attribute.
const (
	attrCompressed = 0x0001
	attrEncrypted  = 0x4000
)

// walk is one reading of the table.
type walk struct {
	ctx     context.Context
	fs      *FileSystem
	mapper  *mapper
	folders map[int64]folder
	limits  volume.Limits
	yield   func(volume.File) error
	used    *bitmap
	count   int
}

// Files gives the files in the order of the table.
func (fs *FileSystem) Files(ctx context.Context, limits volume.Limits, yield func(volume.File) error) error {
	w := &walk{ctx: ctx, fs: fs, mapper: newMapper(fs), limits: limits.Complete(), yield: yield}
	var err error
	if w.folders, err = fs.folders(ctx, newMapper(fs)); err != nil {
		return err
	}
	w.used = newBitmap(fs, w.mapper)
	for number := int64(firstRecord); number < fs.records; number++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := fs.readRecord(number)
		if errors.Is(err, errRecord) || err == nil && r.base != 0 {
			continue
		}
		if w.count++; w.count > w.limits.Entries {
			return volume.ErrEntries
		}
		if err != nil {
			err = yield(volume.File{Path: fmt.Sprintf("$record-%d", number), Problem: err})
		} else {
			err = w.record(r)
		}
		if err != nil {
			return err
		}
	}
	if w.mapper.records < 0 {
		return errRecords
	}
	return nil
}

// record gives a record's file and the streams beside it.
func (w *walk) record(r record) error {
	attrs := w.fs.all(r, w.mapper)
	file := volume.File{Path: fmt.Sprintf("$record-%d", r.number), Deleted: r.flags&recordInUse == 0}
	if name, ok := r.name(attrs); ok {
		if name.parent == extendRecord {
			return nil
		}
		file.Path = path(w.folders, name, w.limits)
	}
	if link := reparse(attrs); link != "" {
		f := file
		f.Problem = errors.New(link)
		if err := w.yield(f); err != nil {
			return err
		}
	}
	for i, s := range streams(attrs) {
		if i > 0 {
			if w.count++; w.count > w.limits.Entries {
				return volume.ErrEntries
			}
		}
		f := file
		f.Size = s.size
		if s.name != "" {
			f.Path += ":" + s.name
		}
		if err := w.stream(&f, s); errors.Is(err, errWork) {
			return err
		} else if err != nil {
			f.Problem = err
		}
		if err := w.yield(f); err != nil {
			return err
		}
	}
	return nil
}

// reparse says what a record that is more than a file is, if it is.
func reparse(attrs []attribute) string {
	for _, a := range attrs {
		if a.kind != typeReparse || len(a.resident) < 4 {
			continue
		}
		switch binary.LittleEndian.Uint32(a.resident) {
		case 0xa000000c, 0xa0000003:
			return "it is a link to another path: not followed"
		case 0x80000017:
			return "it was compacted by Windows: its packed bytes are beside it, and are not unpacked"
		default:
			return "its content is kept elsewhere by another program (a reparse point): what is here is read"
		}
	}
	return ""
}

// stream finds the content.
func (w *walk) stream(f *volume.File, s stream) error {
	switch {
	case s.size < 0:
		return errors.New("it claims an impossible size")
	case s.flags&attrEncrypted != 0:
		return errors.New("it is encrypted by Windows (EFS): not read")
	case s.resident != nil:
		f.Content = bytes.NewReader(s.resident)
		f.Extents = volume.Cut(w.fs.table, s.record*w.fs.record+s.offset, s.size)
		return nil
	}
	extents, err := w.mapper.extents(s)
	if errors.Is(err, errWork) {
		return err
	}
	if f.Deleted {
		if err != nil || !w.used.free(extents) {
			return errors.New("it was deleted and its clusters are unknown or used again: not read")
		}
		w.used.take(extents)
	}
	if s.flags&attrCompressed != 0 {
		f.Extents = extents
		if err == nil {
			f.Content, err = newCompressed(w.fs.at, extents, w.fs.cluster<<min(s.unit, 16), s.size)
		}
		return err
	}
	return w.plain(f, s, extents, err)
}

// plain cuts the clusters at the end of what was written, and goes on with zeros.
func (w *walk) plain(f *volume.File, s stream, extents []volume.Extent, err error) error {
	written := max(0, min(s.written, s.size))
	f.Extents = volume.Cut(extents, 0, written)
	held := volume.Length(f.Extents)
	if held < written {
		if err == nil {
			err = errors.New("its runs end")
		}
		if held == 0 {
			return fmt.Errorf("its %d bytes cannot be found: %w", s.size, err)
		}
		f.Size = held
		f.Content = volume.NewContent(w.fs.at, f.Extents, held)
		return fmt.Errorf("it claims %d bytes and is read up to byte %d: %w", s.size, held, err)
	}
	f.Extents = volume.Append(f.Extents, volume.Extent{At: -1, Length: s.size - written})
	f.Content = volume.NewContent(w.fs.at, f.Extents, s.size)
	return nil
}
