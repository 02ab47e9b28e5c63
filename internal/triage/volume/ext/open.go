package ext

import (
	"encoding/binary"
	"errors"
	"io"

	"parley/internal/triage/volume"
)

// FileSystem is an ext2, ext3 or ext4 volume.
type FileSystem struct {
	at         io.ReaderAt
	size       int64
	block      int64 // bytes
	blocks     int64
	first      int64 // the block that group 0 begins with
	perGroup   int64 // blocks
	inodes     int64
	inodeGroup int64 // inodes in a group
	inodeSize  int64
	descriptor int64 // bytes
	metaGroup  int64 // first group with its descriptors elsewhere; -1 if none
	compatible uint32
	needed     uint32
	groups     *volume.Window
	pieces     *volume.Window
}

// Features that change how a volume is read (INCOMPAT).
const (
	needRecovery = 0x4
	needJournal  = 0x8
	needMeta     = 0x10
	needExtents  = 0x40
	need64       = 0x80
	needInline   = 0x8000

	hasJournal = 0x4 // COMPAT
)

// Open reads the superblock of a volume of size bytes.
func Open(at io.ReaderAt, size int64) (*FileSystem, error) {
	var super [1024]byte
	if _, err := at.ReadAt(super[:], 1024); err != nil || super[0x38] != 0x53 || super[0x39] != 0xef {
		return nil, volume.ErrOther
	}
	little := binary.LittleEndian
	shift := little.Uint32(super[0x18:])
	if shift > 6 || little.Uint32(super[0x4c:]) > 1 {
		return nil, volume.ErrOther
	}
	fs := &FileSystem{
		at: at, size: size, block: 1024 << shift, blocks: int64(little.Uint32(super[4:])), first: int64(little.Uint32(super[0x14:])),
		perGroup: int64(little.Uint32(super[0x20:])), inodes: int64(little.Uint32(super[0:])), inodeGroup: int64(little.Uint32(super[0x28:])),
		inodeSize: 128, descriptor: 32, metaGroup: -1,
		groups: volume.NewWindow(at, 4<<10), pieces: volume.NewWindow(at, 4<<10),
	}
	if little.Uint32(super[0x4c:]) == 1 {
		fs.inodeSize = int64(little.Uint16(super[0x58:]))
		fs.compatible, fs.needed = little.Uint32(super[0x5c:]), little.Uint32(super[0x60:])
	}
	if fs.needed&need64 != 0 {
		fs.blocks |= int64(little.Uint32(super[0x150:])) << 32
		fs.descriptor = int64(little.Uint16(super[0xfe:]))
	}
	if fs.needed&needMeta != 0 {
		fs.metaGroup = int64(little.Uint32(super[0x104:]))
	}
	return fs, fs.check()
}

// check refuses what cannot be: every number is an enemy's.
func (fs *FileSystem) check() error {
	switch {
	case fs.perGroup == 0 || fs.inodeGroup == 0 || fs.inodes == 0 || fs.blocks <= 0 || fs.first > 1 ||
		fs.perGroup > 8*fs.block || fs.inodeGroup > 8*fs.block:
		return volume.ErrOther
	case fs.needed&needJournal != 0:
		return errors.New("it is only the journal of another volume")
	case fs.inodeSize < 128 || fs.inodeSize > fs.block || fs.inodeSize&(fs.inodeSize-1) != 0:
		return errors.New("its superblock gives no possible size of inodes")
	case fs.descriptor < 32 || fs.descriptor > 1024 || fs.descriptor&(fs.descriptor-1) != 0:
		return errors.New("its superblock gives no possible size of group descriptors")
	}
	fs.blocks = min(fs.blocks, (fs.size+fs.block-1)/fs.block)
	groups := (fs.blocks-fs.first+fs.perGroup-1)/fs.perGroup + 1
	fs.inodes = min(fs.inodes, groups*fs.inodeGroup)
	return nil
}

// Kind is ext2, ext3 or ext4.
func (fs *FileSystem) Kind() string {
	switch {
	case fs.needed&(needExtents|need64) != 0:
		return "ext4"
	case fs.compatible&hasJournal != 0:
		return "ext3"
	}
	return "ext2"
}

// group is what is needed of a group's descriptor.
type group struct {
	bitmap, table int64 // blocks
	flags         uint16
	unused        int64 // inodes at the table's end
}

func (fs *FileSystem) group(n int64) (group, error) {
	perBlock := fs.block / fs.descriptor
	at := (fs.first+1)*fs.block + n*fs.descriptor
	if fs.metaGroup >= 0 && n/perBlock >= fs.metaGroup {
		meta := n / perBlock * perBlock // its first group holds the descriptors
		at = (fs.first+meta*fs.perGroup)*fs.block + n%perBlock*fs.descriptor
		if meta == 0 || fs.hasSuper(meta) {
			at += fs.block
		}
	}
	raw, err := fs.groups.Bytes(at, int(fs.descriptor))
	if err != nil {
		return group{}, err
	}
	little := binary.LittleEndian
	g := group{
		bitmap: int64(little.Uint32(raw)), table: int64(little.Uint32(raw[8:])),
		flags: little.Uint16(raw[0x12:]), unused: int64(little.Uint16(raw[0x1c:])),
	}
	if fs.descriptor >= 64 {
		g.bitmap |= int64(little.Uint32(raw[0x20:])) << 32
		g.table |= int64(little.Uint32(raw[0x28:])) << 32
		g.unused |= int64(little.Uint16(raw[0x32:])) << 16
	}
	return g, nil
}

// hasSuper reports whether a group begins with a copy of the superblock: those
// whose number is a power of 3, 5 or 7.
func (fs *FileSystem) hasSuper(n int64) bool {
	if n <= 1 {
		return true
	}
	for _, base := range [...]int64{3, 5, 7} {
		power := base
		for power < n {
			power *= base
		}
		if power == n {
			return true
		}
	}
	return false
}
