package sevenzip_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"os"
	"strings"
	"testing"

	"parley/internal/triage/sevenzip"
)

// archive reads one of the archives in testdata, which 7-Zip made: solid.7z with
// -mx=9, plain.7z with the BCJ filter and an unpacked header, locked.7z with a password.
func archive(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func open(raw []byte) (*sevenzip.Archive, error) {
	return sevenzip.Open(bytes.NewReader(raw), int64(len(raw)), sevenzip.Limits{Header: 1 << 20, Dictionary: 64 << 20})
}

// Files come out whole in any order.
func TestFiles(t *testing.T) {
	for name, want := range map[string]string{"solid.7z": "docs/note3.txt", "plain.7z": "note1.txt"} {
		a, err := open(archive(t, name))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for n := range 2 * len(a.Files) {
			i := n % len(a.Files)
			if n >= len(a.Files) {
				i = len(a.Files) - 1 - i
			}
			r, err := a.Open(i)
			if err != nil {
				t.Fatalf("%s: %v", a.Files[i].Name, err)
			}
			content, err := io.ReadAll(r)
			if err != nil || int64(len(content)) != a.Files[i].Size {
				t.Errorf("%s: %d bytes, %v", a.Files[i].Name, len(content), err)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
			if strings.HasSuffix(a.Files[i].Name, want) {
				found = strings.HasPrefix(string(content), "write to desk")
			}
		}
		if !found {
			t.Errorf("%s: %+v", name, a.Files)
		}
	}
}

func TestLocked(t *testing.T) {
	if _, err := open(archive(t, "locked.7z")); err == nil || !strings.Contains(err.Error(), "needs its password") {
		t.Errorf("%v", err)
	}
}

// with makes an archive of a header alone.
func with(header ...byte) []byte {
	raw := make([]byte, 32, 32+len(header))
	copy(raw, sevenzip.Magic)
	binary.LittleEndian.PutUint64(raw[20:], uint64(len(header)))
	binary.LittleEndian.PutUint32(raw[28:], crc32.ChecksumIEEE(header))
	binary.LittleEndian.PutUint32(raw[8:], crc32.ChecksumIEEE(raw[12:32]))
	return append(raw, header...)
}

// Counts that the header has no room for are refused before memory is taken.
func TestLyingCounts(t *testing.T) {
	for name, raw := range map[string][]byte{
		"files":   with(0x01, 0x05, 0xf0, 0xff, 0xff, 0xff, 0xff, 0x00),
		"folders": with(0x01, 0x04, 0x07, 0x0b, 0xf0, 0xff, 0xff, 0xff, 0xff, 0x00),
		"packed":  with(0x01, 0x04, 0x06, 0x00, 0xf0, 0xff, 0xff, 0xff, 0xff, 0x09),
		"coders":  with(0x01, 0x04, 0x07, 0x0b, 0x01, 0x00, 0xf0, 0xff, 0xff, 0xff, 0xff),
		"streams": with(0x01, 0x04, 0x07, 0x0b, 0x01, 0x00, 0x01, 0x11, 0x00, 0xf0, 0xff, 0xff, 0xff, 0xff, 0x01),
	} {
		if _, err := open(raw); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzArchive(f *testing.F) {
	f.Add(archive(f, "solid.7z"))
	f.Add(archive(f, "plain.7z"))
	f.Add(archive(f, "locked.7z"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		// A fuzzer does not find checksums: they are put right.
		if len(raw) > 32 {
			offset, length := binary.LittleEndian.Uint64(raw[12:]), binary.LittleEndian.Uint64(raw[20:])
			if end := uint64(len(raw) - 32); offset <= end && length <= end-offset {
				binary.LittleEndian.PutUint32(raw[28:], crc32.ChecksumIEEE(raw[32+offset:32+offset+length]))
			}
			binary.LittleEndian.PutUint32(raw[8:], crc32.ChecksumIEEE(raw[12:32]))
		}
		a, err := sevenzip.Open(bytes.NewReader(raw), int64(len(raw)), sevenzip.Limits{Header: 1 << 20, Dictionary: 1 << 20})
		if err != nil {
			return
		}
		for i := range a.Files[:min(len(a.Files), 20)] {
			r, err := a.Open(i)
			if err != nil {
				continue
			}
			n, _ := io.Copy(io.Discard, io.LimitReader(r, 1<<20))
			if n > a.Files[i].Size {
				t.Errorf("%d bytes of %d", n, a.Files[i].Size)
			}
			r.Close()
		}
	})
}
