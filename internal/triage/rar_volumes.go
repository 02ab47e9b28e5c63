package triage

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// A large RAR archive is often cut into volumes, x.part1.rar, x.part2.rar and on, or
// x.rar, x.r00 and on. The first is read, with the others that lie beside it.

// isRarPart: a volume that is not the first.
func isRarPart(f *file) bool {
	switch {
	case hasPrefix(f, rar4Magic):
		return rar4Part(f.head[len(rar4Magic):])
	case hasPrefix(f, rar5Magic):
		return rar5Part(f.head[len(rar5Magic):])
	}
	return false
}

const (
	rar4Magic = "Rar!\x1a\x07\x00"
	rar5Magic = "Rar!\x1a\x07\x01\x00"
)

// rar4Part looks into the head of the archive: a checksum, the kind 0x73, flags.
func rar4Part(head []byte) bool {
	const volume, first = 0x0001, 0x0100
	if len(head) < 5 || head[2] != 0x73 {
		return false
	}
	flags := binary.LittleEndian.Uint16(head[3:])
	return flags&volume != 0 && flags&first == 0
}

// rar5Part looks into the head of the archive: a checksum, a length, the kind 1, flags,
// a length of more if they say so, and flags of the archive.
func rar5Part(head []byte) bool {
	const more, archive, numbered = 1, 1, 2
	var fields [5]uint64
	at := 4
	for i := range fields {
		if at >= len(head) || i == 3 && fields[2]&more == 0 {
			continue
		}
		value, size := binary.Uvarint(head[at:])
		if size <= 0 {
			return false
		}
		fields[i], at = value, at+size
	}
	return fields[1] == archive && fields[4]&numbered != 0
}

// readRarPart says where the volume is missed. Its content is read with the first.
func readRarPart(ctx context.Context, _ *reading, f *file) error {
	for _, name := range firstVolumes(f.name()) {
		if _, err := f.beside.file(ctx, name); err == nil {
			return nil
		}
	}
	return errors.New("it is a volume of an archive whose first is not beside it: not read")
}

var volumeNumber = regexp.MustCompile(`(?i)\.part(\d+)\.(rar|exe|sfx)$`)

// firstVolumes gives the names that the first volume may have.
func firstVolumes(name string) []string {
	if at := volumeNumber.FindStringSubmatchIndex(name); at != nil {
		one := fmt.Sprintf("%0*d", at[3]-at[2], 1)
		return []string{name[:at[2]] + one + name[at[3]:], name[:at[2]] + one + ".exe"}
	}
	bare := strings.TrimSuffix(name, path.Ext(name))
	return []string{bare + ".rar", bare + ".RAR", bare + ".exe"}
}

// rarVolumes opens the volumes by their names.
type rarVolumes struct {
	ctx   context.Context // of the one reading that the value is made for
	first *file
}

func (v rarVolumes) Open(name string) (fs.File, error) {
	f := v.first
	if name != f.name() {
		other, err := f.beside.file(v.ctx, name)
		if errors.Is(err, errNotBeside) {
			err = fs.ErrNotExist
		}
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: path.Base(name), Err: err}
		}
		f.beside.keep(other)
		f = other
	}
	stream, err := f.reader()
	return rarVolume{stream}, err
}

// rarVolume is one of which nothing is asked but its bytes.
type rarVolume struct{ io.ReadCloser }

func (rarVolume) Stat() (fs.FileInfo, error) { return nil, errors.ErrUnsupported }
