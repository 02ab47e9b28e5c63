package channel

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// number is eight bytes, as frames write numbers.
func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// data writes a DATA frame that may claim anything.
func data(message, total, offset uint64, kind string, size uint32, b []byte) []byte {
	return join([]byte{frameData}, number(message), number(total), number(offset),
		[]byte{byte(len(kind))}, []byte(kind), binary.BigEndian.AppendUint32(nil, size), b)
}

func TestHostileFrames(t *testing.T) {
	ack := join([]byte{frameAck}, number(0))
	advert := join([]byte{frameAdvert}, number(1), make([]byte, hybridPublic))
	good := data(0, 1, 0, "note", 1, []byte("x"))
	for name, c := range map[string]struct {
		contents []byte
		want     string
	}{
		"nothing":               {nil, "byte 0: want an acknowledgement"},
		"only padding":          {make([]byte, 100), "byte 0: want an acknowledgement"},
		"no acknowledgement":    {good, "byte 0: want an acknowledgement"},
		"half an ack":           {ack[:8], "byte 0: want an acknowledgement"},
		"two acks":              {join(ack, ack), "byte 9: a frame of type 2"},
		"an unknown type":       {join(ack, []byte{4}), "byte 9: a frame of type 4"},
		"padding not zero":      {join(ack, make([]byte, 50), []byte{1}), "byte 9: the padding is not zero"},
		"a frame after padding": {join(ack, []byte{framePad}, good), "byte 9: the padding is not zero"},
		"half a key":            {join(ack, advert[:500]), "byte 9: the new key is cut off"},
		"two keys":              {join(ack, advert, advert), fmt.Sprintf("byte %d: a frame of type 3", 9+advertSize)},
		"a key after data":      {join(ack, good, advert), "a frame of type 3"},
		"half a fragment":       {join(ack, good[:20]), "byte 9: a fragment is cut off"},
		"more than there is":    {join(ack, data(0, 1<<20, 0, "note", 1<<20, []byte("x"))), "cut off"},
		"size near 2^32":        {join(ack, data(0, 1<<20, 0, "note", 1<<32-1, []byte("x"))), "cut off"},
		"no kind":               {join(ack, data(0, 1, 0, "", 1, []byte("x"))), "kind has 0 bytes"},
		"a long kind":           {join(ack, data(0, 1, 0, strings.Repeat("k", 65), 1, []byte("x"))), "kind has 65 bytes"},
		"total near 2^64":       {join(ack, data(0, 1<<64-1, 0, "note", 1, []byte("x"))), "message 0 has 18446744073709551615 bytes"},
		"offset near 2^64":      {join(ack, data(0, 1, 1<<64-1, "note", 1, []byte("x"))), "message 0 has bytes"},
		"offset past the end":   {join(ack, data(5, 1, 2, "note", 1, []byte("x"))), "a fragment of message 5 has bytes 2 to 3 of 1"},
		"empty in the middle":   {join(ack, data(0, 9, 4, "note", 0, nil)), "bytes 4 to 4 of 9"},
		"too many fragments":    {join(ack, bytes.Repeat(data(0, 0, 0, "n", 0, nil), maxFragments+1)), "a frame of type 1"},
	} {
		if _, err := parseFrames(c.contents); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, c.want)
		}
	}
}

func TestLayoutOfFrames(t *testing.T) {
	f := frames{ack: 258, fragments: []Fragment{{Message: 3, Kind: "note", Total: 2, Offset: 1, Data: []byte("x"), Last: true}}}
	want := join([]byte{frameAck, 0, 0, 0, 0, 0, 0, 1, 2}, data(3, 2, 1, "note", 1, []byte("x")))
	if got := f.append(nil); !bytes.Equal(got, want) {
		t.Errorf("got %x, want %x", got, want)
	}
	read, err := parseFrames(append(want, make([]byte, 10)...))
	if err != nil || read.ack != 258 || len(read.fragments) != 1 || !read.fragments[0].Last {
		t.Errorf("got %+v, %v", read, err)
	}
}
