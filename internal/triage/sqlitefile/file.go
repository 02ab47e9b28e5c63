package sqlitefile

import (
	"encoding/binary"
	"errors"
	"io"
)

// Magic begins every database.
const Magic = "SQLite format 3\x00"

const headerSize = 100 // of the first page; section 1.3

// Types of a b-tree page; section 1.6.
const (
	tableLeaf = 0x0d
	leafHead  = 8 // bytes of its header
)

// File is a database's file.
type File struct {
	at       io.ReaderAt
	pageSize int
	usable   int // bytes of a page without what an extension keeps at its end
	pages    uint32
	trunk    uint32 // first page of the list of free ones
}

var errHeader = errors.New("its header is broken")

// Open reads the header. The size of pages is believed only if it is one that
// SQLite allows.
func Open(at io.ReaderAt, size int64) (*File, error) {
	var head [headerSize]byte
	if _, err := at.ReadAt(head[:], 0); err != nil {
		return nil, errHeader
	}
	f := &File{at: at, pageSize: pageSize(uint32(binary.BigEndian.Uint16(head[16:])))}
	f.usable = f.pageSize - int(head[20])
	if string(head[:len(Magic)]) != Magic || f.pageSize == 0 || f.usable < 480 {
		return nil, errHeader
	}
	f.pages = uint32(min(size/int64(f.pageSize), 1<<32-2))
	f.trunk = binary.BigEndian.Uint32(head[32:])
	return f, nil
}

// pageSize gives the size that the header's number stands for; 0 for none.
func pageSize(n uint32) int {
	if n == 1 {
		return 65536
	}
	if n < 512 || n > 65536 || n&(n-1) != 0 {
		return 0
	}
	return int(n)
}

// Page reads a page by its number, from 1.
func (f *File) Page(number uint32) ([]byte, error) {
	page := make([]byte, f.pageSize)
	_, err := f.at.ReadAt(page, f.offset(number))
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return page, err
}

func (f *File) offset(number uint32) int64 { return int64(number-1) * int64(f.pageSize) }

// Stretch is some bytes that hold no row in use.
type Stretch struct {
	Offset int64 // in the file
	Bytes  []byte
	// Block says that they are one block of a page's list of free ones: the first
	// four bytes were written over.
	Block bool
	// Leaf is, for a whole page of a table, where its header begins, plus one; 0
	// for other stretches.
	Leaf int
}

// leaf makes a stretch of a page; of one that is no page of a table, just bytes.
func leaf(page []byte, number uint32, offset int64) (s Stretch, isLeaf bool) {
	start := 0
	if number == 1 {
		start = headerSize
	}
	if s = (Stretch{Offset: offset, Bytes: page}); page[start] == tableLeaf {
		s.Leaf = start + 1
	}
	return s, s.Leaf > 0
}

// Freed tells the stretches of the file that hold no row in use: free pages, and
// in pages of tables the gap and the free blocks. An error is that of each, or of
// reading the file.
func (f *File) Freed(each func(Stretch) error) error {
	free, err := f.free(each)
	if err != nil {
		return err
	}
	for number := uint32(1); number <= f.pages; number++ {
		if free.has(number) {
			continue
		}
		page, err := f.Page(number)
		if err != nil {
			return err
		}
		whole, isLeaf := leaf(page, number, f.offset(number))
		if !isLeaf {
			continue
		}
		for _, s := range whole.unused() {
			if err := each(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// free tells the pages on the list of free ones, and which they are; section 1.5.
func (f *File) free(each func(Stretch) error) (pageSet, error) {
	free := make(pageSet, f.pages/64+1)
	take := func(number uint32) bool {
		if number == 0 || number > f.pages || free.has(number) {
			return false
		}
		free[number/64] |= 1 << (number % 64)
		return true
	}
	for trunk := f.trunk; take(trunk); {
		page, err := f.Page(trunk)
		if err != nil {
			return free, err
		}
		count := min(int(binary.BigEndian.Uint32(page[4:])&0xffffff), (f.usable-8)/4)
		for i := range count {
			number := binary.BigEndian.Uint32(page[8+4*i:])
			if !take(number) {
				continue
			}
			content, err := f.Page(number)
			if err != nil {
				return free, err
			}
			s, _ := leaf(content, number, f.offset(number))
			if err := each(s); err != nil {
				return free, err
			}
		}
		rest := 8 + 4*count
		if err := each(Stretch{Offset: f.offset(trunk) + int64(rest), Bytes: page[rest:]}); err != nil {
			return free, err
		}
		trunk = binary.BigEndian.Uint32(page)
	}
	return free, nil
}

// pageSet has a bit for each page of a file.
type pageSet []uint64

func (s pageSet) has(number uint32) bool { return s[number/64]>>(number%64)&1 != 0 }

// unused gives what is between the list of cells and the cells of a leaf, and its
// free blocks.
func (s Stretch) unused() []Stretch {
	page, start := s.Bytes, s.Leaf-1
	head := page[start:]
	block := int(binary.BigEndian.Uint16(head[1:]))
	cells := int(binary.BigEndian.Uint16(head[3:]))
	content := int(binary.BigEndian.Uint16(head[5:]))
	if content == 0 {
		content = 65536
	}
	var found []Stretch
	if gap := start + leafHead + 2*cells; gap < content && content <= len(page) {
		found = append(found, Stretch{Offset: s.Offset + int64(gap), Bytes: page[gap:content]})
	}
	for end := 0; block >= end && block > 0 && block+4 <= len(page); { // blocks come in order, none over another
		size := int(binary.BigEndian.Uint16(page[block+2:]))
		if size < 4 || block+size > len(page) {
			break
		}
		found = append(found, Stretch{Offset: s.Offset + int64(block), Bytes: page[block : block+size], Block: true})
		end, block = block+size, int(binary.BigEndian.Uint16(page[block:]))
	}
	return found
}

// cells gives where the cells of a leaf begin in it.
func (s Stretch) cells() []int {
	list := s.Bytes[s.Leaf-1+leafHead:]
	count := int(binary.BigEndian.Uint16(s.Bytes[s.Leaf-1+3:]))
	var found []int
	for i := range min(count, len(list)/2) {
		if at := int(binary.BigEndian.Uint16(list[2*i:])); at >= s.Leaf-1+leafHead && at < len(s.Bytes) {
			found = append(found, at)
		}
	}
	return found
}
