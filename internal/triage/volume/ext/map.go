package ext

import (
	"encoding/binary"
	"errors"

	"parley/internal/triage/volume"
)

// mapper finds the blocks of files. Blocks and the blocks that name them may, for
// all files together, be four times those of the volume.
type mapper struct {
	fs   *FileSystem
	left int64
}

var (
	errBlocks = errors.New("its blocks lead out of the volume")
	errTree   = errors.New("its extent tree is broken")
	errWork   = errors.New("the extents of its files have more blocks than the volume: the rest is not read")
)

func newMapper(fs *FileSystem) *mapper { return &mapper{fs: fs, left: 4*fs.blocks + 1<<16} }

// mapped gathers extents in the order of the file's bytes.
type mapped struct {
	extents []volume.Extent
	length  int64 // so far
	size    int64
}

func (m *mapped) add(at, length int64) {
	length = min(length, m.size-m.length)
	m.extents = volume.Append(m.extents, volume.Extent{At: at, Length: length})
	m.length += max(length, 0)
}

// hole goes on to an offset in the file.
func (m *mapped) hole(until int64) {
	if until > m.length {
		m.add(-1, until-m.length)
	}
}

// extents gives where the bytes of an inode lie; with the problem, those before it.
func (m *mapper) extents(n inode) ([]volume.Extent, error) {
	out := &mapped{size: n.size}
	var err error
	switch {
	case n.flags&flagInline != 0:
		return n.inline()
	case n.flags&flagExtents != 0:
		err = m.tree(n.block[:], 6, out)
	default:
		err = m.pointers(n.block[:], out)
	}
	if err == nil {
		out.hole(n.size)
	}
	return out.extents, err
}

// tree reads a node of an extent tree, no deeper than below.
func (m *mapper) tree(raw []byte, below int, out *mapped) error {
	little := binary.LittleEndian
	entries, depth := int(little.Uint16(raw[2:])), int(little.Uint16(raw[6:]))
	if little.Uint16(raw) != 0xf30a || 12+12*entries > len(raw) || depth >= below {
		return errTree
	}
	for i := range entries {
		if m.left--; m.left < 0 {
			return errWork
		}
		e := raw[12+12*i:]
		from := int64(little.Uint32(e)) * m.fs.block
		if from < out.length {
			return errTree // it goes back, as a tree in a ring does
		}
		if depth > 0 {
			if err := m.below(int64(little.Uint32(e[4:]))|int64(little.Uint16(e[8:]))<<32, depth, out); err != nil {
				return err
			}
			continue
		}
		if err := m.leaf(e, from, out); err != nil {
			return err
		}
	}
	return nil
}

func (m *mapper) below(block int64, depth int, out *mapped) error {
	raw, err := m.block(block)
	if err != nil {
		return err
	}
	return m.tree(raw, depth, out)
}

// leaf adds an extent. One that was set aside and never written reads as zeros.
func (m *mapper) leaf(e []byte, from int64, out *mapped) error {
	little := binary.LittleEndian
	length, written := int64(little.Uint16(e[4:])), true
	if length > 32768 {
		length, written = length-32768, false
	}
	start := int64(little.Uint32(e[8:])) | int64(little.Uint16(e[6:]))<<32
	if length == 0 || start <= 0 || start+length > m.fs.blocks {
		return errBlocks
	}
	out.hole(from)
	if !written {
		out.add(-1, length*m.fs.block)
		return nil
	}
	out.add(start*m.fs.block, length*m.fs.block)
	return nil
}

func (m *mapper) block(n int64) ([]byte, error) {
	if n <= 0 || n >= m.fs.blocks {
		return nil, errBlocks
	}
	raw := make([]byte, m.fs.block)
	_, err := m.fs.at.ReadAt(raw, n*m.fs.block)
	return raw, err
}

// pointers reads the fifteen pointers of ext2 and ext3: twelve to blocks, and
// three to blocks of pointers, one, two and three deep.
func (m *mapper) pointers(raw []byte, out *mapped) error {
	for i := range 12 {
		if err := m.pointer(raw[4*i:], 0, out); err != nil {
			return err
		}
	}
	for level := 1; level <= 3; level++ {
		if err := m.pointer(raw[4*(11+level):], level, out); err != nil {
			return err
		}
	}
	return nil
}

// pointer follows one pointer; zero is a hole of all that could be below it.
func (m *mapper) pointer(raw []byte, level int, out *mapped) error {
	if out.length >= out.size {
		return nil
	}
	if m.left--; m.left < 0 {
		return errWork
	}
	block, span := int64(binary.LittleEndian.Uint32(raw)), m.fs.block
	if block == 0 {
		for range level {
			span *= m.fs.block / 4
		}
		out.hole(out.length + span)
		return nil
	}
	if block >= m.fs.blocks {
		return errBlocks
	}
	if level == 0 {
		out.add(block*m.fs.block, span)
		return nil
	}
	below, err := m.block(block)
	if err != nil {
		return err
	}
	for i := 0; i+4 <= len(below); i += 4 {
		if err := m.pointer(below[i:], level-1, out); err != nil {
			return err
		}
	}
	return nil
}
