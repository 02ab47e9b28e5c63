package scratch

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"fmt"
	"io"
	"os"
)

// chunkSize is how many bytes [File.Write] seals together.
const chunkSize = 1 << 20

// File is a row of sealed chunks (AES-256-GCM; the nonce is the chunk's number).
// It is written by one goroutine, and then read by any number.
type File struct {
	file *os.File
	aead cipher.AEAD
	ends []int64 // where each chunk ends
	held []byte  // written, and not yet sealed
}

// New makes a file in a folder, the system's for temporary files if dir is empty.
func New(dir string, rand io.Reader) (*File, error) {
	var key [32]byte
	defer clear(key[:])
	if _, err := io.ReadFull(rand, key[:]); err != nil {
		return nil, fmt.Errorf("draw a key for a scratch file: %w", err)
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(dir, ".scratch-*")
	if err != nil {
		return nil, fmt.Errorf("make a scratch file: %w", err)
	}
	_ = os.Remove(file.Name()) // where a file in use keeps its name, Close removes it
	return &File{file: file, aead: aead}, nil
}

// Close forgets the file.
func (f *File) Close() error {
	err := f.file.Close()
	_ = os.Remove(f.file.Name()) // gone already, on most systems
	return err
}

// Append seals one chunk, of any size.
func (f *File) Append(chunk []byte) error {
	number := len(f.ends)
	n, err := f.file.Write(f.aead.Seal(nil, f.nonce(number), chunk, nil))
	if err != nil {
		return fmt.Errorf("keep a scratch file: %w", err)
	}
	f.ends = append(f.ends, f.start(number)+int64(n))
	return nil
}

// Chunks is how many chunks there are.
func (f *File) Chunks() int { return len(f.ends) }

// Chunk reads one, counted from 0.
func (f *File) Chunk(number int) ([]byte, error) {
	sealed := make([]byte, f.ends[number]-f.start(number))
	if _, err := f.file.ReadAt(sealed, f.start(number)); err != nil {
		return nil, fmt.Errorf("read a scratch file again: %w", err)
	}
	text, err := f.aead.Open(sealed[:0], f.nonce(number), sealed, nil)
	if err != nil {
		return nil, fmt.Errorf("read a scratch file again: %w", err)
	}
	return text, nil
}

func (f *File) nonce(chunk int) []byte {
	nonce := make([]byte, f.aead.NonceSize())
	binary.BigEndian.PutUint64(nonce[len(nonce)-8:], uint64(chunk))
	return nonce
}

// start is where a chunk begins.
func (f *File) start(chunk int) int64 {
	if chunk == 0 {
		return 0
	}
	return f.ends[chunk-1]
}

// Write takes bytes of a stream, which [File.Reader] gives back as one.
func (f *File) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		part := p[:min(len(p), chunkSize-len(f.held))]
		f.held = append(f.held, part...)
		if len(f.held) == chunkSize {
			if err := f.Append(f.held); err != nil {
				return n, err
			}
			f.held = f.held[:0]
		}
		n, p = n+len(part), p[len(part):]
	}
	return n, nil
}

// Reader reads the whole stream from its beginning.
func (f *File) Reader() io.Reader { return &reader{file: f} }

type reader struct {
	file *File
	next int // the chunk to read
	left []byte
}

func (r *reader) Read(p []byte) (int, error) {
	for len(r.left) == 0 {
		var err error
		switch {
		case r.next < len(r.file.ends):
			r.left, err = r.file.Chunk(r.next)
		case r.next == len(r.file.ends):
			r.left = r.file.held
		default:
			err = io.EOF
		}
		if err != nil {
			return 0, err
		}
		r.next++
	}
	n := copy(p, r.left)
	r.left = r.left[n:]
	return n, nil
}
