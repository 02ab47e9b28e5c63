package ext

import "encoding/binary"

// entry is a name in a folder.
type entry struct {
	inode   int64
	name    string
	deleted bool // it stands in a gap
}

// entries reads a block of a folder. Between an entry's name and the next entry
// may stand entries that were deleted.
func (fs *FileSystem) entries(raw []byte) []entry {
	var list []entry
	for len(raw) >= 8 {
		length := int(binary.LittleEndian.Uint16(raw[4:]))
		if length < 8 || length > len(raw) || length%4 != 0 {
			break
		}
		e, used := entryAt(raw[:length])
		if e.inode != 0 && e.name != "" && e.name != "." && e.name != ".." {
			list = append(list, e)
		}
		list = append(list, gap(raw[:length], used)...)
		raw = raw[length:]
	}
	return list
}

// entryAt reads an entry and gives how many bytes it needs.
func entryAt(raw []byte) (entry, int) {
	nameLength := int(raw[6])
	if 8+nameLength > len(raw) {
		return entry{}, len(raw)
	}
	e := entry{inode: int64(binary.LittleEndian.Uint32(raw)), name: string(raw[8 : 8+nameLength])}
	return e, (8 + nameLength + 3) &^ 3
}

// gap reads deleted entries behind a living one.
func gap(raw []byte, from int) []entry {
	var list []entry
	for from+12 <= len(raw) {
		e, used := entryAt(raw[from:])
		if e.inode == 0 || e.name == "" || raw[from+7] > 7 || e.name == "." || e.name == ".." {
			from += 4
			continue
		}
		e.deleted = true
		list = append(list, e)
		from += used
	}
	return list
}
