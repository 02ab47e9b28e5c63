package volume

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// FileSystem is a volume whose kind is known.
type FileSystem interface {
	// Kind is its usual name: FAT32, exFAT, ext4, NTFS.
	Kind() string
	// Files gives the files, always in the same order. An error is yield's, the
	// context's, or says why the rest of the volume cannot be read.
	Files(ctx context.Context, limits Limits, yield func(File) error) error
}

// File is a file of a volume, or what is left of one.
type File struct {
	Path    string // from the root, with slashes between the names as the volume writes them
	Size    int64  // in bytes
	Deleted bool
	// Extents is where the bytes lie, in bytes from the volume's start, in their
	// order. For a compressed file they are the packed bytes.
	Extents []Extent
	// Content reads the Size bytes; nil if they cannot be read, with the reason in Problem.
	Content io.ReaderAt
	Problem error // what is wrong with it; with Content, what is odd
}

// Extent is a run of bytes of a volume.
type Extent struct {
	At     int64 // in bytes; negative for a hole, which reads as zeros
	Length int64
}

// Limits bound what reading a volume may take. A zero field stands for its default.
type Limits struct {
	Entries int // files and folders, living and deleted; 2,000,000
	Depth   int // folders in folders; 128
	Path    int // bytes of a folder's path; 4,096
}

// ErrOther says that a volume is not of the kind that was asked for.
var ErrOther = errors.New("the volume is of another kind")

// ErrEntries ends the reading of a volume with too many entries.
var ErrEntries = errors.New("the volume has more files than the limit: the rest is not read")

// Enter says why a folder so deep, with such a path, is not entered; nil if it is.
func (l Limits) Enter(path string, depth int) error {
	switch {
	case depth >= l.Depth:
		return fmt.Errorf("folders are nested more than %d deep: not entered", l.Depth)
	case len(path) > l.Path:
		return fmt.Errorf("the path has more than %d bytes: not entered", l.Path)
	}
	return nil
}

// Join gives the path of a file in a folder; that of the root is empty.
func Join(folder, file string) string {
	if folder == "" {
		return file
	}
	return folder + "/" + file
}

// Power reports whether n is a power of two within bounds.
func Power(n, least, most int64) bool {
	return n >= least && n <= most && n&(n-1) == 0
}

// Complete puts the defaults where l says nothing.
func (l Limits) Complete() Limits {
	if l.Entries <= 0 {
		l.Entries = 2_000_000
	}
	if l.Depth <= 0 {
		l.Depth = 128
	}
	if l.Path <= 0 {
		l.Path = 4096
	}
	return l
}
