package triage_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// goodText lies beside every animal. All in it must be found.
const goodText = "write to desk@example.org or ring +1 202 555 0147, see http://lamp.example.com/a and t.me/lamp_light"

// animal is a file that an enemy has made.
type animal struct {
	name string // of the file
	make func(testing.TB) []byte
	says string // in a line of the report; "" where nothing is lost and nothing said
}

// zoo lists them.
func zoo() map[string]animal {
	return map[string]animal{
		"a bomb of gzip":               {"a.gz", func(t testing.TB) []byte { return bytes.Repeat(gzipOf(t, make([]byte, 1<<20)), 66) }, "a bomb"},
		"a bomb of bzip2":              {"a.bz2", bzip2Bomb, "a bomb"},
		"a bomb of xz":                 {"a.xz", func(t testing.TB) []byte { return bytes.Repeat(xzOf(t, make([]byte, 1<<20)), 66) }, "a bomb"},
		"a bomb of Zstandard":          {"a.zst", func(t testing.TB) []byte { return bytes.Repeat(zstdOf(t, make([]byte, 1<<20)), 66) }, "a bomb"},
		"a bomb of zip":                {"a.zip", claiming, "claim"},
		"a bomb in an Android backup":  {"a.ab", func(t testing.TB) []byte { return androidBackup(t, make([]byte, 66<<20)) }, "a bomb"},
		"a thousand entries of one":    {"a.zip", overlapping, "claim"},
		"archives nested twelve deep":  {"a.zip", nestedZips, "nested more than"},
		"gzip nested twelve deep":      {"a.gz", nestedGzips, "nested more than"},
		"a truncated zip":              {"a.zip", cut(func(t testing.TB) []byte { return zipOf(t, entry{name: "a", content: goodText}) }, 9, 10), "truncated or broken"},
		"a truncated gzip":             {"a.gz", cut(func(t testing.TB) []byte { return gzipOf(t, []byte(goodText)) }, 2, 3), "cannot be read"},
		"a truncated tar":              {"a.tar", cut(func(t testing.TB) []byte { return tarOf(t, tar.Header{Name: "a"}, tar.Header{Name: "b"}) }, 2, 5), "truncated"},
		"a truncated 7z":               {"a.7z", cut(fileOf("sevenzip/testdata/solid.7z"), 9, 10), "truncated"},
		"a truncated xz":               {"a.xz", cut(func(t testing.TB) []byte { return xzOf(t, []byte(goodText)) }, 2, 3), "cannot be read"},
		"a truncated Zstandard":        {"a.zst", cut(func(t testing.TB) []byte { return zstdOf(t, bytes.Repeat([]byte(goodText), 100)) }, 2, 3), "cannot be read"},
		"a truncated disk image":       {"a.E01", cut(fileOf("testdata/images/disk.E01"), 1, 2), "truncated"},
		"a truncated database":         {"a.db", cut(manyRows, 2, 3), "malformed"},
		"a truncated picture":          {"a.jpg", cut(func(t testing.TB) []byte { return jpegWith(t, exifOf(binary.LittleEndian)) }, 1, 3), "says"},
		"a truncated PDF":              {"a.pdf", cut(fileOf("testdata/artifacts/packed.pdf"), 1, 3), ""},
		"a truncated property list":    {"a.plist", cut(fileOf("testdata/artifacts/com.apple.wifi.plist"), 9, 10), "trailer"},
		"an encrypted 7z":              {"a.7z", fileOf("sevenzip/testdata/locked.7z"), "needs its password"},
		"an entry larger than it says": {"a.zip", lyingEntry, "cannot be read"},
		"a tar entry of 8 GiB":         {"a.tar", lyingTar, "cannot be read"},
		"a list of a billion objects":  {"a.plist", lyingPlist, "trailer"},
		"a PDF stream of 4 GiB":        {"a.pdf", text("%PDF-1.4\n1 0 obj<</Length 4294967295>>stream\nx\n"), ""},
		"views and recursive queries":  {"a.db", database(`CREATE TABLE t (a TEXT)`, `CREATE VIEW sms AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT x _id, x address, x date, 1 type, hex(randomblob(1e9)) body FROM c`), ""},
		"triggers":                     {"a.db", database(`CREATE TABLE t (a TEXT)`, `CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT hex(randomblob(1e9)); END`), ""},
		"computed columns":             {"a.db", database(`CREATE TABLE t (a TEXT)`, `INSERT INTO t VALUES ('x')`, `ALTER TABLE t ADD COLUMN b AS (hex(zeroblob(100000000)))`), ""},
		"a table without an end":       {"a.db", tableInRing, "breaks off"},
		"names that lead out of a zip": {"a.zip", func(t testing.TB) []byte { return zipOf(t, entry{name: "../../etc/passwd", content: "x"}) }, "leads out"},
		"names that lead out of a tar": {"a.tar", func(t testing.TB) []byte { return tarOf(t, tar.Header{Name: "/etc/passwd"}) }, "leads out"},
		"a symbolic link in a zip":     {"a.zip", linkInZip, "not followed"},
		"a symbolic link in a tar": {"a.tar", func(t testing.TB) []byte {
			return tarOf(t, tar.Header{Name: "l", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"})
		}, "not followed"},
		"logical partitions in a ring": {"a.img", partitionRing, "runs in a ring"},
		"partitions on each other":     {"a.img", partitionsOnEachOther, "lies on partition"},
		"a name of 60,000 bytes": {"a.zip", func(t testing.TB) []byte {
			return zipOf(t, entry{name: strings.Repeat("n", 60_000), content: "x@example.net"})
		}, ""},
		"a name of a megabyte": {"a.tar", func(t testing.TB) []byte {
			return tarOf(t, tar.Header{Name: strings.Repeat("n", 900_000), Format: tar.FormatPAX})
		}, ""},
		"names in no encoding":          {"a.zip", func(t testing.TB) []byte { return zipOf(t, entry{name: "\xff\xfe/\x80\x00", content: "x@example.net"}) }, ""},
		"text in no encoding":           {"a.txt", text("\xff\xff\xff\x80 x@example.net \xc0\xaf"), ""},
		"JSON nested a million deep":    {"a.json", text(strings.Repeat("[", 1_000_000)), "nested more than"},
		"JSON that ends in a string":    {"a.json", text(`{"a": "x@example.net`), "breaks off as JSON"},
		"a member's name of a megabyte": {"a.json", text(`{"` + strings.Repeat("n", 1<<20) + `": [` + strings.Repeat(`"x@example.net",`, 100) + `1]}`), ""},
		"XML nested a million deep":     {"a.xml", text("<?xml version='1.0'?>" + strings.Repeat("<a>", 1_000_000)), ""},
		"XML that names itself":         {"a.xml", text(`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "&b;&b;"><!ENTITY b "&a;&a;">]><a>&a;</a>`), ""},
		"a tag of ten thousand texts":   {"a.html", text("<html><a " + strings.Repeat(`b="`+strings.Repeat("c", 2000)+`" `, 10_000) + ">"), ""},
		"a list in XML, very deep":      {"a.plist", text(`<?xml version="1.0"?><plist>` + strings.Repeat("<array>", 100_000)), "nested more than"},
		"a binary list in a ring":       {"a.plist", plistRing, ""},
		"PDF arrays, very deep":         {"a.pdf", text("%PDF-1.4\n1 0 obj " + strings.Repeat("[", 1_000_000)), ""},
		"PDF pages in a ring":           {"a.pdf", text("%PDF-1.4\n1 0 obj<</Pages 2 0 R>>endobj 2 0 obj<</Kids[2 0 R 1 0 R]>>endobj trailer<</Root 1 0 R>>"), ""},
		"a mail in a mail, very deep":   {"a.eml", nestedMail, ""},
		"words of a mail without end":   {"a.eml", text("From: a@example.net\nTo: b@example.net\nSubject: " + strings.Repeat("=?a?b? ", 50_000) + "\n\nx"), ""},
		"a document of one long text":   {"a.docx", longText, "has more than"},
		"a vCard without an end":        {"a.vcf", text("BEGIN:VCARD\nFN:" + strings.Repeat("x", 2<<20)), "truncated"},
		"an Exif directory in itself":   {"a.jpg", exifRing, ""},
	}
}

// Every animal costs itself, and is said in one line or a few where something of it
// is lost: what lies beside it is complete, in an archive and in a folder.
func TestZoo(t *testing.T) {
	wanted, _ := runBytes(t, "note.txt", []byte(goodText), us)
	if len(wanted.findings) < 4 {
		t.Fatalf("%v", wanted.found())
	}
	for name, a := range zoo() {
		t.Run(name, func(t *testing.T) {
			content := a.make(t)
			folder := filepath.Join(t.TempDir(), "e")
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			for file, content := range map[string][]byte{a.name: content, "z note.txt": []byte(goodText)} {
				if err := os.WriteFile(filepath.Join(folder, file), content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			archive := write(t, "e.zip", zipOf(t, entry{name: a.name, content: string(content), store: true}, entry{name: "z note.txt", content: goodText}))
			for _, path := range []string{folder, archive} {
				r, _ := run(t, path, us)
				checkAnimal(t, r, a.says)
				if diff := cmp.Diff(beside(wanted, "note.txt"), beside(r, "z note.txt")); diff != "" {
					t.Errorf("%s: what lies beside it (-want +got):\n%s", filepath.Base(path), diff)
				}
			}
		})
	}
}

// beside gives the findings in one file.
func beside(r *record, name string) []string {
	var found []string
	for _, f := range r.findings {
		if f.Place.Chain[len(f.Place.Chain)-1] == name {
			found = append(found, fmt.Sprintf("@%d+%d %s", f.Place.Offset, f.Place.Length, f.Selector))
		}
	}
	return found
}

func checkAnimal(t *testing.T, r *record, says string) {
	t.Helper()
	const mostFaults, longestLine = 20, 128 << 10
	if says != "" && !r.problem("", says) {
		t.Errorf("no line says %q: %v", says, r.problems())
	}
	if len(r.faults) > mostFaults {
		t.Errorf("%d lines, such as %v", len(r.faults), r.problems()[:3])
	}
	for _, line := range r.lines {
		if len(line) > longestLine {
			t.Errorf("a line of %d bytes: %.200s…", len(line), line)
		}
	}
	for _, f := range r.faults {
		if strings.Contains(f.Problem, "broke off") {
			t.Errorf("a reader panicked: %s", f.Problem)
		}
	}
}

func text(content string) func(testing.TB) []byte {
	return func(testing.TB) []byte { return []byte(content) }
}

func database(statements ...string) func(testing.TB) []byte {
	return func(t testing.TB) []byte { return databaseOf(t, statements...) }
}

func fileOf(path string) func(testing.TB) []byte {
	return func(t testing.TB) []byte {
		raw, err := os.ReadFile(filepath.FromSlash(path))
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
}

// cut leaves a part of a file.
func cut(whole func(testing.TB) []byte, part, of int) func(testing.TB) []byte {
	return func(t testing.TB) []byte {
		raw := whole(t)
		return raw[:len(raw)*part/of]
	}
}

func xzOf(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := xz.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstdOf(t testing.TB, content []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	return w.EncodeAll(content, nil)
}

// bzip2Bomb is 45 MB of zeros, twice: "head -c 45000000 /dev/zero | bzip2".
func bzip2Bomb(t testing.TB) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString("QlpoOTFBWSZTWckBtsgBWKtAIMAAEAAACCAAMMwFKaZSSFJsVJIUni7kinChIZIDbZA=")
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Repeat(raw, 2)
}

func nestedZips(t testing.TB) []byte {
	inner := []byte("x@example.net")
	for i := range 12 {
		inner = zipOf(t, entry{name: fmt.Sprintf("%d.zip", i), content: string(inner), store: true})
	}
	return inner
}

func nestedGzips(t testing.TB) []byte {
	inner := []byte("x@example.net")
	for range 12 {
		inner = gzipOf(t, inner)
	}
	return inner
}

// overlapping is a zip whose directory names one entry a thousand times.
func overlapping(t testing.TB) []byte {
	raw := zipOf(t, entry{name: "a", content: string(make([]byte, 1<<20))})
	directory := bytes.Index(raw, []byte("PK\x01\x02"))
	end := bytes.Index(raw, []byte("PK\x05\x06"))
	one, tail := raw[directory:end], bytes.Clone(raw[end:])
	binary.LittleEndian.PutUint16(tail[8:], 1000)
	binary.LittleEndian.PutUint16(tail[10:], 1000)
	binary.LittleEndian.PutUint32(tail[12:], uint32(1000*len(one)))
	return append(append(bytes.Clone(raw[:directory]), bytes.Repeat(one, 1000)...), tail...)
}

func manyRows(t testing.TB) []byte {
	return databaseOf(t, `CREATE TABLE t (a TEXT)`,
		`WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<2000) INSERT INTO t SELECT 'row number '||n||' of a table' FROM c`)
}

// tableInRing is a database whose table's root names itself as what is below it.
func tableInRing(t testing.TB) []byte {
	raw := manyRows(t)
	root := raw[4096:8192]
	cell := root[binary.BigEndian.Uint16(root[12:]):]
	binary.BigEndian.PutUint32(cell, 2)
	binary.BigEndian.PutUint32(root[8:], 2)
	return raw
}

// claiming is a zip whose entry claims 80 MiB.
func claiming(t testing.TB) []byte {
	raw := zipOf(t, entry{name: "a", content: goodText})
	binary.LittleEndian.PutUint32(raw[bytes.Index(raw, []byte("PK\x01\x02"))+24:], 80<<20)
	return raw
}

func lyingEntry(t testing.TB) []byte {
	raw := zipOf(t, entry{name: "a", content: strings.Repeat(goodText, 100)})
	binary.LittleEndian.PutUint32(raw[bytes.Index(raw, []byte("PK\x01\x02"))+24:], 10)
	return raw
}

func lyingTar(t testing.TB) []byte {
	raw := tarOf(t, tar.Header{Name: "a"})
	copy(raw[124:], "77777777777\x00")
	copy(raw[148:], "        ")
	sum := 0
	for _, c := range raw[:512] {
		sum += int(c)
	}
	copy(raw[148:], fmt.Sprintf("%06o\x00 ", sum))
	return raw
}

// plistOf ends a binary property list of objects, whose offsets are one byte each.
func plistOf(objects []byte, offsets []byte, count uint64) []byte {
	raw := append([]byte("bplist00"), objects...)
	table := len(raw)
	raw = append(raw, offsets...)
	raw = append(raw, 0, 0, 0, 0, 0, 0, 1, 1)
	raw = binary.BigEndian.AppendUint64(raw, count)
	raw = binary.BigEndian.AppendUint64(raw, 0)
	return binary.BigEndian.AppendUint64(raw, uint64(table))
}

func lyingPlist(testing.TB) []byte { return plistOf([]byte{0xa0}, []byte{8}, 1_000_000_000) }

// plistRing is a list in a list in the first.
func plistRing(testing.TB) []byte {
	return plistOf([]byte{0xa1, 1, 0xa1, 0}, []byte{8, 10}, 2)
}

func linkInZip(t testing.TB) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	header := &zip.FileHeader{Name: "link"}
	header.SetMode(fs.ModeSymlink | 0o777)
	out, err := w.CreateHeader(header)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Write([]byte("/etc/passwd")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// partitioned makes a disk of a megabyte with entries of a partition table: kind,
// first sector, sectors.
func partitioned(sector int, raw []byte, entries ...[3]uint32) {
	raw[512*sector+510], raw[512*sector+511] = 0x55, 0xaa
	for i, e := range entries {
		at := raw[512*sector+446+16*i:]
		at[4] = byte(e[0])
		binary.LittleEndian.PutUint32(at[8:], e[1])
		binary.LittleEndian.PutUint32(at[12:], e[2])
	}
}

func partitionRing(testing.TB) []byte {
	raw := make([]byte, 1<<20)
	partitioned(0, raw, [3]uint32{5, 100, 1000})
	partitioned(100, raw, [3]uint32{0x83, 1, 10}, [3]uint32{5, 20, 100})
	partitioned(120, raw, [3]uint32{0x83, 1, 10}, [3]uint32{5, 20, 100})
	return raw
}

func partitionsOnEachOther(testing.TB) []byte {
	raw := make([]byte, 1<<20)
	partitioned(0, raw, [3]uint32{0x83, 10, 1000}, [3]uint32{0x83, 10, 1000}, [3]uint32{0x83, 500, 10})
	return raw
}

func nestedMail(testing.TB) []byte {
	var b strings.Builder
	b.WriteString("From: a@example.net\nTo: b@example.net\nSubject: x\n")
	for i := range 1000 {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	return []byte(b.String())
}

func longText(t testing.TB) []byte {
	return zipOf(t, entry{name: "[Content_Types].xml", content: "<a/>", store: true},
		entry{name: "word/document.xml", content: "<w:p><w:t>" + strings.Repeat("x", 20<<20) + "</w:t></w:p>"})
}

// exifRing names the main directory as that of the camera and that of the position.
func exifRing(t testing.TB) []byte {
	main := &ifd{order: binary.LittleEndian}
	main.long(0x8769, 8)
	main.long(0x8825, 8)
	return jpegWith(t, append([]byte("II*\x00\x08\x00\x00\x00"), main.bytes(8)...))
}
