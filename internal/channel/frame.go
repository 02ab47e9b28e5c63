package channel

import (
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
)

// What stands inside a parcel, in this order: one ACK, at most one ADVERT, DATA frames, and zeros to the end.
const (
	framePad    = 0 // zeros to the end
	frameData   = 1 // message(8) total(8) offset(8) kind(1+n) bytes(4+n)
	frameAck    = 2 // count(8)
	frameAdvert = 3 // number(8) public key(hybridPublic)

	ackSize    = 1 + 8
	advertSize = 1 + 8 + hybridPublic
	dataSize   = 1 + 8 + 8 + 8 + 1 + 4 // and the kind, and the bytes

	maxFragments = 1024 // of one parcel
)

// frames are the contents of one parcel.
type frames struct {
	ack       uint64
	advert    *shown
	fragments []Fragment
}

// Fragment is a part of one message, as far as one parcel carries it. Fragments of a message come in order, without
// gaps, and no other message begins before one has ended.
type Fragment struct {
	Message       uint64 // counts the counterpart's messages from 0
	Kind          string
	Total, Offset int64 // bytes of the whole message; where Data begins in it
	Data          []byte
	Last          bool // this fragment ends the message
}

// append writes the frames without the zeros after them.
func (f *frames) append(b []byte) []byte {
	b = append(b, frameAck)
	b = binary.BigEndian.AppendUint64(b, f.ack)
	if f.advert != nil {
		b = append(b, frameAdvert)
		b = binary.BigEndian.AppendUint64(b, f.advert.number)
		b = append(b, f.advert.public...)
	}
	for i := range f.fragments {
		b = f.fragments[i].append(b)
	}
	return b
}

func (f *Fragment) append(b []byte) []byte {
	b = append(b, frameData)
	b = binary.BigEndian.AppendUint64(b, f.Message)
	b = binary.BigEndian.AppendUint64(b, uint64(f.Total))
	b = binary.BigEndian.AppendUint64(b, uint64(f.Offset))
	b = append(b, byte(len(f.Kind)))
	b = append(b, f.Kind...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(f.Data)))
	return append(b, f.Data...)
}

// parseFrames reads a parcel's contents. Fragments point into b. It holds each frame to its bounds; whether it fits
// what came before is the session's question.
func parseFrames(b []byte) (*frames, error) {
	in := cryptobyte.String(b)
	f := &frames{}
	var kind uint8
	if !in.ReadUint8(&kind) || kind != frameAck || !in.ReadUint64(&f.ack) {
		return nil, errors.New("byte 0: want an acknowledgement")
	}
	for !in.Empty() {
		at := len(b) - len(in)
		in.ReadUint8(&kind)
		var err error
		switch {
		case kind == framePad:
			return f, checkPad(in, at)
		case kind == frameAdvert && f.advert == nil && f.fragments == nil:
			f.advert, err = parseAdvert(&in)
		case kind == frameData && len(f.fragments) < maxFragments:
			err = f.parseData(&in)
		default:
			err = fmt.Errorf("a frame of type %d has no place here", kind)
		}
		if err != nil {
			return nil, fmt.Errorf("byte %d: %w", at, err)
		}
	}
	return f, nil
}

func checkPad(rest []byte, at int) error {
	var sum byte
	for _, c := range rest {
		sum |= c
	}
	if sum != 0 {
		return fmt.Errorf("byte %d: the padding is not zero", at)
	}
	return nil
}

func parseAdvert(in *cryptobyte.String) (*shown, error) {
	a := &shown{public: make([]byte, hybridPublic)}
	if !in.ReadUint64(&a.number) || !in.CopyBytes(a.public) {
		return nil, errors.New("the new key is cut off")
	}
	return a, nil
}

func (f *frames) parseData(in *cryptobyte.String) error {
	var message, total, offset uint64
	var kind, data cryptobyte.String
	var size uint32
	if !in.ReadUint64(&message) || !in.ReadUint64(&total) || !in.ReadUint64(&offset) ||
		!in.ReadUint8LengthPrefixed(&kind) || !in.ReadUint32(&size) || int64(size) > int64(len(*in)) ||
		!in.ReadBytes((*[]byte)(&data), int(size)) {
		return errors.New("a fragment is cut off")
	}
	if err := checkKind(string(kind)); err != nil {
		return err
	}
	if total > MaxMessage {
		return fmt.Errorf("message %d has %d bytes, at most %d are allowed", message, total, MaxMessage)
	}
	if offset > total || uint64(size) > total-offset || (size == 0 && total > 0) {
		return fmt.Errorf("a fragment of message %d has bytes %d to %d of %d", message, offset, offset+uint64(size), total)
	}
	f.fragments = append(f.fragments, Fragment{
		Message: message, Kind: string(kind), Total: int64(total), Offset: int64(offset),
		Data: data, Last: offset+uint64(size) == total,
	})
	return nil
}
