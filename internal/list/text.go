package list

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// sampleSize is how much of a list is looked at to find out its layout, in bytes.
const sampleSize = 64 << 10

// decoded gives a list's text in UTF-8, without the mark that spreadsheets write
// before it. Without a mark of UTF-16 it is taken for UTF-8.
func decoded(r io.Reader) (*bufio.Reader, error) {
	text := bufio.NewReaderSize(r, sampleSize)
	head, err := text.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read: %w", err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("\ufeff")):
		_, err := text.Discard(len("\ufeff"))
		return text, err
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		wide := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder()
		return bufio.NewReaderSize(transform.NewReader(text, wide), sampleSize), nil
	}
	return text, nil
}

// peek gives the beginning of a text, in whole lines.
func peek(text *bufio.Reader) (sample string, err error) {
	head, err := text.Peek(sampleSize)
	switch {
	case errors.Is(err, io.EOF): // it is the whole
		return string(head), nil
	case err != nil:
		return "", fmt.Errorf("read: %w", err)
	}
	if end := bytes.LastIndexByte(head, '\n'); end >= 0 {
		head = head[:end+1]
	}
	return string(head), nil
}

// meter passes a text on, up to a limit that moves with the record being read: a
// quotation mark left open must not swallow a whole list into memory.
type meter struct {
	r     io.Reader
	n     int64
	limit int64
}

var errTooLong = errors.New("it does not end: is a quotation mark left open?")

func (m *meter) Read(p []byte) (int, error) {
	if m.n >= m.limit {
		return 0, errTooLong
	}
	n, err := m.r.Read(p)
	m.n += int64(n)
	return n, err
}
