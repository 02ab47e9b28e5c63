package volume

import (
	"errors"
	"io"
	"slices"
	"sort"
)

// content reads a file whose bytes lie in extents.
type content struct {
	at      io.ReaderAt
	extents []Extent
	starts  []int64 // offset in the file of each extent
	size    int64
}

// NewContent reads the size bytes that lie in extents of the volume at. Where the
// extents hold fewer, reading ends with io.ErrUnexpectedEOF.
func NewContent(at io.ReaderAt, extents []Extent, size int64) io.ReaderAt {
	c := &content{at: at, extents: extents, starts: make([]int64, len(extents)), size: size}
	var start int64
	for i, e := range extents {
		c.starts[i] = start
		start += e.Length
	}
	return c
}

func (c *content) ReadAt(p []byte, offset int64) (int, error) {
	if offset < 0 {
		return 0, errors.New("read before the start of a file")
	}
	var short error
	if left := c.size - offset; left <= int64(len(p)) {
		if left <= 0 {
			return 0, io.EOF
		}
		p, short = p[:left], io.EOF
	}
	n := 0
	for n < len(p) {
		got, err := c.piece(p[n:], offset+int64(n))
		if n += got; err != nil {
			return n, err
		}
	}
	return n, short
}

// piece reads from one extent.
func (c *content) piece(p []byte, offset int64) (int, error) {
	i := sort.Search(len(c.starts), func(i int) bool { return c.starts[i] > offset }) - 1
	if i < 0 || offset >= c.starts[i]+c.extents[i].Length {
		return 0, io.ErrUnexpectedEOF
	}
	e, inside := c.extents[i], offset-c.starts[i]
	p = p[:min(int64(len(p)), e.Length-inside)]
	if e.At < 0 {
		clear(p)
		return len(p), nil
	}
	n, err := c.at.ReadAt(p, e.At+inside)
	if n == len(p) {
		err = nil
	} else if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Append adds an extent, joined to the last where it goes on.
func Append(extents []Extent, e Extent) []Extent {
	if e.Length <= 0 {
		return extents
	}
	if n := len(extents); n > 0 {
		last := &extents[n-1]
		if last.At < 0 && e.At < 0 || last.At >= 0 && e.At == last.At+last.Length {
			last.Length += e.Length
			return extents
		}
	}
	return append(extents, e)
}

// Cut gives the length bytes from offset on of what lies in extents.
func Cut(extents []Extent, offset, length int64) []Extent {
	var cut []Extent
	for _, e := range extents {
		if offset >= e.Length {
			offset -= e.Length
			continue
		}
		take := min(e.Length-offset, length)
		if take <= 0 {
			break
		}
		at := e.At
		if at >= 0 {
			at += offset
		}
		cut = Append(cut, Extent{At: at, Length: take})
		length, offset = length-take, 0
	}
	return cut
}

// Length is how many bytes the extents have together.
func Length(extents []Extent) int64 {
	var all int64
	for _, e := range extents {
		all += e.Length
	}
	return all
}

// Claims are the bytes of a volume or disk that belong to a file.
type Claims struct{ spans []Extent }

// Add claims extents of a volume that begins at the byte start.
func (c *Claims) Add(start int64, extents []Extent) {
	for _, e := range extents {
		if e.At >= 0 && e.Length > 0 {
			c.spans = Append(c.spans, Extent{At: start + e.At, Length: e.Length})
		}
	}
}

// Gaps gives what nobody has claimed of size bytes, in order.
func (c *Claims) Gaps(size int64) []Extent {
	slices.SortFunc(c.spans, func(a, b Extent) int {
		switch {
		case a.At < b.At:
			return -1
		case a.At > b.At:
			return 1
		}
		return 0
	})
	var gaps []Extent
	var end int64
	for _, e := range c.spans {
		gaps = Append(gaps, Extent{At: end, Length: min(e.At, size) - end})
		end = max(end, e.At+e.Length)
	}
	return Append(gaps, Extent{At: end, Length: size - end})
}
