package triage

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"strings"

	"parley/internal/triage/bplist"
)

// Apple's property lists, as XML and binary. A place in one has the way to the
// value in the manner of a JSON pointer, and the bytes of the value in the file.

const (
	plistDepth = 64      // of the tree that applications are read from
	plistNodes = 200_000 // of the same
)

func isBinaryPlist(f *file) bool { return hasPrefix(f, bplist.Magic) }

func isXMLPlist(f *file) bool {
	return isMarkup(f) && bytes.Contains(f.head, []byte("<plist"))
}

// readBinaryPlist scans every string, keys too, and reads what is known of the
// list's application.
func readBinaryPlist(_ context.Context, r *reading, f *file) error {
	data, err := f.whole()
	if err != nil {
		return err
	}
	if err := r.binaryPlist(data, f.place()); err != nil {
		return err
	}
	list, err := bplist.Open(data)
	if err != nil {
		return err
	}
	return r.propertyLists(plist{list.Tree(plistDepth, plistNodes), f.place()})
}

// whole gives all bytes of a file that may be held in memory.
func (f *file) whole() ([]byte, error) {
	if f.held {
		return f.data, nil
	}
	at, err := f.readerAt()
	if err != nil {
		return nil, err
	}
	if f.size > wholeFile {
		return nil, errTooLarge
	}
	data := make([]byte, f.size)
	_, err = io.ReadFull(io.NewSectionReader(at, 0, f.size), data)
	return data, err
}

// wholeFile is the largest file on disk that is read into memory at once.
const wholeFile = 256 << 20

// binaryPlist scans a list that stands at a place, a file or a column.
func (r *reading) binaryPlist(data []byte, base Place) error {
	list, err := bplist.Open(data)
	if err != nil {
		return err
	}
	return list.Each(func(path []bplist.Step, v bplist.Value) error {
		var text string
		source := func(i int) int { return i }
		switch data := v.Data.(type) {
		case string:
			text = data
			if v.UTF16 {
				text, source = decodeUTF16(list.Bytes(v), binary.BigEndian)
			}
		case []byte:
			if isPlain(data) {
				text = string(data)
			}
		}
		if r.tooShort(len(text)) {
			return nil
		}
		return r.findings(text, func(start, end int) Place {
			from, to := source(start), source(end)
			place := base.at(int64(v.Offset+from), int64(to-from))
			if base.Table == "" {
				place.Column = plistPointer(path)
			}
			return place
		})
	})
}

// plistPointer writes a path as a JSON pointer.
func plistPointer(path []bplist.Step) string {
	var b strings.Builder
	for _, step := range path {
		if b.Len() > longestPointer {
			b.WriteString("/…")
			break
		}
		b.WriteByte('/')
		b.WriteString(stepName(step))
	}
	return b.String()
}
