package triage_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The two formats of RAR, as far as storing goes, written from RARLAB's technical
// notes: "RAR 4.x archive format" (technote.txt) and "RAR 5.0 archive format".

// rarEntry is what is stored.
type rarEntry struct {
	name, content string
	flags         uint16 // of RAR 4's file header, beside those that must be
}

// rar4Block puts the checksum before a block: the low half of its CRC-32.
func rar4Block(kind byte, flags uint16, fields []byte) []byte {
	little := binary.LittleEndian
	block := little.AppendUint16([]byte{kind}, flags)
	block = little.AppendUint16(block, uint16(7+len(fields)))
	block = append(block, fields...)
	return append(little.AppendUint16(nil, uint16(crc32.ChecksumIEEE(block))), block...)
}

func rar4Of(entries ...rarEntry) []byte {
	little := binary.LittleEndian
	raw := append([]byte("Rar!\x1a\x07\x00"), rar4Block(0x73, 0, make([]byte, 6))...)
	for _, e := range entries {
		fields := little.AppendUint32(nil, uint32(len(e.content))) // packed
		fields = little.AppendUint32(fields, uint32(len(e.content)))
		fields = append(fields, 3) // Unix
		fields = little.AppendUint32(fields, crc32.ChecksumIEEE([]byte(e.content)))
		fields = little.AppendUint32(fields, 0x58256420) // a day in 2024
		fields = append(fields, 20, 0x30)                // needs RAR 2.0, stored
		fields = little.AppendUint16(fields, uint16(len(e.name)))
		fields = little.AppendUint32(fields, 0o100600)
		raw = append(raw, rar4Block(0x74, 0x8000|e.flags, append(fields, e.name...))...)
		raw = append(raw, e.content...)
	}
	return append(raw, rar4Block(0x7b, 0x4000, nil)...)
}

// rar5Block writes a block: its checksum, its length and its fields.
func rar5Block(fields ...uint64) []byte {
	var header []byte
	for _, n := range fields {
		header = binary.AppendUvarint(header, n)
	}
	return rar5Sealed(header)
}

func rar5Sealed(header []byte) []byte {
	sized := append(binary.AppendUvarint(nil, uint64(len(header))), header...)
	return append(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(sized)), sized...)
}

func rar5Of(entries ...rarEntry) []byte {
	raw := append([]byte("Rar!\x1a\x07\x01\x00"), rar5Block(1, 0, 0)...)
	for _, e := range entries {
		var header []byte
		const file, data, hasSum = 2, 2, 4
		for _, n := range []uint64{file, data, uint64(len(e.content)), hasSum, uint64(len(e.content)), 0o100600} {
			header = binary.AppendUvarint(header, n)
		}
		header = binary.LittleEndian.AppendUint32(header, crc32.ChecksumIEEE([]byte(e.content)))
		for _, n := range []uint64{0, 1, uint64(len(e.name))} { // stored, Unix
			header = binary.AppendUvarint(header, n)
		}
		raw = append(raw, rar5Sealed(append(header, e.name...))...)
		raw = append(raw, e.content...)
	}
	return append(raw, rar5Block(5, 0, 0)...)
}

func TestRar(t *testing.T) {
	entries := []rarEntry{{name: "docs/note.txt", content: note}, {name: "empty"}, {name: "inner.zip", content: string(zipOf(t, entry{name: "a", content: note}))}}
	for name, raw := range map[string][]byte{"four.rar": rar4Of(entries...), "five.rar": rar5Of(entries...)} {
		r, path := runBytes(t, name, raw, us)
		want := []string{"docs/note.txt [@9+16] = email:desk@example.org", "inner.zip!/a [@9+16] = email:desk@example.org"}
		if diff := cmp.Diff(want, r.found()); diff != "" || len(r.faults) > 0 || len(r.files) != 5 {
			t.Errorf("%s: %s %v, %d files", name, diff, r.problems(), len(r.files))
		}
		checkPlaces(t, path, r, us)
		sameForAnyWorkers(t, path, r)
	}
}

// volume is one of an archive that holds a file in pieces.
type volume struct {
	number      int // from 0 on
	name, piece string
	whole       string // content of the file
	last        bool
}

