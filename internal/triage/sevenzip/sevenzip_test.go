package sevenzip_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"os"
	"runtime"
	"slices"
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

// number writes a number as a header does.
func number(n int) []byte {
	return binary.LittleEndian.AppendUint64([]byte{0xff}, uint64(n))
}

// header makes a header of so many folders of one stored byte each, with a file in
// each, and the properties of files given.
func header(folders int, properties ...byte) []byte {
	var h []byte
	add := func(parts ...[]byte) { h = append(h, bytes.Join(parts, nil)...) }
	ones := bytes.Repeat([]byte{1}, folders)
	add([]byte{0x01, 0x04, 0x06, 0x00}, number(folders), []byte{0x09}, ones, []byte{0})
	add([]byte{0x07, 0x0b}, number(folders), []byte{0}, bytes.Repeat([]byte{0x01, 0x01, 0x00}, folders), []byte{0x0c}, ones, []byte{0, 0})
	add([]byte{0x05}, number(folders), []byte{0x11}, number(1+2*folders), make([]byte, 1+2*folders), properties, []byte{0, 0})
	return h
}

// archiveOf puts so many packed bytes before a header.
func archiveOf(packed int, header []byte) []byte {
	raw := with(header...)
	binary.LittleEndian.PutUint64(raw[12:], uint64(packed))
	binary.LittleEndian.PutUint32(raw[8:], crc32.ChecksumIEEE(raw[12:32]))
	return slices.Concat(raw[:32], make([]byte, packed), raw[32:])
}

// counting counts the bytes asked of an archive.
type counting struct {
	*bytes.Reader
	n int64
}

func (c *counting) ReadAt(p []byte, offset int64) (int, error) {
	n, err := c.Reader.ReadAt(p, offset)
	c.n += int64(n)
	return n, err
}

// Two hundred thousand folders of a byte each take time in proportion: where each
// stream begins is known, and not summed anew for each. Were it, this would take
// twenty thousand million additions.
func TestManyFolders(t *testing.T) {
	const folders = 200_000
	raw := archiveOf(folders, header(folders))
	a, err := sevenzip.Open(bytes.NewReader(raw), int64(len(raw)), sevenzip.Limits{})
	if err != nil || len(a.Files) != folders {
		t.Fatal("not all of its files are listed: ", err)
	}
	for i := range a.Files {
		r, err := a.Open(i)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, r); n != 1 || err != nil {
			t.Fatalf("file %d has %d bytes, %v", i, n, err)
		}
		r.Close()
	}
}

// A short header may not take memory for more files and folders than the limit.
func TestFewFilesOfMany(t *testing.T) {
	raw := archiveOf(0, append([]byte{0x01, 0x05}, slices.Concat(number(1<<20), make([]byte, 1<<20))...))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	a, err := sevenzip.Open(bytes.NewReader(raw), int64(len(raw)), sevenzip.Limits{Files: 10})
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 16<<20 {
		t.Errorf("it took %d bytes", took)
	}
	if err == nil && (len(a.Files) != 10 || a.Claimed() != 1<<20) {
		t.Errorf("%d files of %d", len(a.Files), a.Claimed())
	}
	many := archiveOf(1000, header(1000))
	if _, err := sevenzip.Open(bytes.NewReader(many), int64(len(many)), sevenzip.Limits{Files: 10}); err == nil {
		t.Error("a thousand folders where ten are the limit are opened")
	}
}

// Many small folders that each claim the largest dictionary take little memory.
func TestDictionariesOfNothing(t *testing.T) {
	h := []byte{0x01, 0x04, 0x06, 0x00, 0x01, 0x09, 0x0a, 0x00, 0x07, 0x0b, 0x01, 0x00}
	h = append(h, 0x02, 0x23, 0x03, 0x01, 0x01, 5, 93, 0, 0, 0, 0x10, 0x01, 0x00) // LZMA with 256 MiB, then stored
	h = append(h, 0x01, 0x00)                                                     // the second's input is the first's output
	h = append(h, 0x0c)
	h = append(h, number(256<<20)...)
	h = append(h, 0x01, 0x00, 0x00, 0x05, 0x01, 0x00, 0x00)
	raw := archiveOf(10, h)
	a, err := sevenzip.Open(bytes.NewReader(raw), int64(len(raw)), sevenzip.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := a.Open(0); err == nil {
		t.Error("a folder of one byte out of 256 MiB is opened")
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 4<<20 {
		t.Errorf("a folder of one byte took %d bytes", took)
	}
}

// Files that are each read twice, in their order, are unpacked twice; in another
// order, until what may be passed over is spent.
func TestPasses(t *testing.T) {
	const files, size = 64, 256 << 10
	h := []byte{0x01, 0x04, 0x06, 0x00, 0x01, 0x09}
	h = append(h, number(files*size)...)
	h = append(h, 0x00, 0x07, 0x0b, 0x01, 0x00, 0x01, 0x01, 0x00, 0x0c) // one folder, stored
	h = append(h, number(files*size)...)
	h = append(h, 0x00, 0x08, 0x0d, files, 0x09)
	for range files - 1 {
		h = append(h, number(size)...)
	}
	h = append(h, 0x00, 0x00, 0x05, files, 0x11)
	h = append(h, slices.Concat(number(1+2*files), make([]byte, 1+2*files), []byte{0, 0})...)
	raw := archiveOf(files*size, h)
	source := &counting{Reader: bytes.NewReader(raw)}
	a, err := sevenzip.Open(source, int64(len(raw)), sevenzip.Limits{})
	if err != nil || len(a.Files) != files {
		t.Fatal("not all of its files are listed: ", err)
	}
	read := func(i int) error {
		r, err := a.Open(i)
		if err != nil {
			return err
		}
		defer r.Close()
		_, err = io.Copy(io.Discard, r)
		return err
	}
	source.n = 0
	for i := range a.Files {
		for range 2 {
			if err := read(i); err != nil {
				t.Fatal(err)
			}
		}
	}
	if most := 2*int64(len(raw)) + 1<<20; source.n > most {
		t.Errorf("%d bytes were read of an archive of %d", source.n, len(raw))
	}
	for i := len(a.Files) - 1; i >= 0 && err == nil; i-- {
		err = read(i)
	}
	if err == nil || !strings.Contains(err.Error(), "in too many orders") {
		t.Errorf("%d bytes were read in the other order: %v", source.n, err)
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
