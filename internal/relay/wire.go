package relay

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// What one answer to a fetch may hold. The client refuses more, so a hostile relay cannot fill its
// memory; the rest comes with the next fetch.
const (
	maxAnswerParcels = 64
	maxAnswerBytes   = 4 << 20
)

// parcelsType is the media type of an answer to a fetch:
//
//	answer = *( cursorLength:u8 cursor length:u32 parcel ) 0:u8
//
// Numbers are big-endian. The closing zero tells a whole answer from one cut short.
const parcelsType = "application/vnd.parley.parcels"

// errMalformed marks an answer that breaks the format, as against one that broke off.
var errMalformed = errors.New("the relay's answer is malformed")

// writeParcel writes one record of an answer.
func writeParcel(w io.Writer, c Cursor, parcel []byte) error {
	head := make([]byte, 0, 1+cursorChars+4)
	head = append(head, byte(len(c)))
	head = append(head, c...)
	head = binary.BigEndian.AppendUint32(head, uint32(len(parcel)))
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err := w.Write(parcel)
	return err
}

// writeEnd closes an answer.
func writeEnd(w io.Writer) error {
	_, err := w.Write([]byte{0})
	return err
}

// readParcels reads a whole answer. On error it returns the parcels that came whole before it.
// Nothing is allocated on the word of the sender but one parcel of a known size class.
func readParcels(r io.Reader) ([]Stored, error) {
	br := bufio.NewReader(io.LimitReader(r, maxAnswerBytes+maxAnswerParcels*(1+255+4)+2))
	var all []Stored
	room := maxAnswerBytes
	for {
		s, err := readParcel(br, room)
		if err == io.EOF {
			if _, err := br.ReadByte(); err != io.EOF {
				return all, fmt.Errorf("%w: bytes after its end", errMalformed)
			}
			return all, nil
		}
		if err != nil {
			return all, fmt.Errorf("parcel %d: %w", len(all)+1, err)
		}
		if len(all) == maxAnswerParcels {
			return all, fmt.Errorf("%w: over %d parcels", errMalformed, maxAnswerParcels)
		}
		room -= len(s.Parcel)
		all = append(all, s)
	}
}

// readParcel reads one record of at most room bytes; io.EOF means the closing zero was read.
func readParcel(br *bufio.Reader, room int) (Stored, error) {
	n, err := br.ReadByte()
	if err != nil {
		return Stored{}, cutShort(err)
	}
	if n == 0 {
		return Stored{}, io.EOF
	}
	head := make([]byte, int(n)+4)
	if _, err := io.ReadFull(br, head); err != nil {
		return Stored{}, cutShort(err)
	}
	if !isCursorText(head[:n]) {
		return Stored{}, fmt.Errorf("%w: a cursor is not base64url", errMalformed)
	}
	length := binary.BigEndian.Uint32(head[n:])
	if _, ok := sizeClass(int64(length)); !ok {
		return Stored{}, fmt.Errorf("%w: %d bytes is not a size class", errMalformed, length)
	}
	if int64(length) > int64(room) {
		return Stored{}, fmt.Errorf("%w: over %d bytes", errMalformed, maxAnswerBytes)
	}
	parcel := make([]byte, length)
	if _, err := io.ReadFull(br, parcel); err != nil {
		return Stored{}, cutShort(err)
	}
	return Stored{Cursor: Cursor(head[:n]), Parcel: parcel}, nil
}

// cutShort keeps a plain end of input from being taken for the end of the answer.
func cutShort(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// isCursorText tells whether a cursor from a relay is safe to keep, print and send back in a URL.
func isCursorText(b []byte) bool {
	for _, c := range b {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}
