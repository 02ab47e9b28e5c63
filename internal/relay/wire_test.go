package relay

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func answer(t interface{ Fatal(...any) }, all []Stored) []byte {
	var b bytes.Buffer
	for _, s := range all {
		if err := writeParcel(&b, s.Cursor, s.Parcel); err != nil {
			t.Fatal(err)
		}
	}
	if err := writeEnd(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAnswerComesBackAsItWent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []Stored
		for n := range rapid.IntRange(0, 12).Draw(t, "parcels") {
			class := rapid.IntRange(0, 2).Draw(t, "class")
			all = append(all, Stored{Cursor(rapid.StringMatching(`[A-Za-z0-9_-]{1,255}`).Draw(t, "cursor")), testParcel(class, uint64(n))})
		}
		whole := answer(t, all)
		got, err := readParcels(bytes.NewReader(whole))
		if err != nil || !reflect.DeepEqual(got, all) {
			t.Fatalf("%d parcels became %d, %v", len(all), len(got), err)
		}
		cut := rapid.IntRange(0, len(whole)-1).Draw(t, "cut")
		got, err = readParcels(bytes.NewReader(whole[:cut]))
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("cut at %d of %d: %v", cut, len(whole), err)
		}
		if !reflect.DeepEqual(got, all[:len(got):len(got)]) && len(got) > 0 {
			t.Fatal("a cut answer gave parcels that were not in it")
		}
	})
}

func TestHostileAnswers(t *testing.T) {
	record := func(cursor string, length uint32) []byte {
		b := append([]byte{byte(len(cursor))}, cursor...)
		return binary.BigEndian.AppendUint32(b, length)
	}
	one := answer(t, []Stored{{"c", testParcel(0, 1)}})
	small, large := one[:len(one)-1], append(record("c", MaxParcel), make([]byte, MaxParcel)...)
	for _, c := range []struct {
		name, says string
		body       []byte
	}{
		{"a length of 4 GiB", "not a size class", record("c", 1<<32-1)},
		{"a length of nothing", "not a size class", record("c", 0)},
		{"a length between classes", "not a size class", record("c", 5000)},
		{"a cursor that breaks out of a URL", "base64url", record("c&wait=0", 4096)},
		{"a cursor with a line break", "base64url", record("c\r\n", 4096)},
		{"bytes after the end", "after its end", append(bytes.Clone(one), 0)},
		{"too many parcels", "over 64 parcels", bytes.Repeat(small, 65)},
		{"too many bytes", "over 4194304 bytes", bytes.Repeat(large, 5)},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readParcels(bytes.NewReader(c.body))
			if !errors.Is(err, errMalformed) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want one that says %q", err, c.says)
			}
		})
	}
}

// endless is a relay that never stops sending.
type endless struct {
	record []byte
	sent   int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.record[e.sent%len(e.record):])
	e.sent += n
	return n, nil
}

func TestAnswerWithoutEndIsBounded(t *testing.T) {
	record := answer(t, []Stored{{"c", testParcel(0, 1)}})
	e := &endless{record: record[:len(record)-1]}
	if _, err := readParcels(e); !errors.Is(err, errMalformed) {
		t.Errorf("error %v", err)
	}
	if limit := maxAnswerBytes + 64<<10; e.sent > limit {
		t.Errorf("%d bytes were read, at most %d may be", e.sent, limit)
	}
}

func FuzzReadParcels(f *testing.F) {
	f.Add([]byte{0})
	f.Add(answer(f, []Stored{{"abc", testParcel(0, 1)}, {"def", testParcel(0, 2)}}))
	f.Add([]byte{1, 'c', 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := readParcels(bytes.NewReader(body))
		for _, s := range got {
			if _, ok := sizeClass(int64(len(s.Parcel))); !ok || !isCursorText([]byte(s.Cursor)) {
				t.Fatalf("accepted a parcel of %d bytes at %q", len(s.Parcel), s.Cursor)
			}
		}
		if err == nil && !bytes.Equal(answer(t, got), body) {
			t.Fatal("an answer has a second spelling")
		}
	})
}
