package sqlitefile

import (
	"encoding/binary"
	"errors"
	"io"
)

// JournalMagic begins a rollback journal; section 3.
const JournalMagic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"

var errJournal = errors.New("the header of the journal is broken")

// JournalPages tells the pages of tables in a rollback journal: what they held
// before the transaction that wrote it. The offsets are in the journal.
func JournalPages(at io.ReaderAt, size int64, each func(Stretch) error) error {
	var head [28]byte
	if _, err := at.ReadAt(head[:], 0); err != nil {
		return errJournal
	}
	sector, page := int64(binary.BigEndian.Uint32(head[20:])), pageSize(binary.BigEndian.Uint32(head[24:]))
	if sector < 28 || sector > 1<<16 || page == 0 {
		return errJournal
	}
	for offset := sector; offset+4+int64(page)+4 <= size; offset += 4 + int64(page) + 4 {
		buf := make([]byte, 4+page)
		if _, err := at.ReadAt(buf, offset); err != nil {
			return err
		}
		if s, isLeaf := leaf(buf[4:], binary.BigEndian.Uint32(buf), offset+4); isLeaf {
			if err := each(s); err != nil {
				return err
			}
		}
	}
	return nil
}
