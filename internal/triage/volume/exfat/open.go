package exfat

import (
	"encoding/binary"
	"errors"
	"io"

	"parley/internal/triage/volume"
)

// FileSystem is an exFAT volume.
type FileSystem struct {
	at       io.ReaderAt
	table    int64 // where the FAT begins, in bytes
	heap     int64 // where cluster 2 begins
	cluster  int64 // bytes
	clusters uint32
	root     uint32
}

// Open reads the boot sector of a volume of size bytes (section 3.1).
func Open(at io.ReaderAt, size int64) (*FileSystem, error) {
	var boot [512]byte
	if _, err := at.ReadAt(boot[:], 0); err != nil || string(boot[3:11]) != "EXFAT   " {
		return nil, volume.ErrOther
	}
	little := binary.LittleEndian
	sectorShift, clusterShift := boot[108], boot[109]
	if sectorShift < 9 || sectorShift > 12 || clusterShift > 25-sectorShift {
		return nil, errors.New("its boot sector gives no possible size of sectors and clusters")
	}
	fs := &FileSystem{
		at: at, table: int64(little.Uint32(boot[80:])) << sectorShift, heap: int64(little.Uint32(boot[88:])) << sectorShift,
		cluster: 1 << (sectorShift + clusterShift), root: little.Uint32(boot[96:]),
	}
	if fs.heap >= size || fs.table >= fs.heap {
		return nil, errors.New("its boot sector puts the files outside of the volume")
	}
	described := int64(little.Uint32(boot[84:]))<<sectorShift/4 - 2
	held := (size - fs.heap + fs.cluster - 1) / fs.cluster
	fs.clusters = uint32(max(0, min(int64(little.Uint32(boot[92:])), held, described)))
	return fs, nil
}

// Kind is exFAT.
func (fs *FileSystem) Kind() string { return "exFAT" }
