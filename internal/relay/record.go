package relay

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// record is one thing that the journal says: a parcel was put, or was written anew further back, a mailbox was
// emptied through a number, or was opened with a token.
type record struct {
	kind    recordKind
	address boxAddress
	id      parcelID // of a parcel
	class   uint8    // of a parcel
	number  uint64   // of a parcel that was written anew; through which a mailbox was emptied
	at      uint32   // when a parcel that was written anew was put, or a mailbox opened: seconds since 1970
	token   [32]byte // the hash of the one that opened a mailbox

	reserved bool // the index keeps room for it; not written
}

type recordKind byte

const (
	recordPut     recordKind = 'p'
	recordMoved   recordKind = 'm'
	recordRemoval recordKind = 'r'
	recordOpening recordKind = 'o'
)

// isParcel tells whether the record has a parcel's bytes.
func (r record) isParcel() bool { return r.kind == recordPut || r.kind == recordMoved }

// size is how many of a bundle's bytes are the record's.
func (r record) size() int {
	if r.isParcel() {
		return SizeClasses[r.class]
	}
	return 0
}

// A bundle is one message of the journal: records, and behind each other the bytes of their parcels. What many
// ask for at one moment goes into one bundle, and so to the disk with one sync.
//
// The records stand in the header, so that who reads the journal through need not read the parcels: base64 of
// each record's kind, its mailbox and
//
//	p   id (16)  class (1)
//	m   id (16)  class (1)  number (8)  at (4)
//	r   number (8)
//	o   hash of the token (32)  at (4)
type bundle struct {
	seq     uint64 // the message's number
	at      uint32 // when it was written: seconds since 1970
	size    int64  // bytes of its parcels
	records []record
}

const (
	maxRecords  = 128
	bundleBytes = 256 << 10 // of several parcels; a larger one goes alone
	placeBits   = 8         // of a number that say which record of its message it is
)

// placeOf is the number of a message's record. Numbers of parcels are places, in the order in which they were put.
func placeOf(seq uint64, record int) uint64 { return seq<<placeBits | uint64(record) }

func messageOf(place uint64) uint64 { return place >> placeBits }

var errRecords = errors.New("its records are malformed")

// appendRecords writes what parseRecords reads.
func appendRecords(text []byte, all []record) []byte {
	var b []byte
	for _, r := range all {
		b = append(append(b, byte(r.kind)), r.address[:]...)
		switch r.kind {
		case recordPut, recordMoved:
			b = append(append(b, r.id[:]...), r.class)
			if r.kind == recordMoved {
				b = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(b, r.number), r.at)
			}
		case recordRemoval:
			b = binary.BigEndian.AppendUint64(b, r.number)
		case recordOpening:
			b = binary.BigEndian.AppendUint32(append(b, r.token[:]...), r.at)
		}
	}
	return base64.RawStdEncoding.AppendEncode(text, b)
}

// recordBytes is how long each kind of record is behind its kind.
var recordBytes = map[recordKind]int{recordPut: 32 + 17, recordMoved: 32 + 17 + 12, recordRemoval: 32 + 8, recordOpening: 32 + 36}

func parseRecords(text string) (all []record, err error) {
	b, err := base64.RawStdEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, errRecords
	}
	for len(b) > 0 {
		r := record{kind: recordKind(b[0])}
		n := recordBytes[r.kind]
		if n == 0 || len(b) <= n || len(all) == maxRecords {
			return nil, fmt.Errorf("%w: number %d", errRecords, len(all)+1)
		}
		if r.read(b[1 : 1+n]); int(r.class) >= len(SizeClasses) {
			return nil, fmt.Errorf("%w: number %d has no size class", errRecords, len(all)+1)
		}
		all, b = append(all, r), b[1+n:]
	}
	if len(all) == 0 {
		return nil, errRecords
	}
	return slices.Clip(all), nil
}

// read fills in what stands behind the kind, which has the kind's length.
func (r *record) read(b []byte) {
	r.address, b = boxAddress(b[:32]), b[32:]
	switch r.kind {
	case recordPut, recordMoved:
		if r.id, r.class = parcelID(b[:16]), b[16]; r.kind == recordMoved {
			r.number, r.at = binary.BigEndian.Uint64(b[17:]), binary.BigEndian.Uint32(b[25:])
		}
	case recordRemoval:
		r.number = binary.BigEndian.Uint64(b)
	case recordOpening:
		r.token, r.at = [32]byte(b[:32]), binary.BigEndian.Uint32(b[32:])
	}
}

// parcelBytes is how many bytes the parcels of records have together.
func parcelBytes(all []record) (n int64) {
	for _, r := range all {
		n += int64(r.size())
	}
	return n
}
