package intake

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// mostLayers is how often content may be packed: a packed file, sent packed.
const mostLayers = 2

// mostWindow is how far back packed content may refer, in bytes; a reader holds
// as much in memory.
const mostWindow = 128 << 20

// unpacked reads content that may be packed, whatever it is called. done is called
// when it is closed.
func unpacked(r io.Reader, done func() error) (*unpacking, error) {
	u := &unpacking{closers: []func() error{done}}
	text := bufio.NewReaderSize(r, 64<<10)
	for layer := 0; ; layer++ {
		head, _ := text.Peek(4) // an error comes again when it is read
		inner, err := u.unpack(text, head)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("unpack: %w", err), u.Close())
		}
		if inner == nil {
			u.r = &bounded{r: text, left: MaxUnpacked}
			return u, nil
		}
		if layer == mostLayers {
			return nil, errors.Join(fmt.Errorf("unpack: it is packed more than %d times", mostLayers), u.Close())
		}
		text = bufio.NewReaderSize(inner, 64<<10)
	}
}

// unpacking is a reader with all that must be closed with it.
type unpacking struct {
	r       io.Reader
	closers []func() error // the innermost last
}

func (u *unpacking) Read(p []byte) (int, error) { return u.r.Read(p) }

func (u *unpacking) Close() (err error) {
	for i := len(u.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, u.closers[i]())
	}
	return err
}

// unpack opens one layer; there is none if it gives nil.
func (u *unpacking) unpack(r io.Reader, head []byte) (io.Reader, error) {
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b, 0x08}):
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, err
		}
		u.closers = append(u.closers, z.Close)
		return z, nil
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(mostWindow))
		if err != nil {
			return nil, err
		}
		u.closers = append(u.closers, func() error { z.Close(); return nil })
		return z, nil
	}
	return nil, nil
}

// bounded refuses to read on after its bytes are used up, rather than end early as
// if the rest did not exist.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		if n, err := b.r.Read(p[:min(1, len(p))]); n == 0 {
			return 0, err
		}
		return 0, fmt.Errorf("more than %d bytes of content: %w", int64(MaxUnpacked), ErrTooLarge)
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
