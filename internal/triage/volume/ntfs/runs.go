package ntfs

import (
	"cmp"
	"errors"
	"slices"

	"parley/internal/triage/volume"
)

// mapper finds the clusters of streams. All together may have four times the
// clusters of the volume; runs of holes count as one.
type mapper struct {
	fs      *FileSystem
	left    int64
	records int64 // that may still be read because another goes on in them
}

var (
	errRuns    = errors.New("its runs of clusters lead out of the volume")
	errRecords = errors.New("its records say more often that they go on in others than there are records: after that none was followed into others")
	errWork    = errors.New("the runs of its files have more clusters than the volume: the rest is not read")
)

func newMapper(fs *FileSystem) *mapper {
	return &mapper{fs: fs, left: 4*fs.clusters + 1<<16, records: 2*fs.records + 1<<12}
}

// mostClusters bounds a stream, holes included, so that its bytes can be counted.
const mostClusters = 1 << 40

// stream is a file's content, or another content beside it.
type stream struct {
	attribute
	pieces []attribute // in the order of their first cluster
}

// streams gathers the contents among all attributes of a record.
func streams(attrs []attribute) []stream {
	var list []stream
	first := make(map[string]int, 1)
	for _, a := range attrs {
		if a.kind != typeData {
			continue
		}
		i, known := first[a.name]
		if !known || a.resident != nil {
			if !known {
				first[a.name] = len(list)
			}
			list = append(list, stream{attribute: a, pieces: []attribute{a}})
			continue
		}
		s := &list[i]
		if a.firstVCN == 0 && s.firstVCN != 0 { // sizes stand in the first piece
			s.attribute = a
		}
		s.pieces = append(s.pieces, a)
	}
	for _, s := range list {
		slices.SortStableFunc(s.pieces, func(a, b attribute) int { return cmp.Compare(a.firstVCN, b.firstVCN) })
	}
	return list
}

// extents gives the clusters of a stream, holes among them; with the problem,
// those before it.
func (m *mapper) extents(s stream) ([]volume.Extent, error) {
	var extents []volume.Extent
	var clusters int64
	for _, piece := range s.pieces {
		if piece.firstVCN != clusters {
			return extents, errRuns
		}
		var count int64
		var err error
		extents, count, err = m.runs(piece.runs, extents)
		if clusters += count; err != nil || clusters > mostClusters {
			return extents, cmp.Or(err, errRuns)
		}
	}
	return extents, nil
}

// runs reads a list of runs: a byte with the lengths of the two numbers after
// it, how many clusters, and how far the first is from the first of the last run.
func (m *mapper) runs(raw []byte, extents []volume.Extent) ([]volume.Extent, int64, error) {
	var cluster, all int64
	for len(raw) > 0 && raw[0] != 0 {
		lengthBytes, offsetBytes := int(raw[0]&0xf), int(raw[0]>>4)
		if lengthBytes == 0 || lengthBytes > 8 || offsetBytes > 8 || 1+lengthBytes+offsetBytes > len(raw) {
			return extents, all, errRuns
		}
		count := number(raw[1 : 1+lengthBytes])
		if count <= 0 || count > mostClusters-all {
			return extents, all, errRuns
		}
		at, cost := int64(-1), int64(1)
		if offsetBytes > 0 {
			cluster += number(raw[1+lengthBytes : 1+lengthBytes+offsetBytes])
			if cluster < 0 || cluster >= m.fs.clusters || count > m.fs.clusters-cluster {
				return extents, all, errRuns
			}
			at, cost = cluster*m.fs.cluster, count
		}
		if m.left -= cost; m.left < 0 {
			return extents, all, errWork
		}
		extents = volume.Append(extents, volume.Extent{At: at, Length: count * m.fs.cluster})
		all += count
		raw = raw[1+lengthBytes+offsetBytes:]
	}
	return extents, all, nil
}

// number reads a little-endian number with a sign.
func number(raw []byte) int64 {
	var n int64
	for i := len(raw) - 1; i >= 0; i-- {
		n = n<<8 | int64(raw[i])
	}
	shift := 64 - 8*len(raw)
	return n << shift >> shift
}
