package fat

import (
	"encoding/binary"
	"fmt"
	"io"

	"parley/internal/triage/volume"
)

// FileSystem is a FAT volume.
type FileSystem struct {
	at       io.ReaderAt
	bits     int   // of a table entry: 12, 16 or 32
	table    int64 // where the first table begins, in bytes
	root     volume.Extent
	first    uint32 // cluster of a FAT32 root
	data     int64  // where cluster 2 begins
	cluster  int64  // bytes
	clusters uint32 // clusters are 2 … clusters+1
}

const maxCluster = 64 << 10

// Open reads the boot sector of a volume of size bytes.
func Open(at io.ReaderAt, size int64) (*FileSystem, error) {
	var boot [512]byte
	if _, err := at.ReadAt(boot[:], 0); err != nil || boot[510] != 0x55 || boot[511] != 0xaa {
		return nil, volume.ErrOther
	}
	little := binary.LittleEndian
	sector, perCluster := int64(little.Uint16(boot[11:])), int64(boot[13])
	reserved, tables, rootEntries := int64(little.Uint16(boot[14:])), int64(boot[16]), int64(little.Uint16(boot[17:]))
	sectors, tableSectors := int64(little.Uint16(boot[19:])), int64(little.Uint16(boot[22:]))
	if sectors == 0 {
		sectors = int64(little.Uint32(boot[32:]))
	}
	wide := tableSectors == 0
	if wide {
		tableSectors = int64(little.Uint32(boot[36:]))
	}
	if !volume.Power(sector, 512, 4096) || !volume.Power(perCluster, 1, 128) || reserved == 0 || tables < 1 || tables > 4 ||
		tableSectors == 0 || sectors == 0 || boot[21] < 0xf0 || wide != (rootEntries == 0) {
		return nil, volume.ErrOther
	}
	fs := &FileSystem{at: at, table: reserved * sector, cluster: perCluster * sector}
	fs.root = volume.Extent{At: (reserved + tables*tableSectors) * sector, Length: (rootEntries*32 + sector - 1) / sector * sector}
	fs.data = fs.root.At + fs.root.Length
	if fs.cluster > maxCluster || fs.data >= min(size, sectors*sector) {
		return nil, fmt.Errorf("its boot sector puts the files at byte %d, outside of the volume", fs.data)
	}
	claimed := (sectors*sector - fs.data) / fs.cluster
	fs.bits = bits(wide, claimed)
	held := (size - fs.data + fs.cluster - 1) / fs.cluster
	described := tableSectors*sector*8/int64(fs.bits) - 2
	if described < 1 {
		return nil, fmt.Errorf("its table has no entries")
	}
	fs.clusters = uint32(min(claimed, held, described, 0x0ffffff4))
	fs.first = little.Uint32(boot[44:])
	return fs, nil
}

// bits tells the width by the number of clusters, as the specification demands,
// except that only FAT32 has no size of the table in 16 bits.
func bits(wide bool, clusters int64) int {
	switch {
	case wide:
		return 32
	case clusters < 4085:
		return 12
	}
	return 16
}

// Kind is FAT12, FAT16 or FAT32.
func (fs *FileSystem) Kind() string { return fmt.Sprintf("FAT%d", fs.bits) }