func (v volume) rar4() []byte {
	little := binary.LittleEndian
	const parted, numbering, first, before, after, next = 1, 0x10, 0x100, 1, 2, 1
	flags, fileFlags, sum := uint16(parted|numbering), uint16(0x8000), crc32.ChecksumIEEE([]byte(v.whole))
	if v.number == 0 {
		flags |= first
	} else {
		fileFlags |= before
	}
	end := rar4Block(0x7b, 0x4000, nil)
	if !v.last {
		fileFlags, sum = fileFlags|after, crc32.ChecksumIEEE([]byte(v.piece))
		end = rar4Block(0x7b, 0x4000|next, nil)
	}
	fields := little.AppendUint32(nil, uint32(len(v.piece)))
	fields = little.AppendUint32(fields, uint32(len(v.whole)))
	fields = little.AppendUint32(append(fields, 3), sum)
	fields = little.AppendUint32(fields, 0x58256420)
	fields = little.AppendUint16(append(fields, 20, 0x30), uint16(len(v.name)))
	fields = little.AppendUint32(fields, 0o100600)
	raw := append([]byte("Rar!\x1a\x07\x00"), rar4Block(0x73, flags, make([]byte, 6))...)
	raw = append(raw, rar4Block(0x74, fileFlags, append(fields, v.name...))...)
	return append(append(raw, v.piece...), end...)
}

func (v volume) rar5() []byte {
	raw := []byte("Rar!\x1a\x07\x01\x00")
	const parted, numbered, data, before, after, hasSum = 1, 2, 2, 8, 16, 4
	flags, sum, next := uint64(data), crc32.ChecksumIEEE([]byte(v.whole)), uint64(0)
	if v.number == 0 {
		raw = append(raw, rar5Block(1, 0, parted)...)
	} else {
		raw, flags = append(raw, rar5Block(1, 0, parted|numbered, uint64(v.number))...), flags|before
	}
	if !v.last {
		flags, sum, next = flags|after, crc32.ChecksumIEEE([]byte(v.piece)), 1
	}
	var header []byte
	for _, n := range []uint64{2, flags, uint64(len(v.piece)), hasSum, uint64(len(v.whole)), 0o100600} {
		header = binary.AppendUvarint(header, n)
	}
	header = binary.LittleEndian.AppendUint32(header, sum)
	for _, n := range []uint64{0, 1, uint64(len(v.name))} {
		header = binary.AppendUvarint(header, n)
	}
	raw = append(raw, rar5Sealed(append(header, v.name...))...)
	return append(append(raw, v.piece...), rar5Block(5, 0, next)...)
}

// An archive in volumes is read as one, in a folder and inside another archive; one
// that misses some is read as far as they go, and which are missing is said.
func TestRarVolumes(t *testing.T) {
	whole := strings.Repeat("word ", 8) + note + strings.Repeat(" word", 12)
	cuts := []int{0, 45, 80, len(whole)}
	for kind, names := range map[string][]string{"rar4": {"x.rar", "x.r00", "x.r01"}, "rar5": {"x.part1.rar", "x.part2.rar", "x.part3.rar"}, "rar4 numbered": {"x.part1.rar", "x.part2.rar", "x.part3.rar"}} {
		var entries []entry
		for i, name := range names {
			v := volume{number: i, name: "docs/note.txt", piece: whole[cuts[i]:cuts[i+1]], whole: whole, last: i == len(names)-1}
			raw := v.rar4()
			if kind == "rar5" {
				raw = v.rar5()
			} else if kind == "rar4" {
				raw = oldNames(raw)
			}
			entries = append(entries, entry{name: name, content: string(raw)})
		}
		r, path := runFolder(t, entries)
		want := []string{names[0] + "!/docs/note.txt [@49+16] = email:desk@example.org"}
		if diff := cmp.Diff(want, r.found()); diff != "" || len(r.faults) > 0 || len(r.files) != 4 {
			t.Errorf("%s: %s %v, %d files", kind, diff, r.problems(), len(r.files))
		}
		checkPlaces(t, path, r, us)
		sameForAnyWorkers(t, path, r)

		r, path = runBytes(t, "x.zip", zipOf(t, entries...), us)
		if len(r.findings) != 1 || len(r.faults) > 0 {
			t.Errorf("%s in a zip: %v %v", kind, r.found(), r.problems())
		}
		checkPlaces(t, path, r, us)

		r, _ = runFolder(t, entries[:2])
		if !r.problem(names[0]+"!/docs/note.txt", "does not exist") {
			t.Errorf("%s without its last: %v", kind, r.problems())
		}
		r, _ = runFolder(t, entries[1:])
		if !r.problem(names[1], "first is not beside it") || len(r.findings) > 0 {
			t.Errorf("%s without its first: %v", kind, r.problems())
		}
		r, _ = runFolder(t, []entry{entries[0], {name: names[1], content: entries[2].content}})
		if len(r.faults) == 0 {
			t.Errorf("%s in a wrong order: nothing is said", kind)
		}
	}
}

