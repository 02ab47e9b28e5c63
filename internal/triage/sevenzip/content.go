package sevenzip

import (
	"bytes"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"slices"
)

// running is a folder that has been read up to a byte.
type running struct {
	folder int
	at     int64
	r      io.Reader
}

const (
	mostRunning = 2 // a file that is read twice is read once by each
	// What may be unpacked only to come to a file: so many times all there is.
	passes     = 4
	passesFree = 64 << 20
)

var errPasses = errors.New("its files were asked for in too many orders: what comes before one must be unpacked each time")

// Open reads a file. Files of one folder that are opened and closed in their order,
// each up to twice, are unpacked so often; one out of order costs all before it.
func (a *Archive) Open(i int) (io.ReadCloser, error) {
	f := a.Files[i]
	if f.folder < 0 || f.Size == 0 {
		return io.NopCloser(bytes.NewReader(nil)), nil
	}
	run, err := a.nearest(f)
	if err != nil {
		return nil, err
	}
	if a.passes -= f.offset - run.at; a.passes < 0 {
		return nil, errPasses
	}
	if n, err := io.CopyN(io.Discard, run.r, f.offset-run.at); err != nil {
		return nil, fmt.Errorf("what was packed before it breaks off at byte %d: %w", run.at+n, unexpected(err))
	}
	run.at = f.offset
	return &content{archive: a, run: run, left: f.Size, sum: crc32.NewIEEE(), want: f.digest}, nil
}

// nearest takes the reading that stopped last before a file, or begins one.
func (a *Archive) nearest(f File) (*running, error) {
	best := -1
	for i, run := range a.running {
		if run.folder == f.folder && run.at <= f.offset && (best < 0 || run.at > a.running[best].at) {
			best = i
		}
	}
	if best >= 0 {
		run := a.running[best]
		a.running = slices.Delete(a.running, best, best+1)
		return run, nil
	}
	if len(a.running) >= mostRunning {
		a.running = slices.Delete(a.running, 0, 1)
	}
	r, err := a.open(f.folder)
	return &running{folder: f.folder, r: r}, err
}

// content is a file being read.
type content struct {
	archive *Archive
	run     *running
	left    int64
	sum     hash.Hash32
	want    digest
}

func (c *content) Read(p []byte) (int, error) {
	if c.left == 0 {
		if c.want.known && c.sum.Sum32() != c.want.sum {
			return 0, errors.New("its checksum is wrong")
		}
		return 0, io.EOF
	}
	n, err := c.run.r.Read(p[:min(int64(len(p)), c.left)])
	c.sum.Write(p[:n])
	c.left, c.run.at = c.left-int64(n), c.run.at+int64(n)
	if err == io.EOF && c.left > 0 {
		return n, io.ErrUnexpectedEOF
	}
	if err == io.EOF {
		err = nil
	}
	return n, err
}

// Close leaves the folder to the next file.
func (c *content) Close() error {
	if a := c.archive; len(a.running) >= mostRunning {
		a.running = slices.Delete(a.running, 0, 1)
	}
	c.archive.running = append(c.archive.running, c.run)
	return nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
