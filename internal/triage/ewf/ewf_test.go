package ewf_test

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"hash/adler32"
	"io"
	"os"
	"strings"
	"testing"

	"parley/internal/triage/ewf"
)

func whole(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile("../testdata/images/disk.E01")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func open(raw []byte) (*ewf.Image, error) {
	return ewf.Open([]ewf.Segment{{At: bytes.NewReader(raw), Size: int64(len(raw))}})
}

func TestHash(t *testing.T) {
	image, err := open(whole(t))
	if err != nil {
		t.Fatal(err)
	}
	sum := md5.New()
	n, err := io.Copy(sum, io.NewSectionReader(image, 0, image.Size()))
	if err != nil || n != image.Size() || !bytes.Equal(sum.Sum(nil), image.MD5) || len(image.Problems) > 0 || image.Damage() != "" {
		t.Errorf("%d bytes, %v, %v, %q", n, err, image.Problems, image.Damage())
	}
	if image.About.Examiner != "N. Example" || image.About.Case != "case 7" {
		t.Errorf("%+v", image.About)
	}
}

// Every byte changed on its own is noticed, or stands where nothing is read.
func TestEveryByte(t *testing.T) {
	raw := whole(t)
	for i := 1300; i < 1300+64; i++ {
		changed := bytes.Clone(raw)
		changed[i] ^= 0xff
		image, err := open(changed)
		if err != nil {
			continue
		}
		sum := md5.New()
		if _, err := io.Copy(sum, io.NewSectionReader(image, 0, image.Size())); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(sum.Sum(nil), image.MD5) && image.Damage() == "" && len(image.Problems) == 0 {
			t.Errorf("byte %d: the content is another, and nothing says so", i)
		}
	}
}

// section writes a section's header.
func section(kind string, next, size int) []byte {
	raw := make([]byte, 76)
	copy(raw, kind)
	binary.LittleEndian.PutUint64(raw[16:], uint64(next))
	binary.LittleEndian.PutUint64(raw[24:], uint64(size))
	binary.LittleEndian.PutUint32(raw[72:], adler32.Checksum(raw[:72]))
	return raw
}

// made writes an image of so many chunks of 32 KiB, with other sections behind.
func made(chunks int, more func(at int) []byte) []byte {
	raw := append([]byte(ewf.Magic), 1, 1, 0, 0, 0)
	sizes := make([]byte, 94)
	binary.LittleEndian.PutUint32(sizes[4:], uint32(chunks))
	binary.LittleEndian.PutUint32(sizes[8:], 64)
	binary.LittleEndian.PutUint32(sizes[12:], 512)
	binary.LittleEndian.PutUint32(sizes[16:], uint32(64*chunks))
	raw = append(raw, section("volume", len(raw)+76+94, 76+94)...)
	raw = append(raw, sizes...)
	return append(raw, more(len(raw))...)
}

// Ten thousand tables that lie over each other, and are all broken, are not each
// read to the end of the file.
func TestTablesOverEachOther(t *testing.T) {
	const tables = 10_000
	raw := made(1<<20, func(at int) []byte {
		var more []byte
		for i := range tables {
			more = append(more, section("table", at+76*(i+1), 76*(tables-i))...)
		}
		return more
	})
	source := &counting{Reader: bytes.NewReader(raw)}
	image, err := ewf.Open([]ewf.Segment{{At: source, Size: int64(len(raw))}})
	if err == nil && image.Size() != 0 {
		t.Errorf("it has %d bytes, of which no table says where they are", image.Size())
	}
	if most := 4 * len(raw); source.n > most {
		t.Errorf("%d bytes were read of %d", source.n, len(raw))
	}
}

// An image of more chunks than can be packed into its bytes is none.
func TestImpossibleSize(t *testing.T) {
	const chunks = 10_000
	raw := made(chunks, func(at int) []byte {
		table := make([]byte, 24+4*chunks)
		binary.LittleEndian.PutUint32(table, chunks)
		binary.LittleEndian.PutUint32(table[20:], adler32.Checksum(table[:20]))
		return append(append(section("table", at+76+len(table), 76+len(table)), table...), section("done", 0, 76)...)
	})
	if _, err := open(raw); err == nil || !strings.Contains(err.Error(), "cannot be packed into") {
		t.Errorf("%v", err)
	}
}

// counting counts the bytes that are asked for.
type counting struct {
	*bytes.Reader
	n int
}

func (c *counting) ReadAt(p []byte, offset int64) (int, error) {
	c.n += len(p)
	return c.Reader.ReadAt(p, offset)
}

func FuzzImage(f *testing.F) {
	f.Add(whole(f))
	f.Add(whole(f)[:3000])
	f.Fuzz(func(t *testing.T, raw []byte) {
		image, err := open(raw)
		if err != nil {
			return
		}
		buf := make([]byte, 4096)
		for _, at := range []int64{0, image.Size() / 2, image.Size() - 100} {
			if n, err := image.ReadAt(buf, max(at, 0)); n < len(buf) && err != io.EOF {
				t.Errorf("%d bytes at %d of %d, %v", n, at, image.Size(), err)
			}
		}
		image.Damage()
	})
}
