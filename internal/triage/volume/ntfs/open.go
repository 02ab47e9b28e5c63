package ntfs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"parley/internal/triage/volume"
)

// FileSystem is an NTFS volume.
type FileSystem struct {
	at       io.ReaderAt
	size     int64
	cluster  int64
	record   int64 // bytes of a record of the table
	clusters int64
	table    []volume.Extent // where the master file table lies
	content  io.ReaderAt     // the table
	records  int64
}

const (
	tableRecord  = 0
	bitmapRecord = 6
	rootRecord   = 5
	extendRecord = 11
	firstRecord  = 24 // before it stand the volume's own
)

// Open reads the boot sector of a volume of size bytes, and where its master
// file table lies.
func Open(at io.ReaderAt, size int64) (*FileSystem, error) {
	var boot [512]byte
	if _, err := at.ReadAt(boot[:], 0); err != nil || string(boot[3:11]) != "NTFS    " {
		return nil, volume.ErrOther
	}
	little := binary.LittleEndian
	sector := int64(little.Uint16(boot[11:]))
	perCluster := int64(boot[13])
	if perCluster > 0x80 {
		perCluster = 1 << (0x100 - perCluster)
	}
	fs := &FileSystem{at: at, size: size, cluster: sector * perCluster}
	fs.record = int64(int8(boot[64])) * fs.cluster
	if boot[64] > 0x80 {
		fs.record = 1 << (0x100 - int64(boot[64]))
	}
	if !volume.Power(sector, 256, 4096) || !volume.Power(fs.cluster, 256, 2<<20) || !volume.Power(fs.record, 512, 64<<10) {
		return nil, errors.New("its boot sector gives no possible size of clusters and records")
	}
	fs.clusters = (size + fs.cluster - 1) / fs.cluster
	if sectors := int64(little.Uint64(boot[40:])); sectors > 0 {
		fs.clusters = min(fs.clusters, sectors/perCluster+1)
	}
	if err := fs.openTable(int64(little.Uint64(boot[48:]))); err != nil {
		if again := fs.openTable(int64(little.Uint64(boot[56:]))); again != nil {
			return nil, fmt.Errorf("its master file table cannot be read: %w", err)
		}
	}
	return fs, nil
}

// openTable reads the table's own record in the cluster given.
func (fs *FileSystem) openTable(cluster int64) error {
	if cluster < 0 || cluster >= fs.clusters {
		return fmt.Errorf("cluster %d is not on the volume", cluster)
	}
	here := []volume.Extent{{At: cluster * fs.cluster, Length: 16 * fs.record}}
	fs.table, fs.content, fs.records = here, volume.NewContent(fs.at, here, 16*fs.record), 16
	first, err := fs.readRecord(tableRecord)
	if err != nil {
		return err
	}
	w := newMapper(fs)
	for _, s := range streams(fs.all(first, w)) {
		if s.name != "" || s.resident != nil {
			continue
		}
		extents, err := w.extents(s)
		if err != nil && len(extents) == 0 {
			return err
		}
		fs.table = extents
		fs.records = min(s.size, volume.Length(extents)) / fs.record
		fs.content = volume.NewContent(fs.at, extents, fs.records*fs.record)
		return nil
	}
	return errors.New("its record has no content")
}

// Kind is NTFS.
func (fs *FileSystem) Kind() string { return "NTFS" }
