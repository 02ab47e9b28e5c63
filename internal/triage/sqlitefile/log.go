package sqlitefile

import (
	"encoding/binary"
	"errors"
	"io"
)

// A write-ahead log; section 4.
const (
	logHeader   = 32
	frameHeader = 24
	logMagic    = 0x377f0682 // the last bit is set if its sums are of numbers big end first
)

// Log is a write-ahead log.
type Log struct {
	at       io.ReaderAt
	pageSize int
	frames   []frame
	last     map[uint32]int64 // by page, where its content of the last commit is in the log
	pages    uint32           // of the database after the last commit
}

// frame is one page as some transaction wrote it.
type frame struct {
	page   uint32
	offset int64 // of the page in the log
}

var errLog = errors.New("the header of the log is broken")

// OpenLog reads the log's frames. Those up to the last commit whose sums are right
// count as committed.
func OpenLog(at io.ReaderAt, size int64) (*Log, error) {
	var head [logHeader]byte
	if _, err := at.ReadAt(head[:], 0); err != nil {
		return nil, errLog
	}
	magic := binary.BigEndian.Uint32(head[:])
	l := &Log{at: at, pageSize: pageSize(binary.BigEndian.Uint32(head[8:])), last: make(map[uint32]int64)}
	if magic&^1 != logMagic || l.pageSize == 0 {
		return nil, errLog
	}
	sum := &logSum{order: binary.LittleEndian}
	if magic&1 == 1 {
		sum.order = binary.BigEndian
	}
	sum.add(head[:24])
	whole := sum.is(head[24:])
	buf := make([]byte, frameHeader+l.pageSize)
	pending := make(map[uint32]int64)
	for offset := int64(logHeader); offset+int64(len(buf)) <= size; offset += int64(len(buf)) {
		if _, err := at.ReadAt(buf, offset); err != nil {
			return nil, err
		}
		page, pages := binary.BigEndian.Uint32(buf), binary.BigEndian.Uint32(buf[4:])
		l.frames = append(l.frames, frame{page, offset + frameHeader})
		if !whole || page == 0 || string(buf[8:16]) != string(head[16:24]) {
			whole = false
			continue
		}
		sum.add(buf[:8])
		sum.add(buf[frameHeader:])
		if whole = sum.is(buf[16:]); !whole {
			continue
		}
		pending[page] = offset + frameHeader
		if pages > 0 { // a commit
			for page, at := range pending {
				l.last[page] = at
			}
			clear(pending)
			l.pages = pages
		}
	}
	return l, nil
}

// logSum is the sum over a log, of pairs of 32-bit numbers.
type logSum struct {
	order  binary.ByteOrder
	s0, s1 uint32
}

func (s *logSum) add(b []byte) {
	for ; len(b) >= 8; b = b[8:] {
		s.s0 += s.order.Uint32(b) + s.s1
		s.s1 += s.order.Uint32(b[4:]) + s.s0
	}
}

func (s *logSum) is(b []byte) bool {
	return binary.BigEndian.Uint32(b) == s.s0 && binary.BigEndian.Uint32(b[4:]) == s.s1
}

// Committed gives how many pages the log's commits wrote.
func (l *Log) Committed() int { return len(l.last) }

// Over gives the database as it is with the log's commits, and its size. The
// database may be empty; what it has beyond the log's pages does not count.
func (l *Log) Over(database io.ReaderAt, size int64) (io.ReaderAt, int64, error) {
	if size > 0 {
		f, err := Open(database, size)
		if err != nil {
			return nil, 0, err
		}
		if f.pageSize != l.pageSize {
			return nil, 0, errors.New("the log's pages have another size than the database's: it is not this database's")
		}
	}
	return &merged{l, database}, int64(l.pages) * int64(l.pageSize), nil
}

type merged struct {
	*Log
	database io.ReaderAt
}

func (m *merged) ReadAt(p []byte, offset int64) (n int, err error) {
	end := int64(m.pages) * int64(m.pageSize)
	for n < len(p) && offset < end {
		page := uint32(offset/int64(m.pageSize)) + 1
		within := offset % int64(m.pageSize)
		part := p[n:min(len(p), n+m.pageSize-int(within))]
		source, at := m.database, offset
		if logged, ok := m.last[page]; ok {
			source, at = m.at, logged+within
		}
		k, err := source.ReadAt(part, at)
		n, offset = n+k, offset+int64(k)
		if k < len(part) {
			return n, err
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Pages tells the pages of tables in the frames that are not the database's
// content as of the last commit: older ones, and what was never committed. The
// offsets are in the log.
func (l *Log) Pages(each func(Stretch) error) error {
	for _, f := range l.frames {
		if l.last[f.page] == f.offset {
			continue
		}
		page := make([]byte, l.pageSize)
		if _, err := l.at.ReadAt(page, f.offset); err != nil {
			return err
		}
		if s, isLeaf := leaf(page, f.page, f.offset); isLeaf {
			if err := each(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// All makes every page of the log one that Pages tells, for a log whose database
// is not there.
func (l *Log) All() { clear(l.last) }
