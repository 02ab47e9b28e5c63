package ext

import (
	"encoding/binary"
	"errors"
	"fmt"

	"parley/internal/triage/volume"
)

// Kinds of files in an inode's mode.
const (
	modeKind    = 0xf000
	modeFolder  = 0x4000
	modeRegular = 0x8000
	modeLink    = 0xa000
)

// Flags of inodes.
const (
	flagEncrypted = 0x800
	flagExtents   = 0x80000
	flagInline    = 0x10000000
)

type inode struct {
	number  int64
	at      int64 // of the inode itself, in bytes
	mode    uint16
	links   uint16
	size    int64
	deleted uint32 // when
	flags   uint32
	block   [60]byte // pointers, the top of an extent tree, or the content itself
}

func (fs *FileSystem) inode(number int64) (inode, error) {
	if number < 1 || number > fs.inodes {
		return inode{}, fmt.Errorf("inode %d is not on the volume", number)
	}
	g, err := fs.group((number - 1) / fs.inodeGroup)
	if err != nil {
		return inode{}, err
	}
	n := inode{number: number, at: g.table*fs.block + (number-1)%fs.inodeGroup*fs.inodeSize}
	if g.table <= 0 || g.table >= fs.blocks {
		return inode{}, fmt.Errorf("the table with inode %d is not on the volume", number)
	}
	raw, err := fs.pieces.Bytes(n.at, 128)
	if err != nil {
		return inode{}, fmt.Errorf("inode %d cannot be read: %w", number, err)
	}
	little := binary.LittleEndian
	n.mode, n.deleted, n.links, n.flags = little.Uint16(raw), little.Uint32(raw[0x14:]), little.Uint16(raw[0x1a:]), little.Uint32(raw[0x20:])
	n.size = int64(little.Uint32(raw[4:]))
	if kind := n.mode & modeKind; kind == modeRegular || kind == modeFolder {
		n.size |= int64(little.Uint32(raw[0x6c:])) << 32
	}
	copy(n.block[:], raw[0x28:])
	if n.size < 0 {
		return inode{}, fmt.Errorf("inode %d claims an impossible size", number)
	}
	return n, nil
}

// inline gives where a content that lies in the inode itself is. What does not fit
// beside the pointers is in the inode's attributes and is not followed.
func (n inode) inline() ([]volume.Extent, error) {
	extents := volume.Append(nil, volume.Extent{At: n.at + 0x28, Length: min(n.size, int64(len(n.block)))})
	if n.size > int64(len(n.block)) {
		return extents, errors.New("what of it lies in the inode's attributes is scanned raw")
	}
	return extents, nil
}