// oldNames takes the flag of new names from the head of a volume.
func oldNames(raw []byte) []byte {
	const head = 7
	flags := binary.LittleEndian.Uint16(raw[head+3:]) &^ 0x10
	return slices.Concat(raw[:head], rar4Block(0x73, flags, make([]byte, 6)), raw[head+13:])
}

func runFolder(t *testing.T, entries []entry) (*record, string) {
	t.Helper()
	folder := t.TempDir()
	for _, e := range entries {
		if err := os.WriteFile(filepath.Join(folder, e.name), []byte(e.content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, _ := run(t, folder, us)
	return r, folder
}

// What is wrong with one entry, or with the archive's end, is said; what was before
// it is read.
func TestBrokenRar(t *testing.T) {
	entries := []rarEntry{{name: "a", content: note}, {name: "../b", content: "lamp@example.org is here"}}
	four, five := rar4Of(entries...), rar5Of(entries...)
	damaged := func(raw []byte) []byte {
		return bytes.Replace(raw, []byte("lamp@"), []byte("lump@"), 1)
	}
	for name, c := range map[string]struct {
		raw  []byte
		says []string
	}{
		"four":            {four, []string{"leads out"}},
		"five":            {five, []string{"leads out"}},
		"four, damaged":   {damaged(four), []string{"leads out", "cannot be read"}},
		"five, damaged":   {damaged(five), []string{"leads out", "cannot be read"}},
		"four, truncated": {four[:len(four)-20], []string{"leads out", "cannot be read"}},
		"five, truncated": {five[:len(five)-20], []string{"leads out", "cannot be read"}},
		"four, encrypted": {rar4Of(rarEntry{name: "a", content: note}, rarEntry{name: "c", content: "lamp", flags: 4}), []string{"encrypted"}},
		"nothing":         {[]byte("Rar!\x1a\x07\x00"), nil},
	} {
		r, _ := runBytes(t, "e.zip", zipOf(t, entry{name: "x.rar", content: string(c.raw)}, entry{name: "z", content: note}), us)
		found := r.found()
		if !slices.Contains(found, "z [@9+16] = email:desk@example.org") || name != "nothing" && !slices.Contains(found, "x.rar!/a [@9+16] = email:desk@example.org") {
			t.Errorf("%s: %v", name, found)
		}
		for _, says := range c.says {
			if !r.problem("", says) {
				t.Errorf("%s: no line says %q: %v", name, says, r.problems())
			}
		}
	}
}

// Archives that RAR itself made, in any folder: all are read, or it is said why not.
func TestRarsMadeByRar(t *testing.T) {
	folder := os.Getenv("PARLEY_RARS")
	if folder == "" {
		t.Skip("set PARLEY_RARS to a folder of .rar files, such as those of the tests of rarfile or libarchive")
	}
	archives, err := filepath.Glob(filepath.Join(folder, "*.rar"))
	if err != nil || len(archives) == 0 {
		t.Fatalf("no .rar files in %s: %v", folder, err)
	}
	read := 0
	for _, path := range archives {
		r, _ := run(t, path, us)
		switch {
		case r.problem("", "broke off"):
			t.Errorf("%s: %v", filepath.Base(path), r.problems())
		case len(r.files) > 1:
			read++
		case len(r.faults) == 0 && !strings.Contains(r.files[0].Type, "data"):
			t.Errorf("%s: nothing is read and nothing said", filepath.Base(path))
		}
		t.Logf("%s: %s, %d files, %v", filepath.Base(path), r.files[0].Type, len(r.files)-1, r.problems())
	}
	t.Logf("of %d archives %d were opened", len(archives), read)
	if read == 0 {
		t.Error("none was opened")
	}
}
